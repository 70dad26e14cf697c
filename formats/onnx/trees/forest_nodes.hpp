#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "formats/onnx/call.hpp"

namespace emlc::formats::onnx {

enum class Comparison : char { leaf, less_equal, less, greater_equal, greater, equal, not_equal };

/// Nodes of all trees of an operator, side by side in one list; children are indices into it.
struct TreeNodes {
  std::vector<std::int64_t> roots{};  ///< of each tree, in the order in which they are added
  std::vector<Comparison> comparisons{};
  std::vector<std::int64_t> features{}, when_true{}, when_false{};
  std::vector<double> thresholds{};
  std::vector<bool> missing_is_true{};  ///< a missing value goes where the comparison is true
  // What leaves give, one entry for each leaf and output.
  std::vector<std::int64_t> leaves{};   ///< the node
  std::vector<std::int64_t> outputs{};  ///< or class ids
  std::vector<double> weights{};
  bool is_double = false;  ///< thresholds and sums are doubles
};

/// Attributes that say what leaves give.
struct LeafWords {
  std::string_view trees, nodes, outputs, weights;
};

/// Of TreeEnsembleClassifier and TreeEnsembleRegressor: nodes are named by tree and number.
TreeNodes tree_nodes(const Call& call, const LeafWords& words);
/// Of TreeEnsemble: children are places among inner nodes or among leaves.
TreeNodes ensemble_nodes(const Call& call);

/// The trees of a node with rows of leaves.
struct BuiltTrees {
  std::vector<std::shared_ptr<const Member>> members{};
  std::vector<bool> is_always_given{};  ///< [n_outputs] does some tree give to the output in each of its leaves?
};

/// Throws Error for children, features and outputs that are out of range, nodes that are reached twice or never, and
/// leaves that give twice to one output.
BuiltTrees build_members(const Call& call, const TreeNodes& nodes, std::int32_t n_outputs, std::int32_t n_features);

}  // namespace emlc::formats::onnx
