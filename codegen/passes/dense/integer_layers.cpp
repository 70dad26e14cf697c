#include "codegen/passes/dense/integer_layers.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "codegen/model/predict/predict.hpp"

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

/// The code that the mean of a value has.
double mean_code(const LayerInput& input, std::size_t column) {
  const double code = input.codes.mean[column] / input.codes.scale[column] + input.codes.zero[column];
  return std::clamp(code, -static_cast<double>(input.largest_code), static_cast<double>(input.largest_code));
}

/// The real value of a row before its activation where all codes are at their mean.
double mean_value(const LayerInput& input, std::size_t row) {
  double value = input.layer.bias[row];
  for (std::size_t column = 0; column < n_columns(input); ++column) {
    value += weight_at(input, row, column) * (mean_code(input, column) - input.codes.zero[column]);
  }
  return value;
}

/// The finest step of a row: what one unit of its sum is. Weights and sums have to fit.
double finest_step(const LayerInput& input, std::size_t row) {
  double largest = 0.0, total = std::abs(mean_value(input, row));
  for (std::size_t column = 0; column < n_columns(input); ++column) {
    const double weight = std::abs(weight_at(input, row, column));
    largest = std::max(largest, weight);
    total += weight * (input.largest_code + std::abs(mean_code(input, column)));
  }
  return std::max(largest / input.form.largest_weight, total / largest_sum);
}

double finest_common_step(const LayerInput& input) {
  double step = 0.0;
  for (std::size_t row = 0; row < n_rows(input); ++row) step = std::max(step, finest_step(input, row));
  return step > 0.0 ? step : 1.0;
}

/// `added` is what the bias carries besides: rounding, and where a curve begins.
void add_row(IntegerLayer& layer, const LayerInput& input, std::size_t row, double step, double added) {
  std::vector<double> exact;
  for (std::size_t column = 0; column < n_columns(input); ++column) {
    exact.push_back(weight_at(input, row, column) / step);
  }
  const std::vector<double> weights =
      round_weights(exact, input.compensation, input.codes.scale, input.form.largest_weight);
  double bias = input.layer.bias[row] / step + added;
  for (std::size_t column = 0; column < n_columns(input); ++column) {
    const double mean = mean_code(input, column);
    layer.weights.push_back(static_cast<std::int16_t>(weights[column]));
    bias += exact[column] * (mean - input.codes.zero[column]) - weights[column] * mean;
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
    values.push_back(model::activate(input.layer, 0, points.low + points.step * (i << form.fraction_bits)));
  }
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  const double span = *highest - *lowest, scale = span > 0.0 ? span / form.highest : 1.0;
  for (const double value : values) {
    const double level = std::round((value - *lowest) / scale * (1 << form.value_bits));
    result.layer.curve.push_back(static_cast<std::uint16_t>(level));
  }
  result.codes.scale.assign(n_rows(input), scale);
  result.codes.zero.assign(n_rows(input), -*lowest / scale);
  result.codes.mean.assign(input.mean.begin(), input.mean.end());
}

/// Over all points, and beyond them where the activation is bounded.
double curve_error(const QuantizedLayer& result, const LayerInput& input, const Points& points) {
  double largest = 0.0;
  const auto compare = [&](std::int32_t point, double z) {
    const double code = model::curve_value(input.form, result.layer.curve, point);
    const double value = result.codes.scale[0] * (code - result.codes.zero[0]);
    largest = std::max(largest, std::abs(value - model::activate(input.layer, 0, z)));
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
    // A unit that the data never wakes still gets a step in proportion to how far it is from that.
    const double largest = std::max(highest[row], std::abs(mean_value(input, row)) / 16.0);
    double step = std::max(finest_step(input, row), std::ldexp(largest / input.form.highest, -shift));
    if (!(step > 0.0)) step = 1.0;
    add_row(result.layer, input, row, step, half_of(shift));
    result.codes.scale.push_back(std::ldexp(step, shift));
  }
  result.codes.zero.assign(n_rows(input), 0.0);
  result.codes.mean.assign(input.mean.begin(), input.mean.end());
  round_bias(result.layer.bias, shift - grid_bits);
  return result;
}

QuantizedLayer quantize_curve(const LayerInput& input, Range range) {
  QuantizedLayer result;
  const int point_bits = input.form.index_bits + input.form.fraction_bits;
  Points points = {.low = 0.0, .step = finest_common_step(input), .n = 1 << point_bits};
  while (points.step * points.n < range.high - range.low) {
    // A step that is a little coarser than the weights need may spare the curve from reaching too far.
    const double growth = (range.high - range.low) / (points.step * points.n);
    const bool has_bits_to_spare = input.form.bits == 16 || growth * growth <= 2.0;
    points.step *= growth < 2.0 && has_bits_to_spare ? growth : 2.0;
    if (growth < 2.0 && has_bits_to_spare) break;
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
