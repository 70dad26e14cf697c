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

/// The first ordinal of [first, last] for which `holds`, which stays true once it is; it holds for `last`.
template <typename Predicate>
std::int64_t first_ordinal(std::int64_t first, std::int64_t last, const Predicate& holds) {
  while (first < last) {
    const std::int64_t middle = std::midpoint(first, last);
    if (holds(middle)) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  return last;
}

/// The smallest value of `type` that `holds`, a predicate that stays true once it is; nothing when none does.
template <typename Predicate>
std::optional<double> first_value(model::NumberType type, const Predicate& holds) {
  const auto [first, last] = ordinals(type);
  if (!holds(value_at(type, last))) return std::nullopt;
  return value_at(type,
                  first_ordinal(first, last, [&](std::int64_t ordinal) { return holds(value_at(type, ordinal)); }));
}

}  // namespace emlc::passes
