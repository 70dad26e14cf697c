#include "cli/fit/hint.hpp"

#include <fmt/format.h>

#include "cli/fit/prepare.hpp"
#include "cli/fit/result.hpp"
#include "cli/fit/search.hpp"
#include "cli/fit/tell.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli::fit {
namespace {

constexpr double most_bytes = 16384.0, most_seconds = 0.6;  // a trial of a larger model would take too long

std::optional<std::string> found_in_time(Problem& problem, const Job& job, Progress& progress) {
  CommandLine line;
  CompileOptions unused;
  add_compile_options(line, unused);
  take_compile_options(line, job.given);
  for (Option& option : line.options) {  // whose files the text does not name
    if (option.name == "--data") option.given = {job.compile.data_path};
    if (option.name == "--data-labels" && !job.compile.data_labels_path.empty()) {
      option.given = {job.compile.data_labels_path};
    }
    if (option.name == "--groups" && !job.compile.groups_path.empty()) option.given = {job.compile.groups_path};
  }
  const Inputs inputs = read_inputs(job.compile.data_path, problem.source.model);
  std::optional<Labels> labels;
  if (!job.labels_path.empty()) {
    labels = read_labels(job.labels_path, problem.source.model, inputs.size(), "--data");
  }
  take_data(problem, line, inputs, labels);
  const Goal goal{.objective = &all_objectives().front(), .budget = job.budget, .max_loss = 0.01};
  const Search found = search(problem, goal, {.trials = 0, .seconds = most_seconds, .jobs = 1}, progress);
  const Result result = conclude(problem, goal, found, line, 1, progress);
  if (!result.chosen) return std::nullopt;
  const Point& point = result.points[*result.chosen];
  return fmt::format(
      "emlc fit would find: {} ({} bytes of flash, {} of RAM; {} of {} lost on rows that it did not see)",
      short_options(point), point.costs.flash, point.costs.ram, quality_text(problem.measure, point.validation.loss),
      name(problem.measure));
}

}  // namespace

std::optional<std::string> hint(const Job& job, const Converted& converted, Progress& progress) {
  if (job.compile.data_path.empty()) return std::nullopt;
  if (static_cast<double>(layout::flash(converted.artifact)) > most_bytes) return std::nullopt;
  Problem problem{.source = converted.source, .job = job};
  try {
    return found_in_time(problem, job, progress);
  } catch (const Error&) {  // data that a search cannot use is no reason to fail
    return std::nullopt;
  }
}

}  // namespace emlc::cli::fit
