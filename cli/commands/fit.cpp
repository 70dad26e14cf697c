#include "cli/fit/fit.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <thread>

#include "cli/commands/command.hpp"
#include "cli/sizes/sizes.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

constexpr const char* goal_group = "Goal";
constexpr const char* search_group = "Search";
constexpr const char* output_group = "Output";

void add_goal_options(CommandLine& line, fit::FitOptions& options) {
  fit::Goal& goal = options.goal;
  std::vector<Choice<const fit::Objective*>> objectives;
  for (const fit::Objective& row : fit::all_objectives()) objectives.push_back({row.name, &row});
  goal.objective = objectives.front().value;
  goal.max_loss = 0.01;
  add_choice(line, "--minimise", goal.objective, "objective", objectives, "what is made small; default: flash")
      ->in(goal_group);
  add_bytes(line, "--max-flash", goal.budget.flash, "the flash that there is")->in(goal_group);
  add_bytes(line, "--max-ram", goal.budget.ram, "the RAM that there is")->in(goal_group);
  add_integer(line, "--max-comparisons", goal.budget.comparisons, {0, std::numeric_limits<std::int64_t>::max()},
              "what the trees may compare in the worst case")
      ->takes("N")
      ->in(goal_group);
  add_parsed(
      line, "--max-loss",
      [&goal](const std::string& text) {
        goal.max_loss = parse_accuracy(text, {.file = {}, .line = 0, .field = "--max-loss"});
      },
      "accuracy, or R2, that may be lost against the trained model, as a share or in percent; without labels the "
      "decisions that may change; default: 1%")
      ->takes("SHARE")
      ->in(goal_group);
}

void add_search_options(CommandLine& line, fit::FitOptions& options) {
  fit::Limits& limits = options.limits;
  add_parsed_integer(
      line, "--trials", {1, 1000000}, [&limits](std::int64_t n) { limits.trials = static_cast<std::size_t>(n); },
      "how many models are tried at most; default: by the size of the model")
      ->takes("N")
      ->in(search_group);
  add_parsed(
      line, "--seconds",
      [&limits](const std::string& text) {
        limits.seconds = formats::parse_number(text, {.file = {}, .line = 0, .field = "--seconds"});
      },
      "how long is searched at most")
      ->takes("S")
      ->in(search_group);
  limits.jobs = std::max(1U, std::thread::hardware_concurrency());
  add_parsed_integer(
      line, "--jobs", {1, 1024}, [&limits](std::int64_t n) { limits.jobs = static_cast<std::size_t>(n); },
      "threads; default: all cores. The result is the same")
      ->takes("N")
      ->in(search_group);
}

}  // namespace

Action declare_fit(CommandLine& line) {
  const auto options = std::make_shared<fit::FitOptions>();
  add_model_options(line, options->model);
  add_text(line, "-o,--output", options->output_path,
           "write the smallest model that meets budgets and loss; - is stdout")
      ->takes("OUT")
      ->in(output_group);
  add_output_choice(line, options->output, "what to make; default: by the extension of OUT, else c")->in(output_group);
  add_text(line, "--pareto", options->pareto, "write the front as a page: .html, .md or .json")
      ->takes("FILE")
      ->in(output_group);
  add_flag(line, "--json", options->json, "tell what was found as JSON on stdout")->in(output_group);
  add_goal_options(line, *options);
  add_search_options(line, *options);
  add_compile_options(line, options->compile);
  for (Option& option : line.options) {  // the seed has a default here
    if (option.name == "--groups") option.needed = {find_option(line, "--data")};
  }
  add_labels_option(line, options->labels_path, find_option(line, "--data"))->in(goal_group);
  add_target_options(line, options->target_options, "Targets");
  return [options, &line](const Terminal& terminal) { return fit::run(*options, line, terminal); };
}

}  // namespace emlc::cli
