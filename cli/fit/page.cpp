#include <fmt/format.h>

#include <cmath>

#include "cli/fit/writers.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::fit {
namespace {

using report::number;

/// What is wrong on a part, so that small is good: decisions in percent, or the variance that is not explained.
std::string wrong_title(Measure measure) {
  switch (measure) {
    case Measure::accuracy:
      return "wrong decisions in %";
    case Measure::agreement:
      return "changed decisions in %";
    case Measure::r2:
      return "1 - R2";
    case Measure::fidelity:
      return "noise / signal power";
  }
  return {};
}

double wrong(Measure measure, const Loss& loss) {
  return (counts_decisions(measure) ? 100.0 : 1.0) * std::max(0.0, 1.0 - loss.device);
}

/// Points of one objective are one place of the axis: the first of them, which is the better one on the search part.
std::optional<report::Lines> picture(const Problem& problem, const Goal& goal, const Result& result) {
  report::Lines lines{.x = std::string(goal.objective->title) + std::string(goal.objective->unit),
                      .y = wrong_title(problem.measure),
                      .xs = {},
                      .series = {{"search", {}}, {"validation", {}}},
                      .chosen = {}};
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const Point& point = result.points[i];
    const double x = goal.objective->value(point.costs);
    const bool is_new = lines.xs.empty() || x > lines.xs.back();
    if (result.chosen == i) lines.chosen = x;
    if (!is_new || !std::isfinite(x) || x <= 0.0) continue;
    lines.xs.push_back(x);
    lines.series[0].values.push_back(wrong(problem.measure, point.search));
    lines.series[1].values.push_back(wrong(problem.measure, point.validation));
  }
  return lines.xs.size() < 2 ? std::nullopt : std::optional(lines);
}

std::string point_name(const Result& result, std::size_t index) {
  return fmt::format("{}{}", index + 1, result.chosen == index ? ", chosen" : "");
}

report::Table costs_table(const Goal& goal, const Result& result) {
  report::Table table{.header = {"point", "flash", "RAM", "comparisons", "operations", "meets"}, .rows = {}};
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const Point& point = result.points[i];
    table.rows.push_back({point_name(result, i), number(point.costs.flash), number(point.costs.ram),
                          point.costs.work.comparisons ? number(*point.costs.work.comparisons) : "",
                          number(point.costs.work.operations), excess(goal, point) == 0.0 ? "yes" : "no"});
  }
  return without_empty_columns(table);
}

/// A table of its own: beside the costs its last columns would be out of sight.
report::Table losses_table(const Problem& problem, const Result& result) {
  report::Table table{.header = {"point", "loss, search", "loss, validation", "95 %"}, .rows = {}};
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    const Point& point = result.points[i];
    const auto text = [&](double value) { return quality_text(problem.measure, value); };
    table.rows.push_back({point_name(result, i), text(point.search.loss), text(point.validation.loss),
                          fmt::format("{} to {}", text(point.validation.lowest), text(point.validation.highest))});
  }
  return table;
}

report::Section outcome(const Problem& problem, const Goal& goal, const Result& result) {
  report::Section section{.title = "What was found", .text = {}, .blocks = {}};
  report::Notes notes;
  const Measure measure = problem.measure;
  if (result.chosen) {
    const Point& point = result.points[*result.chosen];
    section.text = fmt::format("Point {}: {}{} of {}, a loss of {} on the validation part.", *result.chosen + 1,
                               number(goal.objective->value(point.costs)), goal.objective->unit, goal.objective->title,
                               loss_text(measure, point.validation));
    const std::string doubt = doubt_text(measure, goal, point.validation);
    if (!doubt.empty()) notes.lines.push_back(doubt);
  } else {
    const Point& nearest = result.points[result.nearest];
    section.text = fmt::format("Nothing meets budgets and loss. The nearest is point {}: {}.", result.nearest + 1,
                               missed_text(problem, goal, nearest));
  }
  for (const auto& [part, loss] : {std::pair{"search", &result.points.front().search},
                                   std::pair{"validation", &result.points.front().validation}}) {
    notes.lines.push_back(fmt::format("{}: {} {}, {} {} as trained", part, loss->n,
                                      measure == Measure::fidelity ? "blocks" : "rows", name(measure),
                                      quality_text(measure, loss->trained)));
  }
  notes.lines.push_back(ending_text(result, Clock::hidden));
  section.blocks.emplace_back(notes);
  return section;
}

}  // namespace

report::Report page_of(const Problem& problem, const Goal& goal, const Result& result) {
  report::Report page{
      .title = choose_name(problem.source, problem.job.compile),
      .text = fmt::format("Points that emlc fit {} found: the least {} with a loss of {} of at most {}.", EMLC_VERSION,
                          goal.objective->title, name(problem.measure), quality_text(problem.measure, goal.max_loss)),
      .sections = {}};
  page.sections.push_back(outcome(problem, goal, result));
  report::Section front{.title = "The front",
                        .text =
                            "No other has less of both, the objective and what may be lost by the search part. The "
                            "validation part was only "
                            "asked about these points; its interval of the loss is that of 95 %.",
                        .blocks = {}};
  if (auto lines = picture(problem, goal, result)) front.blocks.emplace_back(std::move(*lines));
  front.blocks.emplace_back(costs_table(goal, result));
  front.blocks.emplace_back(losses_table(problem, result));
  page.sections.push_back(std::move(front));
  report::Section commands{.title = "To make them", .text = {}, .blocks = {}};
  for (std::size_t i = 0; i < result.points.size(); ++i) {
    commands.blocks.emplace_back(
        report::Notes{{fmt::format("Point {}: {}", point_name(result, i), short_options(result.points[i]))}});
    commands.blocks.emplace_back(report::Commands{{result.points[i].command}});
  }
  page.sections.push_back(std::move(commands));
  return page;
}

}  // namespace emlc::cli::fit
