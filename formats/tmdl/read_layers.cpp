#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "codegen/layout/trees/layer.hpp"
#include "codegen/layout/trees/linked/layer.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "formats/tmdl/codes.hpp"
#include "formats/tmdl/draft.hpp"
#include "formats/tmdl/step_layers.hpp"

namespace emlc::formats {
namespace {

/// The network that a dense layer goes on with, or begins.
model::DenseNetwork& network_before(const TmdlLayerView& layer, TmdlDraft& draft) {
  if (is_only_scalers(draft)) draft.model.predictor = model::DenseNetwork{};
  auto* network = std::get_if<model::DenseNetwork>(&draft.model.predictor);
  if (network == nullptr) layer.fail(0, "", "this layer cannot come after trees or a filter");
  if (network->post_transform.kind != model::PostTransformKind::identity) {
    layer.fail(0, "", "this layer cannot come after the softmax or the post-transform of the outputs");
  }
  return *network;
}

/// Real weights of an int8 layer: w = ws * q. The stored bias has the input's zero point worked in: b = ws * in_s *
/// (b_q + in_zp * sum of the row).
void dequantize(const TmdlLayerView& layer, const emlc_tmdl_weights& at, model::DenseLayer& dense) {
  const bool per_row = layer.header.type == EMLC_LAYER_CONV2D;
  const auto n_in = static_cast<std::size_t>(dense.n_in), n_out = static_cast<std::size_t>(dense.n_out);
  const std::vector<double> scales = layer.floats(at.scales, per_row ? n_out : 1, "ws");
  const std::uint8_t* q = layer.bytes(at.weights, n_in * n_out, "weights");
  const std::uint8_t* bias = layer.bytes(at.bias, n_out * 4, "bias");
  const double in_scale = layer.f32(EMLC_LAYER_AT_IN_S, "in_s");
  const std::int64_t zero_point = emlc_read_i32(layer.bytes(EMLC_LAYER_AT_IN_ZP, 4, "in_zp"));
  for (std::size_t row = 0; row < n_out; ++row) {
    const double scale = scales[per_row ? row : 0];
    std::int64_t sum = 0;
    for (std::size_t column = 0; column < n_in; ++column) {
      const auto weight = static_cast<std::int8_t>(q[row * n_in + column]);
      dense.weights.push_back(scale * weight);
      sum += weight;
    }
    dense.bias.push_back(scale * in_scale * static_cast<double>(emlc_read_i32(bias + 4 * row) + zero_point * sum));
  }
}

model::DenseLayer read_weights(const TmdlLayerView& layer, bool is_int8) {
  model::DenseLayer dense{.n_in = static_cast<std::int32_t>(layer.header.n_in),
                          .n_out = static_cast<std::int32_t>(layer.header.n_out),
                          .weights = {},
                          .bias = {}};
  const emlc_tmdl_weights at = emlc_tmdl_weights_of(&layer.header);
  if (is_int8) {
    dequantize(layer, at, dense);
  } else {
    const auto n_in = static_cast<std::size_t>(dense.n_in), n_out = static_cast<std::size_t>(dense.n_out);
    dense.weights = layer.floats(at.weights, n_in * n_out, "weights");
    dense.bias = layer.floats(at.bias, n_out, "bias");
  }
  return dense;
}

void read_conv(const TmdlLayerView& layer, TmdlDraft& draft) {
  model::DenseLayer dense = read_weights(layer, draft.is_int8);
  const int act = layer.u16(EMLC_CONV_AT_ACT, "act");
  if (act == EMLC_CONV_ACT_RELU) dense.activation = model::Activation::relu;
  if (act == EMLC_CONV_ACT_RELU6) dense.activation = model::Activation::relu6;
  draft.scale = layer.f32(EMLC_LAYER_AT_OUT_S, "out_s");
  network_before(layer, draft).layers.push_back(std::move(dense));
}

void read_fc(const TmdlLayerView& layer, TmdlDraft& draft) {
  draft.scale = layer.f32(EMLC_LAYER_AT_OUT_S, "out_s");
  network_before(layer, draft).layers.push_back(read_weights(layer, draft.is_int8));
}

/// The softmax of the layer before, or, where that one has ReLU, of the outputs. In int8 it may read the codes of the
/// layer before with a scale of its own; what its zero point adds to all of them makes no difference.
void read_softmax(const TmdlLayerView& layer, TmdlDraft& draft) {
  model::DenseNetwork& network = network_before(layer, draft);
  if (network.layers.empty()) layer.fail(0, "", "SOFTMAX has to come after a dense layer");
  const double scale = draft.is_int8 ? layer.f32(EMLC_LAYER_AT_IN_S, "in_s") / draft.scale : 1.0;
  model::Activation& activation = network.layers.back().activation;
  if (activation == model::Activation::identity && scale == 1.0) {
    activation = model::Activation::softmax;
  } else {
    network.post_transform = {.kind = model::PostTransformKind::softmax, .scale = scale};
  }
}

void read_reshape(const TmdlLayerView& /*layer*/, TmdlDraft& /*draft*/) {}

void read_dense(const TmdlLayerView& layer, TmdlDraft& draft) {
  model::DenseLayer dense = read_weights(layer, false);
  dense.activation = value_of(activation_codes, layer.u16(EMLC_DENSE_AT_ACTIVATION, "activation")).value();
  dense.alpha = layer.f32(EMLC_DENSE_AT_ALPHA, "alpha");
  network_before(layer, draft).layers.push_back(std::move(dense));
}

void read_post_transform(const TmdlLayerView& layer, TmdlDraft& draft) {
  model::DenseNetwork& network = network_before(layer, draft);
  if (network.layers.empty()) layer.fail(0, "", "a post-transform has to come after a dense layer");
  network.post_transform = {.kind = value_of(post_transform_codes, layer.u16(EMLC_POST_AT_KIND, "kind")).value(),
                            .scale = layer.f32(EMLC_POST_AT_SCALE, "scale"),
                            .denominator = layer.f32(EMLC_POST_AT_DENOMINATOR, "denominator"),
                            .offset = layer.f32(EMLC_POST_AT_OFFSET, "offset")};
}

void read_scaler(const TmdlLayerView& layer, TmdlDraft& draft) {
  if (!is_only_scalers(draft)) {
    layer.fail(0, "", "a scaler has to come before all other layers");
  }
  const std::size_t n = layer.header.n_in;
  model::Scaler scaler;
  scaler.op = value_of(scaler_codes, layer.u16(EMLC_SCALER_AT_OP, "op")).value();
  scaler.offset = layer.floats(EMLC_SCALER_AT_DATA, n, "offset");
  scaler.scale = layer.floats(EMLC_SCALER_AT_DATA + n * sizeof(float), n, "scale");
  if (layer.u16(EMLC_SCALER_AT_HAS_CLIP, "has_clip") == 1) {
    scaler.clip = {layer.f32(EMLC_SCALER_AT_LOW, "low"), layer.f32(EMLC_SCALER_AT_HIGH, "high")};
  }
  draft.model.scalers.push_back(std::move(scaler));
}

/// Of either layer of trees.
void read_trees(const TmdlLayerView& layer, TmdlDraft& draft) {
  if (!is_only_scalers(draft)) {
    layer.fail(0, "", "trees cannot come after layers other than scalers and steps");
  }
  const auto read = layer.header.type == EMLC_LAYER_LINKED_TREES ? layout::read_linked_layer : layout::read_tree_layer;
  const std::size_t size = layer.header.size - EMLC_LAYER_HEADER_SIZE;
  try {
    model::TreeEnsemble trees = read({layer.bytes(EMLC_LAYER_HEADER_SIZE, size, "body"), size});
    trees.n_features = static_cast<std::int32_t>(layer.header.n_in);
    // Trees say which type they compare; scalers and steps take and give floats.
    if (takes_inputs(draft.model)) draft.model.input.type = trees.feature_type;
    draft.model.predictor = std::move(trees);
  } catch (const Error& error) {
    layer.fail(EMLC_LAYER_HEADER_SIZE, "body", error.what());
  }
}

/// In Hz; nothing where the layer has 0.
std::optional<double> read_sample_rate(const TmdlLayerView& layer, std::size_t at) {
  const double rate = layer.f64(at, "sample_rate");
  if (rate < 0.0) layer.fail(at, "sample_rate", fmt::format("expected 0 or more, found {}", rate));
  return rate > 0.0 ? std::optional(rate) : std::nullopt;
}

/// Sections with a structure each, or direct ones. The model gets b and a of them, and the state of the direct form.
void read_sos(const TmdlLayerView& layer, TmdlDraft& draft) {
  const bool is_mixed = layer.header.type == EMLC_LAYER_SOS_STRUCTURES;
  const std::size_t words = is_mixed ? EMLC_SOS_STRUCTURES_STATE : EMLC_SOS_STATE;
  const std::size_t n = layer.u32(EMLC_SOS_AT_COUNT, "n_sections");
  const bool has_state = layer.u32(EMLC_SOS_AT_HAS_STATE, "has_state") == 1;
  const std::vector<double> rows = layer.floats(EMLC_SOS_AT_DATA, n * 5, "sections");
  const std::size_t state_at = EMLC_SOS_AT_DATA + n * 5 * sizeof(float);
  const std::vector<double> z = has_state ? layer.floats(state_at, n * words, "initial_state") : std::vector<double>();
  const std::size_t structures_at = state_at + z.size() * sizeof(float);
  model::SosCascade cascade;
  for (std::size_t i = 0; i < n; ++i) {
    const int code = is_mixed ? layer.u8(structures_at + i, "structure") : static_cast<int>(EMLC_SOS_DIRECT);
    const auto structure = value_of(structure_codes, code).value();
    cascade.sections.push_back(model::section_of(
        {rows[5 * i], rows[5 * i + 1], rows[5 * i + 2], rows[5 * i + 3], rows[5 * i + 4]}, structure));
    if (has_state)
      cascade.initial_state.push_back(model::direct_state(std::span(z).subspan(i * words, words), structure));
  }
  cascade.sample_rate = read_sample_rate(layer, EMLC_SOS_AT_SAMPLE_RATE);
  draft.model.predictor = std::move(cascade);
}

/// The coefficients of a section, times 2^-fraction_bits.
model::SosSection fixed_section(const emlc_tmdl_sos_fixed& sos, std::size_t index) {
  const auto coefficient = [&](std::size_t i) {
    return std::ldexp(static_cast<double>(emlc_tmdl_coefficient(&sos, 5 * index + i)), -int{sos.fraction_bits});
  };
  return {.b0 = coefficient(0),
          .b1 = coefficient(1),
          .b2 = coefficient(2),
          .a0 = 1.0,
          .a1 = coefficient(3),
          .a2 = coefficient(4)};
}

void read_sos_fixed(const TmdlLayerView& layer, TmdlDraft& draft) {
  const emlc_tmdl_sos_fixed sos = emlc_tmdl_sos_fixed_at(layer.header.bytes);
  model::SosCascade cascade;
  for (std::size_t i = 0; i < sos.n_sections; ++i) cascade.sections.push_back(fixed_section(sos, i));
  cascade.sample_rate = read_sample_rate(layer, EMLC_SOS_FIXED_AT_SAMPLE_RATE);
  const int arithmetic = layer.u8(EMLC_SOS_FIXED_AT_ARITHMETIC, "arithmetic");
  cascade.fixed = model::FixedPoint{.arithmetic = value_of(arithmetic_codes, arithmetic).value(),
                                    .fraction_bits = sos.fraction_bits,
                                    .rounding = value_of(rounding_codes, sos.steps.rounding).value(),
                                    .lift = sos.steps.lift,
                                    .headroom = layer.u8(EMLC_SOS_FIXED_AT_HEADROOM, "headroom")};
  for (std::size_t i = 0; i < sos.n_sections; ++i) {
    if (fit(*cascade.fixed, integers(cascade)[i])) continue;
    layer.fail(EMLC_SOS_FIXED_AT_DATA, fmt::format("sections[{}]", i), "the coefficients are too large for the sums");
  }
  draft.model.predictor = std::move(cascade);
}

struct LayerKind {
  int type;
  std::string_view name;
  void (*read)(const TmdlLayerView&, TmdlDraft&);  ///< nullptr: of convolutional networks
};

constexpr std::array kinds = {
    LayerKind{EMLC_LAYER_CONV2D, "CONV2D", read_conv},
    LayerKind{1, "GAP", nullptr},
    LayerKind{EMLC_LAYER_FC, "FC", read_fc},
    LayerKind{EMLC_LAYER_SOFTMAX, "SOFTMAX", read_softmax},
    LayerKind{EMLC_LAYER_RESHAPE, "RESHAPE", read_reshape},
    LayerKind{5, "DWCONV2D", nullptr},
    LayerKind{6, "ADD", nullptr},
    LayerKind{EMLC_LAYER_TREES, "trees", read_trees},
    LayerKind{EMLC_LAYER_SOS, "sos", read_sos},
    LayerKind{EMLC_LAYER_SOS_STRUCTURES, "mixed sos", read_sos},
    LayerKind{EMLC_LAYER_SCALER, "scaler", read_scaler},
    LayerKind{EMLC_LAYER_STEP, "step", read_step},
    LayerKind{EMLC_LAYER_DENSE, "dense", read_dense},
    LayerKind{EMLC_LAYER_POST_TRANSFORM, "post-transform", read_post_transform},
    LayerKind{EMLC_LAYER_SOS_FIXED, "sos in integers", read_sos_fixed},
    LayerKind{EMLC_LAYER_LINKED_TREES, "linked trees", read_trees},
};

const LayerKind* kind_of(int type) {
  const auto* found =
      std::find_if(kinds.begin(), kinds.end(), [&](const LayerKind& kind) { return kind.type == type; });
  return found == kinds.end() ? nullptr : found;
}

constexpr std::string_view no_convolutions = "convolutions are not supported yet";

/// TinyMaix's convolutions can do more than a dense layer.
void check_conv(const TmdlLayerView& layer, bool is_int8) {
  static constexpr std::array<std::string_view, 6> names = {"kernel_w", "kernel_h",   "stride_w",
                                                            "stride_h", "dilation_w", "dilation_h"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t oft = EMLC_CONV_AT_KERNEL + i;
    const int value = layer.u8(oft, names[i]);
    if (value == 1) continue;
    layer.fail(oft, names[i], fmt::format("expected 1 (a dense layer), found {}: {}", value, no_convolutions));
  }
  if (layer.u32(EMLC_CONV_AT_PAD, "pad") != 0) {
    layer.fail(EMLC_CONV_AT_PAD, "pad", fmt::format("expected no padding: {}", no_convolutions));
  }
  const std::uint32_t depth_mul = layer.u32(EMLC_CONV_AT_DEPTH_MUL, "depth_mul");
  if (depth_mul != 0) {
    layer.fail(EMLC_CONV_AT_DEPTH_MUL, "depth_mul",
               fmt::format("expected 0 (a dense layer), found {}: {}", depth_mul, no_convolutions));
  }
  if (emlc_tmdl_is_flat(&layer.header) == 0) {
    layer.fail(EMLC_LAYER_AT_IN_DIMS, "in_dims", fmt::format("expected a picture of 1x1: {}", no_convolutions));
  }
  const int act = layer.u16(EMLC_CONV_AT_ACT, "act");
  if (act == EMLC_CONV_ACT_NONE || act == EMLC_CONV_ACT_RELU || (is_int8 && act == EMLC_CONV_ACT_RELU6)) return;
  layer.fail(
      EMLC_CONV_AT_ACT, "act",
      fmt::format("activation {} is not one that TinyMaix applies to {} networks", act, is_int8 ? "int8" : "float"));
}

}  // namespace

bool is_only_scalers(const TmdlDraft& draft) { return kind(draft.model) == model::Kind::scaler; }

const model::DenseNetwork& network_of(const TmdlDraft& draft) {
  return std::get<model::DenseNetwork>(draft.model.predictor);
}

std::string_view layer_name(int type) {
  const LayerKind* kind = kind_of(type);
  return kind == nullptr ? std::string_view{} : kind->name;
}

void check_supported(const TmdlLayerView& layer, bool is_int8) {
  const LayerKind* kind = kind_of(static_cast<int>(layer.header.type));
  if (kind == nullptr) layer.fail(EMLC_LAYER_AT_TYPE, "type", fmt::format("{} is not known", layer.header.type));
  if (kind->read == nullptr) {
    layer.fail(EMLC_LAYER_AT_TYPE, "type", fmt::format("{} ({}): {}", kind->type, kind->name, no_convolutions));
  }
  if (layer.header.type != EMLC_LAYER_CONV2D) return;
  if (layer.header.size < EMLC_CONV_AT_DATA) {
    layer.fail(EMLC_LAYER_AT_SIZE, "size", fmt::format("a CONV2D has 80 bytes or more, found {}", layer.header.size));
  }
  check_conv(layer, is_int8);
}

void read_layer(const TmdlLayerView& layer, TmdlDraft& draft) {
  kind_of(static_cast<int>(layer.header.type))->read(layer, draft);
}

}  // namespace emlc::formats
