#pragma once

#include <span>
#include <vector>

#include "codegen/model/sos/sos_cascade.hpp"

namespace emlc::model {

/// Frequencies that show the response of the cascades, in cycles per sample, ascending, from 0 to 0.5: dense around
/// 0 (by the logarithm) and elsewhere (evenly), and at every pole and zero of both.
std::vector<double> response_frequencies(const SosCascade& one, const SosCascade& other);

/// The largest |H|.
double peak_gain(const SosCascade& cascade);

/// The largest difference of two responses.
struct Deviation {
  double decibel = 0.0;    ///< of `changed`, with its sign; infinite where one of the gains is 0
  double frequency = 0.0;  ///< where it is, cycles per sample
};
/// Counts where the gain of `reference` is at most `range` decibel below its peak.
Deviation largest_deviation(const SosCascade& reference, const SosCascade& changed, double range);

/// Norms of the impulse response of sections in a row: the largest output for inputs of at most 1, and the standard
/// deviation of the output for white noise of 1. Infinite where it does not settle within 2^21 samples.
struct ImpulseNorms {
  double absolute_sum = 0.0;
  double energy_root = 0.0;
};
ImpulseNorms impulse_norms(std::span<const SosSection> sections);

/// [n_sections] The same for the first section, the first two, and so on, in one pass.
std::vector<ImpulseNorms> norms_of_prefixes(std::span<const SosSection> sections);

/// What rounding in `fixed` arithmetic does, in steps of the samples.
struct RoundingNoise {
  double rms = 0.0;               ///< of the output, the mean included; for errors that are uniform and independent
  std::vector<double> largest{};  ///< [n_sections] after each section, for the worst errors
};
RoundingNoise rounding_noise(std::span<const SosSection> sections, const FixedPoint& fixed);

/// For how many samples after one that saturated in `section` its output may be off by more than a hundredth of what
/// was cut off: the section goes on from the sample as it was cut. At most 2^21.
std::size_t samples_to_recover(const SosSection& section);

/// Can a section leave the range of its samples, for inputs of at most `largest_input` (1 is full scale)?
Overflow overflow_of(std::span<const SosSection> sections, const FixedPoint& fixed, double largest_input);

}  // namespace emlc::model
