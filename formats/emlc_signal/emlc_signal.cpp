#include "formats/emlc_signal/emlc_signal.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>
#include <utility>

#include "codegen/signal/infer.hpp"
#include "formats/emlc_signal/build.hpp"
#include "formats/text/text.hpp"

namespace emlc::formats {
namespace emlc_signal {
namespace {

/// A declared end of the range of a channel of integers.
std::optional<double> bound_of(const json::Source& source, const InputPart& input, const ChannelPart& channel,
                               std::string_view key, double value, const std::string& path) {
  if (!has(channel.keys, key)) return std::nullopt;
  const model::NumberTypeInfo& type = model::info(input.value.type);
  const std::string place = fmt::format("{}.{}", path, key);
  if (!type.is_integer) source.fail(place, "is for integers, the samples are float32");
  if (value != std::floor(value) || value < type.lowest || value > type.highest) {
    source.fail(place, fmt::format("is {}, expected a whole number from {} to {}", value, type.lowest, type.highest));
  }
  return value;
}

signal::Calibration calibration_of(const json::Source& source, const signal::Calibration& found) {
  constexpr double most = 1000.0;
  if (std::abs(found.level) > most) {
    source.fail("input.calibration.level", fmt::format("is {} dB, expected -1000 to 1000", found.level));
  }
  return found;
}

void build_channels(Scope& scope, signal::Plan& plan, const InputPart& input) {
  const json::Source& source = scope.source();
  if (input.channels.empty()) source.fail("input.channels", "is empty, expected the name of a channel");
  plan.input = input.value;
  if (has(input.keys, "calibration")) plan.input.calibration = calibration_of(source, input.calibration);
  for (std::size_t index = 0; index < input.channels.size(); ++index) {
    const ChannelPart& part = input.channels[index];
    const std::string path = fmt::format("input.channels[{}]", index);
    if (index >= static_cast<std::size_t>(signal::most_signals)) source.fail(path, "is one channel too many");
    scope.add(part.name, {.members = {static_cast<std::int32_t>(index)}, .suffixes = {part.name}}, path);
    const signal::Channel channel{.name = part.name,
                                  .minimum = bound_of(source, input, part, "min", part.minimum, path),
                                  .maximum = bound_of(source, input, part, "max", part.maximum, path)};
    if (channel.minimum && channel.maximum && *channel.minimum > *channel.maximum) {
      source.fail(path + ".min", fmt::format("is {}, above the max of {}", part.minimum, part.maximum));
    }
    plan.input.channels.push_back(channel);
    plan.signals.push_back({.name = part.name, .path = path});
  }
}

void check_feature_names(const json::Source& source, const signal::Plan& plan) {
  if (plan.features.empty()) source.fail("features", "is empty, expected at least one feature");
  std::set<std::string_view> names;
  for (const signal::Feature& feature : plan.features) {
    if (names.insert(feature.name).second) continue;
    source.fail(feature.path, fmt::format("the feature '{}' is there twice", printable(feature.name)));
  }
}

}  // namespace

signal::Plan build_plan(const json::Source& source, Document& document) {
  signal::Plan plan{.name = std::move(document.name), .window = document.window};
  Scope scope(source);
  build_channels(scope, plan, document.input);
  for (const SignalPart& part : document.signals) build_signal(scope, plan, part);
  for (std::size_t index = 0; index < document.features.size(); ++index) {
    build_features(scope, plan, document.features[index], fmt::format("features[{}]", index));
  }
  check_feature_names(source, plan);
  return plan;
}

signal::Plan build_inner_plan(const json::Source& source, Document& document, std::string_view path) {
  const auto located = [&](const Error& refused) {
    return Error(source.find(fmt::format("{}.{}", path, refused.where().field)), refused.problem());
  };
  try {
    signal::Plan plan = build_plan(source, document);
    signal::infer(plan);
    for (signal::Signal& one : plan.signals) one.path = fmt::format("{}.{}", path, one.path);
    for (signal::Feature& one : plan.features) one.path = fmt::format("{}.{}", path, one.path);
    return plan;
  } catch (const Error& refused) {
    throw located(refused);
  }
}

}  // namespace emlc_signal

bool is_emlc_signal(std::string_view content) {
  return json::says_format(content, "emlc-signal") && !json::says_format(content, "emlc-model");
}

signal::Plan read_emlc_signal(std::string_view content, std::string_view file) {
  const json::Source source{content, file};
  emlc_signal::Document document;
  json::read(content, file, emlc_signal::document_shape(document));
  signal::Plan plan = emlc_signal::build_plan(source, document);
  try {
    signal::infer(plan);
  } catch (const Error& refused) {
    throw located_in_signal(content, file, refused);
  }
  return plan;
}

Error located_in_signal(std::string_view content, std::string_view file, const Error& refused) {
  return {json::Source{content, file}.find(refused.where().field), refused.problem()};
}

}  // namespace emlc::formats
