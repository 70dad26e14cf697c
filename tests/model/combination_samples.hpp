#pragma once

#include <numeric>
#include <utility>
#include <vector>

#include "codegen/model/combine/members.hpp"
#include "tests/model/samples.hpp"

/// Small combinations for tests.
namespace emlc::model::samples {

/// weights * x + bias, [n_out][n_in].
inline DenseNetwork linear(std::vector<double> weights, std::vector<double> bias,
                           Activation activation = Activation::identity) {
  DenseLayer layer;
  layer.n_out = static_cast<std::int32_t>(bias.size());
  layer.n_in = static_cast<std::int32_t>(weights.size() / bias.size());
  layer.weights = std::move(weights);
  layer.bias = std::move(bias);
  layer.activation = activation;
  return {.layers = {layer}, .post_transform = {}};
}

/// A member with all of its outputs; its input comes with the combination.
inline Member member(Predictor predictor, std::int32_t n_outputs, DecisionRule rule = DecisionRule::none,
                     double threshold = 0.0) {
  Member member;
  member.model = regression(std::move(predictor), 1, n_outputs);
  member.model.output.rule = rule;
  member.model.output.threshold = threshold;
  if (rule != DecisionRule::none) member.model.output.task = Task::classification;
  member.columns.resize(static_cast<std::size_t>(n_outputs));
  std::iota(member.columns.begin(), member.columns.end(), 0);
  return member;
}

inline Member weighted(Member member, double weight) {
  member.weight = weight;
  return member;
}

/// A regression, with inputs and divisor as they have to be.
inline Model combination(CombineRule rule, std::vector<Member> members, std::int32_t n_features,
                         std::int32_t n_outputs) {
  Combination combination;
  combination.rule = rule;
  combination.members = std::move(members);
  const bool is_weighted = rule == CombineRule::mean || rule == CombineRule::votes;
  combination.divisor = is_weighted ? 0.0 : 1.0;
  for (const Member& member : combination.members) combination.divisor += is_weighted ? member.weight : 0.0;
  Model model = regression(std::move(combination), n_features, n_outputs);
  give_inputs(model);
  return model;
}

/// The same as a classifier by argmax.
inline Model classifier(Model model) {
  model.output.task = Task::classification;
  model.output.rule = DecisionRule::argmax;
  give_inputs(model);
  return model;
}

inline Combination& combination_of(Model& model) { return std::get<Combination>(model.predictor); }

}  // namespace emlc::model::samples
