#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace emlc::model {

/// The numbers that a filter computes with.
///   q15        int16 samples, coefficients of 16 bits
///   mixed      int32 samples, coefficients of 16 bits
///   q31        int32 samples, coefficients of 28 bits
///   q15_cmsis  int16 samples as CMSIS-DSP's arm_biquad_cascade_df1_q15 with postShift 2 computes them
enum class Arithmetic { float32, q15, mixed, q31, q15_cmsis };

struct ArithmeticInfo {
  Arithmetic arithmetic = Arithmetic::float32;
  std::string_view name{};  ///< as written in --arithmetic
  int sample_bits = 32;     ///< of x, of y and of what goes from section to section
  int coefficient_bits = 16;
  int most_fraction_bits = 0, fewest_fraction_bits = 0;  ///< of the coefficients
  int shift = 0;                                         ///< of the sum; 0: as many as the coefficients have
  int unused_input_bits = 0;                             ///< low bits of x that count as 0
};
std::span<const ArithmeticInfo> all_arithmetics();
const ArithmeticInfo& info(Arithmetic arithmetic);

/// What becomes of the bits that a section shifts out of its sum.
enum class SosRounding {
  down,      ///< they are dropped
  nearest,   ///< the sum is rounded to nearest
  feedback,  ///< they are added to the next sum: first-order error feedback, which moves the noise away from DC
};

std::string_view name(SosRounding rounding);  ///< `rounding down`, `rounding to nearest`, `error feedback`

/// Can a section leave the range of its samples?
enum class Overflow { impossible, saturates };

/// How the sections of a cascade compute in integers; direct form I, in exact sums of products:
///   sum  = rest + b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]
///   y[n] = saturate(sum >> shift) << guard;   rest = the low `shift` bits of sum (feedback), half a step (nearest) or
///   0
/// Coefficients are multiples of 2^-fraction_bits, shift = fraction_bits + guard. The first rest is half a step, but 0
/// for `down`. >> rounds down; samples saturate to sample_bits (a multiple of 2^guard).
/// The output of the last section is, with a `lift`, saturate(y << lift): the section has room for what is beyond full
/// scale, so that a sample that saturates is not what the next ones are computed from.
struct FixedPoint {
  Arithmetic arithmetic = Arithmetic::q15;
  int fraction_bits = 14;
  SosRounding rounding = SosRounding::feedback;
  Overflow overflow = Overflow::saturates;
  int lift = 0;      ///< bits, 0 to max_headroom
  int headroom = 0;  ///< bits, 0 to max_headroom: full scale of the output stands for 2^headroom

  [[nodiscard]] int shift() const { return info(arithmetic).shift == 0 ? fraction_bits : info(arithmetic).shift; }
  [[nodiscard]] int guard() const { return shift() - fraction_bits; }
  [[nodiscard]] std::int64_t first_rest() const {
    return rounding == SosRounding::down ? 0 : std::int64_t{1} << (shift() - 1);
  }
};

/// Of FixedPoint::lift and FixedPoint::headroom.
inline constexpr int max_headroom = 15;

/// b0 b1 b2 a1 a2 of a section times 2^fraction_bits.
using SosIntegers = std::array<std::int32_t, 5>;

/// Do the coefficients fit their bits, and every sum of products the accumulators of the generated code?
bool fit(const FixedPoint& fixed, const SosIntegers& coefficients);

/// One signal through sections in integers. `samples` are of sample_bits; a value beyond them is a std::logic_error.
std::vector<std::int64_t> filter_integers(const FixedPoint& fixed, std::span<const SosIntegers> sections,
                                          std::span<const std::int64_t> samples);

/// The sample of the input that stands for x: 1.0 is 2^(sample_bits - 1), which saturates to the value below.
std::int64_t to_sample(const FixedPoint& fixed, double x);
/// What a sample of the output stands for: 2^(sample_bits - 1) is 2^headroom.
double from_sample(const FixedPoint& fixed, std::int64_t sample);

}  // namespace emlc::model
