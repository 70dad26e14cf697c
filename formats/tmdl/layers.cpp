#include "formats/tmdl/layers.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <span>

#include "codegen/model/error.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "formats/tmdl/codes.hpp"

namespace emlc::formats {
namespace {

std::uint32_t size_of(const TmdlLayer& layer) { return static_cast<std::uint32_t>(layer.block.size()); }

/// Appends float32 numbers and the bytes of `tail`, padded to 8 bytes, as the part `part`.
void append_floats(TmdlLayer& layer, std::string_view part, std::span<const double> values, std::string_view field,
                   std::string_view tail = {}) {
  const std::size_t before = layer.block.size();
  ByteBlock numbers(values.size() * sizeof(float));
  for (std::size_t i = 0; i < values.size(); ++i) {
    numbers.f32(i * sizeof(float), to_float32(values[i], fmt::format("{}[{}]", field, i)));
  }
  layer.block.append(numbers.bytes());
  layer.block.append(tail);
  layer.block.pad_to(EMLC_TMDL_ALIGN);
  layer.parts.push_back({std::string(part), layer.block.size() - before});
}

/// Weights and bias, and their offsets into the two fields at `offsets_at`.
void append_weights(TmdlLayer& layer, const model::DenseLayer& dense, std::size_t offsets_at, std::string_view field) {
  layer.block.u32(offsets_at, size_of(layer));
  append_floats(layer, "weights", dense.weights, fmt::format("{}.weights", field));
  layer.block.u32(offsets_at + 4, size_of(layer));
  append_floats(layer, "bias", dense.bias, fmt::format("{}.bias", field));
}

void warn_if_unstable(const model::SosSection& section, const model::SosSection& rounded, const std::string& field,
                      std::vector<std::string>& warnings) {
  if (model::pole_radius(section) >= 1.0 || model::pole_radius(rounded) < 1.0) return;
  warnings.push_back(fmt::format("{}: rounded to float32 the section is unstable", field));
}

TmdlLayer layer_of_trees(std::uint16_t type, const model::Model& model, const layout::TreeLayer& trees) {
  TmdlLayer layer = new_layer(type, n_columns(model), model.output.n_outputs, EMLC_LAYER_HEADER_SIZE);
  layer.block.append({reinterpret_cast<const char*>(trees.body.data()), trees.body.size()});
  layer.parts.insert(layer.parts.end(), trees.parts.begin(), trees.parts.end());
  layer.ram = trees.ram;
  return layer;
}

}  // namespace

void ByteBlock::put(std::size_t at, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes_.at(at + i) = static_cast<char>(value >> (8 * i) & 0xFFU);
}
void ByteBlock::f32(std::size_t at, float value) { put(at, std::bit_cast<std::uint32_t>(value), 4); }
void ByteBlock::f64(std::size_t at, double value) { put(at, std::bit_cast<std::uint64_t>(value), 8); }
void ByteBlock::pad_to(std::size_t multiple) { bytes_.resize((bytes_.size() + multiple - 1) / multiple * multiple); }

float to_float32(double value, std::string_view field) {
  const auto narrow = static_cast<float>(value);
  if (std::isinf(narrow)) throw Error({.field = std::string(field)}, fmt::format("{} does not fit float32", value));
  return narrow;
}

float to_divisor(double value, std::string_view field) {
  const float narrow = to_float32(value, field);
  if (narrow != 0.0F) return narrow;
  throw Error({.field = std::string(field)}, fmt::format("{} is 0 in float32, and something is divided by it", value));
}

TmdlLayer new_layer(std::uint16_t type, std::int32_t n_in, std::int32_t n_out, std::size_t data_at) {
  TmdlLayer layer{.type = type, .n_in = n_in, .n_out = n_out, .block = ByteBlock(data_at)};
  layer.block.u16(EMLC_LAYER_AT_TYPE, type);
  layer.block.f32(EMLC_LAYER_AT_IN_S, 1.0F);
  layer.block.f32(EMLC_LAYER_AT_OUT_S, 1.0F);
  layer.parts.push_back({"layer headers", data_at});
  return layer;
}

TmdlLayer conv_layer(const model::DenseLayer& dense, std::string_view field) {
  TmdlLayer layer = new_layer(EMLC_LAYER_CONV2D, dense.n_in, dense.n_out, EMLC_CONV_AT_DATA);
  for (std::size_t i = 0; i < 6; ++i) layer.block.u8(EMLC_CONV_AT_KERNEL + i, 1);
  const bool is_relu = dense.activation == model::Activation::relu;
  layer.block.u16(EMLC_CONV_AT_ACT, is_relu ? EMLC_CONV_ACT_RELU : EMLC_CONV_ACT_NONE);
  layer.block.u32(EMLC_CONV_AT_WS_OFT, size_of(layer));  // floats have no weight scales: the weights come at once
  append_weights(layer, dense, EMLC_CONV_AT_W_OFT, field);
  return layer;
}

TmdlLayer fc_layer(const model::DenseLayer& dense, std::string_view field) {
  TmdlLayer layer = new_layer(EMLC_LAYER_FC, dense.n_in, dense.n_out, EMLC_FC_AT_DATA);
  layer.block.u32(EMLC_FC_AT_WS_OFT, size_of(layer));
  append_weights(layer, dense, EMLC_FC_AT_W_OFT, field);
  return layer;
}

TmdlLayer softmax_layer(std::int32_t n) { return new_layer(EMLC_LAYER_SOFTMAX, n, n, EMLC_LAYER_HEADER_SIZE); }

TmdlLayer dense_layer(const model::DenseLayer& dense, std::string_view field) {
  TmdlLayer layer = new_layer(EMLC_LAYER_DENSE, dense.n_in, dense.n_out, EMLC_DENSE_AT_DATA);
  append_weights(layer, dense, EMLC_DENSE_AT_W_OFT, field);
  layer.block.u16(EMLC_DENSE_AT_ACTIVATION, static_cast<std::uint16_t>(code_of(activation_codes, dense.activation)));
  layer.block.f32(EMLC_DENSE_AT_ALPHA, to_float32(dense.alpha, fmt::format("{}.alpha", field)));
  return layer;
}

TmdlLayer post_transform_layer(const model::PostTransform& transform, std::int32_t n) {
  TmdlLayer layer = new_layer(EMLC_LAYER_POST_TRANSFORM, n, n, EMLC_POST_AT_DATA);
  layer.block.u16(EMLC_POST_AT_KIND, static_cast<std::uint16_t>(code_of(post_transform_codes, transform.kind)));
  layer.block.f32(EMLC_POST_AT_SCALE, to_float32(transform.scale, "model.post_transform.scale"));
  layer.block.f32(EMLC_POST_AT_DENOMINATOR, to_divisor(transform.denominator, "model.post_transform.denominator"));
  layer.block.f32(EMLC_POST_AT_OFFSET, to_float32(transform.offset, "model.post_transform.offset"));
  return layer;
}

TmdlLayer trees_layer(const model::Model& model) {
  return layer_of_trees(EMLC_LAYER_TREES, model, layout::lay_out_tree_layer(model));
}

TmdlLayer linked_trees_layer(const model::Model& model, const layout::TreeLayer& trees) {
  return layer_of_trees(EMLC_LAYER_LINKED_TREES, model, trees);
}

TmdlLayer scaler_layer(const model::Scaler& scaler, std::string_view field) {
  const auto n = static_cast<std::int32_t>(scaler.offset.size());
  TmdlLayer layer = new_layer(EMLC_LAYER_SCALER, n, n, EMLC_SCALER_AT_DATA);
  layer.block.u16(EMLC_SCALER_AT_OP, static_cast<std::uint16_t>(code_of(scaler_codes, scaler.op)));
  if (scaler.clip) {
    layer.block.u16(EMLC_SCALER_AT_HAS_CLIP, 1);
    layer.block.f32(EMLC_SCALER_AT_LOW, to_float32(scaler.clip->first, fmt::format("{}.clip[0]", field)));
    layer.block.f32(EMLC_SCALER_AT_HIGH, to_float32(scaler.clip->second, fmt::format("{}.clip[1]", field)));
  }
  for (std::size_t i = 0; i < scaler.scale.size() && scaler.op == model::ScalerOp::subtract_divide; ++i) {
    to_divisor(scaler.scale[i], fmt::format("{}.scale[{}]", field, i));
  }
  // Both in one span: the scales start where the offsets end, without padding.
  std::vector<double> numbers = scaler.offset;
  numbers.insert(numbers.end(), scaler.scale.begin(), scaler.scale.end());
  append_floats(layer, "scalers", numbers, field);
  return layer;
}

TmdlLayer sos_layer(const model::SosCascade& cascade, std::vector<std::string>& warnings) {
  const bool is_direct = model::is_direct(cascade);
  const std::size_t words = is_direct ? EMLC_SOS_STATE : EMLC_SOS_STRUCTURES_STATE;
  TmdlLayer layer = new_layer(is_direct ? EMLC_LAYER_SOS : EMLC_LAYER_SOS_STRUCTURES, 1, 1, EMLC_SOS_AT_DATA);
  const model::SosCascade rounded = model::as_rounded(cascade);
  std::vector<double> numbers;
  std::string structures;
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const model::SosStructure structure = model::structure_of(cascade, index);
    const auto row = model::coefficients(cascade.sections[index], structure);
    numbers.insert(numbers.end(), row.begin(), row.end());
    structures += static_cast<char>(code_of(structure_codes, structure));
    warn_if_unstable(cascade.sections[index], rounded.sections[index], fmt::format("sections[{}]", index), warnings);
  }
  for (std::size_t index = 0; index < cascade.initial_state.size(); ++index) {
    const auto z = model::initial_words(cascade.initial_state[index], model::structure_of(cascade, index));
    numbers.insert(numbers.end(), z.begin(), z.begin() + static_cast<std::ptrdiff_t>(words));
  }
  layer.block.u32(EMLC_SOS_AT_COUNT, static_cast<std::uint32_t>(cascade.sections.size()));
  layer.block.u32(EMLC_SOS_AT_HAS_STATE, cascade.initial_state.empty() ? 0 : 1);
  layer.block.f64(EMLC_SOS_AT_SAMPLE_RATE, cascade.sample_rate.value_or(0.0));
  append_floats(layer, "sections", numbers, "sections", is_direct ? std::string_view() : structures);
  return layer;
}

