#pragma once

#include <emlc/csv_limits.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::formats {

/// A reference to a node (>= 0, its index in the table) or to a leaf row (< 0, row -value - 1).
using TableRef = std::int64_t;

/// A split. `x[feature] < threshold` goes left; a missing value goes left if default_left.
struct TableNode {
  std::size_t line = 0;  ///< in the file, for messages
  std::int32_t feature = 0;
  double threshold = 0.0;
  TableRef left = 0, right = 0;
  bool default_left = false;
};
struct TableRoot {
  std::size_t line = 0;
  TableRef node = 0;
  std::int32_t first_output = 0;
};

/// The trees of an ensemble as the tree CSV forms hold them: the nodes of all trees in one table, children after their
/// parents; leaves are no nodes.
struct NodeTable {
  std::vector<TableNode> nodes;
  std::vector<TableRoot> roots;      ///< one per tree
  std::vector<model::RowId> leaves;  ///< leaf row of the table -> row of the ensemble; writing only
};

/// What a 16-bit reference reaches: nodes ahead, leaf rows.
constexpr std::int64_t highest_jump = EMLC_CSV_MOST_JUMP;
constexpr std::size_t most_leaves = EMLC_CSV_MOST_LEAVES;

/// Reading: one tree per root. Throws Error for a child that does not exist or does not come after its parent, and for
/// a node that belongs to no tree or to two.
std::vector<model::Tree> build_trees(const NodeTable& table, std::size_t n_leaves, std::string_view file);

enum class LoneLeaf {
  is_root,  ///< the root refers to the leaf
  is_split  ///< a split on feature 0 leads to the leaf on both sides
};

/// Writing: the trees as a table. Thresholds become values of `type`; a split that no value of an integer type leaves
/// to the right keeps its left child on both sides. Leaves are numbered by first use, equal ones share a number.
NodeTable flatten(const model::TreeEnsemble& ensemble, model::NumberType type, LoneLeaf lone_leaf);

/// Why 16-bit references cannot hold the table, as a sentence; empty when they can.
std::string reference_problem(const NodeTable& table);

}  // namespace emlc::formats
