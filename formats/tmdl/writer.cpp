#include <emlc/tmdl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "codegen/model/error.hpp"
#include "formats/tmdl/buffer.hpp"
#include "formats/tmdl/codes.hpp"
#include "formats/tmdl/int8.hpp"
#include "formats/tmdl/layers.hpp"
#include "formats/writers.hpp"

namespace emlc::formats {
namespace {

/// The layers of a blob, and how they share the buffer.
struct Plan {
  std::uint8_t mdl_type = EMLC_TMDL_EMLC;
  std::vector<TmdlLayer> layers{};
  TmdlBuffer buffer{};
  std::vector<std::string> warnings{};
};

bool is_plain(const model::PostTransform& transform, model::PostTransformKind kind) {
  return transform.kind == kind && transform.scale == 1.0;
}

/// TinyMaix has activations only in convolutions: every layer but the last is a 1x1 convolution of a 1x1 picture.
void add_tinymaix_layers(Plan& plan, const model::DenseNetwork& network) {
  const std::size_t last = network.layers.size() - 1;
  for (std::size_t index = 0; index <= last; ++index) {
    const auto build = index == last ? fc_layer : conv_layer;
    plan.layers.push_back(build(network.layers[index], fmt::format("layers[{}]", index)));
  }
  const bool has_softmax = network.layers[last].activation == model::Activation::softmax ||
                           network.post_transform.kind == model::PostTransformKind::softmax;
  if (has_softmax) plan.layers.push_back(softmax_layer(network.layers[last].n_out));
}

void add_own_layers(Plan& plan, const model::DenseNetwork& network) {
  for (std::size_t index = 0; index < network.layers.size(); ++index) {
    plan.layers.push_back(dense_layer(network.layers[index], fmt::format("layers[{}]", index)));
  }
  if (is_plain(network.post_transform, model::PostTransformKind::identity)) return;
  plan.layers.push_back(post_transform_layer(network.post_transform, network.layers.back().n_out));
}

Plan plan_network(const model::Model& model, const model::DenseNetwork& network, layout::TmdlProfile profile) {
  Plan plan;
  const std::string reason = beyond_tinymaix(model, network);
  if (network.integers) {
    if (!reason.empty()) throw Error({.field = "--weights"}, fmt::format("{}, which TinyMaix has not in int8", reason));
    plan.mdl_type = EMLC_TMDL_I8;
    plan.layers = int8_layers(model, network, profile, plan.warnings);
    plan.buffer = plan_int8_buffer(plan.layers);
    return plan;
  }
  if (reason.empty()) {
    plan.mdl_type = EMLC_TMDL_F32;
    add_tinymaix_layers(plan, network);
    plan.buffer = plan_tinymaix_buffer(plan.layers);
    return plan;
  }
  plan.warnings.push_back(fmt::format("{}, which TinyMaix cannot say: the blob is for emlc's runtime only", reason));
  return plan;
}

Plan make_plan(const model::Model& model, layout::TmdlProfile profile) {
  Plan plan;
  const auto* network = std::get_if<model::DenseNetwork>(&model.predictor);
  if (network != nullptr) plan = plan_network(model, *network, profile);
  if (plan.mdl_type != EMLC_TMDL_EMLC) return plan;
  for (std::size_t index = 0; index < model.scalers.size(); ++index) {
    plan.layers.push_back(scaler_layer(model.scalers[index], fmt::format("scalers[{}]", index)));
  }
  if (network != nullptr) add_own_layers(plan, *network);
  if (std::holds_alternative<model::TreeEnsemble>(model.predictor)) {
    plan.layers.push_back(trees_layer(model));
    if (!model.scalers.empty()) {
      plan.warnings.emplace_back("the device scales the input in float32: decisions close to a threshold can differ");
    }
  }
  if (const auto* cascade = std::get_if<model::SosCascade>(&model.predictor)) {
    plan.layers.push_back(sos_layer(*cascade, plan.warnings));
  }
  plan.buffer = plan_own_buffer(plan.layers);
  return plan;
}

/// What emlc_run and emlc_filter ask for; the last float layer writes to the caller's y.
std::uint32_t work_size(const model::Model& model, const Plan& plan) {
  if (plan.mdl_type == EMLC_TMDL_I8) return int8_work_size(plan.layers, plan.buffer);
  if (const auto* cascade = std::get_if<model::SosCascade>(&model.predictor)) {
    return static_cast<std::uint32_t>(cascade->sections.size() * EMLC_SOS_STATE * sizeof(float));
  }
  std::uint32_t size = 0;
  for (std::size_t i = 0; i + 1 < plan.layers.size(); ++i) {
    size = std::max(size, plan.buffer.out_oft[i] + float_bytes(plan.layers[i].n_out));
  }
  return size;
}

/// A vector of n values; hidden layers and the input of TinyMaix's networks are pictures of one pixel.
void put_dims(ByteBlock& block, std::size_t at, std::int32_t n, bool is_picture) {
  block.u16(at, is_picture ? 3 : 1);
  block.u16(at + 2, 1);
  block.u16(at + 4, 1);
  block.u16(at + 6, static_cast<std::uint16_t>(n));
}

void connect_layers(Plan& plan) {
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    TmdlLayer& layer = plan.layers[i];
    const bool is_picture = layer.type == EMLC_LAYER_CONV2D;
    const bool is_output = i + 1 == plan.layers.size();
    layer.block.u16(EMLC_LAYER_AT_IS_OUT, i + 1 == plan.layers.size() ? 1 : 0);
    layer.block.u32(EMLC_LAYER_AT_SIZE, static_cast<std::uint32_t>(layer.block.size()));
    layer.block.u32(EMLC_LAYER_AT_IN_OFT, i == 0 ? 0 : plan.buffer.out_oft[i - 1]);
    layer.block.u32(EMLC_LAYER_AT_OUT_OFT, plan.buffer.out_oft[i]);
    put_dims(layer.block, EMLC_LAYER_AT_IN_DIMS, layer.n_in, is_picture);
    put_dims(layer.block, EMLC_LAYER_AT_OUT_DIMS, layer.n_out, is_picture && !is_output);
  }
}

/// The float32 that decides like the rule for every float32 output: the last not above, or the first not below.
float float_threshold(const model::Output& output) {
  const float rounded = to_float32(output.threshold, "output.decision.threshold");
  const auto is_above = static_cast<double>(rounded) > output.threshold;
  const auto is_below = static_cast<double>(rounded) < output.threshold;
  if (output.rule == model::DecisionRule::greater && is_above) return std::nextafterf(rounded, -INFINITY);
  if (output.rule == model::DecisionRule::greater_equal && is_below) return std::nextafterf(rounded, INFINITY);
  return rounded;
}

bool compares(model::DecisionRule rule) {
  return rule == model::DecisionRule::greater || rule == model::DecisionRule::greater_equal;
}

/// The sizes of the targets, where they do not follow from n_outputs and the rule.
ByteBlock target_table(const model::Output& output) {
  if (compares(output.rule) || output.targets.size() < 2) return ByteBlock(0);
  ByteBlock table(2 + 2 * output.targets.size());
  table.u16(0, static_cast<std::uint16_t>(output.targets.size()));
  for (std::size_t i = 0; i < output.targets.size(); ++i) {
    table.u16(2 + 2 * i, static_cast<std::uint16_t>(output.targets[i].size));
  }
  table.pad_to(EMLC_TMDL_ALIGN);
  return table;
}

ByteBlock make_header(const model::Model& model, const Plan& plan) {
  ByteBlock header(EMLC_TMDL_HEADER_SIZE);
  const bool is_tinymaix = plan.mdl_type != EMLC_TMDL_EMLC;
  header.text(EMLC_AT_MAIX, "MAIX");
  header.u8(EMLC_AT_MDL_TYPE, plan.mdl_type);
  header.u8(EMLC_AT_OUT_DEQ, 1);
  header.u16(EMLC_AT_INPUT_CNT, 1);
  header.u16(EMLC_AT_OUTPUT_CNT, 1);
  header.u16(EMLC_AT_LAYER_CNT, static_cast<std::uint16_t>(plan.layers.size()));
  header.u32(EMLC_AT_BUF_SIZE, plan.buffer.size);
  put_dims(header, EMLC_AT_IN_DIMS, plan.layers.front().n_in, is_tinymaix);
  put_dims(header, EMLC_AT_OUT_DIMS, plan.layers.back().n_out, false);
  header.text(EMLC_AT_MAGIC, "EMLC");
  header.u16(EMLC_AT_VERSION, EMLC_TMDL_VERSION);
  const int task = code_of(task_codes, model.output.task) << EMLC_FLAGS_TASK_SHIFT;
  header.u16(EMLC_AT_FLAGS, static_cast<std::uint16_t>(task | code_of(rule_codes, model.output.rule)));
  header.u32(EMLC_AT_WORK_SIZE, work_size(model, plan));
  if (compares(model.output.rule)) header.f32(EMLC_AT_THRESHOLD, float_threshold(model.output));
  return header;
}

void add_part(std::vector<layout::Part>& parts, const layout::Part& part) {
  const auto same = std::find_if(parts.begin(), parts.end(), [&](const auto& p) { return p.name == part.name; });
  if (same == parts.end()) {
    parts.push_back(part);
  } else {
    same->bytes += part.bytes;
  }
}

void check_width(std::int32_t width, std::string_view field) {
  if (width <= static_cast<std::int32_t>(EMLC_TMDL_MAX_WIDTH)) return;
  throw Error({.field = std::string(field)},
              fmt::format("{} values, a .tmdl holds at most {}", width, EMLC_TMDL_MAX_WIDTH));
}

void check_widths(const model::Model& model) {
  check_width(model.input.n_features, "input.n_features");
  check_width(model.output.n_outputs, "output.n_outputs");
  const auto* network = std::get_if<model::DenseNetwork>(&model.predictor);
  for (std::size_t i = 0; network != nullptr && i < network->layers.size(); ++i) {
    check_width(network->layers[i].n_out, fmt::format("layers[{}].weights", i));
  }
}

void check_profile(const model::Model& model, layout::TmdlProfile profile) {
  if (profile == layout::TmdlProfile::tinymaix || model::integers_of(model) != nullptr) return;
  throw Error({.field = "--tmdl-profile"},
              "emlearn-cnn takes int8 networks: give --weights int8, and a dense network as the model");
}

/// The runtime is the judge of what was written.
void check_with_runtime(const std::string& bytes) {
  std::vector<std::uint64_t> aligned((bytes.size() + 7) / 8);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  emlc_model opened;
  const emlc_status status = emlc_tmdl_open(aligned.data(), bytes.size(), &opened);
  if (status == EMLC_OK) return;
  throw std::logic_error(fmt::format("the runtime refuses the blob as written: {}", emlc_status_text(status)));
}

void seal(ByteBlock& blob) {
  if (blob.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error({}, fmt::format("a .tmdl holds at most 4 GiB, this model takes {} bytes", blob.size()));
  }
  const auto* layers = reinterpret_cast<const std::uint8_t*>(blob.bytes().data()) + EMLC_TMDL_HEADER_SIZE;
  blob.u32(EMLC_AT_TOTAL_SIZE, static_cast<std::uint32_t>(blob.size()));
  blob.u32(EMLC_AT_CRC, emlc_crc32(layers, blob.size() - EMLC_TMDL_HEADER_SIZE));
}

}  // namespace

