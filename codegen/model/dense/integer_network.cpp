#include "codegen/model/dense/integer_network.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::model {
namespace {

/// Beyond it every code is at the end of its range: offsets are smaller.
constexpr double largest_step = 8388608.0;

std::int32_t encode_one(const IntegerForm& form, double x, std::int32_t exponent, std::int32_t offset) {
  const double steps =
      std::isnan(x) ? 0.0 : std::clamp(std::round(std::ldexp(x, exponent)), -largest_step, largest_step);
  return std::clamp(static_cast<std::int32_t>(steps) + offset, form.lowest_input, form.highest_input);
}

std::vector<std::int32_t> layer_sums(const IntegerLayer& layer, std::span<const std::int32_t> codes) {
  std::vector<std::int32_t> sums = layer.bias;
  for (std::size_t row = 0; row < sums.size(); ++row) {
    const std::int16_t* weights = layer.weights.data() + row * codes.size();
    for (std::size_t column = 0; column < codes.size(); ++column) sums[row] += weights[column] * codes[column];
  }
  return sums;
}

/// Of a hidden layer.
std::int32_t code_of(const IntegerForm& form, const IntegerLayer& layer, std::int32_t sum) {
  const std::int32_t shifted = std::max(sum, 0) >> layer.shift;
  return layer.curve.empty() ? std::min(shifted, form.highest) : curve_value(form, layer.curve, shifted);
}

}  // namespace

const IntegerForm& form_of(IntegerWidth width) {
  static constexpr IntegerForm bits8 = {8, 0, 255, 128, 255, 127, 6, 6, 7};
  static constexpr IntegerForm bits16 = {16, -32768, 32767, 0, 32767, 32767, 8, 8, 0};
  return width == IntegerWidth::bits8 ? bits8 : bits16;
}

std::int32_t curve_value(const IntegerForm& form, std::span<const std::uint16_t> curve, std::int32_t point) {
  const std::int32_t turn = 1 << form.fraction_bits;
  point = std::clamp(point, 0, (1 << (form.index_bits + form.fraction_bits)) - 1);
  const auto index = static_cast<std::size_t>(point / turn);
  const std::int32_t fraction = point % turn, cut = form.fraction_bits + form.value_bits;
  return (curve[index] * (turn - fraction) + curve[index + 1] * fraction + (1 << (cut - 1))) >> cut;
}

std::vector<std::int32_t> encode(const IntegerNetwork& network, NumberType type, std::span<const double> x) {
  const IntegerForm& form = form_of(network.width);
  const NumberType device_type = type == NumberType::float64 ? NumberType::float32 : type;
  std::vector<std::int32_t> codes(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t feature = network.exponent.size() == 1 ? 0 : i;
    codes[i] = encode_one(form, round_to(device_type, x[i]), network.exponent[feature], network.offset[feature]);
  }
  return codes;
}

std::vector<std::int32_t> integer_sums(const IntegerNetwork& network, std::vector<std::int32_t> codes) {
  const IntegerForm& form = form_of(network.width);
  for (std::size_t index = 0; index + 1 < network.layers.size(); ++index) {
    const IntegerLayer& layer = network.layers[index];
    codes = layer_sums(layer, codes);
    for (std::int32_t& sum : codes) sum = code_of(form, layer, sum);
  }
  return layer_sums(network.layers.back(), codes);
}

std::vector<LayerTrace> trace(const IntegerNetwork& network, std::vector<std::int32_t> codes) {
  const IntegerForm& form = form_of(network.width);
  std::vector<LayerTrace> traces;
  for (const IntegerLayer& layer : network.layers) {
    traces.push_back({.sums = layer_sums(layer, codes), .points = {}});
    if (&layer == &network.layers.back()) break;
    codes = traces.back().sums;
    for (std::int32_t& sum : codes) {
      traces.back().points.push_back(sum >> layer.shift);
      sum = code_of(form, layer, sum);
    }
  }
  return traces;
}

std::int32_t largest_point(const IntegerForm& form, const IntegerLayer& layer) {
  return layer.curve.empty() ? form.highest : (1 << (form.index_bits + form.fraction_bits)) - 1;
}

}  // namespace emlc::model
