#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codegen/layout/trees/bit_columns.hpp"
#include "codegen/layout/trees/plan.hpp"
#include "codegen/layout/trees/scan.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::layout {

/// Oblivious trees, as CatBoost grows them: all splits of a level ask the same. A record is a level, and the answers,
/// the first one as the highest bit, right being 1, are the number of the leaf within its tree.
///
/// Any tree with few different splits can be read so: an order of answers that no input gives leads to some leaf.
struct LevelTable {
  Missing missing = Missing::right;
  Field threshold{}, feature{}, none{};  ///< `none` is empty
  Columns records{};                     ///< [n_levels of all trees]
  Thresholds thresholds{};
  std::vector<std::uint32_t> depths{};  ///< [n_trees] levels
  std::vector<LeafCode> leaves{};       ///< the code of each leaf, 2^depth of each tree, one tree after the other
};

/// The table of an ensemble whose plan this is. Nothing where a tree has more than 12 different splits, or all together
/// would get more than twice the leaves that they have, and for missing values that go left at one split and right at
/// another.
/// @param leaf_codes  [n_rows] the code of each leaf row
std::optional<LevelTable> encode_levels(const model::TreeEnsemble& ensemble, const TreePlan& plan,
                                        std::span<const LeafCode> leaf_codes);

/// Bytes of the levels, depths, thresholds, and of the leaves' values.
std::size_t table_bytes(const LevelTable& table, const ScanCosts& costs);

}  // namespace emlc::layout
