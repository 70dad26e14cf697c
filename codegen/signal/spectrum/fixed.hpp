#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/signal/spectrum/spectrum.hpp"

/// Spectra of integers of 16 bits: the transform, windows and sums in integers, the same on every machine as in
/// generated code (docs/signals.md, "Spectra in integers"). Numbers of 16 bits are in q15: 32768 is 1.
namespace emlc::signal {

/// A transform of n / 2 complex numbers, `radix` of them at once and then 4 in each stage.
struct FixedShape {
  std::size_t n = 0;         ///< real numbers
  std::size_t radix = 4;     ///< 2 or 4: n / 2 is radix * 4^stages
  std::size_t n_groups = 0;  ///< n / 2 / radix
};
FixedShape fixed_shape(std::size_t n);
/// Which group of the first stage has the complex numbers o, o + n_groups, ...: [n_groups]
std::vector<std::uint16_t> fixed_groups(const FixedShape& shape);

/// sin(2 pi j / n), at most 32767: [n]
std::vector<std::int16_t> fixed_sines(std::size_t n);
/// w[i] for i up to n / 2, at most 32767; w[n - i] is w[i].
std::vector<std::int16_t> fixed_taper_half(Taper taper, std::size_t n);
/// cos(pi j / (2 n)), at most 32767: [4 n]
std::vector<std::int16_t> fixed_cosines(std::size_t n);

/// Bits that samples are shifted to the right by before the first stage, so that no sum is beyond 16 bits: a window
/// with sides that add up to about 1 over its whole length leaves one bit more than others.
int fixed_headroom(const SpectrumPart& part);

struct FixedTransform {
  explicit FixedTransform(const SpectrumPart& part);
  FixedShape shape;
  int headroom = 1;
  std::vector<std::int16_t> sines, taper;  ///< without numbers: rectangular
  std::vector<std::uint16_t> groups;
};

/// How far all samples may be shifted to the left within 16 bits: 0 to 15.
/// @param samples  of 16 bits
int spare_bits(std::span<const std::int64_t> samples);

/// 4 |X[k]|^2 of the transform X of the samples times the window, at both ends half of that, times
/// (2^(spare - headroom + 1) / (n / 2))^2 and rounded on the way. All of them together fit 32 bits.
/// @param samples  of 16 bits, at most n; zeros follow
/// @param power    [n / 2 + 1]
void fixed_power(const FixedTransform& transform, std::span<const std::int64_t> samples, int spare,
                 std::span<std::uint32_t> power);

}  // namespace emlc::signal
