#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/layout/trees/bit_columns.hpp"
#include "codegen/layout/trees/leaf_moves.hpp"
#include "codegen/layout/trees/plan.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::layout {

/// Which of a split's children are splits: the field `inner` of a record. Half of it, rounded up, is their number.
enum Inner : unsigned { left_is_inner = 1U, right_is_inner = 2U };

/// Splits without jumps, all of one size: the smallest table, and a slow one. A walk that goes right passes the records
/// of the left subtree by counting: a record takes one place in the tree that was open and opens as many as it has
/// inner children.
///
/// With jumps a record has in place of that the field `jump`: how far the right child is ahead, one more than the left
/// subtree has records, and the number of records of each tree says where the rightmost path ends. A bit or two more a
/// split, for a walk that passes nothing. The threshold is the topmost field of its column then.
///
/// In the order of their values leaves and splits of a tree alternate. A record holds the leaf before its split, the
/// rightmost one of its left subtree, and the last leaf of each tree stands alone. A walk ends in the leaf of the last
/// split where it went left, or in the last one of the tree.
struct ScanTable {
  enum class LeafPlace {
    in_record,  ///< the field `leaf` is the leaf's code
    by_record,  ///< leaves have no codes. With counting number i is that of record i, n_records + t the last one of
                ///< tree t. With jumps numbers follow the values: i + t is that of record i of tree t, its last one
                ///< comes behind
  };

  enum class Way {
    count,  ///< the field `inner`
    jump,   ///< the field `jump`
  };

  Missing missing = Missing::right;
  Way way = Way::count;
  Field inner{}, jump{}, threshold{}, feature{}, leaf{},
      leaf_high{};  ///< the leaf's code is leaf + (leaf_high << leaf.bits)
  Columns records{};
  Thresholds thresholds{};
  std::vector<std::uint32_t> sizes{};  ///< jump: [n_trees] records
  LeafPlace leaf_place = LeafPlace::in_record;
  std::vector<LeafCode> leaves{};       ///< by_record: the code of each leaf, [n_records + n_trees]
  std::vector<LeafCode> last_leaves{};  ///< in_record: [n_trees]
  std::uint32_t n_leaf_codes = 0;       ///< in_record
  /// in_record, if not empty: codes are those of `moves`, not of the leaf table.
  std::optional<LeafMoves> moves{};
};

/// Bytes of what a table holds besides its records.
struct ScanCosts {
  std::size_t ordinal_bytes = 4;  ///< of an element of Thresholds::ordinals
  std::size_t leaf_bits = 0;      ///< of the values of one leaf; 0 when the code says all
  std::size_t stream_share = 12;  ///< the part of the table that records have to save as a stream
};

/// The smallest such table for a plan with ChildOrder::left. Records are a stream where that saves costs.stream_share
/// of the whole, since a walk is several times slower then; never with jumps. Nothing for a plan with shared subtrees
/// or with missing values that go left here and right there, and for records of more than 8 bytes.
std::optional<ScanTable> encode_scan(const TreePlan& plan, const ScanCosts& costs, ScanTable::Way way);

/// Bytes of the splits, sizes, thresholds, last leaves, and of the leaves' values or moves.
std::size_t table_bytes(const ScanTable& table, const ScanCosts& costs);

}  // namespace emlc::layout
