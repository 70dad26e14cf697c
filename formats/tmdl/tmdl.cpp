#include "formats/tmdl/tmdl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "codegen/layout/trees/linked/layer.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "formats/tmdl/codes.hpp"
#include "formats/tmdl/draft.hpp"
#include "formats/tmdl/layers.hpp"
#include "formats/tmdl/signal_layer.hpp"

namespace emlc::formats {
namespace {

constexpr std::string_view maix = "MAIX";
constexpr std::string_view magic = "EMLC";

/// What stands in the header.
struct Header {
  emlc_model model{};    ///< mdl_type, n_layers, n_features, n_outputs
  bool is_own = false;   ///< with emlc's part
  std::size_t size = 0;  ///< bytes of the blob
};

/// The runtime reads blobs at addresses that are multiples of 8.
std::vector<std::uint64_t> aligned_copy(std::string_view content) {
  std::vector<std::uint64_t> aligned((content.size() + 7) / 8);
  if (!content.empty()) std::memcpy(aligned.data(), content.data(), content.size());
  return aligned;
}

std::string_view number_name(int mdl_type) {
  switch (mdl_type) {
    case 1:
      return "int16";
    case 3:
      return "fp16";
    case 4:
      return "fp8 1.4.3";
    case 5:
      return "fp8 1.5.2";
    default:
      return "unknown";
  }
}

std::uint16_t read_width(const TmdlView& view, std::size_t at, std::string_view field) {
  const std::uint16_t width = emlc_tmdl_width(view.bytes(at, 8, field));
  if (width == 0) view.fail(at, field, fmt::format("expected dims of 1 to {} values", EMLC_TMDL_MAX_WIDTH));
  return width;
}

void expect_u16(const TmdlView& view, std::size_t at, std::string_view field, std::uint16_t expected) {
  const std::uint16_t found = view.u16(at, field);
  if (found != expected) view.fail(at, field, fmt::format("expected {}, found {}", expected, found));
}

/// What TinyMaix has in the first 36 bytes.
Header read_tinymaix_header(const TmdlView& view) {
  Header header;
  header.model.mdl_type = view.u8(EMLC_AT_MDL_TYPE, "mdl_type");
  const int type = header.model.mdl_type;
  if (type != EMLC_TMDL_I8 && type != EMLC_TMDL_F32 && type != EMLC_TMDL_EMLC) {
    view.fail(
        EMLC_AT_MDL_TYPE, "mdl_type",
        fmt::format("{} ({}) is not supported, expected 0 (int8), 2 (float) or 69 (emlc)", type, number_name(type)));
  }
  expect_u16(view, EMLC_AT_INPUT_CNT, "input_cnt", 1);
  expect_u16(view, EMLC_AT_OUTPUT_CNT, "output_cnt", 1);
  header.model.n_layers = view.u16(EMLC_AT_LAYER_CNT, "layer_cnt");
  if (header.model.n_layers == 0) view.fail(EMLC_AT_LAYER_CNT, "layer_cnt", "there is no layer");
  header.model.n_features = read_width(view, EMLC_AT_IN_DIMS, "in_dims");
  header.model.n_outputs = read_width(view, EMLC_AT_OUT_DIMS, "out_dims");
  return header;
}

void read_own_header(const TmdlView& view, Header& header) {
  const std::uint16_t version = view.u16(EMLC_AT_VERSION, "version");
  if (version < EMLC_TMDL_OLDEST_VERSION || version > EMLC_TMDL_VERSION) {
    view.fail(EMLC_AT_VERSION, "version",
              fmt::format("expected {} or {}, found {}", +EMLC_TMDL_OLDEST_VERSION, +EMLC_TMDL_VERSION, version));
  }
  const unsigned flags = view.u16(EMLC_AT_FLAGS, "flags");
  const unsigned known = EMLC_FLAGS_RULE | EMLC_FLAGS_SIGNAL | EMLC_FLAGS_TASK;
  if ((flags & ~known) != 0 || !value_of(task_codes, (flags & EMLC_FLAGS_TASK) >> EMLC_FLAGS_TASK_SHIFT)) {
    view.fail(EMLC_AT_FLAGS, "flags", fmt::format("0x{:04x} has bits that are not known", flags));
  }
  header.size = view.u32(EMLC_AT_TOTAL_SIZE, "total_size");
  if (header.size != view.size()) {
    view.fail(EMLC_AT_TOTAL_SIZE, "total_size",
              fmt::format("the blob has {} bytes, the file {}", header.size, view.size()));
  }
  const std::uint32_t crc = emlc_tmdl_checksum(view.bytes(0, header.size, "header"), header.size, version);
  const std::uint32_t expected = view.u32(EMLC_AT_CRC, "crc");
  if (crc == expected) return;
  view.fail(EMLC_AT_CRC, "crc",
            fmt::format("the checksum is 0x{:08x}, that of the bytes 0x{:08x}: the file was changed", expected, crc));
}

Header read_header(const TmdlView& view) {
  Header header = read_tinymaix_header(view);
  header.size = view.size();
  const auto* reserved = view.bytes(EMLC_AT_MAGIC, EMLC_TMDL_HEADER_SIZE - EMLC_AT_MAGIC, "reserved");
  header.is_own = std::equal(magic.begin(), magic.end(), reserved);
  if (header.is_own) {
    read_own_header(view, header);
  } else if (header.model.mdl_type == EMLC_TMDL_EMLC ||
             std::any_of(reserved, reserved + 28, [](auto b) { return b; })) {
    view.fail(EMLC_AT_MAGIC, "reserved", "expected 28 bytes of 0 or emlc's header");
  }
  return header;
}

/// The runtime's own check, layer by layer, so that both accept the same blobs.
void check_layer(const TmdlLayerView& layer, emlc_tmdl_chain& chain) {
  check_supported(layer, chain.mdl_type == EMLC_TMDL_I8);
  if (layer.header.n_in != chain.width) {
    layer.fail(EMLC_LAYER_AT_IN_DIMS, "in_dims",
               fmt::format("{} values come in, the layer takes {}", chain.width, layer.header.n_in));
  }
  const emlc_status status = emlc_tmdl_check_layer(&layer.header, &chain);
  if (status != EMLC_OK) {
    layer.fail(0, "",
               fmt::format("this {} layer is not valid: {}", layer_name(static_cast<int>(layer.header.type)),
                           emlc_status_text(status)));
  }
}

/// Returns where the last layer ends.
std::size_t read_layers(const TmdlView& view, const Header& header, TmdlDraft& draft) {
  emlc_tmdl_chain chain;
  if (emlc_tmdl_start_chain(view.bytes(0, EMLC_TMDL_HEADER_SIZE, "header"), &header.model, &chain) != EMLC_OK) {
    view.fail(EMLC_AT_BUF_SIZE, "buf_size", "the buffer is smaller than the input");
  }
  std::size_t at = EMLC_TMDL_HEADER_SIZE;
  for (std::size_t index = 0; index < header.model.n_layers; ++index) {
    const TmdlLayerView layer(view, at, index);
    chain.is_first = index == 0 ? 1 : 0;
    chain.is_last = index + 1 == header.model.n_layers ? 1 : 0;
    check_layer(layer, chain);
    read_layer(layer, draft);
    at += layer.header.size;
  }
  if (chain.width == header.model.n_outputs) return at;
  view.fail(EMLC_AT_OUT_DIMS, "out_dims",
            fmt::format("{} values, the last layer gives {}", header.model.n_outputs, chain.width));
}

std::vector<model::Target> read_targets(const TmdlView& view, std::size_t end) {
  const std::size_t at = view.u32(EMLC_AT_TARGETS, "targets");
  if (at != end) view.fail(EMLC_AT_TARGETS, "targets", fmt::format("expected 0 or {}, found {}", end, at));
  std::vector<model::Target> targets(view.u16(at, "n_targets"));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    targets[i].size = view.u16(at + 2 + 2 * i, fmt::format("targets[{}]", i));
  }
  return targets;
}

/// Task, rule and targets as emlc's header has them.
void read_output(const TmdlView& view, std::size_t end, model::Output& output) {
  const int flags = view.u16(EMLC_AT_FLAGS, "flags");
  output.task = value_of(task_codes, (flags & EMLC_FLAGS_TASK) >> EMLC_FLAGS_TASK_SHIFT).value();
  output.rule = value_of(rule_codes, flags & EMLC_FLAGS_RULE).value();
  output.threshold = view.f32(EMLC_AT_THRESHOLD, "threshold");
  if (view.u32(EMLC_AT_TARGETS, "targets") != 0) {
    output.targets = read_targets(view, end);
  } else if (emlc_rule_compares(static_cast<std::uint8_t>(flags & EMLC_FLAGS_RULE)) != 0) {
    output.targets.assign(static_cast<std::size_t>(output.n_outputs), {.size = 1});
  }
}

/// A file of TinyMaix does not say what its outputs are: after SOFTMAX probabilities of classes, else plain numbers.
void guess_output(const TmdlDraft& draft, model::Output& output) {
  const bool has_softmax = ends_in_softmax(network_of(draft));
  output.task = has_softmax ? model::Task::classification : model::Task::regression;
  output.rule = has_softmax ? model::DecisionRule::argmax : model::DecisionRule::none;
}

/// What is left, and the proof that a device accepts what emlc accepts.
emlc_model open_with_runtime(const TmdlView& view) {
  emlc_model opened;
  const emlc_status status = emlc_tmdl_open(view.bytes(0, view.size(), "header"), view.size(), &opened);
  if (status == EMLC_OK) return opened;
  view.fail(0, "header", fmt::format("the device runtime refuses this blob: {}", emlc_status_text(status)));
}

/// What a layer of linked trees says of deciding on sums is the rule of the header.
void check_decision(const TmdlView& view, const model::Model& model) {
  const std::uint8_t* blob = view.bytes(0, view.size(), "header");
  if (emlc_tmdl_first_type(blob) != EMLC_LAYER_LINKED_TREES) return;
  const std::size_t at = std::size_t{EMLC_TMDL_HEADER_SIZE} + std::size_t{EMLC_LAYER_HEADER_SIZE};
  const std::size_t size = emlc_tmdl_layer_at(blob + EMLC_TMDL_HEADER_SIZE).size - std::size_t{EMLC_LAYER_HEADER_SIZE};
  const std::string problem = layout::linked_decision_problem({blob + at, size}, model);
  if (!problem.empty()) view.fail(at + EMLC_LINKED_AT_DECISION, "layers[0].decision", problem);
}

void check_task(const TmdlView& view, const model::Model& model) {
  if (takes_signals(model) == (model.output.task == model::Task::filter)) return;
  view.fail(EMLC_AT_FLAGS, "flags",
            fmt::format("the task is '{}', the layers are a {}", name(model.output.task), kind_name(model)));
}

}  // namespace

