#include "codegen/model/sos/float_trial.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace emlc::model {
namespace {

using Signals = std::vector<Lanes<double>>;
using States = Lanes<std::array<double, 2>>;

constexpr std::size_t step_lane = 0, noise_lane = 1, first_constant = 4;
constexpr double least_share = 0.01;  ///< of the largest gain, see FloatErrors

/// The pole of a cascade that takes longest to settle.
struct SlowestPole {
  double time_constant = 1.0;  ///< samples
  double frequency = 0.0;      ///< cycles per sample
};

SlowestPole slowest_pole(const SosCascade& cascade) {
  double largest = 0.0;
  SlowestPole slowest;
  for (const SosSection& section : cascade.sections) {
    for (const std::complex<double>& pole : poles(section)) {
      if (std::abs(pole) <= largest) continue;
      largest = std::abs(pole);
      slowest = {-1.0 / std::log(largest), std::abs(std::arg(pole)) / (2.0 * std::numbers::pi)};
    }
  }
  return slowest;
}

/// The same noise on every machine, from -1 to 1 in steps of 2^-23.
class Noise {
 public:
  double next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(static_cast<std::int32_t>(state_ >> 40U) - (1 << 23)) * 0x1p-23;
  }

 private:
  std::uint64_t state_ = 1;
};

/// High for `half` samples, low for as many.
double square(std::size_t n, std::size_t half, double high, double low) { return n / half % 2 == 0 ? high : low; }

/// [n_lanes] the states of a section; `before` is its input for ever, and becomes its output.
States states_before(const SosSection& section, Lanes<double>& before) {
  const auto c = coefficients(section, SosStructure::delta);
  States states;
  for (std::size_t i = 0; i < n_lanes; ++i) {
    states[i] = settled_state(section, before[i]);
    before[i] *= c[2] / c[4];
  }
  return states;
}

/// In double, transposed direct form II.
void filter_double(const SosSection& section, const States& states, Signals& signals) {
  const auto [b0, b1, b2, a1, a2] = coefficients(section, SosStructure::direct);
  Lanes<double> z1{}, z2{};
  for (std::size_t i = 0; i < n_lanes; ++i) {
    z1[i] = states[i][0];
    z2[i] = states[i][1];
  }
  for (Lanes<double>& sample : signals) {
    for (std::size_t i = 0; i < n_lanes; ++i) {
      const double x = sample[i], y = b0 * x + z1[i];
      z1[i] = b1 * x - a1 * y + z2[i];
      z2[i] = b2 * x - a2 * y;
      sample[i] = y;
    }
  }
}

std::vector<Lanes<float>> narrowed(const Signals& signals) {
  std::vector<Lanes<float>> result(signals.size());
  for (std::size_t n = 0; n < signals.size(); ++n) {
    for (std::size_t i = 0; i < n_lanes; ++i) result[n][i] = static_cast<float>(signals[n][i]);
  }
  return result;
}

Lanes<double> largest_of(const Signals& signals) {
  Lanes<double> largest{};
  for (const Lanes<double>& sample : signals) {
    for (std::size_t i = 0; i < n_lanes; ++i) largest[i] = std::max(largest[i], std::abs(sample[i]));
  }
  return largest;
}

struct Difference {
  Lanes<double> largest{};
  double rms_of_noise = 0.0;
};

Difference difference_between(const Signals& expected, std::span<const Lanes<float>> found) {
  Difference result;
  double sum = 0.0;
  for (std::size_t n = 0; n < expected.size(); ++n) {
    for (std::size_t i = 0; i < n_lanes; ++i) {
      const double error = std::abs(static_cast<double>(found[n][i]) - expected[n][i]);
      // A number that is none, or too large for float32, is an infinite error.
      result.largest[i] = error <= result.largest[i] ? result.largest[i] : (error < HUGE_VAL ? error : HUGE_VAL);
      if (i == noise_lane) sum += error * error;
    }
  }
  result.rms_of_noise = std::sqrt(sum / static_cast<double>(std::max<std::size_t>(expected.size(), 1)));
  return result;
}

/// [n_lanes] what errors are relative to.
Lanes<double> units(const SosCascade& cascade, const Signals& outputs) {
  Lanes<double> result = largest_of(outputs);
  const double least = least_share * peak_gain(cascade);
  for (double& unit : result) unit = std::max({unit, least, 1e-300});
  for (std::size_t i = first_constant; i < n_lanes; ++i) result[i] = std::max(result[i], result[step_lane]);
  return result;
}

