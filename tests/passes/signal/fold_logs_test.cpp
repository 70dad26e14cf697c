#include "codegen/passes/signal/fold_logs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/signal/signal_pass.hpp"
#include "codegen/signal/features.hpp"
#include "codegen/signal/infer.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

using namespace emlc;
using signal::PowerScale;
using signal::Spectral;
using signal::SpectrumPart;

namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();

/// A channel of float32 and features of its spectra.
signal::Plan plan_of(const std::vector<SpectrumPart>& parts) {
  signal::Plan plan{.input = {.channels = {{.name = "x"}}, .type = model::NumberType::float32, .sample_rate = 16.0},
                    .window = {.length = 16, .hop = 16},
                    .signals = {{.name = "x"}}};
  for (const SpectrumPart& part : parts) {
    plan.features.push_back({.name = "f" + std::to_string(plan.features.size()),
                             .statistic = signal::Statistic::spectral,
                             .spectrum = part});
    plan.features.back().spectrum.form.n_fft = 16;
  }
  signal::infer(plan);
  return plan;
}

SpectrumPart band(PowerScale scale, double floor) {
  return {.take = Spectral::band, .low_hz = 2.0, .high_hz = 4.0, .scale = scale, .floor = floor};
}

/// A tree for each threshold of a feature, its leaves a power of two of their own.
struct Cut {
  std::int32_t feature = 0;
  double threshold = 0.0;
  bool is_left_missing = false;
};
signal::Folded folded_of(const signal::Plan& plan, const std::vector<Cut>& cuts) {
  model::TreeEnsemble ensemble{
      .n_features = static_cast<std::int32_t>(plan.features.size()), .leaf_values = {0.0}, .base_score = {0.0}};
  for (const Cut& cut : cuts) {
    const auto leaf = static_cast<std::int32_t>(ensemble.leaf_values.size());
    ensemble.leaf_values.push_back(std::ldexp(1.0, static_cast<int>(ensemble.trees.size())));
    ensemble.trees.push_back({.nodes = {model::Split{cut.feature, cut.threshold, 1, 2, cut.is_left_missing ? 1 : 2},
                                        model::Leaf{0}, model::Leaf{leaf}}});
  }
  signal::Folded folded{.plan = plan, .model = {.predictor = std::move(ensemble)}};
  folded.model.input.n_features = static_cast<std::int32_t>(plan.features.size());
  folded.model.output.targets = {{.size = 1}};
  passes::run_passes(folded.model, {});
  return folded;
}

/// Windows with silence, noise of all sizes, NaN and infinity.
std::vector<signal::Column> windows_of(std::mt19937& random) {
  std::vector<signal::Column> windows = {{.reals = std::vector<float>(16, 0.0F)}};
  std::normal_distribution<float> normal;
  for (int window = 0; window < 200; ++window) {
    std::vector<float> samples(16);
    const int exponent = static_cast<int>(random() % 60) - 40;
    for (float& sample : samples) sample = std::ldexp(normal(random), exponent);
    if (window % 10 == 0) samples[random() % 16] = window % 20 == 0 ? infinite : std::nanf("");
    windows.push_back({.reals = std::move(samples)});
  }
  return windows;
}

}  // namespace

TEST_CASE("logarithms in thresholds: a power is on the side that its logarithm is on") {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> exponents(-30.0, 30.0);
  std::size_t n_tried = 0;
  for (const PowerScale scale : {PowerScale::log, PowerScale::decibel}) {
    for (const double floor : {1e-10, 0.5, 20.0}) {
      const SpectrumPart logged = band(scale, floor);
      for (int round = 0; round < 400; ++round) {
        const auto power = static_cast<float>(std::exp(exponents(random)));
        const double value = signal::scaled_power(power, logged);
        const auto beside = std::nextafter(static_cast<float>(value), round % 2 == 0 ? infinite : -infinite);
        for (const double threshold : {value, double{beside}, value + 1e-9}) {
          const float first = passes::first_power(logged, threshold);
          float other = first;
          for (int i = 0; i < 8; ++i) other = std::nextafter(other, -infinite);
          for (int i = 0; i < 16; ++i, other = std::nextafter(other, infinite)) {
            n_tried += 1;
            REQUIRE((signal::scaled_power(other, logged) < threshold) == (other < first));
          }
          REQUIRE((value < threshold) == (power < first));
        }
      }
      const auto lowest = static_cast<double>(signal::scaled_power(0.0F, logged));
      CHECK(passes::first_power(logged, lowest) == -infinite);
      CHECK(passes::first_power(logged, std::nextafter(lowest, 1e9)) > 0.0F);
      CHECK(passes::first_power(logged, infinite) == infinite);
    }
  }
  CHECK(n_tried == 2 * 3 * 400 * 3 * 16);
}

TEST_CASE("logarithms in thresholds: one power serves all scales, and every window is decided as before") {
  std::mt19937 random(4);
  const signal::Plan plan = plan_of({band(PowerScale::log, 1e-10), band(PowerScale::power, 1e-10),
                                     band(PowerScale::decibel, 1e-3), band(PowerScale::log, 20.0)});
  const std::vector<signal::Column> windows = windows_of(random);
  std::vector<std::vector<double>> rows;
  for (const signal::Column& window : windows) rows.push_back(signal::features_of(plan, {window}));
  std::vector<Cut> cuts = {{0, -1e9, true}, {0, -1e9, false}, {3, 1e9, true}};
  for (int cut = 0; cut < 40; ++cut) {
    const std::int32_t feature = cut % 4;
    const double value = rows[random() % rows.size()][static_cast<std::size_t>(feature)];
    if (std::isnan(value)) continue;
    const auto beside = std::nextafter(static_cast<float>(value), random() % 2 == 0 ? infinite : -infinite);
    const double threshold = random() % 2 == 0 ? value : double{beside};
    if (std::isfinite(threshold)) cuts.push_back({feature, threshold, random() % 2 == 0});
  }
  signal::Folded folded = folded_of(plan, cuts);
  const model::Model before = folded.model;
  const passes::SignalReport report = passes::run_signal_passes(folded);
  for (std::size_t window = 0; window < windows.size(); ++window) {
    CAPTURE(window);
    const std::vector<double> columns = signal::columns_of(folded, {windows[window]});
    REQUIRE(model::predict(folded.model, columns) == model::predict(before, rows[window]));
  }
  CHECK(report.figures.window_logarithms == 3);
  CHECK(report.figures.features_left == 1);
  CHECK(folded.plan.features.front().spectrum.scale == PowerScale::power);
}

TEST_CASE("logarithms in thresholds: those that a cepstrum takes stay") {
  const auto mel = [](Spectral take, PowerScale scale, double floor) {
    return SpectrumPart{.take = take, .high_hz = signal::half_the_rate, .scale = scale, .floor = floor, .mel = {2}};
  };
  for (const double floor : {1e-10, 0.5}) {
    const signal::Plan plan =
        plan_of({mel(Spectral::mel, PowerScale::log, 1e-10), mel(Spectral::mfcc, PowerScale::log, floor)});
    signal::Folded folded = folded_of(plan, {{0, 0.5, false}, {1, 0.5, false}});
    CHECK(passes::run_signal_passes(folded).figures.window_logarithms == (floor == 0.5 ? 1 : 0));
  }
}
