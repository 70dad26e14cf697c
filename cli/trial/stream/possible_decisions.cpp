#include "cli/trial/stream/possible_decisions.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace emlc::cli {
namespace {

constexpr double tie = 1e-6;  ///< of the largest number in a comparison, as between two outputs

std::vector<std::int32_t> possible_votes(const signal::DecisionFilter& filter, const model::Output& output,
                                         const Answer& answer) {
  const std::int32_t answered = answer.classes.front();
  if (!filter.reject_below) return {answered};
  const double margin{signal::margin(output, answer.outputs)};
  double largest = std::max(std::abs(output.threshold), *filter.reject_below);
  for (const double value : answer.outputs) largest = std::max(largest, std::abs(value));
  const double off_by = margin - *filter.reject_below;
  if (std::abs(off_by) <= tie * largest) return {answered, signal::no_class};
  return {off_by > 0.0 ? answered : signal::no_class};
}

}  // namespace

PossibleDecisions::PossibleDecisions(const signal::DecisionFilter& filter, const signal::Plan& plan,
                                     const model::Model& model)
    : filter_(filter),
      output_(model.output),
      hold_(signal::hold_windows(filter, plan)),
      states_{signal::begin_decisions(static_cast<std::int32_t>(model::class_names(model, 0).size()), hold_)} {}

bool PossibleDecisions::take(const Answer& answer, std::int32_t decided) {
  std::vector<signal::DecisionState> next;
  for (const std::int32_t vote : possible_votes(filter_, output_, answer)) {
    for (signal::DecisionState state : states_) {
      expected_ = signal::decide(filter_, hold_, state, vote);
      const bool is_new = std::find(next.begin(), next.end(), state) == next.end();
      if (expected_ == decided && is_new) next.push_back(std::move(state));
    }
  }
  states_ = std::move(next);
  return !states_.empty();
}

}  // namespace emlc::cli
