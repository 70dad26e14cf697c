#include "codegen/passes/integer_layers.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "codegen/model/predict.hpp"

namespace emlc::passes {
namespace {

using model::Activation;
using model::IntegerForm;
using model::IntegerLayer;

/// Sums stay below half of int32, which leaves room for rounding.
constexpr int largest_sum_bits = 30;
constexpr double largest_sum = 1 << largest_sum_bits;
/// A bias takes 16 bits if rounding it moves no code by more than 1/16, and no output by more than 1/4096 of all.
constexpr int grid_bits = 3;
constexpr double grid_of_spread = 2048.0;

std::size_t n_rows(const LayerInput& input) { return input.layer.bias.size(); }
std::size_t n_columns(const LayerInput& input) { return input.codes.scale.size(); }

/// weights[row][column] * the scale of the codes of that column
double weight_at(const LayerInput& input, std::size_t row, std::size_t column) {
  return input.layer.weights[row * n_columns(input) + column] * input.codes.scale[column];
}

/// The finest step of a row: what one unit of its sum is. Weights and sums have to fit.
double finest_step(const LayerInput& input, std::size_t row) {
  double largest = 0.0, total = 0.0, bias = input.layer.bias[row];
  for (std::size_t column = 0; column < n_columns(input); ++column) {
    const double weight = weight_at(input, row, column);
    largest = std::max(largest, std::abs(weight));
    total += std::abs(weight) * input.largest_code;
    bias -= weight * input.codes.zero[column];
  }
  return std::max(largest / input.form.largest_weight, (total + std::abs(bias)) / largest_sum);
}

double finest_common_step(const LayerInput& input) {
  double step = 0.0;
  for (std::size_t row = 0; row < n_rows(input); ++row) step = std::max(step, finest_step(input, row));
  return step > 0.0 ? step : 1.0;
}

/// `added` is what the bias carries besides: rounding, and where a curve begins.
void add_row(IntegerLayer& layer, const LayerInput& input, std::size_t row, double step, double added) {
  double bias = input.layer.bias[row] / step + added;
  for (std::size_t column = 0; column < n_columns(input); ++column) {
    const double limit = input.form.largest_weight;
    const double weight = std::clamp(std::round(weight_at(input, row, column) / step), -limit, limit);
    layer.weights.push_back(static_cast<std::int16_t>(weight));
    bias -= weight * input.codes.zero[column];
  }
  layer.bias.push_back(static_cast<std::int32_t>(std::clamp(std::round(bias), -largest_sum, largest_sum)));
}

/// Moves the biases to multiples of the smallest power of two that lets all of them fit 16 bits, if it is at most
/// 2^allowed_bits.
void round_bias(std::vector<std::int32_t>& bias, int allowed_bits) {
  std::int64_t largest = 0;
  for (const std::int32_t value : bias) largest = std::max(largest, std::abs(std::int64_t{value}));
  int bits = 0;
  while (largest + (std::int64_t{1} << bits) / 2 > std::int64_t{32767} << bits) ++bits;
  if (bits == 0 || bits > allowed_bits) return;
  const double grid = std::ldexp(1.0, bits);
  for (std::int32_t& value : bias) value = static_cast<std::int32_t>(std::round(value / grid) * grid);
}

double half_of(int shift) { return shift == 0 ? 0.0 : std::ldexp(1.0, shift - 1); }

/// The points of a curve: point p is the real value low + p * step.
struct Points {
  double low, step;
  std::int32_t n;
};

void sample_curve(QuantizedLayer& result, const LayerInput& input, const Points& points) {
  const IntegerForm& form = input.form;
  std::vector<double> values;
  for (std::int32_t i = 0; i <= 1 << form.index_bits; ++i) {
    values.push_back(model::activate(input.layer, points.low + points.step * (i << form.fraction_bits)));
  }
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  const double span = *highest - *lowest, scale = span > 0.0 ? span / form.highest : 1.0;
  for (const double value : values) {
    const double level = std::round((value - *lowest) / scale * (1 << form.value_bits));
    result.layer.curve.push_back(static_cast<std::uint16_t>(level));
  }
  result.codes.scale.assign(n_rows(input), scale);
  result.codes.zero.assign(n_rows(input), -*lowest / scale);
}

/// Over all points, and beyond them where the activation is bounded.
double curve_error(const QuantizedLayer& result, const LayerInput& input, const Points& points) {
  double largest = 0.0;
  const auto compare = [&](std::int32_t point, double z) {
    const double code = model::curve_value(input.form, result.layer.curve, point);
    const double value = result.codes.scale[0] * (code - result.codes.zero[0]);
    largest = std::max(largest, std::abs(value - model::activate(input.layer, z)));
  };
  for (std::int32_t point = 0; point < points.n; ++point) compare(point, points.low + points.step * point);
  const Activation activation = input.layer.activation;
  if (activation == Activation::tanh || activation == Activation::logistic) {
    constexpr double far = 100.0;
    compare(0, -far);
    compare(points.n, far);
  }
  return largest;
}

}  // namespace

QuantizedLayer quantize_relu(const LayerInput& input, std::span<const double> highest, int shift) {
  QuantizedLayer result{.layer = {.shift = shift}, .codes = {}};
  for (std::size_t row = 0; row < n_rows(input); ++row) {
    // A unit that the data never wakes still gets a step in proportion to its bias.
    const double largest = std::max(highest[row], std::abs(input.layer.bias[row]) / 16.0);
    double step = std::max(finest_step(input, row), std::ldexp(largest / input.form.highest, -shift));
    if (!(step > 0.0)) step = 1.0;
    add_row(result.layer, input, row, step, half_of(shift));
    result.codes.scale.push_back(std::ldexp(step, shift));
  }
  result.codes.zero.assign(n_rows(input), 0.0);
  round_bias(result.layer.bias, shift - grid_bits);
  return result;
}

QuantizedLayer quantize_curve(const LayerInput& input, Range range) {
  QuantizedLayer result;
  const int point_bits = input.form.index_bits + input.form.fraction_bits;
  Points points = {.low = 0.0, .step = finest_common_step(input), .n = 1 << point_bits};
  while (points.step * points.n < range.high - range.low) {
    points.step *= 2.0;
    // All points have to be sums that leave room for those beyond the curve.
    if (result.layer.shift + point_bits < largest_sum_bits) ++result.layer.shift;
  }
  const double sum_step = std::ldexp(points.step, -result.layer.shift);
  points.low = (range.low + range.high - points.step * points.n) / 2.0;
  const double added = half_of(result.layer.shift) - points.low / sum_step;
  for (std::size_t row = 0; row < n_rows(input); ++row) add_row(result.layer, input, row, sum_step, added);
  round_bias(result.layer.bias, result.layer.shift - grid_bits);
  sample_curve(result, input, points);
  result.layer.curve_error = curve_error(result, input, points);
  return result;
}

QuantizedLayer quantize_last(const LayerInput& input, double spread) {
  QuantizedLayer result;
  const double step = finest_common_step(input);
  for (std::size_t row = 0; row < n_rows(input); ++row) add_row(result.layer, input, row, step, 0.0);
  const double steps = std::max(1.0, spread / step / grid_of_spread);
  round_bias(result.layer.bias, static_cast<int>(std::log2(std::min(steps, largest_sum))));
  result.codes.scale.assign(n_rows(input), step);
  result.codes.zero.assign(n_rows(input), 0.0);
  return result;
}

}  // namespace emlc::passes