TmdlLayer sos_fixed_layer(const model::SosCascade& cascade) {
  const model::FixedPoint& fixed = cascade.fixed.value();
  TmdlLayer layer = new_layer(EMLC_LAYER_SOS_FIXED, 1, 1, EMLC_SOS_FIXED_AT_DATA);
  const auto put = [&](std::size_t at, int value) { layer.block.u8(at, static_cast<std::uint8_t>(value)); };
  layer.block.u32(EMLC_SOS_FIXED_AT_COUNT, static_cast<std::uint32_t>(cascade.sections.size()));
  put(EMLC_SOS_FIXED_AT_ARITHMETIC, code_of(arithmetic_codes, fixed.arithmetic));
  put(EMLC_SOS_FIXED_AT_FRACTION_BITS, fixed.fraction_bits);
  put(EMLC_SOS_FIXED_AT_ROUNDING, code_of(rounding_codes, fixed.rounding));
  put(EMLC_SOS_FIXED_AT_HEADROOM, fixed.headroom);
  layer.block.f64(EMLC_SOS_FIXED_AT_SAMPLE_RATE, cascade.sample_rate.value_or(0.0));
  put(EMLC_SOS_FIXED_AT_LIFT, fixed.lift);
  const std::size_t unit = static_cast<std::size_t>(info(fixed.arithmetic).sample_bits) / 8;
  ByteBlock numbers(cascade.sections.size() * 5 * unit);
  std::size_t at = 0;
  for (const model::SosIntegers& section : integers(cascade)) {
    for (const std::int32_t c : section) {
      numbers.integer(at, c, unit);
      at += unit;
    }
  }
  layer.block.append(numbers.bytes());
  layer.block.pad_to(EMLC_TMDL_ALIGN);
  layer.parts.push_back({"sections", layer.block.size() - EMLC_SOS_FIXED_AT_DATA});
  return layer;
}

bool ends_in_softmax(const model::DenseNetwork& network) {
  return network.layers.back().activation == model::Activation::softmax ||
         network.post_transform.kind == model::PostTransformKind::softmax;
}

void check_width(std::int32_t width, std::string_view field) {
  if (width <= static_cast<std::int32_t>(EMLC_TMDL_MAX_WIDTH)) return;
  throw Error({.field = std::string(field)},
              fmt::format("{} values, a .tmdl holds at most {}", width, EMLC_TMDL_MAX_WIDTH));
}

}  // namespace emlc::formats
