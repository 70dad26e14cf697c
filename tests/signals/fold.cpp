#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/signal/filters.hpp"
#include "codegen/passes/signal/signal_pass.hpp"
#include "codegen/signal/features.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/emlc_signal/emlc_signal.hpp"
#include "formats/recording/recording.hpp"

/// What the passes over a signal plan and a model make of them, and how both decide about a recording, as JSON:
///
///     signal_fold DOC.signal.json MODEL.json RECORDING.npy
using namespace emlc;
using Json = nlohmann::ordered_json;

namespace {

std::string content_of(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Json text_of(const passes::SignalReport& report) {
  Json passes = Json::array();
  for (const passes::PassReport& pass : report.passes) {
    passes.push_back({{"name", pass.pass}, {"changes", pass.result.changes}, {"notes", pass.result.notes}});
  }
  return passes;
}

Json numbers_of(const passes::SignalFigures& figures) {
  return {{"features", figures.n_features},
          {"features_dropped", figures.features_dropped},
          {"features_folded", figures.features_folded},
          {"features_left", figures.features_left},
          {"reals_left", figures.reals_left},
          {"signals", figures.n_signals},
          {"signals_dropped", figures.signals_dropped},
          {"thresholds_before", figures.thresholds_before},
          {"thresholds_folded", figures.thresholds_folded},
          {"thresholds_after", figures.thresholds_after},
          {"window_roots", figures.window_roots},
          {"window_divisions", figures.window_divisions},
          {"window_logarithms", figures.window_logarithms},
          {"sample_roots", figures.sample_roots},
          {"sample_divisions", figures.sample_divisions},
          {"keys", figures.keys}};
}

Json keys_of(const signal::Folded& folded) {
  Json keys = Json::array();
  for (const signal::Key& key : folded.keys) {
    Json thresholds = Json::array();
    for (const signal::Wide threshold : key.thresholds) thresholds.push_back(signal::text_of(threshold));
    for (const float threshold : key.real_thresholds) thresholds.push_back(fmt::format("{}", threshold));
    keys.push_back(
        {{"name", key.name}, {"part", name(key.part)}, {"integer", key.is_integer}, {"thresholds", thresholds}});
  }
  return keys;
}

/// What the device is given: a feature in the type that the model takes.
std::vector<double> given(const model::Model& model, std::span<const double> row) {
  std::vector<double> x(row.begin(), row.end());
  for (double& value : x) value = model::round_to(model.input.type, value);
  return x;
}

Json answer_of(const model::Model& model, std::span<const double> row) {
  const std::vector<double> outputs = model::predict(model, given(model, row));
  Json texts = Json::array();
  for (const double output : outputs) texts.push_back(fmt::format("{}", output));
  return {{"outputs", texts}, {"decision", model::decide(model.output, outputs)}};
}

Json windows_of(const signal::Folded& before, const signal::Folded& after, const std::string& path,
                const std::string& content) {
  Json windows = Json::array();
  const formats::Recording recording = formats::read_recording(content, path, before.plan.input, {});
  for (const formats::Run& run : recording.runs) {
    const std::vector<double> features = signal::features_of(before.plan, run.channels);
    const std::vector<double> columns = signal::columns_of(after, run.channels);
    const std::size_t width = before.plan.features.size(),
                      n_columns = static_cast<std::size_t>(after.model.input.n_features);
    for (std::size_t window = 0; window < features.size() / width; ++window) {
      const auto column = std::span(columns).subspan(window * n_columns, n_columns);
      const auto feature = std::span(features).subspan(window * width, width);
      windows.push_back({{"features", given(before.model, feature)},
                         {"columns", column},
                         {"before", answer_of(before.model, feature)},
                         {"after", answer_of(after.model, column)}});
    }
  }
  return windows;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    signal::Folded before{.plan = formats::read_emlc_signal(content_of(argv[1]), argv[1]),
                          .model = formats::read_emlc_json(content_of(argv[2]), argv[2])};
    passes::design_filters(before.plan);
    model::check(before.model, argv[2]);
    passes::run_passes(before.model, {});
    signal::Folded after = before;
    const passes::SignalReport report = passes::run_signal_passes(after);
    Json signals = Json::array(), features = Json::array();
    for (const signal::Signal& signal : after.plan.signals) signals.push_back(signal.name);
    for (const signal::Feature& feature : after.plan.features) features.push_back(feature.name);
    const Json result = {{"figures", numbers_of(report.figures)},
                         {"passes", text_of(report)},
                         {"keys", keys_of(after)},
                         {"signals", signals},
                         {"features", features},
                         {"windows", windows_of(before, after, argv[3], content_of(argv[3]))}};
    fmt::print("{}\n", result.dump());
    return 0;
  } catch (const Error& refused) {
    fmt::print(stderr, "{}\n", refused.what());
    return 2;
  }
}
