#include "codegen/model/number_type.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace emlc::model {
namespace {

constexpr std::array number_types = {
    NumberTypeInfo{NumberType::float32, "float32", "float", 4, false, -std::numeric_limits<float>::max(),
                   std::numeric_limits<float>::max()},
    NumberTypeInfo{NumberType::float64, "float64", "double", 8, false, -std::numeric_limits<double>::max(),
                   std::numeric_limits<double>::max()},
    NumberTypeInfo{NumberType::int8, "int8", "int8_t", 1, true, -128.0, 127.0},
    NumberTypeInfo{NumberType::uint8, "uint8", "uint8_t", 1, true, 0.0, 255.0},
    NumberTypeInfo{NumberType::int16, "int16", "int16_t", 2, true, -32768.0, 32767.0},
    NumberTypeInfo{NumberType::int32, "int32", "int32_t", 4, true, -2147483648.0, 2147483647.0},
};

/// The float32 nearest to `value`; a value beyond the range becomes infinite, which a plain cast leaves undefined.
double to_float32(double value) {
  constexpr double largest = std::numeric_limits<float>::max();
  // Half a step above the largest float is where round-to-nearest goes to infinity.
  constexpr double overflow = largest + 0x1p103;
  if (value >= overflow) return infinity;
  if (value <= -overflow) return -infinity;
  return static_cast<double>(static_cast<float>(std::clamp(value, -largest, largest)));
}

}  // namespace

std::span<const NumberTypeInfo> all_number_types() { return number_types; }

const NumberTypeInfo& info(NumberType type) {
  for (const NumberTypeInfo& row : number_types) {
    if (row.type == type) return row;
  }
  throw std::logic_error("number type without a row in the table");
}

double round_to(NumberType type, double value) {
  if (type != NumberType::float32 || std::isnan(value)) return value;
  return to_float32(value);
}

double smallest_at_least(NumberType type, double bound) {
  const NumberTypeInfo& row = info(type);
  if (bound == -infinity) return row.is_integer ? row.lowest : bound;
  if (row.is_integer) {
    const double whole = std::ceil(bound);
    return whole > row.highest ? infinity : std::max(whole, row.lowest);
  }
  if (type == NumberType::float64) return bound;
  const double nearest = to_float32(bound);
  return nearest >= bound ? nearest : next_above(type, nearest);
}

double smallest_rounded_at_least(NumberType type, NumberType compared, double bound) {
  const bool is_rounded = compared == NumberType::float32 && (type == NumberType::float64 || type == NumberType::int32);
  if (!is_rounded || bound == -infinity) return smallest_at_least(type, bound);
  // What rounds to a float32 begins half way from the one before it, or at the next value if that goes to its even
  // neighbour. Half ways are exact in float64.
  const double at = smallest_at_least(compared, bound), before = next_below(compared, at);
  const double half_step = std::isfinite(at) && std::isfinite(before) ? (at - before) / 2.0 : 0x1p103;
  const double half_way = std::isfinite(before) ? before + half_step : at - half_step;
  const double first = smallest_at_least(type, half_way);
  if (!(first < infinity) || to_float32(first) >= bound) return first;
  return next_above(type, first);
}

double largest_at_most(NumberType type, double bound) {
  const double above = smallest_at_least(type, bound);
  const bool is_value = above == bound && (std::isfinite(bound) || !info(type).is_integer);
  return is_value ? bound : next_below(type, above);
}

double next_above(NumberType type, double value) {
  const NumberTypeInfo& row = info(type);
  if (row.is_integer) {
    if (value < row.lowest) return row.lowest;
    return value >= row.highest ? infinity : value + 1.0;
  }
  if (type == NumberType::float64) return std::nextafter(value, infinity);
  return static_cast<double>(std::nextafter(static_cast<float>(value), std::numeric_limits<float>::infinity()));
}

double next_below(NumberType type, double value) {
  const NumberTypeInfo& row = info(type);
  if (row.is_integer) {
    if (value > row.highest) return row.highest;
    return value <= row.lowest ? -infinity : value - 1.0;
  }
  if (type == NumberType::float64) return std::nextafter(value, -infinity);
  return static_cast<double>(std::nextafter(static_cast<float>(value), -std::numeric_limits<float>::infinity()));
}

}  // namespace emlc::model