Lanes<double> output_units(const SosCascade& cascade, const TrialSignals& signals) {
  Signals outputs = signals.samples;
  Lanes<double> before = signals.before;
  for (const SosSection& section : cascade.sections) filter_double(section, states_before(section, before), outputs);
  return units(cascade, outputs);
}

/// The largest gain of the sections after `index`.
double gain_behind(const SosCascade& cascade, std::size_t index) {
  const auto first = cascade.sections.begin() + static_cast<std::ptrdiff_t>(index) + 1;
  if (first == cascade.sections.end()) return 1.0;
  return peak_gain({.sections = {first, cascade.sections.end()}});
}

}  // namespace

TrialSignals trial_signals(const SosCascade& cascade) {
  constexpr double shortest = 8192.0, longest = 0x1p18, settled = 4.0;
  constexpr double step = 0.7, high = 0.9, low = -0.6;
  constexpr std::array constants = {0.5, 0.5, 0.7, 0.9}, steps = {4e-4, -4e-4, 4e-4, -4e-4};
  const SlowestPole slowest = slowest_pole(cascade);
  const double wanted = settled * slowest.time_constant;
  const auto n = static_cast<std::size_t>(std::clamp(wanted, shortest, longest));
  const double tone = slowest.frequency > 0.0 ? 0.5 / slowest.frequency : 37.0;
  const auto in_tune = static_cast<std::size_t>(std::clamp(tone, 1.0, longest));
  TrialSignals result{.samples = Signals(n), .growth = std::max(1.0, wanted / longest)};
  Noise noise;
  for (std::size_t i = 0; i < n; ++i) {
    result.samples[i] = {step,
                         noise.next(),
                         square(i, in_tune, high, low),
                         square(i, n / 4, high, low),
                         constants[0],
                         constants[1],
                         constants[2],
                         constants[3]};
    for (double& sample : result.samples[i]) sample = static_cast<float>(sample);
  }
  for (std::size_t i = 0; i < constants.size(); ++i)
    result.before[first_constant + i] = constants[i] * (1.0 - steps[i]);
  return result;
}

double FloatErrors::worst() const { return *std::max_element(largest.begin(), largest.end()); }

FloatErrors float_errors(const SosCascade& cascade, const TrialSignals& signals) {
  Signals expected = signals.samples;
  std::vector<Lanes<float>> found = narrowed(signals.samples);
  Lanes<double> before = signals.before;
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const States states = states_before(cascade.sections[index], before);
    filter_double(cascade.sections[index], states, expected);
    filter_float32(cascade.sections[index], structure_of(cascade, index), states, found);
  }
  const Difference difference = difference_between(expected, found);
  const Lanes<double> unit = units(cascade, expected);
  FloatErrors errors{.rms_of_noise = signals.growth * difference.rms_of_noise / unit[noise_lane]};
  for (std::size_t i = 0; i < n_lanes; ++i) errors.largest[i] = signals.growth * difference.largest[i] / unit[i];
  return errors;
}

std::vector<StructureErrors> section_errors(const SosCascade& cascade, const TrialSignals& signals) {
  const Lanes<double> unit = output_units(cascade, signals);
  std::vector<StructureErrors> errors(cascade.sections.size());
  Signals signal = signals.samples;
  Lanes<double> before = signals.before;
  for (std::size_t index = 0; index < cascade.sections.size(); ++index) {
    const std::vector<Lanes<float>> input = narrowed(signal);
    const States states = states_before(cascade.sections[index], before);
    filter_double(cascade.sections[index], states, signal);
    const double gain = gain_behind(cascade, index) * signals.growth;
    std::size_t column = 0;
    for (const SosStructureInfo& row : all_sos_structures()) {
      std::vector<Lanes<float>> found = input;
      filter_float32(cascade.sections[index], row.structure, states, found);
      const Difference difference = difference_between(signal, found);
      double& worst = errors[index][column++];
      for (std::size_t i = 0; i < n_lanes; ++i) worst = std::max(worst, gain * difference.largest[i] / unit[i]);
    }
  }
  return errors;
}

}  // namespace emlc::model
