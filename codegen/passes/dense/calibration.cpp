#include "codegen/passes/dense/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "codegen/model/predict/predict.hpp"

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

/// One input on its way through the float network.
struct Trace {
  Rows in;    ///< [n_layers] what a layer takes
  Rows sums;  ///< [n_layers] what it gives, before its activation
};

Trace trace(const DenseNetwork& network, std::vector<double> x) {
  Trace result;
  for (const DenseLayer& layer : network.layers) {
    result.in.push_back(std::move(x));
    result.sums.push_back(model::layer_sums(layer, result.in.back()));
    x = result.sums.back();
    for (std::size_t unit = 0; unit < x.size(); ++unit) x[unit] = model::activate(layer, unit, x[unit]);
  }
  return result;
}

void add(std::vector<double>& totals, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) totals[i] += std::isfinite(values[i]) ? values[i] : 0.0;
}

/// Sums and sums of squares of what the layers give before their activations.
struct Moments {
  Rows totals, squares;
};

void observe(Calibration& calibration, Moments& moments, const Trace& one) {
  const std::size_t n_layers = one.in.size();
  for (std::size_t i = 0; i < one.in[0].size(); ++i) widen(calibration.features[i], one.in[0][i]);
  for (std::size_t index = 0; index < n_layers; ++index) {
    add(calibration.means[index], one.in[index]);
    const std::vector<double>& sums = one.sums[index];
    std::vector<double> squares = sums;
    for (double& value : squares) value *= value;
    add(moments.totals[index], sums);
    add(moments.squares[index], squares);
    for (std::size_t row = 0; row < sums.size(); ++row) widen(calibration.layers[index][row], sums[row]);
  }
  add(calibration.means[n_layers], one.sums.back());
}

/// A unit may go further than the data shows, and codes that are too small for it cost more than codes that are a
/// little coarse: four standard deviations around its mean belong to its range.
void leave_headroom(Calibration& calibration, const Moments& moments, std::size_t n_rows) {
  constexpr double deviations = 4.0;
  const auto n = static_cast<double>(n_rows);
  for (std::size_t index = 0; index < calibration.layers.size(); ++index) {
    for (std::size_t row = 0; row < calibration.layers[index].size(); ++row) {
      const double mean = moments.totals[index][row] / n;
      const double reach = deviations * std::sqrt(std::max(moments.squares[index][row] / n - mean * mean, 0.0));
      widen(calibration.layers[index][row], mean - reach);
      widen(calibration.layers[index][row], mean + reach);
    }
  }
}

/// As many inputs as the search can afford, spread over the data.
std::size_t search_step(std::size_t n_inputs, const DenseNetwork& network) {
  constexpr std::size_t affordable_products = 20'000'000, most = 256, least = 16;
  std::size_t n_weights = 1;
  for (const DenseLayer& layer : network.layers) n_weights += layer.weights.size();
  const std::size_t n = std::clamp(affordable_products / n_weights, least, most);
  return std::max<std::size_t>(1, n_inputs / n);
}

/// Rounding a row takes the square of its length, and the search rounds all rows many times.
bool affords_compensation(const DenseLayer& layer) {
  constexpr double affordable = 1e8;
  return static_cast<double>(layer.n_in) * layer.n_in * layer.n_out <= affordable;
}

void find_compensations(Calibration& calibration) {
  std::vector<Rows> values(calibration.network.layers.size());
  for (const std::vector<double>& x : calibration.inputs) {
    Trace one = trace(calibration.network, x);
    for (std::size_t index = 0; index < values.size(); ++index) values[index].push_back(std::move(one.in[index]));
  }
  for (std::size_t index = 0; index < values.size(); ++index) {
    calibration.compensations.push_back(affords_compensation(calibration.network.layers[index])
                                            ? compensation_of(values[index], calibration.means[index])
                                            : Compensation{});
  }
}

}  // namespace

Calibration calibrate(const model::Model& model, const DenseNetwork& network, const Rows& data) {
  Calibration calibration{.network = network, .type = model.input.type};
  calibration.features.assign(static_cast<std::size_t>(model.input.n_features), nothing);
  for (std::size_t i = 0; i < model.input.minimum.size(); ++i) widen(calibration.features[i], model.input.minimum[i]);
  for (std::size_t i = 0; i < model.input.maximum.size(); ++i) widen(calibration.features[i], model.input.maximum[i]);
  calibration.means.emplace_back(calibration.features.size(), 0.0);
  Moments moments;
  for (const DenseLayer& layer : network.layers) {
    calibration.layers.emplace_back(layer.bias.size(), nothing);
    for (Rows* rows : {&calibration.means, &moments.totals, &moments.squares}) rows->emplace_back(layer.bias.size());
  }
  const std::size_t step = search_step(data.size(), network);
  for (std::size_t row = 0; row < data.size(); ++row) {
    Trace one = trace(network, data[row]);
    observe(calibration, moments, one);
    std::vector<double>& output = one.sums.back();
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
  calibration.observed = calibration.layers;
  leave_headroom(calibration, moments, data.size());
  find_compensations(calibration);
  return calibration;
}

Rows extremes_of(const Calibration& calibration) {
  const std::size_t n = calibration.features.size();
  const Range all = range_of(calibration.features);
  Rows result(4, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    const Range& feature = calibration.features[i];
    result[0][i] = feature.low;
    result[1][i] = feature.high;
    result[2 + i % 2][i] = feature.low;
    result[3 - i % 2][i] = feature.high;
  }
  result.emplace_back(n, all.low);
  result.emplace_back(n, all.high);
  return result;
}

LayerRanges ranges_reaching(const DenseNetwork& network, const LayerRanges& ranges, const Rows& inputs,
                            double furthest) {
  LayerRanges result = ranges;
  for (const std::vector<double>& x : inputs) {
    const Trace one = trace(network, x);
    for (std::size_t index = 0; index < result.size(); ++index) {
      for (std::size_t row = 0; row < result[index].size(); ++row) {
        const Range& range = ranges[index][row];
        const double reach = furthest * std::max(std::abs(range.low), std::abs(range.high));
        widen(result[index][row], std::clamp(one.sums[index][row], -reach, reach));
      }
    }
  }
  return result;
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
  constexpr double furthest = 2.0;
  const LayerRanges layers =
      ranges_reaching(calibration.network, calibration.observed, extremes_of(calibration), furthest);
  std::vector<Range> ranges = {range_of(calibration.features)};
  for (std::size_t index = 0; index < layers.size(); ++index) {
    Range range = range_of(layers[index]);
    if (index + 1 < layers.size()) {
      const DenseLayer& layer = calibration.network.layers[index];
      range = {model::activate(layer, 0, range.low), model::activate(layer, 0, range.high)};
    }
    ranges.push_back(range);
  }
  return ranges;
}

}  // namespace emlc::passes
