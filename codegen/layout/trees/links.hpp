#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/layout/trees/leaf_moves.hpp"
#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/plan.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::layout {

/// Splits in whole bytes that name both children: the fastest table. A record is, little-endian,
///   feature    1 or 2 bytes
///   threshold  0, 1, 2 or 4 bytes: its name
///   left, right  a link of 1, 2 or 4 bytes each
/// A link below first_leaf_link is the record so many records ahead. Any other is leaf code link - first_leaf_link.
struct LinkTable {
  Missing missing = Missing::right;
  int feature_bytes = 1, threshold_bytes = 1, link_bytes = 1;
  Thresholds thresholds{};
  std::uint32_t first_leaf_link = 1;
  std::vector<std::uint8_t> splits{};
  std::vector<std::uint32_t> starts{};  ///< [n_trees] offset of the root in `splits`

  /// What a leaf code means. Codes below n_votes are columns of a vote or of a share that is the whole. Any other is
  /// row (or, with moves, record) code - n_votes + first_leaves[tree], or + 0 when there are no first_leaves.
  std::uint32_t n_votes = 0;
  std::vector<std::uint32_t> first_leaves{};
  std::vector<LeafCode> rows{};      ///< the rows of the leaf table, by number; empty for votes and with moves
  std::optional<LeafMoves> moves{};  ///< instead of rows

  [[nodiscard]] int record_bytes() const { return feature_bytes + threshold_bytes + 2 * link_bytes; }
};

/// Bytes of what a table holds besides its records.
struct LinkCosts {
  std::size_t ordinal_bytes = 4;  ///< of an element of Thresholds::ordinals
  std::size_t row_bytes = 0;      ///< of a row of leaf values; 0 for votes
};

/// The smallest such table. Nothing for a plan with missing values that go left here and right there.
/// Throws Error when the splits take more than 2^31 - 1 bytes.
std::optional<LinkTable> encode_links(const TreePlan& plan, const LeafTable& leaves, const LinkCosts& costs);

/// Bytes of the splits, thresholds, roots, and of the leaves' values.
std::size_t table_bytes(const LinkTable& table, const LinkCosts& costs);

}  // namespace emlc::layout
