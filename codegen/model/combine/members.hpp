#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"

/// What is true of the members of a combination, whatever models they are.
namespace emlc::model {

/// How many values a member gives: its taken columns, or one for its decision.
std::int32_t n_values(const Member& member);
/// How many classes a rule chooses from: the outputs of argmax, 2 of a threshold, else 0.
std::int32_t n_classes(const Output& output);
/// How many classes one_vs_one has members for; 0 when that is no number of pairs.
std::int32_t n_classes_of_pairs(std::size_t n_members);
/// The width of the row that the rule gives.
std::int32_t row_width(const Combination& combination);

/// What member `index` takes, as an input without names: what the predictor of `model` takes. Where rows are put
/// together, in a chain and in front of the final model, they are float32, of which nothing is known.
Input member_input(const Model& model, const Combination& combination, std::size_t index);
Input final_input(const Model& model, const Combination& combination);

/// What the rule knows of a member's outputs.
struct MemberAnswer {
  std::vector<double> values;  ///< [n_values]
  std::int32_t decided = 0;    ///< the class that its own rule decides for; 0 without one
};
/// @param outputs  [n_outputs] of the member
MemberAnswer answer_of(const Member& member, std::span<const double> outputs);

/// The answer of a combination before the post-transform that a combination without a final model ends in.
/// @param columns  what the predictor of the model sees
std::vector<double> combine(const Combination& combination, std::span<const double> columns);
/// The row that the rule makes of the answers of all members.
std::vector<double> rule_row(const Combination& combination, const std::vector<MemberAnswer>& answers);

/// Puts a model into a combination: gives all that it has inside the inputs that follow from its own.
void give_inputs(Model& model);

/// Calls `visit` with every member of the combination, then with its final model.
template <class Visit>
void for_each_part(Combination& combination, const Visit& visit) {
  for (Member& member : combination.members) visit(member.model);
  for (Model& last : combination.last) visit(last);
}
template <class Visit>
void for_each_part(const Combination& combination, const Visit& visit) {
  for (const Member& member : combination.members) visit(member.model);
  for (const Model& last : combination.last) visit(last);
}

}  // namespace emlc::model
