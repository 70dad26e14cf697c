#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/signal/spectrum/lanes.hpp"
#include "codegen/signal/spectrum/spectrum.hpp"

/// The arithmetic of spectra: float32, one operation after the other, as generated code has it.
namespace emlc::signal {

/// sin(2 pi turn), of a turn in [0, 1], without libm: the same on every machine.
double sine(double turn);
double cosine(double turn);

/// The nearest float32 of w[i] for i up to n / 2; w[n - i] is w[i].
std::vector<float> taper_half(Taper taper, std::size_t n);
/// Of a table of taper_half().
inline float taper_at(std::span<const float> half, std::size_t n, std::size_t i) { return half[i < n - i ? i : n - i]; }

/// The transform of n real numbers is that of n / 2 complex ones, which are its even and its odd numbers; of these come
/// the first `radix` at once, then 4 in each stage.
struct TransformShape {
  std::size_t n = 0;         ///< real numbers
  std::size_t radix = 4;     ///< 4 or 8: n / 2 is radix * 4^stages
  std::size_t n_groups = 0;  ///< n / 2 / radix: groups of the first stage, at most 256
};
TransformShape transform_shape(std::size_t n);

/// `group`, one of n_groups = 4^k, with its digits of base 4 in reverse: where a transform of four at a time begins.
std::size_t reversed_group(std::size_t group, std::size_t n_groups);
/// Which group of the first stage has the complex numbers o, o + n_groups, o + 2 n_groups, ...: [n_groups]
std::vector<std::uint8_t> transform_groups(const TransformShape& shape);
/// sin(2 pi j / n): [n]
std::vector<float> sine_table(std::size_t n);

/// Of a transform: its tables.
struct Transform {
  explicit Transform(std::size_t n);
  TransformShape shape;
  std::vector<float> sines;
  std::vector<std::uint8_t> groups;
};

/// 4 |X[k]|^2 of the transform X of x, at both ends half of that.
/// @param x      [n]
/// @param power  [n / 2 + 1]
void transform_power(const Transform& transform, std::span<const float> x, std::span<float> power);

/// The same of the windows of all lanes.
/// @param x        [n_lanes][n]
/// @param scratch  [n]
/// @param power    [n / 2 + 1]
void transform_powers(const Transform& transform, std::span<const float> x, std::span<Lanes> scratch,
                      std::span<Lanes> power);
/// |X|^2 at any frequency, by Goertzel's recursion in the form that keeps its precision near 0 and near half the rate.
/// @param turn  the frequency over the rate: 0 to 1/2
float goertzel_power(std::span<const float> x, double turn);
/// What a step of the recursion multiplies with: -4 sin^2(pi turn) up to a quarter of the rate, 4 cos^2(pi turn) above.
float goertzel_factor(double turn);
inline bool is_low_turn(double turn) { return turn <= 0.25; }

/// Operations of float32 that each of the two takes.
double transform_operations(std::size_t n_fft);
double goertzel_operations(std::size_t n_samples);

}  // namespace emlc::signal
