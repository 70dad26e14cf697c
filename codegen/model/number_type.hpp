#pragma once

#include <limits>
#include <span>
#include <string_view>

namespace emlc::model {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

/// The types a feature, a sum or a post-transform may have. Every value of every type is exact in a double.
enum class NumberType { float32, float64, int8, uint8, int16, int32 };

struct NumberTypeInfo {
  NumberType type;
  std::string_view name;    ///< in documents and options: `float32`, `uint8`
  std::string_view c_name;  ///< in generated code: `float`, `uint8_t`
  int bytes;
  bool is_integer;
  double lowest, highest;  ///< smallest and largest finite value
};

const NumberTypeInfo& info(NumberType type);
std::span<const NumberTypeInfo> all_number_types();

/// `value` as a variable of `type` holds it: rounded to nearest even for float32; integers and float64 keep it, so the
/// caller must have checked the range. Infinities and NaN pass through.
double round_to(NumberType type, double value);

/// The smallest value of `type` that is >= `bound`, +infinity when there is none (for a floating type +infinity is a
/// value). `x < bound` and `x < smallest_at_least(type, bound)` are then the same for every x of `type`.
double smallest_at_least(NumberType type, double bound);

/// The smallest value of `type` that is >= `bound` once it is rounded to `compared`, +infinity when there is none: an
/// int32 or a float64 that is compared as float32 may be rounded up to the bound, or down below it.
double smallest_rounded_at_least(NumberType type, NumberType compared, double bound);

/// The largest value of `type` that is <= `bound`, -infinity when there is none.
double largest_at_most(NumberType type, double bound);

/// The next value of `type` after `value` (one of its values, or -infinity), +infinity after the last.
double next_above(NumberType type, double value);
/// The value of `type` before `value`, -infinity before the first.
double next_below(NumberType type, double value);

}  // namespace emlc::model
