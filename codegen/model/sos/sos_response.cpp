#include "codegen/model/sos/sos_response.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace emlc::model {
namespace {

/// One section as it filters a signal: transposed direct form II.
struct Stage {
  SosSection s;
  double z1 = 0.0, z2 = 0.0;

  double step(double x) {
    const double y = s.b0 * x + z1;
    z1 = s.b1 * x - s.a1 * y + z2;
    z2 = s.b2 * x - s.a2 * y;
    return y;
  }
};

SosSection normalised(const SosSection& s) {
  return {s.b0 / s.a0, s.b1 / s.a0, s.b2 / s.a0, 1.0, s.a1 / s.a0, s.a2 / s.a0};
}

double decibel(double gain) { return 20.0 * std::log10(gain); }

double gain_at_dc(std::span<const SosSection> sections) {
  double product = 1.0;
  for (const SosSection& s : sections) product *= (s.b0 + s.b1 + s.b2) / (s.a0 + s.a1 + s.a2);
  return product;
}

/// What the rounding error of a section passes before it is in the output of that section.
SosSection error_filter(const SosSection& section, SosRounding rounding) {
  return {.b0 = 1.0,
          .b1 = rounding == SosRounding::feedback ? -1.0 : 0.0,
          .b2 = 0.0,
          .a0 = 1.0,
          .a1 = section.a1 / section.a0,
          .a2 = section.a2 / section.a0};
}

/// The impulse response behind a section, summed up until it has settled.
struct Prefix {
  Stage stage;
  double sum = 0.0, energy = 0.0, sum_of_block = 0.0;
  bool is_settled = false;
};

void end_block(Prefix& prefix) {
  constexpr double negligible = 1e-10;
  if (!prefix.is_settled) {
    prefix.sum += prefix.sum_of_block;
    prefix.is_settled = prefix.sum_of_block <= negligible * prefix.sum;
  }
  prefix.sum_of_block = 0.0;
}

ImpulseNorms norms_of(const Prefix& prefix) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  return prefix.is_settled ? ImpulseNorms{prefix.sum, std::sqrt(prefix.energy)} : ImpulseNorms{infinite, infinite};
}

}  // namespace

std::vector<double> response_frequencies(const SosCascade& one, const SosCascade& other) {
  constexpr int n_points = 2000;
  constexpr double lowest = 1e-5;
  std::vector<double> frequencies = {0.0};
  for (int i = 0; i < n_points; ++i) {
    const double share = static_cast<double>(i) / n_points;
    frequencies.push_back(0.5 * std::pow(lowest, 1.0 - share));
    frequencies.push_back(0.5 * (share + 1.0 / n_points));
  }
  for (const SosCascade* cascade : {&one, &other}) {
    for (const SosSection& section : cascade->sections) {
      for (const std::complex<double>& pole : poles(section)) {
        frequencies.push_back(std::abs(std::arg(pole)) / (2.0 * std::numbers::pi));
      }
    }
  }
  std::sort(frequencies.begin(), frequencies.end());
  return frequencies;
}

double peak_gain(const SosCascade& cascade) {
  double peak = 0.0;
  for (const double frequency : response_frequencies(cascade, {})) peak = std::max(peak, gain(cascade, frequency));
  return peak;
}

Deviation largest_deviation(const SosCascade& reference, const SosCascade& changed, double range) {
  const double lowest = peak_gain(reference) * std::pow(10.0, -range / 20.0);
  Deviation largest;
  for (const double frequency : response_frequencies(reference, changed)) {
    const double expected = gain(reference, frequency);
    if (expected < lowest || expected == 0.0) continue;
    const double difference = decibel(gain(changed, frequency) / expected);
    if (std::abs(difference) > std::abs(largest.decibel)) largest = {difference, frequency};
  }
  return largest;
}

std::vector<ImpulseNorms> norms_of_prefixes(std::span<const SosSection> sections) {
  constexpr std::size_t block = 1024, most_samples = std::size_t{1} << 21;
  std::vector<Prefix> prefixes;
  for (const SosSection& section : sections) prefixes.push_back({.stage = {normalised(section)}});
  for (std::size_t done = 0; done < most_samples; done += block) {
    for (std::size_t i = 0; i < block; ++i) {
      double sample = done + i == 0 ? 1.0 : 0.0;
      for (Prefix& prefix : prefixes) {
        sample = prefix.stage.step(sample);
        prefix.sum_of_block += std::abs(sample);
        if (!prefix.is_settled) prefix.energy += sample * sample;
      }
    }
    for (Prefix& prefix : prefixes) end_block(prefix);
    if (std::all_of(prefixes.begin(), prefixes.end(), [](const Prefix& prefix) { return prefix.is_settled; })) break;
  }
  std::vector<ImpulseNorms> norms;
  for (const Prefix& prefix : prefixes) norms.push_back(norms_of(prefix));
  return norms;
}

ImpulseNorms impulse_norms(std::span<const SosSection> sections) { return norms_of_prefixes(sections).back(); }

RoundingNoise rounding_noise(std::span<const SosSection> sections, const FixedPoint& fixed) {
  const double step = std::ldexp(1.0, fixed.guard());
  RoundingNoise noise{.rms = 0.0, .largest = std::vector<double>(sections.size(), 0.0)};
  double power = 0.0, offset = 0.0;
  for (std::size_t from = 0; from < sections.size(); ++from) {
    std::vector<SosSection> path = {error_filter(sections[from], fixed.rounding)};
    path.insert(path.end(), sections.begin() + static_cast<std::ptrdiff_t>(from) + 1, sections.end());
    const std::vector<ImpulseNorms> norms = norms_of_prefixes(path);
    for (std::size_t i = 0; i < norms.size(); ++i) noise.largest[from + i] += step * norms[i].absolute_sum;
    power += step * step * norms.back().energy_root * norms.back().energy_root / 12.0;
    if (fixed.rounding == SosRounding::down) offset -= step / 2.0 * gain_at_dc(path);
  }
  noise.rms = std::ldexp(std::sqrt(power + offset * offset), fixed.lift);
  return noise;
}

std::size_t samples_to_recover(const SosSection& section) {
  constexpr std::size_t most_samples = std::size_t{1} << 21;
  constexpr double recovered = 0.01;
  Stage stage{error_filter(section, SosRounding::nearest)};
  const double radius = pole_radius(section);
  // |h[n]| <= (n + 1) r^n: from there on nothing can come back.
  double bound = 1.0;
  std::size_t last = 0;
  for (std::size_t n = 0; n < most_samples && bound * static_cast<double>(n + 1) > recovered; ++n, bound *= radius) {
    if (std::abs(stage.step(n == 0 ? 1.0 : 0.0)) > recovered) last = n;
  }
  return last;
}

Overflow overflow_of(std::span<const SosSection> sections, const FixedPoint& fixed, double largest_input) {
  const double full_scale = std::ldexp(1.0, info(fixed.arithmetic).sample_bits - 1);
  const RoundingNoise noise = rounding_noise(sections, fixed);
  const double input = largest_input * full_scale + std::ldexp(1.0, info(fixed.arithmetic).unused_input_bits) - 1.0;
  const std::vector<ImpulseNorms> norms = norms_of_prefixes(sections);
  for (std::size_t i = 0; i < norms.size(); ++i) {
    const double largest = norms[i].absolute_sum * input;
    if (largest + noise.largest[i] > full_scale - std::ldexp(1.0, fixed.guard())) return Overflow::saturates;
  }
  return Overflow::impossible;
}

}  // namespace emlc::model
