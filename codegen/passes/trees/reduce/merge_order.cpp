#include "codegen/passes/trees/reduce/merge_order.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>

#include "codegen/model/predict/predict.hpp"

// note [cost]
// Of two leaves a and b that inputs reach n_a and n_b times, one leaf with their mean is off by the sum of squares
// n_a n_b / (n_a + n_b) |a - b|^2, as in Ward's clustering. A leaf that no input reaches could still matter: each leaf
// counts half an input more than it has, so that of leaves without inputs the ones go first that say nearly the same.
// Leaves that are votes become the heavier one of both, and the lighter one is off by |a - b|^2.

namespace emlc::passes {
namespace {

using model::NodeId;
using model::RowId;

constexpr double weight_of_a_leaf = 0.5;

struct Candidate {
  double cost;
  std::size_t tree;
  NodeId node;

  /// Ties go by the place of the tree and the node, so that the order is one.
  bool operator>(const Candidate& other) const {
    return std::tie(cost, tree, node) > std::tie(other.cost, other.tree, other.node);
  }
};

/// What is known of a node: where it is a leaf, or has become one, its row.
struct State {
  RowId row = -1;
  double weight = 0.0;            ///< of all leaves below
  int n_open = 0;                 ///< children that are splits yet
  std::vector<NodeId> parents{};  ///< one for each edge
};

class Merging {
 public:
  Merging(const model::TreeEnsemble& ensemble, MergeOrder& order)
      : ensemble_(ensemble),
        width_(static_cast<std::size_t>(ensemble.leaf_width)),
        are_votes_(model::is_one_hot(ensemble)),
        order_(order) {
    order_.leaf_values = ensemble.leaf_values;
  }

  /// @param visits  [n_trees][n_nodes] how many inputs pass each node
  void run(const std::vector<std::vector<double>>& visits) {
    for (std::size_t tree = 0; tree < ensemble_.trees.size(); ++tree) states_.push_back(states_of(tree, visits[tree]));
    for (std::size_t tree = 0; tree < ensemble_.trees.size(); ++tree) {
      for (std::size_t id = 0; id < states_[tree].size(); ++id) offer(tree, static_cast<NodeId>(id));
    }
    while (!candidates_.empty()) {
      const Candidate next = candidates_.top();
      candidates_.pop();
      merge(next);
    }
  }

 private:
  [[nodiscard]] std::vector<State> states_of(std::size_t tree, const std::vector<double>& visits) const {
    const std::vector<model::TreeNode>& nodes = ensemble_.trees[tree].nodes;
    std::vector<State> states(nodes.size());
    for (std::size_t id = nodes.size(); id-- > 0;) {
      State& state = states[id];
      if (const model::Leaf* leaf = model::as_leaf(nodes[id])) {
        state.row = leaf->row;
        state.weight = visits[id] + weight_of_a_leaf;
        continue;
      }
      const model::Split& split = *model::as_split(nodes[id]);
      for (const NodeId child : {split.left, split.right}) {
        State& below = states[static_cast<std::size_t>(child)];
        below.parents.push_back(static_cast<NodeId>(id));
        state.weight += below.weight;
        if (below.row < 0) ++state.n_open;
      }
    }
    return states;
  }

  [[nodiscard]] std::span<const double> values(RowId row) const {
    return std::span(order_.leaf_values).subspan(static_cast<std::size_t>(row) * width_, width_);
  }

  /// The states of the children of a split that are leaves both.
  struct Pair {
    const State *left, *right;
  };
  [[nodiscard]] Pair children(std::size_t tree, NodeId node) const {
    const model::Split& split = *model::as_split(ensemble_.trees[tree].nodes[static_cast<std::size_t>(node)]);
    return {&states_[tree][static_cast<std::size_t>(split.left)],
            &states_[tree][static_cast<std::size_t>(split.right)]};
  }

  [[nodiscard]] double cost(const Pair& pair) const {
    const std::span<const double> a = values(pair.left->row), b = values(pair.right->row);
    double distance = 0.0;
    for (std::size_t i = 0; i < width_; ++i) distance += (a[i] - b[i]) * (a[i] - b[i]);
    const double left = pair.left->weight, right = pair.right->weight;
    return distance * (are_votes_ ? std::min(left, right) : left * right / (left + right));
  }

  void offer(std::size_t tree, NodeId node) {
    const State& state = states_[tree][static_cast<std::size_t>(node)];
    if (state.row < 0 && state.n_open == 0) candidates_.push({cost(children(tree, node)), tree, node});
  }

  RowId merged_row(const Pair& pair) {
    const double left = pair.left->weight, right = pair.right->weight;
    const std::span<const double> a = values(pair.left->row), b = values(pair.right->row);
    if (std::equal(a.begin(), a.end(), b.begin())) return pair.left->row;
    if (are_votes_) return left >= right ? pair.left->row : pair.right->row;
    std::vector<double> mean(width_);
    for (std::size_t i = 0; i < width_; ++i) mean[i] = a[i] + (b[i] - a[i]) * (right / (left + right));
    const auto row = static_cast<RowId>(order_.leaf_values.size() / width_);
    order_.leaf_values.insert(order_.leaf_values.end(), mean.begin(), mean.end());
    return row;
  }

  void merge(const Candidate& next) {
    State& state = states_[next.tree][static_cast<std::size_t>(next.node)];
    state.row = merged_row(children(next.tree, next.node));
    order_.merges.push_back({next.tree, next.node, state.row});
    for (const NodeId parent : state.parents) {
      if (--states_[next.tree][static_cast<std::size_t>(parent)].n_open == 0) offer(next.tree, parent);
    }
  }

  const model::TreeEnsemble& ensemble_;
  std::size_t width_;
  bool are_votes_;
  MergeOrder& order_;
  std::vector<std::vector<State>> states_{};
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates_{};
};

/// How many inputs pass each node.
std::vector<std::vector<double>> count_visits(const model::Model& model, const model::TreeEnsemble& ensemble,
                                              std::span<const std::vector<double>> inputs) {
  std::vector<std::vector<double>> visits;
  for (const model::Tree& tree : ensemble.trees) visits.emplace_back(tree.nodes.size(), 0.0);
  for (const std::vector<double>& input : inputs) {
    const std::vector<double> x = model::scaled(model, input);
    for (std::size_t index = 0; index < ensemble.trees.size(); ++index) {
      const model::Tree& tree = ensemble.trees[index];
      visits[index][static_cast<std::size_t>(model::find_leaf(tree, ensemble.feature_type, x))] += 1.0;
    }
  }
  return visits;
}

}  // namespace

MergeOrder merge_order(const model::Model& model, const model::TreeEnsemble& ensemble,
                       std::span<const std::vector<double>> inputs) {
  MergeOrder order;
  Merging(ensemble, order).run(count_visits(model, ensemble, inputs));
  return order;
}

}  // namespace emlc::passes
