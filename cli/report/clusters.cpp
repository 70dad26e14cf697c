#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/console/terminal.hpp"
#include "cli/report/report.hpp"
#include "cli/trial/answers.hpp"
#include "codegen/model/error.hpp"
#include "codegen/passes/trees/leaf_rows.hpp"

namespace emlc::cli::report {
namespace {

constexpr std::size_t all_leaves = std::numeric_limits<std::size_t>::max();

/// The model with at most n clusters, all else as asked for.
struct Rung {
  std::size_t n = 0;
  model::Distance distance{};          ///< of cluster-leaves alone
  std::optional<std::size_t> flash{};  ///< nothing when the output cannot hold it
};

model::Distance clustering_distance(const Lowered& lowered) {
  for (const passes::PassReport& report : lowered.reports) {
    if (report.pass == "cluster-leaves") return report.distance.value();
  }
  return {};
}

/// Runs the same passes as a conversion with --leaf-clusters `n` and notes how many leaves there are after it. With all
/// leaves it is the conversion without that option.
Rung climb(const Job& job, const Converted& converted, std::size_t n) {
  CompileOptions options = with_data(job.compile, converted.lowered);
  options.passes.leaf_clusters = n;
  Rung rung{.n = n};
  const Lowered lowered = lower(converted.source, options, [&](const passes::Pass& pass, const model::Model& model) {
    if (n != all_leaves || pass.name != "cluster-leaves") return;
    const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
    rung.n = passes::distinct_rows(ensemble).values.size() / static_cast<std::size_t>(ensemble.leaf_width);
  });
  rung.distance = clustering_distance(lowered);
  if (n == all_leaves) options.passes.leaf_clusters.reset();
  try {
    const auto flash_of = [&](const Lowered& model) {
      return layout::flash(emit(converted.source, model, *job.output, options, job.given));
    };
    rung.flash = flash_of(n == all_leaves ? lower(converted.source, options) : lowered);
  } catch (const Error&) {  // what has too many leaves for this output may be why clusters are asked for
  }
  return rung;
}

/// Steps of arithmetic that a rung takes, about.
struct Work {
  double per_cluster;  ///< of the clustering
  double fixed;        ///< of the other passes, of measuring and of writing

