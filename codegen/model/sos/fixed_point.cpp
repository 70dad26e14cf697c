#include "codegen/model/sos/fixed_point.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace emlc::model {
namespace {

constexpr std::array arithmetics = {
    ArithmeticInfo{.arithmetic = Arithmetic::float32, .name = "float"},
    ArithmeticInfo{.arithmetic = Arithmetic::q15,
                   .name = "q15",
                   .sample_bits = 16,
                   .coefficient_bits = 16,
                   .most_fraction_bits = 15,
                   .fewest_fraction_bits = 12},
    ArithmeticInfo{.arithmetic = Arithmetic::mixed,
                   .name = "mixed",
                   .sample_bits = 32,
                   .coefficient_bits = 16,
                   .most_fraction_bits = 14,
                   .fewest_fraction_bits = 12,
                   .shift = 16,
                   .unused_input_bits = 1},
    ArithmeticInfo{.arithmetic = Arithmetic::q31,
                   .name = "q31",
                   .sample_bits = 32,
                   .coefficient_bits = 28,
                   .most_fraction_bits = 26,
                   .fewest_fraction_bits = 24,
                   .shift = 28},
    ArithmeticInfo{.arithmetic = Arithmetic::q15_cmsis,
                   .name = "q15-cmsis",
                   .sample_bits = 16,
                   .coefficient_bits = 16,
                   .most_fraction_bits = 13,
                   .fewest_fraction_bits = 13},
};

/// The largest sum of five products, and of what the generated code adds to it on its way, in magnitude.
struct Magnitudes {
  std::int64_t coefficients = 0;   ///< sum of |c|
  std::int64_t high = 0, low = 0;  ///< sum of the |halves| of c = high * 2^13 + low, low signed
};

Magnitudes magnitudes(const SosIntegers& coefficients) {
  constexpr std::int64_t half_step = 4096, step = 8192;
  Magnitudes sums;
  for (const std::int64_t c : coefficients) {
    const std::int64_t low = ((c + half_step) & (step - 1)) - half_step;
    sums.coefficients += std::abs(c);
    sums.high += std::abs((c - low) / step);
    sums.low += std::abs(low);
  }
  return sums;
}

/// Samples as the two halves that cores without a long multiplication multiply: 16 bits each, the lower one unsigned.
constexpr std::int64_t largest_low_half = 65535;

bool sums_fit(const FixedPoint& fixed, const Magnitudes& sums) {
  constexpr std::int64_t limit = INT32_MAX;
  const std::int64_t step = std::int64_t{1} << fixed.shift();
  switch (fixed.arithmetic) {
    case Arithmetic::float32:
      break;
    case Arithmetic::q15:
    case Arithmetic::q15_cmsis:
      return sums.coefficients * 32768 + step <= limit;
    case Arithmetic::mixed:
      return sums.coefficients * (largest_low_half / 2) + step <= limit && sums.coefficients < 65536;
    case Arithmetic::q31:
      return sums.high < 32768 && sums.low * largest_low_half + largest_low_half <= limit &&
             sums.coefficients < (std::int64_t{1} << 28);
  }
  return sums.coefficients == 0;
}

enum class Before { zeros, first_sample };

/// What a section settles at after x for ever, in steps of the guard bits; rounded to nearest, halves up.
std::int64_t settled(const FixedPoint& fixed, const SosIntegers& c, std::int64_t x) {
  const std::int64_t divisor =
      ((std::int64_t{1} << fixed.fraction_bits) + c[3] + c[4]) * (std::int64_t{1} << fixed.guard());
  if (divisor <= 0) return 0;
  const std::int64_t twice = 2 * (std::int64_t{c[0]} + c[1] + c[2]) * x + divisor;
  const std::int64_t quotient = twice / (2 * divisor);
  return quotient - (twice % (2 * divisor) < 0 ? 1 : 0);
}

std::vector<std::int64_t> filter_section(const FixedPoint& fixed, const SosIntegers& c,
                                         std::vector<std::int64_t> samples, Before before) {
  const int shift = fixed.shift(), guard = fixed.guard();
  const std::int64_t limit = std::int64_t{1} << (info(fixed.arithmetic).sample_bits - 1 - guard);
  std::int64_t x1 = 0, x2 = 0, y1 = 0, y2 = 0, rest = fixed.first_rest();
  if (before == Before::first_sample && !samples.empty()) {
    x1 = x2 = samples.front();
    y1 = y2 = std::clamp(settled(fixed, c, x1), -limit, limit - 1) * (std::int64_t{1} << guard);
  }
  for (std::int64_t& sample : samples) {
    const std::int64_t x = sample;
    const std::int64_t sum = rest + c[0] * x + c[1] * x1 + c[2] * x2 - c[3] * y1 - c[4] * y2;
    const std::int64_t floor = sum >> shift;
    if (fixed.rounding == SosRounding::feedback) rest = sum - (floor << shift);
    sample = std::clamp(floor, -limit, limit - 1) * (std::int64_t{1} << guard);
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = sample;
  }
  return samples;
}

std::int64_t full_scale(const FixedPoint& fixed) { return std::int64_t{1} << (info(fixed.arithmetic).sample_bits - 1); }

std::vector<std::int64_t> filter_after(Before before, const FixedPoint& fixed, std::span<const SosIntegers> sections,
                                       std::span<const std::int64_t> samples) {
  std::vector<std::int64_t> signal(samples.begin(), samples.end());
  const std::int64_t used = -(std::int64_t{1} << info(fixed.arithmetic).unused_input_bits);
  for (std::int64_t& sample : signal) {
    if (sample < -full_scale(fixed) || sample >= full_scale(fixed)) throw std::logic_error("a sample is out of range");
    sample &= used;
  }
  for (const SosIntegers& section : sections) signal = filter_section(fixed, section, std::move(signal), before);
  if (fixed.lift == 0) return signal;
  const std::int64_t limit = full_scale(fixed) >> fixed.lift;
  for (std::int64_t& sample : signal) sample = std::clamp(sample, -limit, limit - 1) * (std::int64_t{1} << fixed.lift);
  return signal;
}

}  // namespace

