#include "codegen/c/combine/join.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <variant>
#include <vector>

#include "codegen/model/number_type.hpp"
#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::c {
namespace {

using model::CombineRule;
using model::DenseLayer;
using model::DenseNetwork;
using model::Member;
using model::Model;
using model::PostTransform;
using model::PostTransformKind;
using model::TreeEnsemble;

bool are_equal(const PostTransform& a, const PostTransform& b) {
  return a.kind == b.kind && a.scale == b.scale && a.type == b.type;
}

/// The transform of an output looks at no other one, and has nothing of its own model in it.
bool is_of_each_output(const PostTransform& transform) {
  return transform.kind == PostTransformKind::identity || transform.kind == PostTransformKind::sigmoid;
}

bool can_join(const TreeEnsemble& a, const TreeEnsemble& b) {
  return a.n_outputs == 1 && b.n_outputs == 1 && a.feature_type == b.feature_type && a.sum_type == b.sum_type &&
         a.base_score_at == b.base_score_at && a.divisor == b.divisor && a.scale == b.scale &&
         is_of_each_output(a.post_transform) && are_equal(a.post_transform, b.post_transform);
}

bool is_single_layer(const DenseNetwork& network) {
  return network.layers.size() == 1 && !network.integers && !network.layers.front().codes &&
         network.layers.front().slopes.empty();
}

bool can_join(const DenseNetwork& a, const DenseNetwork& b) {
  if (!is_single_layer(a) || !is_single_layer(b)) return false;
  const DenseLayer &first = a.layers.front(), &second = b.layers.front();
  return first.activation == second.activation && first.activation != model::Activation::softmax &&
         first.alpha == second.alpha && first.sum_type == second.sum_type && is_of_each_output(a.post_transform) &&
         are_equal(a.post_transform, b.post_transform);
}

bool is_bare(const Model& part) { return part.steps.empty() && part.scalers.empty(); }

bool have_same_decision(const model::Output& a, const model::Output& b) {
  return a.rule == b.rule && a.threshold == b.threshold;
}

/// @param a  the first of a run
bool are_alike(const Member& a, const Member& b) {
  const bool take_outputs = a.result == model::MemberResult::outputs && b.result == model::MemberResult::outputs;
  if (!take_outputs || !is_bare(a.model) || !is_bare(b.model)) return false;
  if (!have_same_decision(a.model.output, b.model.output)) return false;
  if (const auto* trees = std::get_if<TreeEnsemble>(&a.model.predictor)) {
    const auto* others = std::get_if<TreeEnsemble>(&b.model.predictor);
    return others != nullptr && can_join(*trees, *others);
  }
  const auto* network = std::get_if<DenseNetwork>(&a.model.predictor);
  const auto* other = std::get_if<DenseNetwork>(&b.model.predictor);
  return network != nullptr && other != nullptr && can_join(*network, *other);
}

void append(TreeEnsemble& all, const TreeEnsemble& trees) {
  const auto first_row = static_cast<model::RowId>(all.leaf_values.size());
  all.leaf_values.insert(all.leaf_values.end(), trees.leaf_values.begin(), trees.leaf_values.end());
  for (model::Tree tree : trees.trees) {
    tree.first_output = all.n_outputs;
    for (model::TreeNode& node : tree.nodes) {
      if (auto* leaf = std::get_if<model::Leaf>(&node)) leaf->row += first_row;
    }
    all.trees.push_back(std::move(tree));
  }
  all.base_score.insert(all.base_score.end(), trees.base_score.begin(), trees.base_score.end());
  ++all.n_outputs;
}

void append(DenseNetwork& all, const DenseNetwork& network) {
  DenseLayer& layer = all.layers.front();
  const DenseLayer& other = network.layers.front();
  layer.weights.insert(layer.weights.end(), other.weights.begin(), other.weights.end());
  layer.bias.insert(layer.bias.end(), other.bias.begin(), other.bias.end());
  layer.n_out += other.n_out;
}

void append(Model& all, const Model& part) {
  if (auto* trees = std::get_if<TreeEnsemble>(&all.predictor)) append(*trees, std::get<TreeEnsemble>(part.predictor));
  if (auto* network = std::get_if<DenseNetwork>(&all.predictor)) {
    append(*network, std::get<DenseNetwork>(part.predictor));
  }
  all.output.n_outputs += part.output.n_outputs;
  all.output.targets.insert(all.output.targets.end(), part.output.targets.begin(), part.output.targets.end());
}

/// Votes ask a member for its decision alone, which is cheap, and a chain asks each about other columns.
bool asks_for_outputs(const model::Combination& combination) {
  return combination.rule != CombineRule::votes && !combination.is_chained;
}

bool keeps_its_speed(const model::Combination& combination, const Member& member, Optimize optimize) {
  return optimize != Optimize::speed || combination.rule == CombineRule::one_vs_one ||
         !std::holds_alternative<TreeEnsemble>(member.model.predictor);
}

/// Every output is a number that float32 holds, whatever the input.
bool has_finite_outputs(const Model& part) {
  const auto* trees = std::get_if<TreeEnsemble>(&part.predictor);
  if (trees == nullptr) return false;
  const PostTransformKind kind = trees->post_transform.kind;
  const bool keeps =
      kind == PostTransformKind::identity || kind == PostTransformKind::sigmoid || kind == PostTransformKind::softmax;
  const std::vector<double> sums = model::largest_sums(*trees);
  const auto reach = [](double most, double value) { return std::max(most, std::abs(value)); };
  const double sum = std::accumulate(sums.begin(), sums.end(), 0.0, reach);
  const double base = std::accumulate(trees->base_score.begin(), trees->base_score.end(), 0.0, reach);
  const double factor = std::max(1.0, std::abs(trees->scale / trees->divisor));
  const double scale = std::max(1.0, std::abs(trees->post_transform.scale));
  return keeps && (sum + base) * factor * scale < model::info(model::NumberType::float32).highest;
}

}  // namespace

void drop_weightless(model::Combination& combination) {
  if (combination.rule != CombineRule::mean) return;
  std::erase_if(combination.members,
                [](const Member& member) { return member.weight == 0.0 && has_finite_outputs(member.model); });
}

JoinedModels join_members(const model::Combination& combination, Optimize optimize) {
  JoinedModels joined;
  std::vector<Model>& models = joined.models;
  Parts& parts = joined.parts;
  for (const Member& member : combination.members) {
    const bool joins = !models.empty() && asks_for_outputs(combination) &&
                       keeps_its_speed(combination, member, optimize) &&
                       are_alike(combination.members[parts.first_members.back()], member);
    if (joins) {
      parts.places.push_back({models.size() - 1, models.back().output.n_outputs});
      append(models.back(), member.model);
    } else {
      parts.first_members.push_back(parts.places.size());
      parts.places.push_back({models.size(), 0});
      models.push_back(member.model);
    }
  }
  models.insert(models.end(), combination.last.begin(), combination.last.end());
  return joined;
}

}  // namespace emlc::c