  [[nodiscard]] double of(std::size_t n) const { return fixed + per_cluster * static_cast<double>(n); }
};

Work work_of(const model::TreeEnsemble& ensemble, std::size_t n_leaves, std::size_t n_inputs) {
  constexpr double per_node = 200.0, per_comparison = 4.0;
  const double n = static_cast<double>(n_leaves);
  double nodes = 0.0, depths = 0.0;
  for (const model::Tree& tree : ensemble.trees) {
    nodes += static_cast<double>(tree.nodes.size());
    depths += static_cast<double>(model::depth(tree));
  }
  return {.per_cluster = n * std::max<double>(ensemble.leaf_width, std::log2(n)),
          .fixed = per_node * nodes + per_comparison * static_cast<double>(n_inputs) * depths};
}

/// 2, and as many times more as `factor` says, below the number of leaves; as long as one clustering takes a moment.
std::vector<std::size_t> powers(const Work& work, std::size_t n_leaves, std::size_t factor) {
  constexpr double most_work = 1e8;
  std::vector<std::size_t> rungs;
  for (std::size_t n = 2; n < n_leaves && work.per_cluster * static_cast<double>(n) <= most_work; n *= factor) {
    rungs.push_back(n);
  }
  return rungs;
}

/// Powers of two, fewer of them when all would take more than a few seconds: that depends on the model alone and not on
/// the computer, so that the report does not either. What was chosen is among them.
std::vector<std::size_t> choose_rungs(const Work& work, std::size_t n_leaves, std::optional<std::size_t> chosen) {
  constexpr double most_work = 6.5e8;
  constexpr std::size_t most_rungs = 9, least_rungs = 3;
  std::size_t factor = 2;
  const auto is_much = [&](const std::vector<std::size_t>& rungs) {
    double sum = 0.0;
    for (const std::size_t n : rungs) sum += work.of(n);
    return rungs.size() > most_rungs || (rungs.size() > least_rungs && sum > most_work);
  };
  std::vector<std::size_t> rungs = powers(work, n_leaves, factor);
  while (is_much(rungs)) rungs = powers(work, n_leaves, factor *= 2);
  if (chosen && *chosen < n_leaves) rungs.push_back(*chosen);
  std::sort(rungs.begin(), rungs.end());
  rungs.erase(std::unique(rungs.begin(), rungs.end()), rungs.end());
  return rungs;
}

/// The rungs below `all`, then that. What was chosen is converted already.
std::vector<Rung> climb_all(const Job& job, const Converted& converted, const Work& work, const Rung& all,
                            Progress& progress) {
  const std::optional<std::size_t> chosen = job.compile.passes.leaf_clusters;
  const std::vector<std::size_t> sizes = choose_rungs(work, all.n, chosen);
  const auto work_for = [&](std::size_t n) { return chosen == n ? 0.0 : work.of(n); };
  double sum = 0.0, done = 0.0;
  for (const std::size_t n : sizes) sum += work_for(n);
  std::vector<Rung> rungs;
  for (const std::size_t n : sizes) {
    if (chosen == n) {
      rungs.push_back({n, clustering_distance(converted.lowered), layout::flash(converted.artifact)});
      continue;
    }
    progress.advance(done / sum);
    rungs.push_back(climb(job, converted, n));
    done += work_for(n);
  }
  rungs.push_back(all);
  return rungs;
}

Lines chart(const std::vector<Rung>& rungs, const std::string& y, std::optional<std::size_t> chosen) {
  Lines lines{.x = "clusters of leaves", .y = y, .xs = {}, .series = {}, .chosen = {}};
  for (const Rung& rung : rungs) lines.xs.push_back(static_cast<double>(rung.n));
  if (chosen) lines.chosen = static_cast<double>(*chosen);
  return lines;
}

template <class Value>
void append(Lines& lines, const std::string& name, const std::vector<Rung>& rungs, const Value& value_of) {
  Lines::Series series{.name = name, .values = {}};
  for (const Rung& rung : rungs) series.values.push_back(value_of(rung));
  lines.series.push_back(std::move(series));
}

Table table_of(const std::vector<Rung>& rungs, std::optional<std::size_t> chosen, bool decides) {
  Table table{.header = {"clusters", "largest error", "mean error"}, .rows = {}};
  if (decides) table.header.emplace_back("decisions changed");
  table.header.emplace_back("flash in bytes");
  for (const Rung& rung : rungs) {
    std::string name = std::to_string(rung.n);
    if (rung.n == rungs.back().n) name += ", all leaves";
    if (chosen == rung.n) name += ", chosen";
    table.rows.push_back({name, number(rung.distance.largest), number(rung.distance.mean)});
    auto& row = table.rows.back();
    if (decides) row.push_back(fmt::format("{:.3g} %", 100.0 * rung.distance.changed_decisions));
    row.push_back(rung.flash ? std::to_string(*rung.flash) : "does not fit");
  }
  return table;
}

std::vector<Block> blocks_of(const std::vector<Rung>& rungs, std::optional<std::size_t> chosen, bool decides) {
  Lines errors = chart(rungs, "error of an output", chosen);
  errors.scale = Scale::logarithmic;
  append(errors, "largest", rungs, [](const Rung& rung) { return rung.distance.largest; });
  append(errors, "mean", rungs, [](const Rung& rung) { return rung.distance.mean; });
  std::vector<Block> blocks = {errors};
  if (decides) {
    Lines decisions = chart(rungs, "decisions changed in %", chosen);
    append(decisions, "decisions changed in %", rungs,
           [](const Rung& rung) { return 100.0 * rung.distance.changed_decisions; });
    blocks.emplace_back(decisions);
  }
  Lines flash = chart(rungs, "flash in bytes", chosen);
  append(flash, "flash in bytes", rungs, [](const Rung& rung) {
    return rung.flash ? static_cast<double>(*rung.flash) : std::numeric_limits<double>::quiet_NaN();
  });
  blocks.emplace_back(flash);
  blocks.emplace_back(table_of(rungs, chosen, decides));
  return blocks;
}

}  // namespace

std::optional<Section> compare_clusters(const Job& job, const Converted& converted, Progress& progress) {
  const auto* ensemble = std::get_if<model::TreeEnsemble>(&converted.source.model.predictor);
  if (ensemble == nullptr) return std::nullopt;
  Section section{.title = "Clusters of leaves", .text = {}, .blocks = {}};
  if (job.compile.passes.voting == passes::Voting::hard) {
    section.text = "Not shown: with --voting hard a leaf is a class, there is nothing to cluster.";
    return section;
  }
  if (converted.lowered.data.empty() && converted.source.model.test_vectors.inputs.empty()) {
    section.text = "Not shown: the model has no test vectors to measure errors on; give --data.";
    return section;
  }
  progress.begin_step("report, clusters of leaves");
  const Rung all = climb(job, converted, all_leaves);
  if (all.n < 3) {
    section.text = fmt::format("Not shown: the trees have only {}.", count(all.n, "distinct leaf row"));
    return section;
  }
  const Work work = work_of(*ensemble, all.n, all.distance.n_inputs);
  const std::vector<Rung> rungs = climb_all(job, converted, work, all, progress);
  progress.pause();
  std::optional<std::size_t> chosen = job.compile.passes.leaf_clusters;
  if (chosen) chosen = std::min(*chosen, all.n);
  section.text = fmt::format(
      "What --leaf-clusters N does to this model, all other options as they are. Errors are those of one output, on "
      "{}, "
      "without what other passes do; with all {} nothing changes.",
      count(all.distance.n_inputs, converted.lowered.data.empty() ? "test vector" : "row") +
          (converted.lowered.data.empty() ? "" : " of --data"),
      count(all.n, "leaf row"));
  if (chosen) section.text += fmt::format(" What was chosen, {}, is marked.", *chosen);
  const bool decides = converted.source.model.output.rule != model::DecisionRule::none;
  section.blocks = blocks_of(rungs, chosen, decides);
  return section;
}

}  // namespace emlc::cli::report
