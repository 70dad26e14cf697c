#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "codegen/model/number_type.hpp"
#include "codegen/model/post_transform.hpp"

namespace emlc::model {

using NodeId = std::int32_t;
using RowId = std::int32_t;

/// An inner node. `x[feature] < threshold` goes left; a missing value (NaN) goes to default_child (left or right).
/// A reader turns `x <= t` into `x < T`, T the next double above t: the same for every x. The pass narrow-features
/// replaces T by the smallest value of the device's feature type that is not below it, which is again the same.
struct Split {
  std::int32_t feature = 0;
  double threshold = 0.0;  ///< not NaN; +-infinity is allowed
  NodeId left = 0, right = 0, default_child = 0;
};
struct Leaf {
  RowId row = 0;  ///< row of TreeEnsemble::leaf_values
};
using TreeNode = std::variant<Split, Leaf>;

/// nodes[0] is the root; every child has a larger NodeId than its parent, so there are no cycles. Every node is
/// reached; one that is reached over several parents is a shared subtree (share-subtrees, categorical splits).
struct Tree {
  std::vector<TreeNode> nodes{};
  std::int32_t first_output = 0;  ///< the row is added to outputs [first_output, first_output + leaf_width)
};

enum class BaseScoreAt { start, end };

/// sum = base_score (at start) + the leaf rows reached, in tree order, each step rounded to sum_type;
/// out = post_transform(sum / divisor * scale + base_score (at end)).
/// Leaf rows are one table for the whole ensemble: de-duplication and clustering shrink the table, not the trees.
/// Hard voting is leaf rows that are one-hot (is_one_hot below).
struct TreeEnsemble {
  std::int32_t n_features = 0;
  std::int32_t n_outputs = 1;
  std::int32_t leaf_width = 1;        ///< n_outputs for class proportions and multi-output, 1 for boosting
  std::vector<double> leaf_values{};  ///< [n_rows][leaf_width]
  std::vector<Tree> trees{};
  NumberType feature_type = NumberType::float32;  ///< inputs are rounded to this before they are compared
  NumberType sum_type = NumberType::float64;
  std::vector<double> base_score{};  ///< [n_outputs], in the unit of the leaf values
  BaseScoreAt base_score_at = BaseScoreAt::start;
  double divisor = 1.0;  ///< the number of trees when the document says mean
  double scale = 1.0;
  PostTransform post_transform{};

  [[nodiscard]] std::size_t n_rows() const { return leaf_values.size() / static_cast<std::size_t>(leaf_width); }
};

inline const Split* as_split(const TreeNode& node) { return std::get_if<Split>(&node); }
inline const Leaf* as_leaf(const TreeNode& node) { return std::get_if<Leaf>(&node); }

std::size_t n_splits(const TreeEnsemble& ensemble);
/// Splits on the longest path of the tree; 0 for a lone leaf.
std::size_t depth(const Tree& tree);
/// True when every leaf row has a single 1 and zeros: each tree votes for one output.
bool is_one_hot(const TreeEnsemble& ensemble);
/// [n_outputs] the largest magnitude that each sum of leaves can have, whatever leaves the trees give: before divisor
/// and scale, without the base score.
std::vector<double> largest_sums(const TreeEnsemble& ensemble);

/// Calls `see(output, index)` for each value of each leaf: the output that it is added to, and where it is in
/// leaf_values.
template <class See>
void for_each_value(const TreeEnsemble& ensemble, See see) {
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  for (const Tree& tree : ensemble.trees) {
    for (const TreeNode& node : tree.nodes) {
      const Leaf* leaf = as_leaf(node);
      if (leaf == nullptr) continue;
      for (std::size_t column = 0; column < width; ++column) {
        see(static_cast<std::size_t>(tree.first_output) + column, static_cast<std::size_t>(leaf->row) * width + column);
      }
    }
  }
}

}  // namespace emlc::model
