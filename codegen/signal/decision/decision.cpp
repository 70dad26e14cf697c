#include "codegen/signal/decision/decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "codegen/model/predict/predict.hpp"

namespace emlc::signal {
namespace {

/// The place of a vote among the weights.
std::size_t place_of(const DecisionState& state, std::int32_t vote) {
  return vote == no_class ? state.weights.size() - 1 : static_cast<std::size_t>(vote);
}

/// The vote with the largest weight. Of equal ones the decision that is there, else the first class.
std::int32_t heaviest(const DecisionState& state) {
  const auto largest = std::max_element(state.weights.begin(), state.weights.end());
  if (state.weights[place_of(state, state.decision)] == *largest) return state.decision;
  const auto place = static_cast<std::size_t>(largest - state.weights.begin());
  return place + 1 == state.weights.size() ? no_class : static_cast<std::int32_t>(place);
}

void count(const DecisionFilter& filter, DecisionState& state, std::int32_t vote) {
  if (state.votes.size() == static_cast<std::size_t>(filter.n_votes)) {
    --state.weights[place_of(state, state.votes.front())];
    state.votes.erase(state.votes.begin());
  }
  state.votes.push_back(vote);
  ++state.weights[place_of(state, vote)];
}

/// A weight moves to 32768 with each vote and to 0 with each other one, by the same share of the way.
void weigh(const DecisionFilter& filter, DecisionState& state, std::int32_t vote) {
  const std::uint32_t step = smoothing_step(filter.n_votes);
  for (std::uint32_t& weight : state.weights) weight -= weight * step >> 16;
  state.weights[place_of(state, vote)] += step >> 1;
}

std::int32_t smoothed(const DecisionFilter& filter, DecisionState& state, std::int32_t vote) {
  switch (filter.smoothing) {
    case Smoothing::none:
      return vote;
    case Smoothing::majority:
      count(filter, state, vote);
      break;
    case Smoothing::exponential:
      weigh(filter, state, vote);
      break;
  }
  return heaviest(state);
}

}  // namespace

std::int32_t hold_windows(const DecisionFilter& filter, const Plan& plan) {
  const double rate = plan.input.sample_rate;
  // Of whole frames the quotient is rounded once, as the number in the document is: 0.3 s are 3 frames at 10 Hz.
  const auto is_enough = [&](std::int32_t n) {
    return static_cast<double>(std::int64_t{n} * plan.window.hop) / rate >= filter.hold_seconds;
  };
  const double about = std::floor(filter.hold_seconds * rate / plan.window.hop);
  if (!(about <= most_hold)) return most_hold + 1;
  auto n = static_cast<std::int32_t>(about);
  while (n > 0 && is_enough(n - 1)) --n;
  while (!is_enough(n)) ++n;
  return n;
}

std::string description(const DecisionFilter& filter, const Plan& plan) {
  std::vector<std::string> steps;
  if (filter.reject_below) steps.push_back(fmt::format("a margin below {} votes for no class", *filter.reject_below));
  switch (filter.smoothing) {
    case Smoothing::none:
      break;
    case Smoothing::majority:
      steps.push_back(fmt::format("the majority of {} votes", filter.n_votes));
      break;
    case Smoothing::exponential:
      steps.push_back(fmt::format("votes smoothed over {} windows", filter.n_votes));
      break;
  }
  const std::int32_t hold = hold_windows(filter, plan);
  if (hold > 1) steps.push_back(fmt::format("held for {} windows", hold));
  return steps.empty() ? "every vote is one" : fmt::format("{}", fmt::join(steps, ", "));
}

std::uint32_t smoothing_step(std::int32_t n_votes) {
  const auto n = static_cast<std::uint32_t>(n_votes) + 1;
  return (2 * 65536 + n / 2) / n;
}

float margin(const model::Output& output, std::span<const double> outputs) {
  if (outputs.size() == 1) return static_cast<float>(std::abs(outputs.front() - output.threshold));
  double largest = -std::numeric_limits<double>::infinity(), second = largest;
  for (const double value : outputs) {
    if (std::isnan(value)) return std::numeric_limits<float>::quiet_NaN();
    second = std::max(second, std::min(largest, value));
    largest = std::max(largest, value);
  }
  return static_cast<float>(largest - second);
}

std::int32_t vote_of(const DecisionFilter& filter, const model::Output& output, std::span<const double> outputs) {
  const bool is_sure = !filter.reject_below || margin(output, outputs) >= static_cast<float>(*filter.reject_below);
  return is_sure ? model::decide(output, outputs).front() : no_class;
}

DecisionState begin_decisions(std::int32_t n_classes, std::int32_t hold) {
  return {.held = hold, .weights = std::vector<std::uint32_t>(static_cast<std::size_t>(n_classes) + 1, 0)};
}

std::int32_t decide(const DecisionFilter& filter, std::int32_t hold, DecisionState& state, std::int32_t vote) {
  const std::int32_t next = smoothed(filter, state, vote);
  if (next != state.decision && state.held >= hold) {
    state.decision = next;
    state.held = 0;
  }
  state.held = std::min(state.held + 1, hold);
  return state.decision;
}

std::vector<std::int32_t> decisions_of(const DecisionFilter& filter, const Plan& plan, const model::Model& model,
                                       std::span<const std::vector<double>> outputs) {
  const std::int32_t hold = hold_windows(filter, plan);
  DecisionState state = begin_decisions(static_cast<std::int32_t>(model::class_names(model, 0).size()), hold);
  std::vector<std::int32_t> decisions;
  for (const std::vector<double>& row : outputs) {
    decisions.push_back(decide(filter, hold, state, vote_of(filter, model.output, row)));
  }
  return decisions;
}

}  // namespace emlc::signal
