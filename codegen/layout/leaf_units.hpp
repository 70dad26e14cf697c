#pragma once

#include <optional>
#include <span>

#include "codegen/model/tree_ensemble.hpp"

namespace emlc::layout {

/// The smallest n for which every value is an integer from 0 up divided by n, as a double holds the quotient.
/// Nothing when there is none up to `limit` (at most 2^24 are tried, so that the fractions are unambiguous).
std::optional<double> find_unit(std::span<const double> values, double limit);

/// The largest power of two for which the sum of all trees times it fits 31 bits, whatever leaves they give; the
/// smallest one if several make integers of all values.
/// Nothing when a value is beyond float32, or when `keep_small_sums` and the values have one sign, and rounding them to
/// multiples of 1 / unit could cost a small sum more than n_trees roundings of float32 do.
std::optional<double> fixed_point_unit(const model::TreeEnsemble& ensemble, bool keep_small_sums);

}  // namespace emlc::layout