bool is_tmdl(std::string_view content) { return content.starts_with(maix); }

Reading read_tmdl_product(std::string_view content, std::string_view file, const Supplement& supplement) {
  refuse_supplement(supplement, file);
  const std::vector<std::uint64_t> aligned = aligned_copy(content);
  const TmdlView view({reinterpret_cast<const char*>(aligned.data()), content.size()}, file);
  if (!is_tmdl(content)) view.fail(0, "magic", "expected 'MAIX'");
  const Header header = read_header(view);
  TmdlDraft draft{.is_int8 = header.model.mdl_type == EMLC_TMDL_I8};
  model::Model& model = draft.model;
  model.input.n_features = header.model.n_features;  // which steps count from
  const std::size_t end = read_layers(view, header, draft);
  if (takes_inputs(model) && is_only_scalers(draft)) {
    view.fail(EMLC_AT_LAYER_CNT, "layer_cnt", "there is no layer that computes anything");
  }
  model.output.n_outputs = header.model.n_outputs;
  if (header.is_own) {
    read_output(view, end, model.output);
    check_task(view, model);
  } else {
    guess_output(draft, model.output);
  }
  const bool is_filter = model.output.task == model::Task::filter;
  if (model.output.targets.empty() && !is_filter) model.output.targets = {{.size = model.output.n_outputs}};
  const emlc_model opened = open_with_runtime(view);
  check_decision(view, model);
  Reading reading{.model = std::move(draft.model)};
  read_signal(view, opened, reading);
  return reading;
}

model::Model read_tmdl(std::string_view content, std::string_view file) {
  return read_tmdl_product(content, file, {}).model;
}

}  // namespace emlc::formats
