#include "codegen/signal/spectrum/elementary.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace emlc::signal {

// x = m 2^e with m from sqrt(1/2) to sqrt(2); ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1).
float natural_log(float x) {
  constexpr std::uint32_t root_half = 0x3f3504f1U, one = 0x3f800000U;
  constexpr int fraction_bits = 23, bias = 127;
  constexpr float ln2 = 0x1.62e43p-1F;
  if (!(x <= std::numeric_limits<float>::max())) return x;
  if (x < std::numeric_limits<float>::min()) x = std::numeric_limits<float>::min();
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const auto exponent = static_cast<std::int32_t>((bits + (one - root_half)) >> fraction_bits) - bias;
  const auto m = std::bit_cast<float>(bits - (static_cast<std::uint32_t>(exponent) << fraction_bits));
  const float s = (m - 1.0F) / (m + 1.0F), z = s * s;
  const float series = ((z * 0x1.c71c72p-4F + 0x1.24924ap-3F) * z + 0x1.99999ap-3F) * z + 0x1.555556p-2F;
  const float twice = s + s;
  return static_cast<float>(exponent) * ln2 + (twice * z * series + twice);
}

// x = k ln 2 + r with |r| up to 0.35; e^r by its series up to r^6.
float exponential(float x) {
  constexpr float log2_of_e = 0x1.715476p+0F, ln2_high = 0x1.62e4p-1F, ln2_low = 0x1.7f7d1cp-20F;
  constexpr int fraction_bits = 23, bias = 127;
  if (!(x > -87.0F)) return x < 0.0F ? 0.0F : x;
  const auto k = static_cast<std::int32_t>(x * log2_of_e + (x < 0.0F ? -0.5F : 0.5F));
  const auto times = static_cast<float>(k);
  const float r = (x - times * ln2_high) - times * ln2_low;
  float series = r * 0x1.6c16c2p-10F + 0x1.111112p-7F;
  series = series * r + 0x1.555556p-5F;
  series = series * r + 0x1.555556p-3F;
  series = series * r + 0.5F;
  series = series * r + 1.0F;
  series = series * r + 1.0F;
  return series * std::bit_cast<float>(static_cast<std::uint32_t>(k + bias) << fraction_bits);
}

}  // namespace emlc::signal
