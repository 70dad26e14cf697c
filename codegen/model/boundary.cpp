#include <algorithm>
#include <cmath>

#include "codegen/model/predict.hpp"

namespace emlc::model {
namespace {

constexpr NodeId no_parent = -1;

/// How a node was reached: from `parent`, by its left or right child.
struct Step {
  NodeId parent = no_parent;
  bool is_left = false;
};

std::vector<Step> steps_to_nodes(const Tree& tree) {
  std::vector<Step> steps(tree.nodes.size());
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    const Split* split = as_split(tree.nodes[id]);
    if (split == nullptr) continue;
    steps[static_cast<std::size_t>(split->right)] = {static_cast<NodeId>(id), false};
    steps[static_cast<std::size_t>(split->left)] = {static_cast<NodeId>(id), true};
  }
  return steps;
}

double lowest_of(const Input& input, std::size_t feature) {
  return input.minimum.empty() ? info(input.type).lowest : std::max(info(input.type).lowest, input.minimum[feature]);
}

double highest_of(const Input& input, std::size_t feature) {
  return input.maximum.empty() ? info(input.type).highest : std::min(info(input.type).highest, input.maximum[feature]);
}

/// Moves `x` the least that makes it take the path to `id`. False when no input of the type takes it.
bool steer(std::vector<double>& x, const Input& input, const Tree& tree, const std::vector<Step>& steps, NodeId id) {
  std::vector<std::pair<double, double>> ranges(x.size());  // both ends included
  for (std::size_t f = 0; f < x.size(); ++f) ranges[f] = {lowest_of(input, f), highest_of(input, f)};
  for (Step step = steps[static_cast<std::size_t>(id)]; step.parent != no_parent;
       step = steps[static_cast<std::size_t>(step.parent)]) {
    const Split& split = *as_split(tree.nodes[static_cast<std::size_t>(step.parent)]);
    auto& [low, high] = ranges[static_cast<std::size_t>(split.feature)];
    const double at = smallest_at_least(input.type, split.threshold);
    if (step.is_left) {
      high = std::min(high, next_below(input.type, at));
    } else {
      low = std::max(low, at);
    }
  }
  for (std::size_t f = 0; f < x.size(); ++f) {
    if (ranges[f].first > ranges[f].second) return false;
    x[f] = std::clamp(std::isnan(x[f]) ? 0.0 : x[f], ranges[f].first, ranges[f].second);
  }
  return true;
}

void append_around(std::vector<std::vector<double>>& inputs, const Input& input, std::vector<double> x,
                   const Split& split) {
  const auto feature = static_cast<std::size_t>(split.feature);
  const double at = smallest_at_least(input.type, split.threshold);
  for (const double value : {next_below(input.type, at), at, next_above(input.type, at)}) {
    if (!(value >= lowest_of(input, feature) && value <= highest_of(input, feature))) continue;
    x[feature] = value;
    inputs.push_back(x);
  }
}

}  // namespace

std::vector<std::vector<double>> boundary_inputs(const Model& model, std::size_t limit) {
  std::vector<std::vector<double>> inputs;
  const auto* ensemble = std::get_if<TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr || !model.scalers.empty()) return inputs;
  const std::size_t n = n_splits(*ensemble);
  const std::size_t stride = std::max<std::size_t>(1, (3 * n + limit - 1) / std::max<std::size_t>(1, limit));
  std::size_t counter = 0;
  for (const Tree& tree : ensemble->trees) {
    const std::vector<Step> steps = steps_to_nodes(tree);
    for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
      const Split* split = as_split(tree.nodes[id]);
      if (split == nullptr || counter++ % stride != 0) continue;
      const auto& bases = model.test_vectors.inputs;
      std::vector<double> x = bases.empty() ? std::vector<double>(static_cast<std::size_t>(model.input.n_features), 0.0)
                                            : bases[counter % bases.size()];
      if (steer(x, model.input, tree, steps, static_cast<NodeId>(id))) append_around(inputs, model.input, x, *split);
    }
  }
  if (inputs.size() > limit) inputs.resize(limit);
  return inputs;
}

}  // namespace emlc::model
