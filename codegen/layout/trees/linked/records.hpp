#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/plan.hpp"

namespace emlc::layout {

/// The splits and leaves of an ensemble as layer 71 has them.
struct LinkedTrees {
  int record_bytes = 4;
  std::int32_t base = 0;  ///< of thresholds in records of 4 and 8 bytes
  std::uint32_t first_leaf = 1, n_votes = 0;
  std::int64_t whole = 1;                   ///< what a vote adds
  std::vector<std::uint32_t> roots{};       ///< [n_trees + 1] bytes into `splits`, and its size
  std::vector<std::uint32_t> first_rows{};  ///< [n_trees + 1] into `rows`, and their number
  std::vector<LeafCode> rows{};             ///< rows of the leaf table, tree by tree
  std::vector<std::uint8_t> splits{};
};

/// The smallest records that hold the trees. Nothing where a tree has more splits and leaves than links of 16 bits
/// name.
/// @param plan    missing values go the same way in all splits
/// @param leaves  votes or rows of integers
std::optional<LinkedTrees> link_trees(const TreePlan& plan, const LeafTable& leaves);

}  // namespace emlc::layout
