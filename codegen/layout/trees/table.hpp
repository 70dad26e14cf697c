#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "codegen/layout/trees/plan.hpp"

namespace emlc::layout {

/// How a split names its threshold.
enum class ThresholdCode {
  offset,  ///< the head holds threshold - threshold_base, all thresholds being integers
  word,    ///< four bytes after the head, a float32 or an int32; or eight, a float64
  index,   ///< the head holds an index into a table of the distinct thresholds
};

/// The fields of a head, in bits from bit 0: shape (3), default (1 if per_split), feature, threshold.
struct HeadFields {
  Missing missing = Missing::right;
  ThresholdCode threshold_code = ThresholdCode::word;
  int feature_bits = 0, threshold_bits = 0;
  int bytes = 1;  ///< of the head, 1 to 4

  [[nodiscard]] int feature_shift() const { return missing == Missing::per_split ? 4 : 3; }
  [[nodiscard]] int threshold_shift() const { return feature_shift() + feature_bits; }
};

/// Bits of a head.
enum HeadBit : unsigned {
  first_is_leaf = 1U,
  second_is_leaf = 2U,
  flip = 4U,          ///< the first child is the right one
  default_left = 8U,  ///< only in tables with Missing::per_split
};

/// Splits in whole bytes, little-endian: head, threshold word if any, then
///   two leaves:  the first leaf's code, the second's          (leaf_bytes each)
///   second leaf: its code; the first child is the next record
///   no leaf:     jump; the first child is the next record, the second starts `jump` bytes after the jump's last byte
/// A jump is a number in base 128, most significant digit first, every digit but the last with bit 7 set.
struct TreeTable {
  HeadFields head;
  model::NumberType threshold_type = model::NumberType::float32;  ///< of words and of `thresholds`
  std::int32_t threshold_base = 0;
  std::vector<double> thresholds{};  ///< distinct ones, ascending, for ThresholdCode::index
  int leaf_bytes = 1;                ///< 1 to 4
  std::vector<std::uint8_t> splits{};
  std::uint32_t longest_jump = 0;
  std::vector<std::uint32_t> starts{};  ///< offset in `splits` of each region of the plan
};

/// Of a threshold word.
int word_bytes(model::NumberType threshold_type);

/// The smallest such table. `threshold_type` is that of the device's words: the plan's feature type, or float32.
/// Throws Error when the splits take more than 2^31 - 1 bytes or a head more than 32 bits.
TreeTable encode_bytes(const TreePlan& plan, model::NumberType threshold_type);

}  // namespace emlc::layout
