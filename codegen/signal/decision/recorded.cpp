#include "codegen/signal/decision/recorded.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/signal/features.hpp"

namespace emlc::signal {
namespace {

/// One recording, and where it stands.
struct Replay {
  const Plan& plan;
  const model::Model& model;
  const RecordedWindows& recorded;
  std::string path;
  std::string_view file;

  [[noreturn]] void fail(const std::string& field, std::string_view problem) const {
    throw Error({.file = std::string(file), .line = 0, .field = path + field}, problem);
  }
};

void check_count(const Replay& replay, const std::string& field, std::size_t found, std::size_t expected,
                 std::string_view of) {
  if (found == expected) return;
  replay.fail(field, fmt::format("has {} entries, expected {}, one for each {}", found, expected, of));
}

/// The sample, which is one that a device can be given.
void check_sample(const Replay& replay, std::size_t frame, std::size_t channel) {
  const double value = replay.recorded.frames[frame][channel];
  const model::NumberTypeInfo& type = model::info(replay.plan.input.type);
  const Channel& declared = replay.plan.input.channels[channel];
  const bool is_sample = type.is_integer ? value == std::floor(value) : double{static_cast<float>(value)} == value;
  const double lowest = declared.minimum.value_or(type.lowest), highest = declared.maximum.value_or(type.highest);
  if (is_sample && (!type.is_integer || (value >= lowest && value <= highest))) return;
  const std::string expected =
      type.is_integer ? fmt::format("a whole number from {} to {}", lowest, highest) : std::string(type.name);
  replay.fail(fmt::format(".frames[{}][{}]", frame, channel), fmt::format("is {}, expected {}", value, expected));
}

void check_frames(const Replay& replay) {
  const std::size_t n = replay.plan.input.channels.size();
  for (std::size_t frame = 0; frame < replay.recorded.frames.size(); ++frame) {
    check_count(replay, fmt::format(".frames[{}]", frame), replay.recorded.frames[frame].size(), n, "channel");
    for (std::size_t channel = 0; channel < n; ++channel) check_sample(replay, frame, channel);
  }
}

/// As the model takes it.
double input_of(const model::Model& model, double feature) {
  return model.input.type == model::NumberType::float32 ? double{static_cast<float>(feature)} : feature;
}

void check_features(const Replay& replay, const std::vector<double>& rows) {
  const std::size_t n = replay.plan.features.size();
  check_count(replay, ".features", replay.recorded.features.size(), rows.size() / n, "window");
  for (std::size_t window = 0; window < replay.recorded.features.size(); ++window) {
    const std::vector<double>& expected = replay.recorded.features[window];
    check_count(replay, fmt::format(".features[{}]", window), expected.size(), n, "feature");
    for (std::size_t index = 0; index < n; ++index) {
      const Feature& feature = replay.plan.features[index];
      const double found = rows[window * n + index];
      const double wanted = feature.is_integer ? expected[index] : double{static_cast<float>(expected[index])};
      if (found == wanted) continue;
      replay.fail(fmt::format(".features[{}][{}]", window, index),
                  fmt::format("is {}, emlc computes {} for '{}'", expected[index], found, printable(feature.name)));
    }
  }
}

void check_labels(const Replay& replay, std::size_t window, const std::vector<double>& outputs) {
  const std::vector<std::string>& expected = replay.recorded.predictions[window];
  const std::string field = fmt::format(".predictions[{}]", window);
  const std::vector<std::int32_t> classes = model::decide(replay.model.output, outputs);
  check_count(replay, field, expected.size(), classes.size(), "target");
  for (std::size_t target = 0; target < classes.size(); ++target) {
    const std::string found = class_names(replay.model, target).at(static_cast<std::size_t>(classes[target]));
    if (found == expected[target]) continue;
    replay.fail(field, fmt::format("the trainer's label is '{}', the model as read decides '{}'",
                                   printable(expected[target]), printable(found)));
  }
}

void check_numbers(const Replay& replay, std::size_t window, const std::vector<double>& outputs) {
  const std::vector<std::string>& expected = replay.recorded.predictions[window];
  const std::string field = fmt::format(".predictions[{}]", window);
  const model::TestVectors& bounds = replay.model.test_vectors;
  check_count(replay, field, expected.size(), outputs.size(), "output");
  for (std::size_t column = 0; column < outputs.size(); ++column) {
    char* end = nullptr;
    const double wanted = std::strtod(expected[column].c_str(), &end);
    if (end == expected[column].c_str() || *end != '\0') {
      replay.fail(field, fmt::format("'{}' is no number", printable(expected[column])));
    }
    if (std::abs(outputs[column] - wanted) <= bounds.atol + bounds.rtol * std::abs(wanted)) continue;
    replay.fail(field, fmt::format("output {} is {}, the model as read gives {}", column, wanted, outputs[column]));
  }
}

std::string decision_text(const std::optional<std::string>& name) {
  return name ? fmt::format("'{}'", printable(*name)) : "no class";
}

void check_decisions(const Replay& replay, const DecisionFilter& filter,
                     const std::vector<std::vector<double>>& outputs) {
  const std::vector<std::string> names = class_names(replay.model, 0);
  const std::vector<std::int32_t> decisions = decisions_of(filter, replay.plan, replay.model, outputs);
  check_count(replay, ".decisions", replay.recorded.decisions.size(), outputs.size(), "window");
  for (std::size_t window = 0; window < outputs.size(); ++window) {
    std::optional<std::string> found;
    if (decisions[window] != no_class) found = names.at(static_cast<std::size_t>(decisions[window]));
    if (found == replay.recorded.decisions[window]) continue;
    replay.fail(
        fmt::format(".decisions[{}]", window),
        fmt::format("is {}, emlc decides {}", decision_text(replay.recorded.decisions[window]), decision_text(found)));
  }
}

void replay_one(const Replay& replay, const std::optional<DecisionFilter>& decision) {
  check_frames(replay);
  const std::vector<double> rows = features_of(replay.plan, columns_of(replay.plan, replay.recorded));
  check_features(replay, rows);
  const std::size_t n = replay.plan.features.size();
  check_count(replay, ".predictions", replay.recorded.predictions.size(), rows.size() / n, "window");
  std::vector<std::vector<double>> outputs;
  for (std::size_t window = 0; window < rows.size() / n; ++window) {
    std::vector<double> x;
    for (std::size_t i = 0; i < n; ++i) x.push_back(input_of(replay.model, rows[window * n + i]));
    outputs.push_back(model::predict(replay.model, x));
    if (replay.model.output.rule == model::DecisionRule::none) {
      check_numbers(replay, window, outputs.back());
    } else {
      check_labels(replay, window, outputs.back());
    }
  }
  if (decision && !replay.recorded.decisions.empty()) check_decisions(replay, *decision, outputs);
}

}  // namespace

std::vector<Column> columns_of(const Plan& plan, const RecordedWindows& recorded) {
  const bool are_integers = model::info(plan.input.type).is_integer;
  std::vector<Column> columns(plan.input.channels.size());
  for (const std::vector<double>& frame : recorded.frames) {
    for (std::size_t channel = 0; channel < columns.size(); ++channel) {
      if (are_integers) {
        columns[channel].integers.push_back(static_cast<std::int64_t>(frame[channel]));
      } else {
        columns[channel].reals.push_back(static_cast<float>(frame[channel]));
      }
    }
  }
  return columns;
}

void replay_recordings(const Plan& plan, const model::Model& model, const std::optional<DecisionFilter>& decision,
                       const std::vector<RecordedWindows>& recordings, std::string_view file) {
  for (std::size_t index = 0; index < recordings.size(); ++index) {
    const std::string path = fmt::format("test_vectors.recordings[{}]", index);
    replay_one({plan, model, recordings[index], path, file}, decision);
  }
}

}  // namespace emlc::signal
