#include "codegen/passes/sos/candidate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace emlc::passes {
namespace {

using model::Arithmetic;
using model::FixedPoint;
using model::Overflow;
using model::SosCascade;
using model::SosRounding;

/// The most rounding noise, relative to full scale: 2^-10 of samples of 16 bits, 2^-16 of samples of 32 bits.
constexpr double noise_of_16_bits = 0x1p-10, noise_of_32_bits = 0x1p-16;
/// What saturates disturbs low frequencies for long. To rule it out between sections (L1 scaling), or to be right again
/// at once behind the last one, may cost this much noise in samples of 16 bits; those of 32 bits have bits to spare.
constexpr double worth_a_proof = 2.0;
/// Gains leave room for rounding errors.
constexpr double room = 1.0 - 1.0 / 512.0;
/// After so many samples what saturated has to be forgotten.
constexpr std::size_t longest_recovery = 32;
/// Orders that are tried where the first one is of no use.
constexpr std::size_t most_orders = 48;

bool has_16_bits(Arithmetic arithmetic) { return info(arithmetic).sample_bits == 16; }

double limit_of_noise(Arithmetic arithmetic) {
  const double full_scale = std::ldexp(1.0, info(arithmetic).sample_bits - 1);
  return full_scale * (has_16_bits(arithmetic) ? noise_of_16_bits : noise_of_32_bits);
}

std::string in_hertz(const SosCascade& cascade, double frequency) {
  if (!cascade.sample_rate) return fmt::format("{:.4g} of the sample rate", frequency);
  return fmt::format("{:.4g} Hz", frequency * *cascade.sample_rate);
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
  candidate.problem = problem_of(original, candidate, fixed.arithmetic);  // without noise, which takes long
  if (!candidate.problem.empty()) return candidate;
  candidate.noise = model::rounding_noise(rounded->sections, *rounded->fixed).rms;
  candidate.problem = problem_of(original, candidate, fixed.arithmetic);
  return candidate;
}

/// What a proof that no section but the last overflows is worth, in noise.
double handicap(const Candidate& one, const Candidate& other, Arithmetic arithmetic) {
  if (one.bound != SosBound::any_sine || other.bound != SosBound::any_input) return 1.0;
  return has_16_bits(arithmetic) ? worth_a_proof : HUGE_VAL;
}

bool is_better(const Candidate& one, const Candidate& other, Arithmetic arithmetic) {
  if (one.problem.empty() != other.problem.empty()) return one.problem.empty();
  const double against_other = handicap(other, one, arithmetic);
  if (std::isinf(against_other)) return true;
  return one.noise * handicap(one, other, arithmetic) < other.noise;
}

std::span<const SosRounding> roundings(Arithmetic arithmetic) {
  static constexpr std::array both = {SosRounding::nearest, SosRounding::feedback};
  static constexpr std::array down = {SosRounding::down};
  if (arithmetic == Arithmetic::q15_cmsis) return down;
  // With 32-bit samples the rest is at hand, feedback costs nothing.
  return has_16_bits(arithmetic) ? std::span<const SosRounding>(both) : std::span(both).last(1);
}

constexpr std::array all_bounds = {SosBound::any_input, SosBound::any_sine};

/// The gain of the first section times 2^-bits.
SosCascade scaled_down(SosCascade cascade, int bits) {
  model::SosSection& first = cascade.sections.front();
  for (double* b : {&first.b0, &first.b1, &first.b2}) *b = std::ldexp(*b, -bits);
  return cascade;
}

/// A way to look for candidates: keeps the best of those it is shown.
struct Search {
  const SosCascade& cascade;
  const FilterRequest& request;
  int lift = 0;
  std::optional<Candidate> best{};

