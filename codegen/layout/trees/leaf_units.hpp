#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::layout {

/// The smallest n for which every value is an integer from 0 up divided by n, as a double holds the quotient.
/// Nothing when there is none up to `limit` (at most 2^24 are tried, so that the fractions are unambiguous).
std::optional<double> find_unit(std::span<const double> values, double limit);

/// Values as integers over a unit.
struct FixedPoint {
  double unit = 1.0;  ///< value = integer / unit
  /// A single output is sum / 2^places, if the sum begins with `start`, the base score. Nothing for several outputs,
  /// and where scale / divisor is not positive: `unit` is a power of two.
  std::optional<int> places{};
  std::int64_t start = 0;
  double start_rounding = 0.0;  ///< how far start / unit is from the base score
};

/// The most precise fixed point for which the sum of all trees fits 31 bits, whatever leaves they give; a coarser one
/// if it makes integers of all values too. Nothing when a value is beyond float32, or when `keep_small_sums` and the
/// values have one sign, and rounding them to multiples of 1 / unit could cost a small sum more than n_trees roundings
/// of float32 do.
std::optional<FixedPoint> find_fixed_point(const model::TreeEnsemble& ensemble, bool keep_small_sums);

}  // namespace emlc::layout
