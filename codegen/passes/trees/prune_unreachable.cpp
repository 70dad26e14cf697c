#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/model/number_type.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/rewire.hpp"

namespace emlc::passes {
namespace {

using model::NodeId;
using model::NumberType;

using model::infinity;

/// The values of one feature that can arrive at a node: numbers from low to high, and NaN where it says so.
struct Arrivals {
  double low, high;
  bool has_nan;
};

Arrivals scaled(const model::Scaler& scaler, std::size_t feature, const Arrivals& x) {
  const double a = model::apply_scaler(scaler, feature, x.low), b = model::apply_scaler(scaler, feature, x.high);
  return {std::min(a, b), std::max(a, b), x.has_nan};
}

Arrivals declared_arrivals(const model::Input& input, std::size_t feature) {
  const double lowest = input.minimum.empty() ? -infinity : input.minimum[feature];
  const double highest = input.maximum.empty() ? infinity : input.maximum[feature];
  const double low = model::smallest_at_least(input.type, lowest), high = model::largest_at_most(input.type, highest);
  if (low > high) {
    throw Error({.field = fmt::format("input.feature_min[{}]", feature)},
                fmt::format("no {} lies from {} to {}", model::info(input.type).name, lowest, highest));
  }
  return {low, high, !model::info(input.type).is_integer};
}

/// What the caller may give, as the splits see it.
std::vector<Arrivals> declared_arrivals(const model::Model& model, NumberType compared) {
  std::vector<Arrivals> arrivals;
  if (!model.steps.empty()) {  // anything may come of them
    arrivals.assign(static_cast<std::size_t>(n_columns(model)), {-infinity, infinity, true});
    return arrivals;
  }
  for (std::size_t feature = 0; feature < static_cast<std::size_t>(model.input.n_features); ++feature) {
    Arrivals x = declared_arrivals(model.input, feature);
    for (const model::Scaler& scaler : model.scalers) x = scaled(scaler, feature, x);
    arrivals.push_back({model::round_to(compared, x.low), model::round_to(compared, x.high), x.has_nan});
  }
  return arrivals;
}

/// Which sides of a split the arrivals take.
struct Sides {
  bool left, right;
};
Sides sides(const model::Split& split, const Arrivals& x) {
  const bool has_number = x.low <= x.high;
  return {(has_number && x.low < split.threshold) || (x.has_nan && split.default_child == split.left),
          (has_number && x.high >= split.threshold) || (x.has_nan && split.default_child == split.right)};
}

Arrivals going_left(const model::Split& split, NumberType type, const Arrivals& x) {
  const bool has_nan = x.has_nan && split.default_child == split.left;
  if (!(x.low < split.threshold)) return {infinity, -infinity, has_nan};
  const double below = model::next_below(type, model::smallest_at_least(type, split.threshold));
  return {x.low, std::min(x.high, below), has_nan};
}

Arrivals going_right(const model::Split& split, NumberType type, const Arrivals& x) {
  const double at = model::smallest_at_least(type, split.threshold);
  return {std::max(x.low, at), x.high, x.has_nan && split.default_child == split.right};
}

/// Walks a tree from the root with what arrives at each node. Depth is up to the file, so the walk keeps its own stack.
class Walk {
 public:
  Walk(const model::Tree& tree, NumberType type, std::vector<Arrivals>& declared)
      : tree_(tree), type_(type), arrivals_(declared), target_(own_targets(tree)), n_parents_(tree.nodes.size(), 0) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Split* split = model::as_split(node);
      if (split == nullptr) continue;
      ++n_parents_[index(split->left)];
      ++n_parents_[index(split->right)];
    }
  }

  /// Where each node is to be replaced by one below it.
  std::vector<NodeId> targets() {
    enter(0);
    // A shared node is entered anew, with all that is declared: once for all its parents keeps the walk linear.
    for (std::size_t id = 0; id < n_parents_.size(); ++id) {
      if (n_parents_[id] > 1) enter(static_cast<NodeId>(id));
    }
    return std::move(target_);
  }

 private:
  /// To be done: set what arrives of a feature; then visit a node, if there is one.
  struct Step {
    std::size_t feature;
    Arrivals arrivals;
    NodeId visit;
  };
  static constexpr NodeId nowhere = -1;

  static std::size_t index(NodeId id) { return static_cast<std::size_t>(id); }

  void enter(NodeId start) {
    visit(start);
    while (!steps_.empty()) {
      const Step step = steps_.back();
      steps_.pop_back();
      const Arrivals before = std::exchange(arrivals_[step.feature], step.arrivals);
      if (step.visit == nowhere) continue;
      steps_.push_back({step.feature, before, nowhere});
      visit(step.visit);
    }
  }

  void visit(NodeId id) {
    const model::Split* split = model::as_split(tree_.nodes[index(id)]);
    if (split == nullptr) return;
    const auto feature = static_cast<std::size_t>(split->feature);
    const Arrivals& x = arrivals_[feature];
    const auto [left, right] = sides(*split, x);
    if (left && right) {
      descend({feature, going_left(*split, type_, x), split->left});
      descend({feature, going_right(*split, type_, x), split->right});
    } else {
      const NodeId only = left ? split->left : split->right;
      target_[index(id)] = only;
      descend({feature, x, only});
    }
  }

  void descend(const Step& step) {
    if (n_parents_[index(step.visit)] == 1) steps_.push_back(step);
  }

  const model::Tree& tree_;
  NumberType type_;
  std::vector<Arrivals>& arrivals_;  ///< of every feature, at the node being visited
  std::vector<NodeId> target_;
  std::vector<std::int32_t> n_parents_;
  std::vector<Step> steps_;
};

std::size_t prune_once(model::Tree& tree, NumberType compared, std::vector<Arrivals>& declared) {
  return rewire(tree, Walk(tree, compared, declared).targets());
}

}  // namespace

PassResult prune_unreachable(model::Model& model, const PassConfig& /*config*/) {
  // A shared node that loses all parents but one can be pruned further; trees without shared nodes take one round.
  constexpr int max_rounds = 8;
  PassResult result;
  auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr) return result;
  std::vector<Arrivals> declared = declared_arrivals(model, ensemble->feature_type);
  for (model::Tree& tree : ensemble->trees) {
    for (int round = 0; round < max_rounds; ++round) {
      const std::size_t n_gone = prune_once(tree, ensemble->feature_type, declared);
      result.changes += n_gone;
      if (n_gone == 0) break;
    }
  }
  return result;
}

}  // namespace emlc::passes
