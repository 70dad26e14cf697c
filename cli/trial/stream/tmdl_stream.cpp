#include <emlc/signal.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "cli/trial/artifact_run.hpp"
#include "codegen/model/error.hpp"
#include "formats/tmdl/c_array.hpp"

namespace emlc::cli {
namespace {

/// So many frames go in at once: blocks that neither windows nor hops are multiples of.
constexpr std::size_t block = 37;

/// A blob that is aligned as on a device, its signal, and the state of one stream.
struct Stream {
  std::vector<std::uint64_t> blob, state;
  emlc_model model{};
  emlc_signal signal{};

  explicit Stream(const WrittenFile& artifact) {
    const std::string bytes = formats::blob_in(artifact.bytes, artifact.file);
    blob.resize(bytes.size() / sizeof(std::uint64_t) + 1);
    std::memcpy(blob.data(), bytes.data(), bytes.size());
    emlc_status status = emlc_tmdl_open(blob.data(), bytes.size(), &model);
    if (status == EMLC_OK && emlc_signal_place(&model) == 0) {
      throw Error({.file = artifact.file}, "has no signal: it takes features, and the model frames");
    }
    if (status == EMLC_OK) status = emlc_signal_open(&model, &signal);
    if (status != EMLC_OK) throw Error({.file = artifact.file}, emlc_status_text(status));
    state.resize(emlc_signal_state_size(&signal) / sizeof(std::uint64_t));
  }
};

template <class Sample>
std::vector<std::uint8_t> samples_as(const formats::Run& run) {
  const std::size_t n = run.channels.front().size();
  std::vector<std::uint8_t> bytes;
  for (std::size_t frame = 0; frame < n; ++frame) {
    for (const signal::Column& channel : run.channels) {
      const Sample sample = channel.integers.empty() ? static_cast<Sample>(channel.reals[frame])
                                                     : static_cast<Sample>(channel.integers[frame]);
      const auto* first = reinterpret_cast<const std::uint8_t*>(&sample);
      bytes.insert(bytes.end(), first, first + sizeof sample);
    }
  }
  return bytes;
}

std::vector<std::uint8_t> frames_of(const formats::Run& run, std::uint8_t type) {
  switch (type) {
    case EMLC_TYPE_I8:
      return samples_as<std::int8_t>(run);
    case EMLC_TYPE_U8:
      return samples_as<std::uint8_t>(run);
    case EMLC_TYPE_I16:
      return samples_as<std::int16_t>(run);
    case EMLC_TYPE_I32:
      return samples_as<std::int32_t>(run);
    default:
      return samples_as<float>(run);
  }
}

/// The decision where there is one, the classes of several targets, or the outputs.
std::vector<double> answers_of(Stream& stream) {
  std::int32_t decision = -1;
  if (emlc_signal_decide(&stream.signal, stream.state.data(), &decision) == EMLC_OK) return {double(decision)};
  std::vector<float> outputs(stream.model.n_outputs);
  (void)emlc_signal_predict(&stream.signal, stream.state.data(), outputs.data());
  if (stream.model.rule == EMLC_RULE_NONE) return {outputs.begin(), outputs.end()};
  std::vector<double> classes;
  for (std::uint32_t target = 0; target < stream.model.n_targets; ++target) {
    classes.push_back(emlc_predict_target(&stream.model, outputs.data(), target));
  }
  return classes;
}

void push_run(Stream& stream, const formats::Run& run, std::vector<StreamRow>& rows) {
  const std::vector<std::uint8_t> frames = frames_of(run, emlc_signal_sample_type(&stream.signal));
  const std::size_t n = run.channels.front().size(), size = n == 0 ? 0 : frames.size() / n;
  (void)emlc_signal_reset(&stream.signal, stream.state.data());
  for (std::size_t taken = 0; taken < n;) {
    const std::size_t left = std::min(block - taken % block, n - taken);
    taken += emlc_signal_push(&stream.signal, stream.state.data(), frames.data() + taken * size, left);
    if (emlc_signal_is_complete(stream.state.data()) == 0) continue;
    const float* x = emlc_signal_features(&stream.signal, stream.state.data());
    StreamRow row{.features = {x, x + stream.model.n_features}, .answers = {}};
    row.answers = answers_of(stream);
    rows.push_back(std::move(row));
  }
}

}  // namespace

std::vector<StreamRow> run_tmdl_stream(const WrittenFile& artifact, const model::Model& /*model*/,
                                       const signal::Plan& plan, const std::vector<formats::Run>& recordings) {
  Stream stream(artifact);
  if (stream.signal.n_channels != plan.input.channels.size() || stream.model.n_features != plan.features.size()) {
    throw Error({.file = artifact.file},
                fmt::format("has a signal of {} channels and {} features, expected {} and {}", stream.signal.n_channels,
                            stream.model.n_features, plan.input.channels.size(), plan.features.size()));
  }
  std::vector<StreamRow> rows;
  for (const formats::Run& run : recordings) push_run(stream, run, rows);
  return rows;
}

}  // namespace emlc::cli
