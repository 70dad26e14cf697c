#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/sos/design.hpp"

namespace emlc::passes {
namespace {

using model::Arithmetic;
using model::FixedPoint;
using model::Overflow;
using model::SosCascade;
using model::SosRounding;

/// A filter whose response is further off is of no use: where its gain is within this many decibel of its peak.
constexpr double deviation_range = 40.0, largest_deviation = 0.5;
/// The most rounding noise, relative to full scale: 2^-10 of samples of 16 bits, 2^-16 of samples of 32 bits.
constexpr double noise_of_16_bits = 0x1p-10, noise_of_32_bits = 0x1p-16;
/// L1 scaling proves that no section but the last overflows; in samples of 16 bits it may cost this much noise. A
/// section that saturates disturbs low frequencies for long.
constexpr double worth_a_proof = 2.0;
/// Gains leave room for rounding errors.
constexpr double room = 1.0 - 1.0 / 512.0;

/// A cascade in integers, and what is to be known about it.
struct Candidate {
  SosCascade cascade{};
  SosBound bound = SosBound::any_input;
  double noise = 0.0;  ///< RMS, in steps of the samples
  model::Deviation deviation{};
  std::string problem{};  ///< why it is of no use; empty when it is
};

double full_scale(Arithmetic arithmetic) { return std::ldexp(1.0, info(arithmetic).sample_bits - 1); }

double limit_of_noise(Arithmetic arithmetic) {
  return full_scale(arithmetic) * (info(arithmetic).sample_bits == 16 ? noise_of_16_bits : noise_of_32_bits);
}

/// The largest input there can be, 1 is full scale.
double largest_input(const model::Input& input) {
  if (input.minimum.empty() || input.maximum.empty()) return 1.0;
  return std::min(1.0, std::max(std::abs(input.minimum[0]), std::abs(input.maximum[0])));
}

std::string in_hertz(const SosCascade& cascade, double frequency) {
  if (!cascade.sample_rate) return fmt::format("{:.4g} of the sample rate", frequency);
  return fmt::format("{:.4g} Hz", frequency * *cascade.sample_rate);
}

std::string describe(const model::Deviation& deviation, const SosCascade& cascade) {
  return fmt::format("{:.2g} dB at {}", deviation.decibel, in_hertz(cascade, deviation.frequency));
}

std::string problem_of(const SosCascade& original, const Candidate& candidate, Arithmetic arithmetic) {
  for (const model::SosSection& section : candidate.cascade.sections) {
    const double radius = model::pole_radius(section);
    if (radius >= 1.0) return fmt::format("rounded to its coefficients a pole has radius {:.6g}", radius);
  }
  if (!(std::abs(candidate.deviation.decibel) <= largest_deviation)) {
    return fmt::format("the response would be off by {}, more than {} dB within {} dB of its peak",
                       describe(candidate.deviation, original), largest_deviation, deviation_range);
  }
  if (candidate.noise > limit_of_noise(arithmetic)) {
    return fmt::format("its rounding noise would be {:.4g} LSB RMS, more than {:.4g}", candidate.noise,
                       limit_of_noise(arithmetic));
  }
  return {};
}

/// Rounded and measured; a problem and no cascade where no scale fits.
Candidate round_and_measure(const SosCascade& original, const SosCascade& balanced, SosBound bound, FixedPoint fixed) {
  Candidate candidate{.bound = bound};
  const std::optional<SosCascade> rounded = round_coefficients(balanced, fixed);
  if (!rounded) {
    candidate.problem = "coefficients do not fit";
    return candidate;
  }
  candidate.cascade = *rounded;
  candidate.deviation = model::largest_deviation(original, candidate.cascade, deviation_range);
  const auto is_stable = [](const model::SosSection& section) { return model::pole_radius(section) < 1.0; };
  if (std::all_of(rounded->sections.begin(), rounded->sections.end(), is_stable)) {
    candidate.noise = model::rounding_noise(rounded->sections, *rounded->fixed).rms;
  }
  candidate.problem = problem_of(original, candidate, fixed.arithmetic);
  return candidate;
}

bool is_better(const Candidate& one, const Candidate& other) {
  if (one.problem.empty() != other.problem.empty()) return one.problem.empty();
  const double handicap = one.bound == SosBound::any_sine && other.bound == SosBound::any_input ? worth_a_proof : 1.0;
  return one.noise * handicap < other.noise;
}

std::span<const SosRounding> roundings(Arithmetic arithmetic) {
  static constexpr std::array both = {SosRounding::nearest, SosRounding::feedback};
  static constexpr std::array down = {SosRounding::down};
  if (arithmetic == Arithmetic::q15_cmsis) return down;
  // With 32-bit samples the rest is at hand, feedback costs nothing.
  return info(arithmetic).sample_bits == 16 ? std::span<const SosRounding>(both) : std::span(both).last(1);
}

std::span<const SosBound> bounds(Arithmetic arithmetic) {
  static constexpr std::array both = {SosBound::any_input, SosBound::any_sine};
  return std::span(both).first(info(arithmetic).sample_bits == 16 ? 2 : 1);
}

/// The best of all ways to round `cascade`, with gains up to `target` between sections; keeps `best` where that is
/// better.
void try_target(const SosCascade& cascade, Arithmetic arithmetic, double target, std::optional<Candidate>& best) {
  for (const SosRounding rounding : roundings(arithmetic)) {
    const SosCascade ordered = order_sections(cascade, rounding);
    for (const SosBound bound : bounds(arithmetic)) {
      const FixedPoint fixed{.arithmetic = arithmetic, .rounding = rounding};
      Candidate found = round_and_measure(cascade, balance_gains(ordered, bound, target), bound, fixed);
      if (!best || is_better(found, *best)) best = std::move(found);
    }
  }
}

Candidate design(const SosCascade& cascade, Arithmetic arithmetic, double input) {
  std::optional<Candidate> best;
  try_target(cascade, arithmetic, room, best);
  // A small input may be amplified between sections, if there are coefficients for that.
  if (input < 1.0) try_target(cascade, arithmetic, room / input, best);
  if (best->problem.empty()) {
    FixedPoint& fixed = *best->cascade.fixed;
    fixed.overflow =
        arithmetic == Arithmetic::q15_cmsis ? Overflow::saturates : overflow_of(best->cascade.sections, fixed, input);
  }
  return *best;
}

/// The other arithmetic that has no problem with the filter; float always does.
std::string_view what_would_do(const SosCascade& cascade, Arithmetic refused, double input) {
  for (const Arithmetic arithmetic : {Arithmetic::q15, Arithmetic::mixed, Arithmetic::q31}) {
    if (arithmetic <= refused && refused != Arithmetic::q15_cmsis) continue;
    if (design(cascade, arithmetic, input).problem.empty()) return info(arithmetic).name;
  }
  return info(Arithmetic::float32).name;
}

[[noreturn]] void refuse(std::string_view problem) { throw Error({.field = "--arithmetic"}, problem); }

std::string_view describe(SosRounding rounding) {
  switch (rounding) {
    case SosRounding::down:
      return "rounding down";
    case SosRounding::nearest:
      return "rounding to nearest";
    case SosRounding::feedback:
      return "error feedback";
  }
  return "";
}

std::vector<std::string> notes_of(const SosCascade& original, const Candidate& candidate) {
  const FixedPoint& fixed = *candidate.cascade.fixed;
  const model::Deviation all = model::largest_deviation(original, candidate.cascade, 2.0 * deviation_range);
  std::vector<std::string> notes;
  notes.push_back(fmt::format("response: off by at most {} within {} dB of the peak, {} within {} dB",
                              describe(candidate.deviation, original), deviation_range, describe(all, original),
                              2.0 * deviation_range));
  notes.push_back(fmt::format("rounding noise: {:.3g} LSB RMS of {} bits ({:.1f} dB below full scale), with {}",
                              candidate.noise, info(fixed.arithmetic).sample_bits,
                              20.0 * std::log10(full_scale(fixed.arithmetic) / candidate.noise),
                              describe(fixed.rounding)));
  notes.push_back(fmt::format(
      "gain: up to each section but the last at most 1 for {}; {}", name(candidate.bound),
      fixed.overflow == Overflow::impossible ? "no input of the range overflows any section" : "samples saturate"));
  double radius = 0.0;
  for (const model::SosSection& section : candidate.cascade.sections)
    radius = std::max(radius, model::pole_radius(section));
  notes.push_back(
      fmt::format("coefficients: multiples of 2^-{}, largest pole radius {:.6g}", fixed.fraction_bits, radius));
  return notes;
}

/// Samples beyond full scale, as the data makes them: where they saturate the error of the pass is large.
std::optional<std::string> note_of_saturation(const SosCascade& original,
                                              std::span<const std::vector<double>> signals) {
  std::size_t n_samples = 0, n_beyond = 0;
  double largest = 0.0;
  for (const std::vector<double>& signal : signals) {
    for (const double sample : model::filter(original, signal)) {
      largest = std::max(largest, std::abs(sample));
      if (std::abs(sample) > 1.0) ++n_beyond;
    }
    n_samples += signal.size();
  }
  if (n_beyond == 0) return std::nullopt;
  return fmt::format(
      "data: {} of {} samples leave the filter beyond full scale, up to {:.3g}, and saturate; the error counts them",
      n_beyond, n_samples, largest);
}

}  // namespace

PassResult quantize_sos(model::Model& model, const PassConfig& config) {
  auto& cascade = std::get<SosCascade>(model.predictor);
  if (cascade.fixed) return {};
  const std::string_view wanted = info(config.arithmetic).name;
  if (!cascade.initial_state.empty()) {
    refuse(fmt::format("{} filters start from silence, the model has an initial state; float would do", wanted));
  }
  for (std::size_t i = 0; i < cascade.sections.size(); ++i) {
    const double radius = model::pole_radius(cascade.sections[i]);
    if (radius < 1.0) continue;
    refuse(
        fmt::format("{} needs a stable filter, sections[{}] has a pole of radius {:.6g}; float would take it as it is",
                    wanted, i, radius));
  }
  if (!std::isfinite(model::impulse_norms(cascade.sections).absolute_sum)) {
    refuse(fmt::format("{} needs a filter that settles within two million samples; float would do", wanted));
  }
  const double input = largest_input(model.input);
  Candidate candidate = design(cascade, config.arithmetic, input);
  if (!candidate.problem.empty()) {
    refuse(fmt::format("{} is not good enough for this filter: {}; {} would do", wanted, candidate.problem,
                       what_would_do(cascade, config.arithmetic, input)));
  }
  PassResult result{.changes = cascade.sections.size(), .notes = notes_of(cascade, candidate)};
  if (auto note = note_of_saturation(cascade, sample_inputs(model, config))) result.notes.push_back(std::move(*note));
  cascade = std::move(candidate.cascade);
  return result;
}

}  // namespace emlc::passes
