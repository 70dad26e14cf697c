#pragma once

#include <cstdint>
#include <optional>

#include "codegen/model/number_type.hpp"

namespace emlc::passes {

/// What the device has for a declared type: float64 becomes float32, the others stay.
model::NumberType device_type(model::NumberType declared);

/// The values of a device type, infinities included and NaN not, are numbered in ascending order; -0 and 0 are one.
struct OrdinalRange {
  std::int64_t first = 0, last = 0;
};
OrdinalRange ordinals(model::NumberType type);
double value_at(model::NumberType type, std::int64_t ordinal);

/// The smallest value of `type` that `holds`, a predicate that stays true once it is; nothing when none does.
template <typename Predicate>
std::optional<double> first_value(model::NumberType type, const Predicate& holds) {
  auto [first, last] = ordinals(type);
  if (!holds(value_at(type, last))) return std::nullopt;
  while (first < last) {
    const std::int64_t middle = first + (last - first) / 2;
    if (holds(value_at(type, middle))) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return value_at(type, last);
}

}  // namespace emlc::passes
