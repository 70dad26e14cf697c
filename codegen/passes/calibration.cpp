#include "codegen/passes/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "codegen/model/predict.hpp"

namespace emlc::passes {
namespace {

using model::DenseLayer;
using model::DenseNetwork;
using Rows = std::vector<std::vector<double>>;

void widen(Range& range, double value) {
  if (!std::isfinite(value)) return;
  range.low = std::min(range.low, value);
  range.high = std::max(range.high, value);
}

constexpr Range nothing = {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};

void close(std::vector<Range>& ranges) {
  for (Range& range : ranges) {
    if (range.low > range.high) range = {0.0, 0.0};
  }
}

/// One input through the float layers, widening the ranges on the way. Returns the last sums.
std::vector<double> observe(Calibration& calibration, std::vector<double> x) {
  const auto add = [](std::vector<double>& sums, const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) sums[i] += std::isfinite(values[i]) ? values[i] : 0.0;
  };
  for (std::size_t i = 0; i < x.size(); ++i) widen(calibration.features[i], x[i]);
  add(calibration.means[0], x);
  const auto& layers = calibration.network.layers;
  for (std::size_t index = 0; index < layers.size(); ++index) {
    std::vector<double> y = model::layer_sums(layers[index], x);
    for (std::size_t row = 0; row < y.size(); ++row) {
      widen(calibration.layers[index][row], y[row]);
      if (index + 1 < layers.size()) y[row] = model::activate(layers[index], y[row]);
    }
    add(calibration.means[index + 1], y);
    x = std::move(y);
  }
  return x;
}

/// As many inputs as the search can afford, spread over the data.
std::size_t search_step(std::size_t n_inputs, const DenseNetwork& network) {
  constexpr std::size_t affordable_products = 20'000'000, most = 256, least = 16;
  std::size_t n_weights = 1;
  for (const DenseLayer& layer : network.layers) n_weights += layer.weights.size();
  const std::size_t n = std::clamp(affordable_products / n_weights, least, most);
  return std::max<std::size_t>(1, n_inputs / n);
}

/// Inputs with every feature at its lowest or its highest can drive units further than the data does. They count too,
/// up to twice the range of the data, which costs one bit at most.
void widen_to_extremes(Calibration& calibration) {
  constexpr double furthest = 2.0;
  const std::vector<std::vector<Range>> data = calibration.layers;
  const std::vector<std::vector<double>> means = calibration.means;
  std::vector<double> low, high;
  for (const Range& feature : calibration.features) {
    low.push_back(feature.low);
    high.push_back(feature.high);
  }
  observe(calibration, low);
  observe(calibration, high);
  calibration.means = means;
  for (std::size_t index = 0; index < data.size(); ++index) {
    for (std::size_t row = 0; row < data[index].size(); ++row) {
      Range& range = calibration.layers[index][row];
      const double reach = furthest * std::max(std::abs(data[index][row].low), std::abs(data[index][row].high));
      range = {std::max(range.low, -reach), std::min(range.high, reach)};
    }
  }
}

}  // namespace

Calibration calibrate(const model::Model& model, const DenseNetwork& network, const Rows& data) {
  Calibration calibration{.network = network, .type = model.input.type};
  calibration.features.assign(static_cast<std::size_t>(model.input.n_features), nothing);
  for (std::size_t i = 0; i < model.input.minimum.size(); ++i) widen(calibration.features[i], model.input.minimum[i]);
  for (std::size_t i = 0; i < model.input.maximum.size(); ++i) widen(calibration.features[i], model.input.maximum[i]);
  calibration.means.emplace_back(calibration.features.size(), 0.0);
  for (const DenseLayer& layer : network.layers) {
    calibration.layers.emplace_back(layer.bias.size(), nothing);
    calibration.means.emplace_back(layer.bias.size(), 0.0);
  }
  const std::size_t step = search_step(data.size(), network);
  for (std::size_t row = 0; row < data.size(); ++row) {
    std::vector<double> output = observe(calibration, data[row]);
    const bool is_finite = std::all_of(output.begin(), output.end(), [](double value) { return std::isfinite(value); });
    if (row % step != 0 || !is_finite) continue;
    calibration.inputs.push_back(data[row]);
    calibration.outputs.push_back(std::move(output));
  }
  for (std::vector<double>& sums : calibration.means) {
    for (double& sum : sums) sum /= static_cast<double>(data.size());
  }
  close(calibration.features);
  for (std::vector<Range>& ranges : calibration.layers) close(ranges);
  widen_to_extremes(calibration);
  return calibration;
}

Range range_of(const std::vector<Range>& ranges) {
  Range all = nothing;
  for (const Range& range : ranges) {
    widen(all, range.low);
    widen(all, range.high);
  }
  return all;
}

std::vector<Range> observed_ranges(const Calibration& calibration) {
  std::vector<Range> ranges = {range_of(calibration.features)};
  const auto& layers = calibration.network.layers;
  for (std::size_t index = 0; index < layers.size(); ++index) {
    Range range = range_of(calibration.layers[index]);
    if (index + 1 < layers.size()) {
      range = {model::activate(layers[index], range.low), model::activate(layers[index], range.high)};
    }
    ranges.push_back(range);
  }
  return ranges;
}

}  // namespace emlc::passes
