#include "codegen/layout/trees/leaves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "codegen/model/error.hpp"

namespace emlc::layout {
namespace {

constexpr std::int64_t max_u16 = std::numeric_limits<std::uint16_t>::max();
constexpr std::int64_t max_u32 = std::numeric_limits<std::uint32_t>::max();

bool has_base_score(const model::TreeEnsemble& ensemble) {
  return std::any_of(ensemble.base_score.begin(), ensemble.base_score.end(), [](double score) { return score != 0.0; });
}

LeafTable make_votes(const model::TreeEnsemble& ensemble) {
  LeafTable leaves{.kind = LeafKind::votes,
                   .width = static_cast<std::uint32_t>(ensemble.leaf_width),
                   .n_codes = static_cast<std::uint32_t>(ensemble.n_outputs)};
  const auto width = static_cast<std::ptrdiff_t>(ensemble.leaf_width);
  for (auto row = ensemble.leaf_values.begin(); row != ensemble.leaf_values.end(); row += width) {
    leaves.codes.push_back(static_cast<LeafCode>(std::find(row, row + width, 1.0) - row));
  }
  return leaves;
}

/// Every value times `unit`, rounded to nearest.
std::vector<std::int64_t> scaled(const std::vector<double>& values, double unit) {
  std::vector<std::int64_t> integers;
  integers.reserve(values.size());
  for (const double value : values) integers.push_back(std::llround(value * unit));
  return integers;
}

/// Integers over one unit, if a blob can hold them or, for generated code, 32 bits their sum.
bool take_exact(const model::TreeEnsemble& ensemble, LeafUse use, LeafTable& leaves) {
  const double largest = *std::max_element(ensemble.leaf_values.begin(), ensemble.leaf_values.end());
  // A sum of 16-bit integers over that many trees fits 32 bits.
  const auto n_trees = static_cast<double>(ensemble.trees.size());
  if (use == LeafUse::blob && n_trees > static_cast<double>(max_u16)) return false;
  const double limit = use == LeafUse::blob ? static_cast<double>(max_u16) : static_cast<double>(max_u32) / n_trees;
  const std::optional<double> unit = find_unit(ensemble.leaf_values, largest > 1.0 ? limit / largest : limit);
  if (!unit) return false;
  leaves.unit = *unit;
  leaves.integers = scaled(ensemble.leaf_values, *unit);
  const std::int64_t last = *std::max_element(leaves.integers.begin(), leaves.integers.end());
  leaves.kind = last <= std::numeric_limits<std::uint8_t>::max() ? LeafKind::u8_rows
                : last <= max_u16                                ? LeafKind::u16_rows
                                                                 : LeafKind::u32_rows;
  return true;
}

bool take_units(const model::TreeEnsemble& ensemble, SmallSums small_sums, LeafTable& leaves) {
  std::optional<OutputFixedPoint> fixed = find_output_fixed_point(ensemble, small_sums);
  if (!fixed) return false;
  leaves.kind = LeafKind::fixed_rows;
  leaves.outputs = std::move(fixed->outputs);
  leaves.integers = std::move(fixed->integers);
  return true;
}

/// Several outputs that are each compared with a bound are not to be blurred by the largest of them.
bool can_be_coarse(const model::TreeEnsemble& ensemble, LeafUse use) {
  const bool has_one_unit = use == LeafUse::decisions || (use == LeafUse::bounds && ensemble.n_outputs == 1);
  return has_one_unit && ensemble.leaf_width == 1;
}

bool take_fixed(const model::TreeEnsemble& ensemble, LeafUse use, LeafTable& leaves) {
  if (use == LeafUse::blob) return false;
  const SmallSums small_sums = use == LeafUse::numbers ? SmallSums::keep : SmallSums::blur;
  const std::optional<FixedPoint> fixed = find_fixed_point(
      ensemble, small_sums, can_be_coarse(ensemble, use) ? LeafPrecision::of_float_sums : LeafPrecision::most);
  const bool are_compared = use == LeafUse::decisions;
  if (!are_compared && fixed && blurs_an_output(ensemble, fixed->unit)) return take_units(ensemble, small_sums, leaves);
  if (!fixed) return false;
  leaves.kind = LeafKind::fixed_rows;
  leaves.unit = fixed->unit;
  leaves.places = fixed->places;
  leaves.start = fixed->start;
  leaves.start_rounding = fixed->start_rounding;
  leaves.integers = scaled(ensemble.leaf_values, fixed->unit);
  for (std::size_t i = 0; i < leaves.integers.size(); ++i) {
    const double value = static_cast<double>(leaves.integers[i]) / leaves.unit;
    leaves.rounding = std::max(leaves.rounding, std::abs(value - ensemble.leaf_values[i]));
  }
  return true;
}

/// Keeps the second column of two whose sum is the same in all rows.
void reduce_pairs(LeafTable& leaves) {
  for (std::size_t i = 0; i < leaves.integers.size(); i += 2) {
    if (static_cast<double>(leaves.integers[i] + leaves.integers[i + 1]) != leaves.unit) return;
  }
  std::vector<std::int64_t> second;
  for (std::size_t i = 1; i < leaves.integers.size(); i += 2) second.push_back(leaves.integers[i]);
  leaves.integers = std::move(second);
  leaves.width = 1;
  leaves.is_pair = true;
}

void take_floats(const model::TreeEnsemble& ensemble, LeafTable& leaves) {
  for (const double value : ensemble.leaf_values) {
    const double rounded = model::round_to(model::NumberType::float32, value);
    if (!std::isfinite(rounded)) {
      throw Error({.file = "", .field = "model.leaf_values"}, fmt::format("{} does not fit float32", value));
    }
    leaves.values.push_back(static_cast<float>(rounded));
  }
}

}  // namespace

LeafTable make_leaves(const model::TreeEnsemble& ensemble, LeafUse use) {
  const bool votes_for_outputs = model::is_one_hot(ensemble) && ensemble.leaf_width == ensemble.n_outputs;
  if (votes_for_outputs && !has_base_score(ensemble)) return make_votes(ensemble);
  LeafTable leaves{.width = static_cast<std::uint32_t>(ensemble.leaf_width),
                   .codes = std::vector<LeafCode>(ensemble.n_rows()),
                   .n_codes = static_cast<std::uint32_t>(ensemble.n_rows())};
  std::iota(leaves.codes.begin(), leaves.codes.end(), 0U);
  if (take_exact(ensemble, use, leaves) || take_fixed(ensemble, use, leaves)) {
    const bool is_pair_of_columns = leaves.width == 2 && ensemble.n_outputs == 2 && leaves.outputs.empty();
    if (use != LeafUse::blob && is_pair_of_columns) reduce_pairs(leaves);
    return leaves;
  }
  take_floats(ensemble, leaves);
  return leaves;
}

std::optional<std::string> overflow_warning(const model::TreeEnsemble& ensemble) {
  const std::vector<double> sums = model::largest_sums(ensemble);
  const double largest = *std::max_element(sums.begin(), sums.end());
  if (largest <= model::info(model::NumberType::float32).highest) return std::nullopt;
  return fmt::format(
      "sums of leaves reach {:.3g}, which float32 does not hold: the device gives infinity for those beyond {:.3g}",
      largest, model::info(model::NumberType::float32).highest);
}

LeafTable select_leaves(const LeafTable& leaves, std::span<const LeafCode> numbers) {
  LeafTable selected = leaves;
  selected.codes.clear();
  selected.n_codes = static_cast<std::uint32_t>(numbers.size());
  selected.values.clear();
  selected.integers.clear();
  const auto append_row = [&](const auto& from, auto& to, LeafCode number) {
    const auto row = from.begin() + static_cast<std::ptrdiff_t>(std::size_t{number} * leaves.width);
    to.insert(to.end(), row, row + leaves.width);
  };
  for (const LeafCode number : numbers) {
    if (leaves.kind == LeafKind::float_rows)
      append_row(leaves.values, selected.values, number);
    else
      append_row(leaves.integers, selected.integers, number);
  }
  return selected;
}

}  // namespace emlc::layout
