#include "codegen/passes/sos/notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/predict/predict.hpp"

namespace emlc::passes {
namespace {

using model::FixedPoint;
using model::Overflow;
using model::SosCascade;

std::string in_samples(std::size_t n) { return n == 1 ? "1 sample" : fmt::format("{} samples", n); }

/// How the filter comes back from full scale.
std::string recovery(const SosCascade& cascade, double largest) {
  const FixedPoint& fixed = *cascade.fixed;
  const std::size_t n = model::samples_to_recover(cascade.sections.back());
  const double room = std::ldexp(1.0, fixed.lift);
  if (fixed.lift == 0) return fmt::format("what follows can be off for {}", in_samples(n));
  if (largest <= room) return "what follows is right at once";
  return fmt::format("what follows is right at once, beyond {:.4g} after {}", room, in_samples(n));
}

/// What saturates, and what would have room for it.
std::string overflow_text(const SosCascade& cascade, double largest_input) {
  const FixedPoint& fixed = *cascade.fixed;
  const double largest = std::ldexp(largest_output(cascade, largest_input), fixed.lift);
  if (largest <= 1.0 && fixed.overflow == Overflow::impossible) return "no input of the range overflows any section";
  const int bits = fixed.headroom + std::max(1, bits_of_room(largest));
  std::string text =
      fmt::format("the output, at most {:.3g} of full scale, saturates, {}", largest, recovery(cascade, largest));
  if (bits <= model::max_headroom) text += fmt::format("; --headroom {} has room for all of it", bits);
  return text;
}

double largest_radius(const SosCascade& cascade) {
  double radius = 0.0;
  for (const model::SosSection& section : cascade.sections) radius = std::max(radius, model::pole_radius(section));
  return radius;
}

/// The outputs beyond a limit, in all signals.
struct Beyond {
  std::size_t n_samples = 0, n_beyond = 0;
  double largest = 0.0;
};

Beyond beyond(const SosCascade& filter, std::span<const std::vector<double>> signals, double limit) {
  Beyond found;
  for (const std::vector<double>& signal : signals) {
    for (const double sample : model::filter(filter, signal)) {
      found.largest = std::max(found.largest, std::abs(sample));
      if (std::abs(sample) > limit) ++found.n_beyond;
    }
    found.n_samples += signal.size();
  }
  return found;
}

}  // namespace

std::vector<std::string> notes_of(const SosCascade& original, const Candidate& candidate, double largest_input) {
  const FixedPoint& fixed = *candidate.cascade.fixed;
  const model::Deviation all = model::largest_deviation(original, candidate.cascade, 2.0 * deviation_range);
  const int bits = info(fixed.arithmetic).sample_bits;
  std::vector<std::string> notes;
  notes.push_back(fmt::format("response: off by at most {} within {} dB of the peak, {} within {} dB",
                              describe(candidate.deviation, original), deviation_range, describe(all, original),
                              2.0 * deviation_range));
  notes.push_back(fmt::format("rounding noise: {:.3g} LSB RMS of {} bits ({:.1f} dB below full scale), with {}",
                              candidate.noise, bits, 20.0 * std::log10(std::ldexp(1.0, bits - 1) / candidate.noise),
                              name(fixed.rounding)));
  notes.push_back(fmt::format("gain: up to each section but the last at most 1 for {}; {}", name(candidate.bound),
                              overflow_text(candidate.cascade, largest_input)));
  if (fixed.headroom > 0) {
    notes.push_back(fmt::format("headroom: full scale of the output stands for {}", 1 << fixed.headroom));
  }
  notes.push_back(fmt::format("coefficients: multiples of 2^-{}, largest pole radius {:.6g}", fixed.fraction_bits,
                              largest_radius(candidate.cascade)));
  return notes;
}

std::vector<std::string> notes_of_signals(const SosCascade& original, const SosCascade& rounded,
                                          std::span<const std::vector<double>> signals) {
  std::vector<std::string> notes;
  const std::size_t n_sections = rounded.sections.size();
  for (std::size_t n = 1; n < n_sections; ++n) {
    const Beyond inside =
        beyond({.sections = {rounded.sections.begin(), rounded.sections.begin() + static_cast<std::ptrdiff_t>(n)}},
               signals, 1.0);
    if (inside.n_beyond == 0) continue;
    notes.push_back(fmt::format("data: section {} of {} saturates at {} of {} samples", n, n_sections, inside.n_beyond,
                                inside.n_samples));
  }
  const int headroom = rounded.fixed.value().headroom;
  const Beyond outside = beyond(original, signals, std::ldexp(1.0, headroom));
  if (outside.n_beyond == 0) return notes;
  const int bits = bits_of_room(outside.largest);
  std::string cure = bits <= model::max_headroom ? fmt::format("; --headroom {} has room for them", bits) : "";
  notes.push_back(fmt::format(
      "data: {} of {} samples leave the filter beyond full scale, up to {:.3g}, and saturate; the error counts them{}",
      outside.n_beyond, outside.n_samples, outside.largest, cure));
  return notes;
}

}  // namespace emlc::passes
