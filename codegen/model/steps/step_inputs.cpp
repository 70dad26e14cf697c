#include "codegen/model/steps/step_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "codegen/model/ranges.hpp"
#include "codegen/model/steps/column_functions.hpp"

namespace emlc::model {
namespace {

using Numbers = std::vector<double>;

/// What a step compares its column `index` with.
struct Compared {
  std::size_t index;

  Numbers operator()(const Scaler& /*step*/) const { return {}; }
  Numbers operator()(const Columns& /*step*/) const { return {}; }
  Numbers operator()(const Impute& impute) const { return {impute.missing}; }
  Numbers operator()(const MissingIndicator& indicator) const { return {indicator.missing}; }
  Numbers operator()(const OneHot& one_hot) const {
    Numbers numbers;
    const Categories& column = one_hot.categories[index];
    if (!column) return numbers;
    for (const Numbers& listed : *column) numbers.insert(numbers.end(), listed.begin(), listed.end());
    return numbers;
  }
  Numbers operator()(const Lookup& lookup) const { return lookup.from[index]; }
  Numbers operator()(const Bins& bins) const { return bins.edges[index]; }
  Numbers operator()(const Binarize& binarize) const { return {binarize.thresholds[index]}; }
  Numbers operator()(const Function& /*step*/) const { return {-1.0, 0.0, 1.0}; }
  Numbers operator()(const Power& /*step*/) const { return {0.0}; }
  Numbers operator()(const Quantile& quantile) const { return quantile.quantiles[index]; }
  Numbers operator()(const Linear& /*step*/) const { return {}; }
  Numbers operator()(const Polynomial& /*step*/) const { return {0.0}; }
  Numbers operator()(const Normalize& /*step*/) const { return {}; }
};

struct StepEdge {
  std::size_t feature;
  double number;
};

/// All numbers that features are compared with as they come.
std::vector<StepEdge> places_of(const Model& model) {
  std::vector<StepEdge> places;
  std::vector<std::optional<std::size_t>> origins;
  for (std::size_t i = 0; i < static_cast<std::size_t>(model.input.n_features); ++i) origins.emplace_back(i);
  for (const Step& step : model.steps) {
    std::vector<std::optional<std::size_t>> behind;
    for (const StepOutput& output : outputs_of(step, origins.size())) {
      const bool is_mixed = output.kind == StepOutput::Kind::mixed;
      const std::optional<std::size_t> origin = is_mixed ? std::nullopt : origins[output.column];
      const bool passes = output.kind == StepOutput::Kind::same || std::holds_alternative<Columns>(step.kind);
      behind.push_back(passes ? origin : std::nullopt);
      if (passes || !origin || output.part != 0) continue;
      for (const double number : std::visit(Compared{output.index}, step.kind)) places.push_back({*origin, number});
    }
    origins = std::move(behind);
  }
  return places;
}

}  // namespace

std::vector<std::vector<double>> step_inputs(const Model& model, NumberType type, std::size_t limit) {
  std::vector<std::vector<double>> inputs;
  const auto& bases = model.test_vectors.inputs;
  const std::vector<Interval> ranges = declared_ranges(model.input, type);
  std::vector<double> zeros;
  for (const Interval& range : ranges) zeros.push_back(std::max(range.low, std::min(0.0, range.high)));
  for (const StepEdge& place : places_of(model)) {
    std::vector<double> x = bases.empty() ? zeros : bases[inputs.size() % bases.size()];
    const double at = std::isnan(place.number) ? place.number : smallest_at_least(type, place.number);
    for (const double value : {at, next_below(type, at), next_above(type, at)}) {
      const Interval& range = ranges[place.feature];
      if (std::isnan(value) && info(type).is_integer) continue;
      if (!std::isnan(value) && !(value >= range.low && value <= range.high)) continue;
      if (inputs.size() == limit) return inputs;
      x[place.feature] = value;
      inputs.push_back(x);
    }
  }
  return inputs;
}

}  // namespace emlc::model
