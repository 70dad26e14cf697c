#include "cli/fit/tell.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cli/console/escape.hpp"

namespace emlc::cli::fit {
namespace {

std::string cell(double value) { return std::isfinite(value) ? fmt::format("{:.6g}", value) : std::string("-"); }

std::string part_line(Measure measure, std::string_view part, const Loss& loss) {
  return fmt::format("  {:<10} {}, {} {} as trained\n", part,
                     count(loss.n, measure == Measure::fidelity ? "block" : "row"), name(measure),
                     quality_text(measure, loss.trained));
}

std::string front_table(const Problem& problem, const Goal& goal, const Result& result) {
  std::vector<std::vector<std::string>> rows = {
      {"", std::string(goal.objective->title), "flash", "RAM", "loss, search", "loss, validation", "options"}};
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const Point& point = result.points[i];
    const std::string mark = result.chosen == i ? ">" : excess(goal, point) == 0.0 ? "+" : "";
    rows.push_back({mark, cell(goal.objective->value(point.costs)), cell(point.costs.flash), cell(point.costs.ram),
                    quality_text(problem.measure, point.search.loss),
                    quality_text(problem.measure, point.validation.loss), short_options(point)});
  }
  using enum Align;
  return table(rows, {left, right, right, right, right, right});
}

/// `flash 5120 bytes, 1024 more than --max-flash 4096 allows`.
void append_excess(std::vector<std::string>& missed, std::string_view what, double value,
                   std::optional<std::size_t> limit, std::string_view option) {
  if (!limit || value <= static_cast<double>(*limit)) return;
  missed.push_back(fmt::format("{} is {}, {} more than {} {} allows", what, value, value - static_cast<double>(*limit),
                               option, *limit));
}

}  // namespace

std::string quality_text(Measure measure, double value) {
  if (counts_decisions(measure)) return fmt::format("{:.2f} %", 100.0 * value + 0.0);
  return fmt::format("{:.4f}", value + 0.0);
}

std::string loss_text(Measure measure, const Loss& loss) {
  return fmt::format("{} (95 %: {} to {})", quality_text(measure, loss.loss), quality_text(measure, loss.lowest),
                     quality_text(measure, loss.highest));
}

std::string ending_text(const Result& result, Clock clock) {
  std::string done = count(result.n_trials, "trial");
  if (clock == Clock::shown) done += fmt::format(" in {:.1f} s", result.seconds);
  switch (result.ending) {
    case Ending::complete:
      return done + ", nothing is left to try near the best points";
    case Ending::trials:
      return done + ", as many as --trials allows";
    case Ending::seconds:
      return fmt::format("{}: the time was up after trial {}; --trials {} gives the same again", done, result.n_trials,
                         result.n_trials);
    case Ending::interrupted:
      return fmt::format("{}: interrupted after trial {}; --trials {} gives the same again", done, result.n_trials,
                         result.n_trials);
  }
  return done;
}

std::string doubt_text(Measure measure, const Goal& goal, const Loss& loss) {
  if (loss.highest <= goal.max_loss) return {};
  const std::string rows = measure == Measure::fidelity ? "blocks" : "rows";
  const auto needed = rows_to_tell(loss, goal.max_loss);
  const std::string more = needed ? fmt::format("; about {} would tell", *needed) : "";
  return fmt::format("{} {} are too few to tell that the loss is at most {}: it may be {}{}", loss.n, rows,
                     quality_text(measure, goal.max_loss), quality_text(measure, loss.highest), more);
}

std::string short_options(const Point& point) { return point.chosen.empty() ? "the defaults" : point.chosen; }

std::string missed_text(const Problem& problem, const Goal& goal, const Point& point) {
  std::vector<std::string> missed;
  append_excess(missed, "flash", point.costs.flash, goal.budget.flash, "--max-flash");
  append_excess(missed, "RAM", point.costs.ram, goal.budget.ram, "--max-ram");
  append_excess(missed, "comparisons", point.costs.work.comparisons.value_or(0.0), goal.budget.comparisons,
                "--max-comparisons");
  for (const auto& [part, loss] : {std::pair{"search", &point.search}, std::pair{"validation", &point.validation}}) {
    if (excess_of_loss(goal, *loss) == 0.0) continue;
    missed.push_back(fmt::format("the loss on the {} part is {}, --max-loss is {}", part,
                                 quality_text(problem.measure, loss->loss),
                                 quality_text(problem.measure, goal.max_loss)));
  }
  const Loss all = together(point.search, point.validation);
  if (excess_of_doubt(goal, all) > 0.0) {
    missed.push_back(fmt::format("all {} rows tell no more than that the loss is below {}, which would have to be {}",
                                 all.n, quality_text(problem.measure, all.highest),
                                 quality_text(problem.measure, most_doubt(all, goal.max_loss))));
  }
  if (!point.costs.is_known) missed.emplace_back("not all bytes on the target are known, --measure finds them");
  return fmt::format("{}", fmt::join(missed, "; "));
}

void tell(const Terminal& terminal, const Problem& problem, const Goal& goal, const Result& result) {
  const Measure measure = problem.measure;
  heading(terminal, fmt::format("{}: the least {} with a loss of at most {} of {}", problem.source.file,
                                goal.objective->title, quality_text(measure, goal.max_loss), name(measure)));
  note(terminal, part_line(measure, "search", result.points.front().search) +
                     part_line(measure, "validation", result.points.front().validation));
  note(terminal, ending_text(result, Clock::shown));
  note(terminal, front_table(problem, goal, result));
  if (!result.chosen) {
    const Point& nearest = result.points[result.nearest];
    error(terminal, fmt::format("nothing meets budgets and loss; the nearest is {}: {}", short_options(nearest),
                                missed_text(problem, goal, nearest)));
    return;
  }
  const Point& point = result.points[*result.chosen];
  note(terminal, fmt::format("chosen: {} {}, {} on the device {} on the validation part, loss {}\n  {}",
                             cell(goal.objective->value(point.costs)), goal.objective->title, name(measure),
                             quality_text(measure, point.validation.device), loss_text(measure, point.validation),
                             point.command));
  const std::string doubt = doubt_text(measure, goal, point.validation);
  if (!doubt.empty()) warning(terminal, doubt);
}

}  // namespace emlc::cli::fit
