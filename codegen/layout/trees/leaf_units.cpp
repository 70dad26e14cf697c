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
  double largest = 0.0;         ///< magnitude of an output's sum
  double smallest_value = 0.0;  ///< magnitude of the smallest value that is not 0
  bool has_one_sign = true;
};

/// [leaf_width] the largest magnitude of each column among the leaves of `tree`.
std::vector<double> largest_row(const model::TreeEnsemble& ensemble, const model::Tree& tree) {
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  std::vector<double> largest(width, 0.0);
  for (const model::TreeNode& node : tree.nodes) {
    const model::Leaf* leaf = model::as_leaf(node);
    if (leaf == nullptr) continue;
    const double* row = &ensemble.leaf_values[static_cast<std::size_t>(leaf->row) * width];
    for (std::size_t column = 0; column < width; ++column) {
      largest[column] = std::max(largest[column], std::abs(row[column]));
    }
  }
  return largest;
}

SumRange sum_range(const model::TreeEnsemble& ensemble) {
  SumRange range;
  std::vector<double> sums(static_cast<std::size_t>(ensemble.n_outputs), 0.0);
  for (const model::Tree& tree : ensemble.trees) {
    auto sum = sums.begin() + tree.first_output;
    for (const double largest : largest_row(ensemble, tree)) *sum++ += largest;
  }
  range.largest = *std::max_element(sums.begin(), sums.end());
  double smallest = std::numeric_limits<double>::infinity();
  bool has_positive = false, has_negative = false;
  for (const double value : ensemble.leaf_values) {
    if (value == 0.0) continue;
    (value > 0.0 ? has_positive : has_negative) = true;
    smallest = std::min(smallest, std::abs(value));
  }
  range.smallest_value = smallest;
  range.has_one_sign = !(has_positive && has_negative);
  return range;
}

/// What turns the sum of a single output into the output. Nothing where an integer sum had better not contain it.
std::optional<double> output_factor(const model::TreeEnsemble& ensemble) {
  const double factor = ensemble.scale / ensemble.divisor;
  if (ensemble.n_outputs > 1 || !(factor > 0.0) || !std::isfinite(factor)) return std::nullopt;
  return factor;
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

std::optional<FixedPoint> find_fixed_point(const model::TreeEnsemble& ensemble, bool keep_small_sums) {
  const std::optional<double> factor = output_factor(ensemble);
  const double base = factor ? base_in_sum(ensemble, *factor) : 0.0;
  const SumRange range = sum_range(ensemble);
  const auto n_trees = static_cast<double>(ensemble.trees.size());
  const double largest = (range.largest + std::abs(base)) * factor.value_or(1.0);
  // Each value may be rounded up by a half, and so may the base score.
  const double room = sum_limit - n_trees - 1.0;
  if (room <= 0.0 || !(range.largest > 0.0) || !(largest <= std::numeric_limits<float>::max())) return std::nullopt;
  int places = static_cast<int>(std::floor(std::log2(room / largest)));
  if (std::abs(places) > max_places) return std::nullopt;
  double unit = std::exp2(places) * factor.value_or(1.0);
  const bool is_precise = 0.5 / unit <= n_trees * float_rounding * range.smallest_value;
  if (keep_small_sums && range.has_one_sign && !is_precise) return std::nullopt;
  const auto halves = [&] { return is_multiple(base, unit / 2.0) && are_multiples(ensemble.leaf_values, unit / 2.0); };
  for (; unit > 1.0 && halves(); --places) unit /= 2.0;
  if (!factor) return FixedPoint{.unit = unit};
  const std::int64_t start = std::llround(base * unit);
  return FixedPoint{.unit = unit,
                    .places = places,
                    .start = start,
                    .start_rounding = std::abs(static_cast<double>(start) / unit - base)};
}

}  // namespace emlc::layout
