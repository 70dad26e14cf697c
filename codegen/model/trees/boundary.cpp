#include <algorithm>
#include <cmath>

#include "codegen/model/grid.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/model/ranges.hpp"

namespace emlc::model {
namespace {

constexpr NodeId no_parent = -1;

/// How a node was reached: from `parent`, by its left or right child.
struct WayIn {
  NodeId parent = no_parent;
  bool is_left = false;
};

std::vector<WayIn> steps_to_nodes(const Tree& tree) {
  std::vector<WayIn> steps(tree.nodes.size());
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    const Split* split = as_split(tree.nodes[id]);
    if (split == nullptr) continue;
    steps[static_cast<std::size_t>(split->right)] = {static_cast<NodeId>(id), false};
    steps[static_cast<std::size_t>(split->left)] = {static_cast<NodeId>(id), true};
  }
  return steps;
}

/// How values of features are compared: values of `type`, rounded to `compared` first.
struct Comparison {
  NumberType type, compared;

  /// The smallest value that goes right at the threshold, +infinity when there is none.
  [[nodiscard]] double first_right(double threshold) const {
    return smallest_rounded_at_least(type, compared, threshold);
  }
};

/// Moves `x` the least that makes it take the path to `id`. False when no input in the ranges takes it.
bool steer(std::vector<double>& x, std::vector<Interval> ranges, const Comparison& comparison, const Tree& tree,
           const std::vector<WayIn>& steps, NodeId id) {
  for (WayIn step = steps[static_cast<std::size_t>(id)]; step.parent != no_parent;
       step = steps[static_cast<std::size_t>(step.parent)]) {
    const Split& split = *as_split(tree.nodes[static_cast<std::size_t>(step.parent)]);
    Interval& range = ranges[static_cast<std::size_t>(split.feature)];
    const double at = comparison.first_right(split.threshold);
    if (step.is_left) {
      range.high = std::min(range.high, next_below(comparison.type, at));
    } else {
      range.low = std::max(range.low, at);
    }
  }
  for (std::size_t f = 0; f < x.size(); ++f) {
    if (ranges[f].low > ranges[f].high) return false;
    x[f] = std::clamp(std::isnan(x[f]) ? 0.0 : x[f], ranges[f].low, ranges[f].high);
  }
  return true;
}

void append_around(std::vector<std::vector<double>>& inputs, std::vector<double> x, const Interval& range,
                   const Comparison& comparison, const Split& split) {
  const double at = comparison.first_right(split.threshold);
  for (const double value : {next_below(comparison.type, at), at, next_above(comparison.type, at)}) {
    if (!(value >= range.low && value <= range.high)) continue;
    x[static_cast<std::size_t>(split.feature)] = value;
    inputs.push_back(x);
  }
}

}  // namespace

std::vector<std::vector<double>> boundary_inputs(const Model& model, std::size_t limit) {
  std::vector<std::vector<double>> inputs;
  const auto* ensemble = std::get_if<TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr || !takes_inputs(model) || limit == 0) return inputs;
  // Neighbours in float64 are one number once they are rounded for the comparison.
  const bool is_rounded = model.input.type == NumberType::float64 && ensemble->feature_type == NumberType::float32;
  const Comparison comparison{is_rounded ? NumberType::float32 : model.input.type, ensemble->feature_type};
  const std::vector<Interval> ranges = declared_ranges(model.input, comparison.type);
  const auto& bases = model.test_vectors.inputs;
  const std::size_t stride = std::max<std::size_t>(1, (3 * n_splits(*ensemble) + limit - 1) / limit);
  std::size_t counter = 0;
  for (const Tree& tree : ensemble->trees) {
    const std::vector<WayIn> steps = steps_to_nodes(tree);
    for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
      const Split* split = as_split(tree.nodes[id]);
      if (split == nullptr || counter++ % stride != 0) continue;
      std::vector<double> x =
          bases.empty() ? std::vector<double>(ranges.size(), 0.0) : encoded(model.input, bases[counter % bases.size()]);
      if (!steer(x, ranges, comparison, tree, steps, static_cast<NodeId>(id))) continue;
      append_around(inputs, x, ranges[static_cast<std::size_t>(split->feature)], comparison, *split);
    }
  }
  if (inputs.size() > limit) inputs.resize(limit);
  for (std::vector<double>& x : inputs) x = decoded(model.input, x);
  return inputs;
}

}  // namespace emlc::model
