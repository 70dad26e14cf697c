#include "cli/fit/result.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "cli/console/escape.hpp"
#include "cli/console/sha256.hpp"
#include "cli/fit/runner.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli::fit {
namespace {

/// The compile options of the command line and those chosen, as arguments: values behind `=`, so that none of them is
/// taken for an option.
std::vector<std::string> arguments_of(const Problem& problem, const CommandLine& line, const std::string& chosen) {
  CommandLine whole;
  CompileOptions unused;
  add_compile_options(whole, unused);
  const auto seed = problem.job.compile.split_seed;
  for (Option& option : whole.options) {
    if (option.name == "--split-seed" && seed) option.given = {fmt::to_string(*seed)};
    if (option.name == "--data-labels" && problem.has_labels) option.given = {problem.job.labels_path};
    const Option* given = find_option(line, option.name);
    if (given != nullptr && is_given(*given)) option.given = given->given;
  }
  take_compile_options(whole, chosen);
  std::vector<std::string> arguments;
  for (const Option& option : whole.options) {
    if (!is_given(option)) continue;
    arguments.push_back(takes_value(option) ? fmt::format("{}={}", option.name, option.given.front()) : option.name);
  }
  return arguments;
}

/// `--leaf-bits=8` as somebody types it.
std::string typed(const std::string& argument) {
  const std::size_t at = argument.find('=');
  if (at == std::string::npos) return argument;
  return fmt::format("{} {}", argument.substr(0, at), shell_file(argument.substr(at + 1)));
}

std::string command_of(const Problem& problem, const std::vector<std::string>& options) {
  const Job& job = problem.job;
  std::string command = fmt::format("emlc convert {}", shell_file(job.model.path));
  if (job.model.format != nullptr) command += fmt::format(" --from {}", job.model.format->name);
  if (!job.model.supplement.objective.empty()) {
    command += fmt::format(" --objective {}", shell_word(job.model.supplement.objective));
  }
  if (!job.model.supplement.base_score.empty()) {
    command += fmt::format(" --base-score {}", fmt::join(job.model.supplement.base_score, ","));
  }
  command += fmt::format(" -o {} --to {}", shell_file(job.output_path), job.output->name);
  for (const std::string& option : options) command += " " + typed(option);
  if (!job.labels_path.empty()) command += fmt::format(" --labels {}", shell_file(job.labels_path));
  return command;
}

Point point_of(const Problem& problem, const Goal& goal, const Search& search, std::size_t index,
               const CommandLine& line) {
  const Trial& trial = search.trials[index];
  const Form& form = best_form(goal, trial);
  std::string chosen = options_text(problem.model, trial.choice);
  const std::string layout = options_text(problem.layout, form.layout);
  if (!layout.empty()) chosen += (chosen.empty() ? "" : " ") + layout;
  Point point{.trial = index,
              .chosen = chosen,
              .options = arguments_of(problem, line, chosen),
              .command = {},
              .costs = form.costs};
  point.command = command_of(problem, point.options);
  point.search = trial.loss;
  return point;
}

/// Without points that are within 2 % of the one before, of which there may be many; all of them would be asked about.
std::vector<std::size_t> thinned(const Goal& goal, std::span<const Trial> trials, std::span<const std::size_t> front) {
  constexpr double least_step = 1.02;
  std::vector<std::size_t> kept;
  double last = -1.0;
  for (const std::size_t i : front) {
    const double value = goal.objective->value(best_form(goal, trials[i]).costs);
    if (value < last * least_step && i != front.back()) continue;
    kept.push_back(i);
    last = value;
  }
  return kept;
}

/// The trial that changes nothing of the model: its answers are those of the trained one on all data.
std::optional<std::size_t> exact_trial(const Search& search) {
  for (std::size_t i = 0; i < search.trials.size(); ++i) {
    const Trial& trial = search.trials[i];
    const bool is_default = std::all_of(trial.choice.begin(), trial.choice.end(), [](std::size_t v) { return v == 0; });
    if (is_default && !trial.forms.empty()) return i;
  }
  return std::nullopt;
}

/// By the compilers of the targets.
Costs measured(const Problem& problem, const Job& job, const Made& made, const layout::Artifact& artifact,
               Progress& progress) {
  const Converted converted{.source = problem.source, .lowered = made.lowered, .artifact = artifact};
  return costs_of(problem, work_of(problem, made), artifact,
                  sizes_on_targets(problem.measuring, job, converted, progress));
}

}  // namespace

double excess(const Goal& goal, const Point& point) {
  return excess_of_costs(goal, point.costs) + excess_of_doubt(goal, together(point.search, point.validation)) +
         std::max(excess_of_loss(goal, point.search), excess_of_loss(goal, point.validation));
}

Job job_of(const Problem& problem, const Point& point) {
  Job job = problem.job;
  job.compile = {};
  CommandLine line;
  add_compile_options(line, job.compile);
  parse(line, point.options);
  job.compile.header_file = problem.job.compile.header_file;
  job.given = given_compile_options(line);
  return job;
}

Result conclude(const Problem& problem, const Goal& goal, const Search& search, const CommandLine& line,
                std::size_t jobs, Progress& progress) {
  std::vector<std::size_t> places = thinned(goal, search.trials, front_of(goal, search.trials));
  const auto exact = exact_trial(search);
  if (exact && std::find(places.begin(), places.end(), *exact) == places.end()) places.push_back(*exact);
  Result result{.n_trials = search.trials.size(), .ending = search.ending, .seconds = search.seconds};
  for (const std::size_t place : places) result.points.push_back(point_of(problem, goal, search, place, line));
  run_parallel(places.size(), jobs, [&](std::size_t i) {
    Point& point = result.points[i];
    const Job job = job_of(problem, point);
    const Made made = make(problem, job.compile);
    point.validation = validate(problem, made);
    const layout::Artifact artifact = emit(problem.source, made.lowered, *job.output, made.options, job.given);
    point.sha256 = sha256(artifact.bytes);
    if (problem.measuring.measure) point.costs = measured(problem, job, made, artifact, progress);
  });
  std::stable_sort(result.points.begin(), result.points.end(), [&](const Point& a, const Point& b) {
    return goal.objective->value(a.costs) < goal.objective->value(b.costs);
  });
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const double missed = excess(goal, result.points[i]);
    if (missed == 0.0 && !result.chosen) result.chosen = i;
    if (missed < least) {
      least = missed;
      result.nearest = i;
    }
  }
  return result;
}

}  // namespace emlc::cli::fit
