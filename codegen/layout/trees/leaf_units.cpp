#include "codegen/layout/trees/leaf_units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

namespace emlc::layout {
namespace {

/// Below it two different fractions of a value are further apart than a double's rounding.
constexpr double largest_unit = 16777216.0;
constexpr double sum_limit = 2147483647.0;
constexpr double float_rounding = 0x1p-24;  ///< relative, of float32
constexpr int max_places = 100;             ///< so that 2^places and what it divides are normal float32

bool is_multiple(double value, double unit) { return std::round(value * unit) / unit == value; }

bool are_multiples(std::span<const double> values, double unit) {
  return std::all_of(values.begin(), values.end(), [&](double value) { return is_multiple(value, unit); });
}

/// The smallest n up to `limit` for which value = k / n: the denominator of one of its continued fractions.
std::optional<double> denominator_of(double value, double limit) {
  double previous = 0.0, denominator = 1.0, rest = value - std::floor(value);
  while (!is_multiple(value, denominator)) {
    if (rest == 0.0) return std::nullopt;
    rest = 1.0 / rest;
    const double whole = std::floor(rest);
    rest -= whole;
    const double next = whole * denominator + previous;
    if (next > limit) return std::nullopt;
    previous = denominator;
    denominator = next;
  }
  return denominator;
}

double lcm_of(double a, double b) {
  const auto divisor = std::gcd(static_cast<std::int64_t>(a), static_cast<std::int64_t>(b));
  return a / static_cast<double>(divisor) * b;
}

/// What a sum may be, whatever leaves the trees give.
struct SumRange {
  double largest = 0.0;                                             ///< magnitude of an output's sum
  double smallest_value = std::numeric_limits<double>::infinity();  ///< magnitude of the smallest value that is not 0
  bool has_positive = false, has_negative = false;

