#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codegen/layout/trees/plan.hpp"

namespace emlc::py {

/// Trees for a walker without flags and without tests for leaves.
///
/// note [walk]
/// Splits stand in pre-order, the left child of a split behind it. In the order of their values leaves and splits of a
/// tree alternate, so that leaf i may be named by the split behind it: a walk ends in the leaf of the last split where
/// it went left, or in the last one of the tree. With `end` the place behind the subtree that the walk is in,
///   left:  leaf = p, end = p + jump, p + 1
///   right: p + jump
/// until p is end. Leaf p of tree t is number p + t; the last one of a tree comes behind those of its splits.
struct WalkTable {
  std::vector<std::int64_t> slots{};   ///< [n_splits] which key or feature
  std::vector<double> thresholds{};    ///< [n_splits]; NaN of a tree that is a leaf alone: any will do
  std::vector<std::int64_t> jumps{};   ///< [n_splits]
  std::vector<std::int64_t> starts{};  ///< [n_regions + 1] the first split of each tree, then of each shared subtree
  std::vector<std::int64_t> leaves{};  ///< [n_splits + n_regions] the code of each leaf, as the plan has it
  /// What the walker compares: slot i is feature used[i]. NaN counts as the largest value in the first n_right slots
  /// and as the smallest in the others. Of integer features slot i is feature i.
  std::vector<std::int64_t> used{};
  std::size_t n_right = 0;

  [[nodiscard]] std::size_t n_splits() const { return jumps.size(); }
  [[nodiscard]] std::size_t n_regions() const { return starts.size() - 1; }
};

/// note [packed]
/// Where the name of a threshold and the code of a leaf fit a byte together, they share it: name << bits | code. The
/// last leaf of each tree has a place of its own then, behind its splits, with nothing in the other tables.
struct PackedTable {
  int bits = 0;                                         ///< of the code
  std::vector<std::int64_t> slots{}, jumps{}, names{};  ///< [n_splits + n_regions]
};
/// Nothing where they need more, or where leaves lead to shared subtrees.
/// @param names  [n_splits] of the thresholds
std::optional<PackedTable> pack(const WalkTable& table, std::span<const std::int64_t> names, std::size_t n_trees);

/// @param plan  with ChildOrder::left
WalkTable make_walk_table(const layout::TreePlan& plan);

}  // namespace emlc::py