std::string beyond_tinymaix(const model::Model& model, const model::DenseNetwork& network) {
  if (!model.scalers.empty()) return "the input scaler is not folded into the first layer";
  const std::size_t last = network.layers.size() - 1;
  for (std::size_t index = 0; index <= last; ++index) {
    const model::Activation activation = network.layers[index].activation;
    const auto allowed = index == last ? model::Activation::softmax : model::Activation::relu;
    if (activation == model::Activation::identity || activation == allowed) continue;
    return fmt::format("layers[{}] has the activation '{}'", index, name(activation));
  }
  const bool is_linear = network.layers[last].activation == model::Activation::identity;
  if (is_plain(network.post_transform, model::PostTransformKind::identity)) return {};
  if (is_linear && is_plain(network.post_transform, model::PostTransformKind::softmax)) return {};
  const double scale = network.post_transform.scale;
  return fmt::format("the post-transform is '{}'{}", name(network.post_transform.kind),
                     scale == 1.0 ? "" : fmt::format(" with a scale of {}", scale));
}

layout::Artifact write_tmdl(const model::Model& model, layout::TmdlProfile profile) {
  check_widths(model);
  check_profile(model, profile);
  Plan plan = make_plan(model, profile);
  connect_layers(plan);
  ByteBlock blob = make_header(model, plan);
  layout::Artifact artifact;
  artifact.parts = {{"header", blob.size()}};
  artifact.ram = work_size(model, plan);
  if (profile == layout::TmdlProfile::tinymaix) artifact.input_type = "float";  // emlc_run; the layers may be int8
  if (std::holds_alternative<model::TreeEnsemble>(model.predictor)) artifact.sum_type = "float";
  for (const TmdlLayer& layer : plan.layers) {
    blob.append(layer.block.bytes());
    for (const layout::Part& part : layer.parts) add_part(artifact.parts, part);
  }
  if (const ByteBlock targets = target_table(model.output); targets.size() != 0) {
    blob.u32(EMLC_AT_TARGETS, static_cast<std::uint32_t>(blob.size()));
    blob.append(targets.bytes());
    artifact.parts.push_back({"target sizes", targets.size()});
  }
  seal(blob);
  check_with_runtime(blob.bytes());
  artifact.bytes = blob.bytes();
  artifact.warnings = std::move(plan.warnings);
  return artifact;
}

}  // namespace emlc::formats
