#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/model/trees/region_splits.hpp"
#include "codegen/model/trees/tree_ensemble.hpp"

/// A tree as a file lists it, and how it becomes a tree of the model.
namespace emlc::formats {

using model::split_regions;
using model::to_left;
using model::to_right;

/// Some libraries take |x| up to the float32 nearest to 1e-35 for zero.
constexpr double largest_zero = static_cast<double>(1e-35F);

enum class NodeTest : char {
  leaf,
  below,            ///< x < threshold goes left, NaN to `missing`
  zero_is_missing,  ///< the same, but every |x| up to largest_zero is missing too
  any,              ///< every number goes left, the infinite ones too; NaN to `missing`
  any_but_zero,     ///< the same, but every |x| up to largest_zero is missing too
  equal,            ///< x == threshold goes left, NaN to `missing`
  category,         ///< by ListedTree::categories
};

struct ListedNode {
  NodeTest test = NodeTest::leaf;
  std::int32_t feature = 0;
  double threshold = 0.0;
  model::NodeId missing = to_right;  ///< to_left or to_right
  std::int32_t left = -1, right = -1;
  std::int32_t entry = 0;  ///< category: which of ListedTree::categories; leaf: free for the reader
};

/// Where the numbers of a categorical feature go: a number counts as the category that it truncates to.
struct CategorySides {
  std::vector<std::pair<std::int32_t, model::NodeId>> listed{};  ///< category and side, in ascending order
  model::NodeId unlisted = to_right;                             ///< of all other categories
  model::NodeId negative = to_right;                             ///< of numbers below category 0
  model::NodeId missing = to_right;                              ///< of NaN
  double begin_of_0 = std::nextafter(-1.0, std::numeric_limits<double>::infinity());  ///< lowest number of category 0

  [[nodiscard]] model::NodeId side_at(double x) const;
};

/// Nodes in any order, node 0 is the root.
struct ListedTree {
  std::vector<ListedNode> nodes{};
  std::vector<CategorySides> categories{};
};

/// What the reader of the file says while its tree is built.
struct TreeReader {
  /// The row of a leaf; throws Error for a leaf that is wrong. Asked from left to right.
  std::function<model::RowId(std::int32_t node)> row_of;
  /// Throws Error about a child, which is to_left or to_right of the node.
  std::function<void(std::int32_t node, model::NodeId side, std::string_view problem)> refuse_child;
};

struct BuiltTree {
  model::Tree tree{};
  std::optional<std::int32_t> unreached{};  ///< the first node that the root does not lead to
};

/// Adds the nodes in depth-first order, left before right; each may be reached once. Tests that are no plain comparison
/// become several splits that share their children.
BuiltTree build_tree(const ListedTree& listed, std::int32_t first_output, const TreeReader& reader);

}  // namespace emlc::formats
