#include "formats/tmdl/int8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "codegen/model/error.hpp"
#include "formats/tmdl/codes.hpp"

// note [saturation]
// TinyMaix neither rounds nor limits what it casts to int8: a value out of range wraps around. The one thing that
// limits is the activation ReLU6, so every layer is scaled to have its range end at 6, which any positive factor can do
// that the next layer takes back, and 6 is the largest int8. With softmax behind it the last layer is moved to 0 to 6
// too: softmax does not mind a shift, and reads its own scale from its header. What stays without limits is the input,
// and the last layer of a network without softmax, whose values have to be the real ones. Half a step in the bias turns
// truncation into rounding, where codes are not negative.

namespace emlc::formats {
namespace {

using model::DenseLayer;
using model::DenseNetwork;
using Range = model::ValueRange;

constexpr double relu6_top = 6.0;
constexpr double largest_weight = 127.0;
/// What calibration may have missed: this much more on either side, of a range without limits.
constexpr double margin = 0.1;

/// real = scale * (q - zero_point), as TinyMaix stores it.
struct Codes {
  float scale;
  std::int32_t zero_point;
};

/// How the numbers of a layer become codes: each is multiplied by `factor`, then `shift` is added.
struct Target {
  Codes codes;
  double factor = 1.0, shift = 0.0;
  int activation = EMLC_CONV_ACT_NONE;
  double rounding = 0.0;  ///< steps that the bias has more
};

/// A power of two where integers have one for all features, so that TinyMaix makes the same codes; else the range.
Codes input_codes(const model::IntegerNetwork& integers) {
  if (integers.exponent.size() == 1) {
    const std::int32_t zero_point = integers.offset[0] - form_of(integers.width).zero;
    const auto scale = static_cast<float>(std::ldexp(1.0, -integers.exponent[0]));
    if (zero_point >= -128 && zero_point <= 127) return {scale, zero_point};
  }
  const double low = std::min(integers.ranges[0].low, 0.0), high = std::max(integers.ranges[0].high, 0.0);
  const double scale = high > low ? (high - low) / 250.0 : 1.0;
  return {static_cast<float>(scale), static_cast<std::int32_t>(std::round(-125.0 - low / scale))};
}

Target hidden_target(const Range& range) {
  constexpr double step = relu6_top / 127.5;
  return {.codes = {static_cast<float>(step), 0},
          .factor = range.high > 0.0 ? relu6_top / range.high : 1.0,
          .activation = EMLC_CONV_ACT_RELU6,
          .rounding = 0.5};
}

Target target_before_softmax(const Range& range) {
  constexpr double step = relu6_top / 255.5;
  const double span = std::max(range.high - range.low, 1e-3) * (1.0 + 2.0 * margin);
  const double low = (range.low + range.high - span) / 2.0, factor = relu6_top / span;
  return {.codes = {static_cast<float>(step), -128},
          .factor = factor,
          .shift = -low * factor,
          .activation = EMLC_CONV_ACT_RELU6};
}

Target last_target(const Range& range) {
  const double largest = std::max({std::abs(range.low), std::abs(range.high), 1e-6});
  return {.codes = {static_cast<float>(largest * (1.0 + margin) / 127.0), 0}};
}

void put_codes(TmdlLayer& layer, std::size_t at, const Codes& codes) {
  layer.block.f32(at, codes.scale);
  layer.block.u32(at + 4, static_cast<std::uint32_t>(codes.zero_point));
}

void append_block(TmdlLayer& layer, std::size_t offset_at, const ByteBlock& data, std::string_view part) {
  layer.block.u32(offset_at, static_cast<std::uint32_t>(layer.block.size()));
  const std::size_t before = layer.block.size();
  layer.block.append(data.bytes());
  layer.block.pad_to(EMLC_TMDL_ALIGN);
  layer.parts.push_back({std::string(part), layer.block.size() - before});
}

/// What comes in has been multiplied by `factor_in`.
TmdlLayer int8_conv(const DenseLayer& dense, const Codes& in, double factor_in, const Target& target) {
  const auto n_in = static_cast<std::size_t>(dense.n_in), n_out = static_cast<std::size_t>(dense.n_out);
  TmdlLayer layer = new_layer(EMLC_LAYER_CONV2D, dense.n_in, dense.n_out, EMLC_CONV_AT_DATA);
  for (std::size_t i = 0; i < 6; ++i) layer.block.u8(EMLC_CONV_AT_KERNEL + i, 1);
  layer.block.u16(EMLC_CONV_AT_ACT, static_cast<std::uint16_t>(target.activation));
  put_codes(layer, EMLC_LAYER_AT_IN_S, in);
  put_codes(layer, EMLC_LAYER_AT_OUT_S, target.codes);
  ByteBlock scales(4 * n_out), weights(n_in * n_out), biases(4 * n_out);
  for (std::size_t row = 0; row < n_out; ++row) {
    const double bias = dense.bias[row] * target.factor + target.shift;
    double largest = 0.0;
    for (std::size_t i = 0; i < n_in; ++i) largest = std::max(largest, std::abs(dense.weights[row * n_in + i]));
    // float32 holds sums of 24 bits exactly; a bias far beyond its weights stays within them.
    constexpr double largest_bias = 1 << 22;
    const double finest =
        std::max(largest * target.factor / factor_in / largest_weight, std::abs(bias) / in.scale / largest_bias);
    const auto scale = static_cast<float>(finest > 1e-30 ? finest : 1.0);
    const double step = static_cast<double>(scale) * in.scale;
    double sum = std::round(bias / step + target.rounding * target.codes.scale / step);
    for (std::size_t i = 0; i < n_in; ++i) {
      const double exact = dense.weights[row * n_in + i] * target.factor / factor_in / scale;
      const double weight = std::clamp(std::round(exact), -largest_weight, largest_weight);
      weights.u8(row * n_in + i, static_cast<std::uint8_t>(static_cast<std::int8_t>(weight)));
      sum -= weight * in.zero_point;
    }
    scales.f32(4 * row, scale);
    biases.u32(4 * row, static_cast<std::uint32_t>(static_cast<std::int32_t>(sum)));
  }
  append_block(layer, EMLC_CONV_AT_WS_OFT, scales, "weight scales");
  append_block(layer, EMLC_CONV_AT_W_OFT, weights, "weights");
  append_block(layer, EMLC_CONV_AT_B_OFT, biases, "bias");
  return layer;
}

/// Reads codes of `in` as multiples of the true step, and gives probabilities in 1/256.
TmdlLayer int8_softmax(std::int32_t n, const Target& before) {
  TmdlLayer layer = softmax_layer(n);
  const auto step = static_cast<float>(before.codes.scale / before.factor);
  put_codes(layer, EMLC_LAYER_AT_IN_S, {step, before.codes.zero_point});
  put_codes(layer, EMLC_LAYER_AT_OUT_S, {1.0F / 256.0F, -128});
  return layer;
}

}  // namespace

std::vector<TmdlLayer> int8_layers(const model::Model& model, const DenseNetwork& network, layout::TmdlProfile profile,
                                   std::vector<std::string>& warnings) {
  const model::IntegerNetwork& integers = *network.integers;
  if (integers.width != model::IntegerWidth::bits8) {
    throw Error({.field = "--weights"}, "int16 networks are not in the .tmdl format that TinyMaix runs; use int8");
  }
  const bool has_softmax = ends_in_softmax(network);
  std::vector<TmdlLayer> layers;
  Codes codes = input_codes(integers);
  warnings.push_back(fmt::format("TinyMaix does not limit its input: outside of {:.6g} to {:.6g} it wraps around",
                                 codes.scale * (-128.0 - codes.zero_point), codes.scale * (127.0 - codes.zero_point)));
  if (profile == layout::TmdlProfile::emlearn_cnn) {
    warnings.push_back(fmt::format("emlearn_cnn takes bytes: round(x / {:.9g}) + {}, from 0 to 255",
                                   static_cast<double>(codes.scale), codes.zero_point + 128));
  }
  double factor = 1.0;
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    const bool is_last = index + 1 == network.layers.size();
    const Range& range = integers.ranges[index + 1];
    Target target = is_last ? (has_softmax ? target_before_softmax(range) : last_target(range)) : hidden_target(range);
    if (!is_last && network.layers[index].activation != model::Activation::relu) target = last_target(range);
    layers.push_back(int8_conv(network.layers[index], codes, factor, target));
    if (is_last && has_softmax && profile == layout::TmdlProfile::tinymaix) {
      layers.push_back(int8_softmax(model.output.n_outputs, target));
    }
    if (is_last && has_softmax && profile == layout::TmdlProfile::emlearn_cnn) {
      warnings.push_back(
          fmt::format("outputs are scores; softmax of score * {:.6g} gives the probabilities", 1.0 / target.factor));
    }
    if (target.activation == EMLC_CONV_ACT_NONE) {
      warnings.push_back(fmt::format("layers[{}]: TinyMaix does not limit its values, beyond {:.6g} they wrap around",
                                     index, target.codes.scale * 127.0));
    }
    codes = target.codes;
    factor = target.factor;
  }
  return layers;
}

}  // namespace emlc::formats
