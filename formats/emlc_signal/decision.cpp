#include "formats/emlc_signal/decision.hpp"

#include <fmt/format.h>

#include <cmath>

namespace emlc::formats::emlc_signal {
namespace {

using json::Presence;
using json::Shape;

Shape above_zero(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::number_of(value, at);
    if (!(static_cast<float>(into) > 0.0F) || !std::isfinite(static_cast<float>(into))) {
      at.refuse(value, "a number above 0 that float32 has");
    }
  }};
}

Shape seconds(double& into) {
  return {.take = [&into](const json::Value& value, const json::Cursor& at) {
    into = json::number_of(value, at);
    if (into < 0.0) at.refuse(value, "a time in seconds, 0 or more");
  }};
}

/// null is no class.
Shape decisions(std::vector<std::optional<std::string>>& into) {
  const auto take = [&into](const json::Value& value, const json::Cursor& at) {
    if (value.type == json::Type::null) {
      into.emplace_back();
    } else {
      into.emplace_back(json::label_of(value, at));
    }
  };
  return {.take = json::refuse_scalar("a list with an entry for each window"),
          .list = [take] { return Shape{.take = take}; }};
}

void check_model(const json::Source& source, const model::Output& output) {
  if (output.rule == model::DecisionRule::none) {
    source.fail("decision", "is for a model that decides between classes, this one has no rule");
  }
  if (output.targets.size() != 1) {
    source.fail("decision", fmt::format("is for one decision, the model has {} targets", output.targets.size()));
  }
}

}  // namespace

json::Fields decision_fields(DecisionPart& into) {
  return {.fields = {{"reject_below", Presence::optional, above_zero(into.reject_below)},
                     {"majority", Presence::optional, json::integer(into.majority, 1, signal::most_votes)},
                     {"exponential", Presence::optional, json::integer(into.exponential, 1, signal::most_votes)},
                     {"hold_seconds", Presence::optional, seconds(into.hold_seconds)}},
          .found = &into.keys};
}

signal::DecisionFilter build_decision(const json::Source& source, const DecisionPart& part, const signal::Plan& plan,
                                      const model::Model& model) {
  check_model(source, model.output);
  if (part.keys.empty()) {
    source.fail("decision", "is empty, expected 'reject_below', 'majority', 'exponential' or 'hold_seconds'");
  }
  const bool has_majority = has(part.keys, "majority"), has_exponential = has(part.keys, "exponential");
  if (has_majority && has_exponential) {
    source.fail("decision", "has the keys 'majority' and 'exponential', expected one of them");
  }
  signal::DecisionFilter filter{.hold_seconds = part.hold_seconds};
  if (has(part.keys, "reject_below")) filter.reject_below = part.reject_below;
  if (has_majority) filter.smoothing = signal::Smoothing::majority;
  if (has_exponential) filter.smoothing = signal::Smoothing::exponential;
  filter.n_votes = has_majority ? part.majority : part.exponential;
  if (signal::hold_windows(filter, plan) > signal::most_hold) {
    source.fail("decision.hold_seconds",
                fmt::format("{} seconds are more than {} windows", part.hold_seconds, signal::most_hold));
  }
  return filter;
}

json::Shape label_rows(std::vector<std::vector<std::string>>& into) {
  return {.take = json::refuse_scalar("a list of labels"), .list = [&into] {
            return Shape{.take = [&into](const json::Value& value,
                                         const json::Cursor& at) { into.push_back({json::label_of(value, at)}); },
                         .list = [&into] { return json::labels(into.emplace_back()).list(); }};
          }};
}

json::Fields recording_fields(signal::RecordedWindows& into) {
  return {.fields = {{"frames", Presence::required, json::matrix(into.frames)},
                     {"features", Presence::required, json::matrix(into.features)},
                     {"predictions", Presence::required, label_rows(into.predictions)},
                     {"decisions", Presence::optional, decisions(into.decisions)}}};
}

}  // namespace emlc::formats::emlc_signal