std::span<const ArithmeticInfo> all_arithmetics() { return arithmetics; }

const ArithmeticInfo& info(Arithmetic arithmetic) {
  for (const ArithmeticInfo& row : arithmetics) {
    if (row.arithmetic == arithmetic) return row;
  }
  throw std::logic_error("arithmetic without a row in the table");
}

std::string_view name(SosRounding rounding) {
  switch (rounding) {
    case SosRounding::down:
      return "rounding down";
    case SosRounding::nearest:
      return "rounding to nearest";
    case SosRounding::feedback:
      return "error feedback";
  }
  throw std::logic_error("rounding without a name");
}

bool fit(const FixedPoint& fixed, const SosIntegers& coefficients) {
  const std::int64_t limit = std::int64_t{1} << (info(fixed.arithmetic).coefficient_bits - 1);
  // Feedback coefficients are stored negated, so that neither sign may reach the limit.
  const auto is_within = [&](std::int64_t c) { return std::abs(c) < limit; };
  return std::all_of(coefficients.begin(), coefficients.end(), is_within) && sums_fit(fixed, magnitudes(coefficients));
}

std::vector<std::int64_t> filter_integers(const FixedPoint& fixed, std::span<const SosIntegers> sections,
                                          std::span<const std::int64_t> samples) {
  return filter_after(Before::zeros, fixed, sections, samples);
}

std::vector<std::int64_t> filter_settled_integers(const SosCascade& cascade, std::span<const std::int64_t> samples) {
  return filter_after(Before::first_sample, cascade.fixed.value(), integers(cascade), samples);
}

std::int64_t to_sample(const FixedPoint& fixed, double x) {
  const auto scale = static_cast<double>(full_scale(fixed));
  const double rounded = std::floor(x * scale + 0.5);
  return static_cast<std::int64_t>(std::isnan(rounded) ? 0.0 : std::clamp(rounded, -scale, scale - 1.0));
}

double from_sample(const FixedPoint& fixed, std::int64_t sample) {
  return std::ldexp(static_cast<double>(sample) / static_cast<double>(full_scale(fixed)), fixed.headroom);
}

}  // namespace emlc::model
