#include <emlc/signal.h>
#include <emlc/tmdl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "codegen/model/error.hpp"
#include "formats/tmdl/codes.hpp"
#include "formats/tmdl/plan.hpp"
#include "formats/tmdl/signal_layer.hpp"
#include "formats/writers.hpp"

namespace emlc::formats {
namespace {

/// A vector of n values; hidden layers and the input of TinyMaix's networks are pictures of one pixel.
void put_dims(ByteBlock& block, std::size_t at, std::int32_t n, bool is_picture) {
  block.u16(at, is_picture ? 3 : 1);
  block.u16(at + 2, 1);
  block.u16(at + 4, 1);
  block.u16(at + 6, static_cast<std::uint16_t>(n));
}

void connect_layers(TmdlPlan& plan) {
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

ByteBlock make_header(const model::Model& model, const TmdlPlan& plan, layout::TmdlVersion version) {
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
  header.u16(EMLC_AT_VERSION, static_cast<std::uint16_t>(version));
  const int task = code_of(task_codes, model.output.task) << EMLC_FLAGS_TASK_SHIFT;
  header.u16(EMLC_AT_FLAGS, static_cast<std::uint16_t>(task | code_of(rule_codes, model.output.rule)));
  header.u32(EMLC_AT_WORK_SIZE, plan.work_size);
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

void check_widths(const model::Model& model) {
  check_width(model.input.n_features, "input.n_features");
  check_width(model.output.n_outputs, "output.n_outputs");
}

bool is_trees(std::uint16_t type) { return type == EMLC_LAYER_TREES || type == EMLC_LAYER_LINKED_TREES; }

/// emlc_run takes floats. Trees that compare the inputs themselves know which of their splits need more.
void check_range(const model::Model& model, const TmdlPlan& plan) {
  constexpr double exact = 16777216.0;  // 2^24
  if (model.input.type != model::NumberType::int32 || is_trees(plan.layers.front().type)) return;
  const auto check = [](const std::vector<double>& limits, std::string_view field) {
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (std::abs(limits[i]) <= exact) continue;
      throw Error({.field = fmt::format("input.{}[{}]", field, i)},
                  fmt::format("{} needs more than 24 bits, and a .tmdl takes its inputs as float32; declare float32 "
                              "inputs if that is precise enough, or write c or cpp",
                              limits[i]));
    }
  };
  check(model.input.minimum, "feature_min");
  check(model.input.maximum, "feature_max");
}

void check_profile(const model::Model& model, layout::TmdlProfile profile) {
  if (profile == layout::TmdlProfile::tinymaix || model::integers_of(model) != nullptr) return;
  throw Error({.field = "--tmdl-profile"},
              "emlearn-cnn takes int8 networks: give --weights int8, and a dense network as the model");
}

/// The runtime is the judge of what was written.
struct OpenedBlob {
  explicit OpenedBlob(const std::string& bytes) : aligned((bytes.size() + 7) / 8) {
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    require_ok(emlc_tmdl_open(aligned.data(), bytes.size(), &model));
  }

  static void require_ok(emlc_status status) {
    if (status == EMLC_OK) return;
    throw std::logic_error(fmt::format("the runtime refuses the blob as written: {}", emlc_status_text(status)));
  }

  std::vector<std::uint64_t> aligned;
  emlc_model model{};
};

void seal(ByteBlock& blob, layout::TmdlVersion version) {
  if (blob.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error({}, fmt::format("a .tmdl holds at most 4 GiB, this model takes {} bytes", blob.size()));
  }
  blob.u32(EMLC_AT_TOTAL_SIZE, static_cast<std::uint32_t>(blob.size()));
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(blob.bytes().data());
  blob.u32(EMLC_AT_CRC, emlc_tmdl_checksum(bytes, blob.size(), static_cast<std::uint32_t>(version)));
}

/// The signal stands behind everything else, and is no layer of the model: what runs the model need not know of it.
void add_signal(const TmdlSignal& signal, layout::TmdlForm form, ByteBlock& blob, layout::Artifact& artifact) {
  if (form.version != layout::TmdlVersion::second) {
    throw Error({.field = "--tmdl-version"}, "a container of version 1 has no signals; take version 2, or a header");
  }
  if (form.profile != layout::TmdlProfile::tinymaix) {
    throw Error({.field = "--tmdl-profile"}, "emlearn-cnn has no signals; leave it out, or write a header");
  }
  const SignalLayer layer = signal_layer(signal, OpenedBlob(blob.bytes()).model);
  blob.append(layer.bytes());
  blob.u16(EMLC_AT_FLAGS,
           static_cast<std::uint16_t>(
               emlc_read_u16(reinterpret_cast<const std::uint8_t*>(blob.bytes().data()) + EMLC_AT_FLAGS) |
               EMLC_FLAGS_SIGNAL));
  seal(blob, form.version);
  const OpenedBlob opened(blob.bytes());
  emlc_signal found;
  OpenedBlob::require_ok(emlc_signal_open(&opened.model, &found));
  artifact.ram = layer.state_size;
  artifact.input_type = fmt::format("{}_t", model::info(signal.plan->input.type).name);
  if (signal.plan->input.type == model::NumberType::float32) artifact.input_type = "float";
  artifact.parts.insert(artifact.parts.end(), layer.parts.begin(), layer.parts.end());
}

}  // namespace

layout::Artifact write_tmdl(const model::Model& model, layout::TmdlForm form, TmdlSignal signal) {
  check_widths(model);
  check_profile(model, form.profile);
  TmdlPlan plan = make_plan(model, form);
  check_range(model, plan);
  connect_layers(plan);
  ByteBlock blob = make_header(model, plan, form.version);
  layout::Artifact artifact;
  artifact.parts = {{"header", blob.size()}};
  artifact.ram = plan.work_size;
  if (form.profile == layout::TmdlProfile::tinymaix) artifact.input_type = plan.input_type;
  artifact.sum_type = plan.sum_type;
  for (const TmdlLayer& layer : plan.layers) {
    blob.append(layer.block.bytes());
    for (const layout::Part& part : layer.parts) add_part(artifact.parts, part);
  }
  if (const ByteBlock targets = target_table(model.output); targets.size() != 0) {
    blob.u32(EMLC_AT_TARGETS, static_cast<std::uint32_t>(blob.size()));
    blob.append(targets.bytes());
    artifact.parts.push_back({"target sizes", targets.size()});
  }
  seal(blob, form.version);
  const OpenedBlob opened(blob.bytes());
  if (signal.plan != nullptr) add_signal(signal, form, blob, artifact);
  artifact.bytes = blob.bytes();
  artifact.warnings = std::move(plan.warnings);
  artifact.notes = std::move(plan.notes);
  return artifact;
}

}  // namespace emlc::formats
