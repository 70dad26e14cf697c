#pragma once

#include <cstdint>
#include <numeric>
#include <optional>

#include "codegen/model/number_type.hpp"

namespace emlc::passes {

/// The type of the features on the device: the one that is asked for, else the declared one, for which float32 does
/// where it is float64.
model::NumberType device_type(model::NumberType declared, std::optional<model::NumberType> asked);

/// The values of a type, infinities included and NaN not, are numbered in ascending order; -0 and 0 are one.
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
    const std::int64_t middle = std::midpoint(first, last);
    if (holds(value_at(type, middle))) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return value_at(type, last);
}

}  // namespace emlc::passes
