#include "cli/fit/prepare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/compile/paths.hpp"
#include "cli/trial/split.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::cli::fit {
namespace {

[[noreturn]] void refuse(const char* option, const std::string& problem) {
  throw Error({.file = {}, .line = 0, .field = option}, problem);
}

/// By --to or the name of the output; without both a C header.
const Output& choose_output(const FitOptions& options) {
  if (options.output != nullptr) return *options.output;
  return options.output_path.empty() ? output_called("c") : output_of_file(options.output_path);
}

void check_options(const FitOptions& options) {
  if (options.compile.data_path.empty()) {
    refuse("--data", "is needed: inputs, one per line, to see what a smaller model loses; best with --labels");
  }
  const Budget& budget = options.goal.budget;
  for (const auto& [limit, option] : {std::pair{budget.flash, "--max-flash"}, std::pair{budget.ram, "--max-ram"},
                                      std::pair{budget.comparisons, "--max-comparisons"}}) {
    if (limit == 0) refuse(option, "nothing fits in 0; expected at least 1");
  }
  if (options.limits.seconds && !(*options.limits.seconds > 0.0)) refuse("--seconds", "expected more than 0");
  if (options.output_path == standard_stream && options.json) refuse("--json", "writes to stdout, and so does -o -");
}

/// Data or labels that are the same for all rows can show no loss.
void check_labels(const Labels& labels, const model::Model& model) {
  if (labels.classes.empty()) return;
  for (std::size_t target = 0; target < labels.classes.front().size(); ++target) {
    const std::int32_t first = labels.classes.front()[target];
    const bool is_one = std::all_of(labels.classes.begin(), labels.classes.end(),
                                    [&](const auto& row) { return row[target] == first; });
    if (!is_one) return;
  }
  const std::string name = model::class_names(model, 0).at(static_cast<std::size_t>(labels.classes.front().front()));
  refuse("--labels", fmt::format("all {} rows are of the class '{}': expected two classes at least",
                                 labels.classes.size(), printable(name)));
}

/// A filter learns nothing from data: the first half of each signal is for the search, the rest for validation.
void split_signals(Problem& problem, const Inputs& signals) {
  Inputs halves[2];
  for (const std::vector<double>& signal : signals) {
    const auto middle = signal.begin() + static_cast<std::ptrdiff_t>(signal.size() / 2);
    halves[0].emplace_back(signal.begin(), middle);
    halves[1].emplace_back(middle, signal.end());
  }
  if (halves[0].empty() || halves[0].front().empty()) refuse("--data", "two parts need two samples at least");
  const model::Model& model = problem.source.model;
  problem.search = make_part(model, std::move(halves[0]), std::nullopt);
  problem.validation = make_part(model, std::move(halves[1]), std::nullopt);
}

void cut_rows(Problem& problem, const Inputs& rows, const std::optional<Labels>& labels) {
  const CompileOptions& options = problem.job.compile;
  const RowSplit split = split_of(options, rows.size());
  const auto part = [&](const std::vector<std::size_t>& places) {
    const std::optional<Labels> some = labels ? std::optional(labels_at(*labels, places)) : std::nullopt;
    return make_part(problem.source.model, rows_at(rows, places), some);
  };
  problem.search = part(split.search);
  problem.validation = part(split.validation);
  std::vector<std::string> groups = read_groups(rows.size(), options.groups_path);
  if (!groups.empty()) groups = rows_at(groups, split.search);
  const RowSplit folds = cli::split_rows(split.search.size(), groups, *options.split_seed);
  problem.folds = {folds.search, folds.validation};
  // One row or group cannot be cut: what passes learn from is all that there is to try it on.
  if (folds.validation.empty()) problem.folds[1] = folds.search;
}

void check_written(const FitOptions& options, const Job& job, const std::vector<std::string>& companions) {
  std::vector<std::string> read = {job.model.path, job.compile.data_path, job.compile.groups_path, job.labels_path};
  read.insert(read.end(), companions.begin(), companions.end());
  std::vector<Written> written = {{"--pareto", options.pareto}};
  if (!options.output_path.empty()) {
    for (const std::string& path : artifact_paths(job)) written.push_back({"-o", path});
  }
  check_paths(written, read);
}

}  // namespace

void take_data(Problem& problem, const CommandLine& line, const Inputs& inputs, const std::optional<Labels>& labels) {
  const model::Model& model = problem.source.model;
  problem.has_labels = labels.has_value();
  problem.measure = measure_of(model, labels.has_value());
  problem.model = dimensions_of(line, Changes::model, kind(model));
  problem.layout = dimensions_of(line, Changes::layout, kind(model));
  if (takes_signals(model)) return split_signals(problem, inputs);
  if (!problem.job.compile.split_seed) problem.job.compile.split_seed = 1;
  cut_rows(problem, inputs, labels);
}

Problem prepare(const FitOptions& options, const CommandLine& line, Progress& progress) {
  check_options(options);
  Problem problem{.source = {}, .job = options};
  Job& job = problem.job;
  job.output = &choose_output(options);
  job.budget = options.goal.budget;
  if (job.output->language) job.targets = options.target_options.targets;
  check_target_options(options.target_options, !job.targets.empty());
  const Measuring& measuring = options.target_options.measuring;
  if (!measuring.include_directories.empty() && !measuring.measure) refuse("--include", "is for --measure");
  check_header_options(*job.output, job.compile);
  progress.begin_step("reading");
  problem.source = read_source(job.model);
  const model::Model& model = problem.source.model;
  if (job.output_path.empty()) {
    const std::string_view extensions = job.output->extensions;
    job.output_path =
        fmt::format("{}{}", choose_name(problem.source, job.compile), extensions.substr(0, extensions.find(' ')));
  }
  job.compile.header_file = header_path(*job.output, job.output_path);
  check_written(options, job, problem.source.companions);
  if (takes_signals(model) && (job.compile.split_seed || !job.compile.groups_path.empty())) {
    refuse("--split-seed", "is for rows; each signal of a filter is cut in two halves");
  }
  const Inputs inputs = read_inputs(job.compile.data_path, model);
  std::optional<Labels> labels;
  if (!job.labels_path.empty()) {
    labels = read_labels(job.labels_path, model, inputs.size(), "--data");
    check_labels(*labels, model);
  }
  problem.measuring = measuring;
  take_data(problem, line, inputs, labels);
  progress.pause();
  return problem;
}

}  // namespace emlc::cli::fit
