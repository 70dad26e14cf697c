#include "codegen/layout/tree_leaves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "codegen/model/error.hpp"

namespace emlc::layout {
namespace {

constexpr int max_unit = 65535;

bool has_base_score(const model::TreeEnsemble& ensemble) {
  return std::any_of(ensemble.base_score.begin(), ensemble.base_score.end(), [](double score) { return score != 0.0; });
}

bool is_multiple(double value, int unit) {
  const double whole = std::round(value * unit);
  return whole >= 0.0 && whole <= max_unit && whole / unit == value;
}

/// The smallest n for which every value is an integer divided by n, as a double holds the quotient.
std::optional<int> find_unit(const std::vector<double>& values) {
  std::size_t suspect = 0;  // the value that failed last is the likeliest to fail again
  for (int unit = 1; unit <= max_unit; ++unit) {
    if (!is_multiple(values[suspect], unit)) continue;
    const auto failed =
        std::find_if(values.begin(), values.end(), [&](double value) { return !is_multiple(value, unit); });
    if (failed == values.end()) return unit;
    suspect = static_cast<std::size_t>(failed - values.begin());
  }
  return std::nullopt;
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

}  // namespace

LeafTable make_leaves(const model::TreeEnsemble& ensemble) {
  const bool votes_for_outputs = model::is_one_hot(ensemble) && ensemble.leaf_width == ensemble.n_outputs;
  if (votes_for_outputs && !has_base_score(ensemble)) return make_votes(ensemble);
  LeafTable leaves{.width = static_cast<std::uint32_t>(ensemble.leaf_width),
                   .codes = std::vector<LeafCode>(ensemble.n_rows()),
                   .n_codes = static_cast<std::uint32_t>(ensemble.n_rows())};
  std::iota(leaves.codes.begin(), leaves.codes.end(), 0U);
  // So that the sum of all trees fits 32 bits.
  const bool few_trees = ensemble.trees.size() <= max_unit;
  if (const std::optional<int> unit = few_trees ? find_unit(ensemble.leaf_values) : std::nullopt) {
    const bool fits_byte = std::all_of(ensemble.leaf_values.begin(), ensemble.leaf_values.end(),
                                       [&](double value) { return std::round(value * *unit) <= 255.0; });
    leaves.kind = fits_byte ? LeafKind::u8_rows : LeafKind::u16_rows;
    leaves.unit = *unit;
    for (const double value : ensemble.leaf_values) {
      leaves.integers.push_back(static_cast<std::uint16_t>(std::round(value * *unit)));
    }
    return leaves;
  }
  for (const double value : ensemble.leaf_values) {
    const double rounded = model::round_to(model::NumberType::float32, value);
    if (!std::isfinite(rounded)) {
      throw Error({.file = "", .field = "model.leaf_values"}, fmt::format("{} does not fit float32", value));
    }
    leaves.values.push_back(static_cast<float>(rounded));
  }
  return leaves;
}

}  // namespace emlc::layout
