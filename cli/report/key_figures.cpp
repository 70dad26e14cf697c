#include <fmt/format.h>

#include "cli/compile/told/distance.hpp"
#include "cli/report/report.hpp"

/// What a page begins with: how good the model is, and what it takes.
namespace emlc::cli::report {
namespace {

std::string percent_text(double share) { return fmt::format("{:.2f} %", 100.0 * share); }

void append_quality(Figures& figures, const Scores& scores) {
  if (const auto right = accuracy(scores.device)) {
    figures.figures.push_back({"accuracy on the device", percent_text(*right),
                               fmt::format("trained {}", percent_text(accuracy(scores.trained).value_or(0.0)))});
  } else if (scores.device.errors && scores.device.errors->r2) {
    const std::optional<double> before = scores.trained.errors->r2;
    figures.figures.push_back({"R2 on the device", number(*scores.device.errors->r2),
                               before ? fmt::format("trained {}", number(*before)) : ""});
  }
}

void append_changes(Figures& figures, const Converted& converted) {
  const auto total = total_distance(converted.source, converted.lowered);
  if (!total || total->n_inputs == 0) return;
  const std::string inputs = fmt::format("on {} inputs", total->n_inputs);
  if (converted.source.model.output.rule == model::DecisionRule::none) {
    figures.figures.push_back({"largest error", number(total->largest), inputs});
  } else {
    figures.figures.push_back({"changed decisions", percent_text(total->changed_decisions), inputs});
  }
}

/// What the targets of the job take, as convert prints it.
Table target_table(const std::vector<TargetSizes>& targets) {
  Table table{.header = {"target", "flash", "RAM", "stack", "how it was found"}, .rows = {}};
  const auto cell = [](std::optional<std::size_t> bytes) { return bytes ? std::to_string(*bytes) : std::string("-"); };
  for (const TargetSizes& sizes : targets) {
    const std::string source(sizes.source == SizeSource::none ? "not known" : label(sizes));
    const std::string how = sizes.compiler.empty() ? source : fmt::format("{}, {}", source, sizes.compiler);
    table.rows.push_back({sizes.target, cell(sizes.flash), cell(sizes.ram), cell(sizes.stack), how});
  }
  return table;
}

}  // namespace

Section key_figures(const Converted& converted) {
  Figures figures;
  if (converted.scores) append_quality(figures, *converted.scores);
  append_changes(figures, converted);
  figures.figures.push_back(
      {"flash in bytes", std::to_string(layout::flash(converted.artifact)), "tables counted, code estimated"});
  figures.figures.push_back({"RAM in bytes", std::to_string(converted.artifact.ram), "of one call, or one signal"});
  Section section{.title = "In short", .text = {}, .blocks = {figures}};
  if (converted.targets.empty()) return section;
  section.blocks.emplace_back(target_table(converted.targets));
  Notes notes;
  for (const TargetSizes& sizes : converted.targets) {
    if (!sizes.problem.empty()) notes.lines.push_back(fmt::format("{}: {}", sizes.target, sizes.problem));
  }
  if (!notes.lines.empty()) section.blocks.emplace_back(notes);
  return section;
}

}  // namespace emlc::cli::report
