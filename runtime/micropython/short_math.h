/**
 * expf, logf, tanhf and sqrtf for native modules, short and without writable data. Their errors are measured by
 * tests/micropython/short_math_test.c: relative, 2e-7 for expf and logf, 3.4e-7 for tanhf, 0.5 ulp for
 * sqrtf.
 */
#ifndef EMLC_MP_SHORT_MATH_H
#define EMLC_MP_SHORT_MATH_H

#include <emlc/activations.h>
#include <emlc/bytes.h>

/** e^x. From 88.8 on infinite, below -87.3 0: results below 2^-126 are not kept. NaN stays NaN. */
static float emlc_mp_expf(float x) {
  float rest, power;
  int32_t exponent;
  if (!(x > -87.3F)) return x != x ? x : 0.0F;
  if (x > 88.8F) return emlc_float_of(0x7F800000U);
  exponent = (int32_t)(x * 1.44269504F + (x < 0.0F ? -0.5F : 0.5F));
  /* ln 2 in two parts, of which the first has so few bits that the product is exact. */
  rest = x - (float)exponent * 0.693359375F - (float)exponent * -2.12194440e-4F;
  power = 8.31249269e-3F;
  power = power * rest + 4.18903303e-2F;
  power = power * rest + 0.166671155F;
  power = power * rest + 0.499992303F;
  power = power * rest + 1.0F;
  power = power * rest + 1.0F;
  /* In two steps: 2^128 is no float. */
  power *= emlc_float_of((uint32_t)(exponent / 2 + 127) << 23);
  return power * emlc_float_of((uint32_t)(exponent - exponent / 2 + 127) << 23);
}

/** The natural logarithm; of 0 and denormal numbers -infinity, of negative ones NaN. */
static float emlc_mp_logf(float x) {
  const uint32_t bits = emlc_bits_f32(x);
  int32_t exponent;
  float mantissa, s, square, sum;
  if (x != x || x < 0.0F) return emlc_float_of(0x7FC00000U);
  if (bits << 1 >= 0xFF000000U) return x;
  if (bits << 1 < 0x01000000U) return emlc_float_of(0xFF800000U);
  /* The mantissa between the square roots of 1/2 and of 2, so that near 1 nothing is taken off. */
  exponent = (int32_t)((bits - 0x3F3504F3U) >> 23);
  if (bits < 0x3F3504F3U) exponent -= 512;
  mantissa = emlc_float_of(bits - ((uint32_t)exponent << 23));
  s = (mantissa - 1.0F) / (mantissa + 1.0F);
  square = s * s;
  sum = 0.149358625F;
  sum = sum * square + 0.199887708F;
  sum = sum * square + 0.333333882F;
  sum = sum * square + 1.0F;
  return (2.0F * s * sum + (float)exponent * -2.12194440e-4F) + (float)exponent * 0.693359375F;
}

/** Through e^2x - 1, which keeps the digits of small numbers. */
static float emlc_mp_tanhf(float x) {
  const float magnitude = x < 0.0F ? -x : x;
  float result;
  if (magnitude > 9.1F) {
    result = 1.0F;
  } else {
    const float power = emlc_expm1_f32(2.0F * magnitude);
    result = power / (power + 2.0F);
  }
  return x < 0.0F ? -result : result;
}

#if !defined(EMLC_NO_STEPS) || !defined(EMLC_MP_NO_SIGNALS)
/** The float nearest to the root; of numbers below 0 NaN. */
static float emlc_mp_sqrtf(float x) {
  uint32_t significand = emlc_bits_f32(x), root = 0;
  int32_t exponent = (int32_t)(significand >> 23) - 127;
  if (!(x > 0.0F)) return x < 0.0F ? emlc_float_of(0x7FC00000U) : x;
  if (exponent == 128) return x;
  significand &= 0x7FFFFFU;
  if (exponent == -127) {
    for (exponent = -126; significand < 0x800000U; --exponent) significand *= 2;
  }
  significand |= 0x800000U;
  if (exponent & 1) {
    significand *= 2;
    --exponent;
  }
  /* A bit more than the result has; halves there are none. */
  for (uint32_t bit = (uint32_t)1 << 24; bit != 0; bit >>= 1) {
    const uint64_t next = root | bit;
    if (next * next <= (uint64_t)significand << 25) root |= bit;
  }
  return emlc_float_of(((uint32_t)(exponent / 2 + 126) << 23) + ((root + 1) >> 1));
}
#endif

#endif /* EMLC_MP_SHORT_MATH_H */
