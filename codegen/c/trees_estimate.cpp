#include "codegen/c/trees_estimate.hpp"

#include <cmath>

namespace emlc::c {
namespace {

using model::NumberType;

/// Bytes of code, fitted to programs linked by arm-none-eabi-gcc 12 for a Cortex-M0+ at -Os: the program with the
/// model, less the same program without it.
constexpr double walker = 170.0;          ///< the loop over a table
constexpr double float_comparison = 490;  ///< the soft float that compares
constexpr double float_sum = 1200.0;      ///< the soft float that adds and divides
constexpr double wide_leaf = 7.5;         ///< the literal and the jump of an inline leaf of four bytes
constexpr double narrow_leaf = 2.5;       ///< the same of one or two bytes

double bytes_per_split(NumberType feature_type) {
  switch (feature_type) {
    case NumberType::uint8:
    case NumberType::int8:
      return 10.5;  // the threshold is part of the comparison
    case NumberType::int16:
      return 18.5;
    default:
      return 20.0;  // a literal of four bytes
  }
}

/// Sums that stand for numbers, which predict turns into floats.
bool is_number(const TreeCode& code) {
  return code.leaves.kind == layout::LeafKind::float_rows || code.leaves.kind == layout::LeafKind::fixed_rows;
}

}  // namespace

layout::Part estimate_tree_code(const TreeCode& code, TreeLayout layout) {
  const auto n_splits = static_cast<double>(code.plan.records.size());
  double bytes = 0.0;
  if (code.plan.feature_type == NumberType::float32) bytes += float_comparison;
  if (is_number(code)) bytes += float_sum;
  if (layout == TreeLayout::table) {
    bytes += walker;
  } else {
    bytes += n_splits * bytes_per_split(code.plan.feature_type);
    const auto n_leaves = n_splits + static_cast<double>(code.ensemble.trees.size());
    if (has_scalar_leaves(code)) {
      bytes += n_leaves * (type_bytes(leaf_value_type(code)) > 2 ? wide_leaf : narrow_leaf);
    }
  }
  return {std::string(code_part), static_cast<std::size_t>(std::lround(bytes))};
}

}  // namespace emlc::c
