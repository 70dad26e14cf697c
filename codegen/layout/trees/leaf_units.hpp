#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

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

/// May rounding cost small sums more than float32 would? Of values of one sign, whose sums cannot cancel: keep them as
/// exact as n_trees roundings of float32 do.
enum class SmallSums { keep, blur };

/// As many bits as a sum leaves free, or as few as keep it as exact as adding in float32: rounding the leaves then
/// costs the sum of an output at most n_trees * 2^-24 * |its largest sum|.
enum class LeafPrecision { most, of_float_sums };

/// The most precise fixed point for which the sum of all trees fits 31 bits, whatever leaves they give; a coarser one
/// if it makes integers of all values too, or if the precision asks for no more. Nothing when a value is beyond
/// float32, or where it would blur small sums that are to be kept.
std::optional<FixedPoint> find_fixed_point(const model::TreeEnsemble& ensemble, SmallSums small_sums,
                                           LeafPrecision precision);

/// With one unit for all outputs, does one of several lose more to it than its sums in float32 would?
bool blurs_an_output(const model::TreeEnsemble& ensemble, double unit);

/// Of one output of several, with the divisor and the scale of the ensemble: without its base score it is
/// sum / 2^places.
struct OutputUnit {
  double unit = 1.0;  ///< value = integer / unit
  int places = 0;
  double rounding = 0.0;  ///< how far an integer / unit is from the model's value at most
};

/// Values as integers over the unit of the output that they are added to.
struct OutputFixedPoint {
  std::vector<OutputUnit> outputs;     ///< [n_outputs]
  std::vector<std::int64_t> integers;  ///< [n_rows][leaf_width]
};

/// The most precise fixed point of each output for which its sums fit 31 bits. Nothing where find_fixed_point has
/// nothing for one of them, where scale / divisor is not positive, and where one row is added to outputs that make
/// different integers of it.
std::optional<OutputFixedPoint> find_output_fixed_point(const model::TreeEnsemble& ensemble, SmallSums small_sums);

}  // namespace emlc::layout
