#include "codegen/c/trees_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::c {
namespace {

using model::NumberType;

/// Bytes of code, fitted to programs linked by arm-none-eabi-gcc 12 for a Cortex-M0+ at -Os: the program with the
/// model, less the same program without it.
constexpr double byte_walk = 170.0, scan_walk = 150.0, link_walk = 100.0;  ///< the loop over a table
constexpr double code_frame = 60.0;                                        ///< what inline code begins and ends with
constexpr double nan_copy = 40.0;         ///< that looks for NaN before inline code compares floats as integers
constexpr double float_order = 30.0;      ///< of the function that makes an integer of a float
constexpr double row_loop = 30.0;         ///< that adds a row of leaf values
constexpr double move_loop = 120.0;       ///< that adds a row of moves
constexpr double float_comparison = 490;  ///< the soft float that compares
constexpr double float_sum = 1200.0;      ///< the soft float that adds and divides
constexpr double number_code = 70.0;      ///< that makes a float of an integer sum without it
constexpr double float_number = 920.0;    ///< the soft float that makes a number of an integer sum
constexpr double wide_leaf = 7.5;         ///< the literal and the jump of an inline leaf of four bytes
constexpr double narrow_leaf = 2.5;       ///< the same of one or two bytes

double bytes_per_split(NumberType feature_type) {
  switch (feature_type) {
    case NumberType::uint8:
    case NumberType::int8:
      return 10.5;  // the threshold is part of the comparison
    case NumberType::int16:
      return 18.5;
    case NumberType::float32:
      return 17.0;
    default:
      return 20.0;  // a literal of four bytes
  }
}

/// What makes floats of the sums where predict needs them.
double bytes_of_numbers(const TreeCode& code) {
  if (code.leaves.kind == layout::LeafKind::float_rows) return float_sum;
  if (decides_on_sums(code)) return 0.0;
  return code.leaves.places ? number_code : float_number;
}

double bytes_of_walk(const TreeCode& code, const TableTrees& table) {
  const bool is_float = code.plan.feature_type == NumberType::float32;
  double bytes = has_moves(table) ? move_loop : has_leaf_rows(code) ? row_loop : 0.0;
  if (std::holds_alternative<layout::TreeTable>(table)) return bytes + byte_walk + (is_float ? float_comparison : 0.0);
  bytes += is_float ? float_order : 0.0;
  return bytes + (std::holds_alternative<layout::ScanTable>(table) ? scan_walk : link_walk);
}

double bytes_of_code(const TreeCode& code) {
  const auto n_splits = static_cast<double>(code.plan.records.size());
  const auto n_leaves = n_splits + static_cast<double>(code.ensemble.trees.size());
  double bytes = code_frame + n_splits * bytes_per_split(code.plan.feature_type);
  if (has_float_keys(code)) bytes += nan_copy;
  if (has_scalar_leaves(code)) bytes += n_leaves * (type_bytes(leaf_value_type(code)) > 2 ? wide_leaf : narrow_leaf);
  return bytes;
}

}  // namespace

layout::Part estimate_tree_code(const TreeCode& code, const std::optional<TableTrees>& table) {
  const double bytes = bytes_of_numbers(code) + (table ? bytes_of_walk(code, *table) : bytes_of_code(code));
  return {std::string(code_part), static_cast<std::size_t>(std::lround(bytes))};
}

}  // namespace emlc::c
