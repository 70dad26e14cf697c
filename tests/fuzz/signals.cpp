#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "codegen/passes/signal/filters.hpp"
#include "codegen/signal/features.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"
#include "formats/recording/recording.hpp"
#include "tests/fuzz/runs.hpp"

namespace emlc::fuzz {
namespace {

constexpr std::string_view file = "input";

/// What takes no more than a moment for a few windows.
bool is_small(const signal::Plan& plan) {
  if (plan.window.length > 512 || plan.signals.size() > 64 || plan.features.size() > 256) return false;
  for (const signal::Signal& signal : plan.signals) {
    if (signal.length > 512) return false;
  }
  return true;
}

/// Frames at both ends of the range of each channel, and between.
std::vector<signal::Column> frames(const signal::Plan& plan) {
  const auto n = static_cast<std::size_t>(plan.window.length + plan.window.hop);
  std::vector<signal::Column> channels(plan.input.channels.size());
  for (std::size_t channel = 0; channel < channels.size(); ++channel) {
    const signal::Signal& signal = plan.signals[channel];
    for (std::size_t frame = 0; frame < n; ++frame) {
      const auto low = static_cast<std::int64_t>(signal.range.lowest),
                 high = static_cast<std::int64_t>(signal.range.highest);
      const std::size_t place = (frame * (channel + 3)) % 5;
      if (!signal.is_integer) {
        channels[channel].reals.push_back(static_cast<float>(place) - 1.5F);
      } else {
        channels[channel].integers.push_back(place == 0 ? low : place < 3 ? high : low + (high - low) / 2);
      }
    }
  }
  return channels;
}

/// A feature of integers stays in the range that was found for it.
void check_row(const signal::Plan& plan, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const signal::Feature& feature = plan.features[i % plan.features.size()];
    if (!feature.is_integer) continue;
    const auto low = static_cast<double>(feature.range.lowest), high = static_cast<double>(feature.range.highest);
    if (!(values[i] >= low && values[i] <= high)) throw std::logic_error("a feature is outside of its range");
  }
}

}  // namespace

bool run_signal_document(std::string_view /*name*/, std::string_view content) {
  signal::Plan plan;
  try {
    plan = formats::read_emlc_signal(content, file);
    if (!is_small(plan)) return true;
    passes::design_filters(plan);
  } catch (const Error& refused) {
    if (!refused.where().field.empty()) formats::located_in_signal("{}", file, refused);
    return false;
  }
  check_row(plan, signal::features_of(plan, frames(plan)));
  return true;
}

bool run_recording(std::string_view /*name*/, std::string_view content) {
  signal::Input input{
      .channels = {{.name = "x"}, {.name = "y"}}, .type = model::NumberType::int16, .sample_rate = 100.0};
  if (pick(content, 2) == 1) input.type = model::NumberType::float32;
  return is_accepted([&] {
    const formats::RecordingOptions options{.allows_truncated = pick(content, 3) == 0,
                                            .restarts_at_gaps = pick(content, 5) < 3};
    const formats::Recording recording = formats::read_recording(content, file, input, options);
    for (const formats::Run& run : recording.runs) {
      if (run.channels.size() != 2 || run.channels[0].size() != run.channels[1].size() || run.channels[0].size() == 0) {
        throw std::logic_error("channels of a run differ in length");
      }
    }
  });
}

}  // namespace emlc::fuzz