  void show(Candidate candidate) {
    if (!best || is_better(candidate, *best, request.arithmetic)) best = std::move(candidate);
  }
  [[nodiscard]] bool found() const { return best && best->problem.empty(); }
};

/// `ordered` with the gains of each of `bounds`. A bound for any input is at least one for any sine, so that what does
/// not fit with the latter need not be tried with the former.
void try_bounds(Search& search, const SosCascade& ordered, std::span<const SosBound> bounds, SosRounding rounding,
                double target) {
  const FilterRequest& request = search.request;
  const FixedPoint fixed{
      .arithmetic = request.arithmetic, .rounding = rounding, .lift = search.lift, .headroom = request.headroom};
  const SosCascade scaled = scaled_down(ordered, search.lift + request.headroom);
  for (const SosBound bound : bounds) {
    search.show(round_and_measure(search.cascade, balance_gains(scaled, bound, target), bound, fixed));
  }
}

/// Gains up to `target` between sections. A small input may be amplified there, if there are coefficients for that.
std::vector<double> targets(double largest_input) {
  if (largest_input < 1.0) return {room, room / largest_input};
  return {room};
}

/// The order with the least noise.
void try_first_order(Search& search) {
  const std::span bounds = std::span(all_bounds).first(has_16_bits(search.request.arithmetic) ? 2 : 1);
  for (const double target : targets(search.request.largest_input)) {
    for (const SosRounding rounding : roundings(search.request.arithmetic)) {
      try_bounds(search, order_sections(search.cascade, rounding), bounds, rounding, target);
    }
  }
}

/// Could the poles be at these places, with as many bits as there are for coefficients? What the order of sections does
/// to the coefficients of x makes no difference to that.
bool has_places_for_poles(const SosCascade& cascade, Arithmetic arithmetic) {
  const model::ArithmeticInfo& row = info(arithmetic);
  for (int bits = row.fewest_fraction_bits; bits <= row.most_fraction_bits; ++bits) {
    SosCascade rounded = cascade;
    bool is_stable = true;
    for (model::SosSection& s : rounded.sections) {
      s.a1 = std::ldexp(std::round(std::ldexp(s.a1 / s.a0, bits)), -bits) * s.a0;
      s.a2 = std::ldexp(std::round(std::ldexp(s.a2 / s.a0, bits)), -bits) * s.a0;
      is_stable = is_stable && model::pole_radius(s) < 1.0;
    }
    if (is_stable) return true;
  }
  return false;
}

void try_other_orders(Search& search) {
  if (!has_places_for_poles(search.cascade, search.request.arithmetic)) return;
  for (const SosRounding rounding : roundings(search.request.arithmetic)) {
    for (const SosCascade& ordered : likely_orders(search.cascade, rounding, most_orders)) {
      try_bounds(search, ordered, all_bounds, rounding, room);
    }
  }
}

Candidate best_with_lift(const SosCascade& cascade, const FilterRequest& request, int lift) {
  Search search{.cascade = cascade, .request = request, .lift = lift};
  try_first_order(search);
  if (!search.found()) try_other_orders(search);
  Candidate best = std::move(*search.best);
  if (!best.problem.empty()) return best;
  FixedPoint& fixed = *best.cascade.fixed;
  fixed.overflow = request.arithmetic == Arithmetic::q15_cmsis
                       ? Overflow::saturates
                       : overflow_of(best.cascade.sections, fixed, request.largest_input);
  return best;
}

/// Can the output be wrong for long after it saturated? q15-cmsis computes as it is given.
bool stays_wrong(const Candidate& candidate) {
  const FixedPoint& fixed = *candidate.cascade.fixed;
  return fixed.arithmetic != Arithmetic::q15_cmsis && fixed.overflow == Overflow::saturates &&
         model::samples_to_recover(candidate.cascade.sections.back()) > longest_recovery;
}

/// The candidate, or one whose last section has room for what is beyond full scale: all of it, or as much as the noise
/// of 16-bit samples allows.
Candidate with_room(const SosCascade& cascade, const FilterRequest& request, Candidate candidate) {
  const double largest = largest_output(candidate.cascade, request.largest_input);
  const double most_noise = has_16_bits(request.arithmetic) ? worth_a_proof * candidate.noise : HUGE_VAL;
  for (int lift = std::clamp(bits_of_room(largest / room), 1, model::max_headroom); lift > 0; --lift) {
    Candidate lifted = best_with_lift(cascade, request, lift);
    if (lifted.problem.empty() && lifted.noise <= most_noise) return lifted;
  }
  return candidate;
}

}  // namespace

std::string describe(const model::Deviation& deviation, const SosCascade& cascade) {
  return fmt::format("{:.2g} dB at {}", deviation.decibel, in_hertz(cascade, deviation.frequency));
}

double largest_output(const SosCascade& cascade, double largest_input) {
  return model::impulse_norms(cascade.sections).absolute_sum * largest_input;
}

int bits_of_room(double largest) { return largest <= 1.0 ? 0 : static_cast<int>(std::ceil(std::log2(largest))); }

Candidate design_filter(const SosCascade& cascade, const FilterRequest& request) {
  Candidate candidate = best_with_lift(cascade, request, 0);
  if (!candidate.problem.empty() || !stays_wrong(candidate)) return candidate;
  return with_room(cascade, request, std::move(candidate));
}

}  // namespace emlc::passes
