#include <algorithm>
#include <cmath>

#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/leaf_rows.hpp"

namespace emlc::passes {
namespace {

/// The value of level q is low + step * q, for q from 0 to top.
struct Grid {
  double low, step, top;

  [[nodiscard]] double level(double value) const { return std::clamp(std::round(value / step - low / step), 0.0, top); }
};

bool is_on_levels(const std::vector<double>& values, double top) {
  return std::all_of(values.begin(), values.end(),
                     [&](double value) { return value >= 0.0 && value <= top && value == std::floor(value); });
}

/// Of all evenly spaced grids this one has the smallest step: it ends at the smallest and the largest value. Class
/// proportions start at 0 instead, so that the classes a leaf has never seen keep exactly 0.
Grid fit(const std::vector<double>& values, model::Task task, double top) {
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  const bool starts_at_zero = task == model::Task::classification && *lowest >= 0.0;
  const double low = starts_at_zero ? 0.0 : *lowest;
  const double step = *highest / top - low / top;
  return {low, step > 0.0 ? step : 1.0, top};
}

/// Makes up for the leaf values v having become (v - low) / step. Sums of levels are exact in float64 and may be
/// accumulated as integers.
void move_grid_into_output(model::TreeEnsemble& ensemble, const Grid& grid) {
  std::vector<double> base = ensemble.base_score;
  if (ensemble.base_score_at == model::BaseScoreAt::end) std::fill(base.begin(), base.end(), 0.0);
  for (const model::Tree& tree : ensemble.trees) {
    const auto first = base.begin() + tree.first_output;
    std::for_each(first, first + ensemble.leaf_width, [&](double& score) { score += grid.low; });
  }
  for (std::size_t column = 0; column < base.size(); ++column) {
    base[column] = base[column] / ensemble.divisor * ensemble.scale;
    if (ensemble.base_score_at == model::BaseScoreAt::end) base[column] += ensemble.base_score[column];
  }
  ensemble.base_score = std::move(base);
  ensemble.base_score_at = model::BaseScoreAt::end;
  ensemble.scale *= grid.step;
  ensemble.sum_type = model::NumberType::float64;
}

}  // namespace

PassResult quantize_leaves(model::Model& model, const PassConfig& config) {
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  const double top = std::ldexp(1.0, config.leaf_bits.value()) - 1.0;
  DistinctRows rows = distinct_rows(ensemble);
  if (is_on_levels(rows.values, top)) return {};
  const Grid grid = fit(rows.values, model.output.task, top);
  for (double& value : rows.values) value = grid.level(value);
  const std::size_t n_values = rows.values.size();
  replace_rows(ensemble, std::move(rows.values), rows.index_of_row);
  move_grid_into_output(ensemble, grid);
  return {.changes = n_values};
}

}  // namespace emlc::passes
