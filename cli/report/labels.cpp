#include <fmt/format.h>

#include "cli/console/terminal.hpp"
#include "cli/report/report.hpp"
#include "cli/trial/score.hpp"

namespace emlc::cli::report {
namespace {

Table error_table(const Scores& scores) {
  Table table{.header = {"", "R2", "root mean square error", "mean absolute error", "largest error"}, .rows = {}};
  for (const auto& [name, score] :
       {NamedScore{"trained", scores.trained}, NamedScore{"on the device", scores.device}}) {
    const RegressionErrors& found = *score.errors;
    table.rows.push_back({name, found.r2 ? number(*found.r2) : "-", number(found.root_mean_square),
                          number(found.mean_absolute), number(found.largest)});
  }
  return table;
}

std::string share_correct(const Confusion& target) { return fmt::format("{:.2f} %", 100.0 * accuracy(target)); }

}  // namespace

Section compare_with_labels(const Converted& converted, const Scores& scores) {
  Section section{.title = "Against the labels",
                  .text = fmt::format("{} of {}.", count(scores.device.n_inputs, "row"), scores.inputs),
                  .blocks = {}};
  if (scores.device.errors) {
    section.blocks.emplace_back(error_table(scores));
    return section;
  }
  Table table{.header = {"target", "correct, trained", "correct, on the device"}, .rows = {}};
  std::vector<Block> matrices;
  for (std::size_t target = 0; target < scores.device.targets.size(); ++target) {
    const Confusion& device = scores.device.targets[target];
    table.rows.push_back({target_name(converted.source.model, target), share_correct(scores.trained.targets[target]),
                          share_correct(device)});
    matrices.emplace_back(device);
  }
  section.blocks.emplace_back(table);
  section.blocks.insert(section.blocks.end(), matrices.begin(), matrices.end());
  return section;
}

}  // namespace emlc::cli::report
