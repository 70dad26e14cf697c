#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

/// Sound levels (docs/signals.md, "Levels"): plain data, parts of a Signal and of a Feature.
namespace emlc::signal {

/// The frequency weightings of IEC 61672-1.
enum class Curve { a, c, z };
/// `A`
std::string_view name(Curve curve);

/// floor(x * factor / 2^shift): a factor of 16 bits, the upper one set, so that it is exact to 2^-17 of itself.
struct Share {
  std::int32_t factor = 0;
  int shift = 0;
};

/// Coefficients of the last section of a weighting in integers are multiples of 2^-section_bits.
inline constexpr int section_bits = 14;

/// A weighting in integers: high-passes one after the other, y[n] = x[n] - s[n-1], s[n] = s[n-1] + share(y[n]); then
/// y[n] = floor((b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]) / 2^section_bits).
struct WeightingIntegers {
  std::vector<Share> high_passes{};
  std::array<std::int32_t, 5> section{};  ///< b0 b1 b2 a1 a2
};

/// What signals of levels have.
struct LevelPart {
  Curve curve = Curve::z;  ///< of weighting
  double seconds = 0.0;    ///< of time_weighting: the time constant

  // What infer() finds out.
  WeightingIntegers integers{};  ///< of weighting in integers
  int dropped_bits = 0;          ///< of mean_square of integers: samples are rounded to multiples of 2^dropped_bits
  float factor = 0.0F;           ///< of time_weighting of reals: what it takes of a new sample
  Share share{};                 ///< the same of integers
  int extra_bits = 0;            ///< of time_weighting of integers: what its memory has more than its samples
};

/// From a power as a signal has it to decibels: 10 log10(power * scale) + offset.
struct LevelScale {
  float scale = 1.0F;
  float offset = 0.0F;
};

/// No power is smaller in logarithms, in squares of the unit of the channels.
inline constexpr float level_floor = 1e-10F;

/// The level of a power, in decibels: float32, operation by operation.
float level_of(float power, const LevelScale& scale);

}  // namespace emlc::signal
