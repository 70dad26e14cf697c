#include <fmt/format.h>

#include <cmath>

#include "codegen/model/check/parts.hpp"
#include "codegen/model/combine/members.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::model {
namespace {

void check_calibration(const Place& place, const Calibration& calibration, const std::string& field) {
  if (calibration.method == CalibrationMethod::sigmoid) {
    place.require(std::isfinite(calibration.slope), field + ".slope", "must be a finite number");
    place.require(std::isfinite(calibration.offset), field + ".offset", "must be a finite number");
    return;
  }
  place.require(!calibration.x.empty(), field + ".x", "there is no point");
  check_length(place, field + ".y", calibration.y.size(), calibration.x.size());
  check_finite(place, field + ".x", calibration.x);
  check_finite(place, field + ".y", calibration.y);
  for (std::size_t i = 1; i < calibration.x.size(); ++i) {
    if (calibration.x[i] > calibration.x[i - 1]) continue;
    place.fail(fmt::format("{}.x[{}]", field, i),
               fmt::format("is {}, not above the point before it, {}", calibration.x[i], calibration.x[i - 1]));
  }
}

/// What of its outputs a member gives.
void check_values(const Place& place, const Member& member, const std::string& field) {
  const Output& output = member.model.output;
  if (member.result == MemberResult::decision) {
    place.require(n_classes(output) != 0, field + ".result", "there is no decision, the rule of the member is 'none'");
    place.require(member.columns.empty(), field + ".columns", "a decision is no column");
    place.require(member.calibration.empty(), field + ".calibration", "a decision is not calibrated");
    return;
  }
  place.require(!member.columns.empty(), field + ".columns", "there is no column");
  for (std::size_t i = 0; i < member.columns.size(); ++i) {
    if (member.columns[i] >= 0 && member.columns[i] < output.n_outputs) continue;
    place.fail(
        fmt::format("{}.columns[{}]", field, i),
        fmt::format("column {} is out of range, the member has {} outputs", member.columns[i], output.n_outputs));
  }
  if (member.calibration.empty()) return;
  check_length(place, field + ".calibration", member.calibration.size(), member.columns.size());
  for (std::size_t i = 0; i < member.calibration.size(); ++i) {
    check_calibration(place, member.calibration[i], fmt::format("{}.calibration[{}]", field, i));
  }
}

void check_weight(const Place& place, CombineRule rule, const Member& member, const std::string& field) {
  place.require(std::isfinite(member.weight) && member.weight >= 0.0, field + ".weight",
                "must be a finite number, 0 or more");
  if (rule == CombineRule::mean || rule == CombineRule::votes) return;
  place.require(member.weight == 1.0, field + ".weight",
                fmt::format("the rule '{}' has no weights, only 'mean' and 'votes' do", name(rule)));
}

/// What the rule asks of one member, beside those of the first one.
void check_for_rule(const Place& place, const Combination& combination, std::size_t index, const std::string& field) {
  const Member &member = combination.members[index], &first = combination.members.front();
  const CombineRule rule = combination.rule;
  if (rule != CombineRule::concatenate) {
    place.require(member.result == MemberResult::outputs, field + ".result",
                  fmt::format("is for the rule 'concatenate', this one is '{}'", name(rule)));
  }
  if (rule == CombineRule::mean && n_values(member) != n_values(first)) {
    place.fail(field, fmt::format("gives {} values, the first member {}: 'mean' takes as many of each",
                                  n_values(member), n_values(first)));
  }
  if (rule != CombineRule::votes && rule != CombineRule::one_vs_one) return;
  const std::int32_t classes = n_classes(member.model.output);
  place.require(classes != 0, field + ".output.decision.rule",
                fmt::format("is 'none', the rule '{}' needs the decision of each member", name(rule)));
  if (rule == CombineRule::one_vs_one) {
    place.require(classes == 2 && n_values(member) == 1, field,
                  "must give one value and decide between two classes: 'one_vs_one' has a member for each pair");
    return;
  }
  const bool is_plain = member.calibration.empty() && n_values(member) == member.model.output.n_outputs;
  place.require(is_plain, field, "has columns or calibration of its own, 'votes' takes nothing but its decision");
  if (classes == n_classes(first.model.output)) return;
  place.fail(field, fmt::format("decides between {} classes, the first member between {}", classes,
                                n_classes(first.model.output)));
}

void check_member(const Place& place, const Model& model, const Combination& combination, std::size_t index,
                  Nested nested) {
  const Member& member = combination.members[index];
  const std::string field = fmt::format("model.members[{}]", index);
  const Output& output = member.model.output;
  if (takes_signals(member.model)) place.fail(field + ".model", "is a filter, which takes signals and no rows");
  if (member.model.input.n_features != member_input(model, combination, index).n_features) {
    place.fail(field, fmt::format("takes {} columns, {} come in", member.model.input.n_features,
                                  member_input(model, combination, index).n_features));
  }
  place.require(output.targets.size() == 1, field + ".output", "must be of one target");
  if (n_classes(output) == 2 && output.rule != DecisionRule::argmax) {
    place.require(output.n_outputs == 1, field + ".output.n_outputs",
                  fmt::format("must be 1 with the rule '{}'", name(output.rule)));
  }
  check_nested(place.inside(field), member.model, nested);
  check_values(place, member, field);
  check_weight(place, combination.rule, member, field);
  check_for_rule(place, combination, index, field);
}

void check_divisor(const Place& place, const Combination& combination) {
  double sum = 0.0;
  for (const Member& member : combination.members) sum += member.weight;
  place.require(std::isfinite(sum) && sum > 0.0, "model.members", "the weights must add up to a number above 0");
  const bool is_weighted = combination.rule == CombineRule::mean || combination.rule == CombineRule::votes;
  place.require(combination.divisor == (is_weighted ? sum : 1.0), "model.members",
                "the divisor must be the sum of the weights");
}

void check_final(const Place& place, const Model& model, const Combination& combination, Nested nested) {
  place.require(combination.last.size() <= 1, "model.final", "there is more than one final model");
  if (combination.last.empty()) {
    place.require(!combination.passes_columns, "model.passthrough", "is for a final model, there is none");
    const std::int32_t width = row_width(combination);
    if (width == model.output.n_outputs) return;
    place.fail("model.members", fmt::format("the rule '{}' gives {} values, the outputs are {}", name(combination.rule),
                                            width, model.output.n_outputs));
  }
  const Model& last = combination.last.front();
  if (takes_signals(last)) place.fail("model.final", "is a filter, which takes signals and no rows");
  const std::int32_t width = final_input(model, combination).n_features;
  if (last.input.n_features != width) {
    place.fail("model.final", fmt::format("takes {} columns, {} come in", last.input.n_features, width));
  }
  check_nested(place.inside("model.final", Place::Part::final_model), last, nested);
}

}  // namespace

void check_combination(const Place& place, const Combination& combination, const Model& model, Nested nested) {
  if (nested.depth > most_nested) {
    place.fail("model", fmt::format("combinations are nested more than {} deep", most_nested));
  }
  place.require(!combination.members.empty(), "model.members", "there is no member");
  place.require(!combination.is_chained || combination.rule == CombineRule::concatenate, "model.chained",
                fmt::format("is for the rule 'concatenate', this one is '{}'", name(combination.rule)));
  for (std::size_t index = 0; index < combination.members.size(); ++index) {
    check_member(place, model, combination, index, nested);
  }
  check_divisor(place, combination);
  if (combination.rule == CombineRule::one_vs_one && n_classes_of_pairs(combination.members.size()) == 0) {
    place.fail("model.members", fmt::format("there are {} members, 'one_vs_one' has one for each pair of classes: 1, "
                                            "3, 6, 10, ...",
                                            combination.members.size()));
  }
  check_post_transform(place, combination.post_transform);
  check_final(place, model, combination, nested);
}

}  // namespace emlc::model