  [[nodiscard]] bool has_one_sign() const { return !(has_positive && has_negative); }
  void take(double value) {
    if (value == 0.0) return;
    (value > 0.0 ? has_positive : has_negative) = true;
    smallest_value = std::min(smallest_value, std::abs(value));
  }
};

/// Of all outputs at once.
SumRange sum_range(const model::TreeEnsemble& ensemble) {
  const std::vector<double> sums = model::largest_sums(ensemble);
  SumRange range{.largest = *std::max_element(sums.begin(), sums.end())};
  for (const double value : ensemble.leaf_values) range.take(value);
  return range;
}

/// [n_outputs]
std::vector<SumRange> output_ranges(const model::TreeEnsemble& ensemble) {
  std::vector<SumRange> ranges;
  for (const double largest : model::largest_sums(ensemble)) ranges.push_back({.largest = largest});
  model::for_each_value(ensemble,
                        [&](std::size_t output, std::size_t at) { ranges[output].take(ensemble.leaf_values[at]); });
  return ranges;
}

/// Rounding to multiples of 1 / unit costs small sums no more than n_trees roundings of float32 do.
bool keeps_small_sums(const SumRange& range, double unit, double n_trees) {
  return !range.has_one_sign() || 0.5 / unit <= n_trees * float_rounding * range.smallest_value;
}

/// What turns a sum into an output. Nothing where an integer sum had better not contain it.
std::optional<double> output_factor(const model::TreeEnsemble& ensemble) {
  const double factor = ensemble.scale / ensemble.divisor;
  if (!(factor > 0.0) || !std::isfinite(factor)) return std::nullopt;
  return factor;
}

/// The most bits behind the point for which an output up to `largest` fits 31 bits. Each value may be rounded up by a
/// half, and so may the base score. Nothing when they do not fit, or the output does not fit float32.
std::optional<int> places_for(double largest, double n_trees) {
  const double room = sum_limit - n_trees - 1.0;
  if (room <= 0.0 || !(largest > 0.0) || !(largest <= std::numeric_limits<float>::max())) return std::nullopt;
  const int places = static_cast<int>(std::floor(std::log2(room / largest)));
  return std::abs(places) > max_places ? std::nullopt : std::optional(places);
}

/// The unit of an output that has one of its own.
std::optional<OutputUnit> unit_of(const SumRange& range, double factor, double n_trees, SmallSums small_sums) {
  if (!(range.largest > 0.0)) return OutputUnit{};
  const std::optional<int> places = places_for(range.largest * factor, n_trees);
  if (!places) return std::nullopt;
  const double unit = std::exp2(*places) * factor;
  if (small_sums == SmallSums::keep && !keeps_small_sums(range, unit, n_trees)) return std::nullopt;
  return OutputUnit{.unit = unit, .places = *places};
}

/// Rounding a value to a multiple of 1 / unit is off by half of that at most, and a rounding of float32 by 2^-24 of the
/// largest sum: the unit where both are the same for the output with the smallest sums.
double float_sum_unit(const model::TreeEnsemble& ensemble) {
  double smallest = std::numeric_limits<double>::infinity();
  for (const double largest : model::largest_sums(ensemble)) {
    if (largest > 0.0) smallest = std::min(smallest, largest);
  }
  return 0.5 / (float_rounding * smallest);
}

/// The base score of a single output in the unit of the leaf values.
double base_in_sum(const model::TreeEnsemble& ensemble, double factor) {
  const double base = ensemble.base_score.front();
  return ensemble.base_score_at == model::BaseScoreAt::start ? base : base / factor;
}

}  // namespace

std::optional<double> find_unit(std::span<const double> values, double limit) {
  const double last = std::min(limit, largest_unit);
  double unit = 1.0;
  for (const double value : values) {
    if (value < 0.0 || unit > last) return std::nullopt;
    if (is_multiple(value, unit)) continue;
    const std::optional<double> denominator = denominator_of(value, last);
    if (!denominator) return std::nullopt;
    unit = lcm_of(unit, *denominator);
  }
  if (unit > last) return std::nullopt;
  const bool is_exact =
      std::all_of(values.begin(), values.end(), [&](double value) { return is_multiple(value, unit); });
  return is_exact ? std::optional(unit) : std::nullopt;
}

std::optional<FixedPoint> find_fixed_point(const model::TreeEnsemble& ensemble, SmallSums small_sums,
                                           LeafPrecision precision) {
  const std::optional<double> factor = ensemble.n_outputs > 1 ? std::nullopt : output_factor(ensemble);
  const double base = factor ? base_in_sum(ensemble, *factor) : 0.0;
  const SumRange range = sum_range(ensemble);
  const auto n_trees = static_cast<double>(ensemble.trees.size());
  if (!(range.largest > 0.0)) return std::nullopt;
  const double largest = (range.largest + std::abs(base)) * factor.value_or(1.0);
  const std::optional<int> most_places = places_for(largest, n_trees);
  if (!most_places) return std::nullopt;
  int places = *most_places;
  double unit = std::exp2(places) * factor.value_or(1.0);
  if (small_sums == SmallSums::keep && !keeps_small_sums(range, unit, n_trees)) return std::nullopt;
  if (precision == LeafPrecision::of_float_sums) {
    // Powers of two, so that values with few bits stay exact.
    const double enough = std::ceil(std::log2(float_sum_unit(ensemble) / factor.value_or(1.0)));
    places = std::min(places, std::max(static_cast<int>(enough), -max_places));
    unit = std::exp2(places) * factor.value_or(1.0);
  }
  const auto halves = [&] { return is_multiple(base, unit / 2.0) && are_multiples(ensemble.leaf_values, unit / 2.0); };
  for (; unit > 1.0 && halves(); --places) unit /= 2.0;
  if (!factor) return FixedPoint{.unit = unit};
  const std::int64_t start = std::llround(base * unit);
  return FixedPoint{.unit = unit,
                    .places = places,
                    .start = start,
                    .start_rounding = std::abs(static_cast<double>(start) / unit - base)};
}

bool blurs_an_output(const model::TreeEnsemble& ensemble, double unit) {
  const bool is_exact = are_multiples(ensemble.leaf_values, unit);
  if (ensemble.n_outputs == 1 || is_exact) return false;
  const std::vector<double> sums = model::largest_sums(ensemble);
  return std::any_of(sums.begin(), sums.end(),
                     [&](double largest) { return largest > 0.0 && 0.5 / unit > float_rounding * largest; });
}

std::optional<OutputFixedPoint> find_output_fixed_point(const model::TreeEnsemble& ensemble, SmallSums small_sums) {
  const std::optional<double> factor = output_factor(ensemble);
  if (!factor) return std::nullopt;
  OutputFixedPoint fixed{.outputs = {}, .integers = std::vector<std::int64_t>(ensemble.leaf_values.size(), 0)};
  for (const SumRange& range : output_ranges(ensemble)) {
    const auto unit = unit_of(range, *factor, static_cast<double>(ensemble.trees.size()), small_sums);
    if (!unit) return std::nullopt;
    fixed.outputs.push_back(*unit);
  }
  std::vector<bool> is_set(ensemble.leaf_values.size(), false);
  bool agree = true;
  model::for_each_value(ensemble, [&](std::size_t output, std::size_t at) {
    OutputUnit& unit = fixed.outputs[output];
    const std::int64_t integer = std::llround(ensemble.leaf_values[at] * unit.unit);
    agree = agree && (!is_set[at] || fixed.integers[at] == integer);
    is_set[at] = true;
    fixed.integers[at] = integer;
    const double value = static_cast<double>(integer) / unit.unit;
    unit.rounding = std::max(unit.rounding, std::abs(value - ensemble.leaf_values[at]));
  });
  return agree ? std::optional(std::move(fixed)) : std::nullopt;
}

}  // namespace emlc::layout
