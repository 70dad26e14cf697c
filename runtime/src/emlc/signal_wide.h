/**
 * Integers of 128 bits in two's complement, for exact sums of powers of samples. C99 and C++11; libc: memcpy. Part of
 * signal.h.
 *
 * Everything wraps around: where the result fits, what is on the way to it need not.
 */
#ifndef EMLC_SIGNAL_WIDE_H
#define EMLC_SIGNAL_WIDE_H

#include <stdint.h>

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct emlc_wide {
  uint64_t low, high;
} emlc_wide;

/** The number that has these bits in two's complement. */
static inline int64_t emlc_signed_i64(uint64_t bits) {
  int64_t value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline emlc_wide emlc_wide_of(int64_t value) {
  emlc_wide y;
  y.low = (uint64_t)value;
  y.high = value < 0 ? UINT64_MAX : 0U;
  return y;
}

EMLC_CALLED emlc_wide emlc_wide_plus(emlc_wide a, emlc_wide b) {
  a.low += b.low;
  a.high += b.high + (a.low < b.low ? 1U : 0U);
  return a;
}

EMLC_CALLED emlc_wide emlc_wide_minus(emlc_wide a, emlc_wide b) {
  a.high -= b.high + (a.low < b.low ? 1U : 0U);
  a.low -= b.low;
  return a;
}

/** From the products of the halves of the lower words. */
EMLC_CALLED emlc_wide emlc_wide_times(emlc_wide a, emlc_wide b) {
  const uint64_t a0 = a.low & UINT32_MAX, a1 = a.low >> 32, b0 = b.low & UINT32_MAX, b1 = b.low >> 32;
  const uint64_t low = a0 * b0;
  const uint64_t first = a1 * b0 + (low >> 32), second = a0 * b1 + (first & UINT32_MAX);
  emlc_wide y;
  y.low = second << 32 | (low & UINT32_MAX);
  y.high = a1 * b1 + (first >> 32) + (second >> 32) + a.low * b.high + a.high * b.low;
  return y;
}

static inline emlc_wide emlc_wide_product(int64_t a, int64_t b) {
  return emlc_wide_times(emlc_wide_of(a), emlc_wide_of(b));
}

/** Adds a product; of words that 32 bits hold by one multiplication. */
static inline void emlc_wide_add_product(emlc_wide* sum, int64_t a, int64_t b) {
  if (a == (int32_t)a && b == (int32_t)b) {
    *sum = emlc_wide_plus(*sum, emlc_wide_of((int64_t)(int32_t)a * (int32_t)b));
  } else {
    *sum = emlc_wide_plus(*sum, emlc_wide_product(a, b));
  }
}

/** The nearest float, ties to even, without a float operation. */
EMLC_CALLED float emlc_wide_f32(emlc_wide x) {
  const uint32_t sign = (uint32_t)(x.high >> 63) << 31;
  uint32_t exponent = 127 + 63, bits;
  emlc_wide zero;
  zero.low = zero.high = 0;
  if (sign != 0) x = emlc_wide_minus(zero, x);
  if (x.high != 0) { /* the uppermost bits, the last of which is set where a bit below them is */
    for (; x.high != 0; x.high >>= 1, ++exponent) x.low = x.low >> 1 | x.high << 63 | (x.low & 1U);
  }
  if (x.low == 0) return 0.0F;
  for (; x.low >> 63 == 0; x.low <<= 1) --exponent;
  bits = (uint32_t)(x.low >> 40);
  x.low <<= 24;
  /* A mantissa that overflows by rounding is the next exponent. */
  bits += x.low >> 63 != 0 && (x.low << 1 != 0 || (bits & 1U) != 0) ? 1U : 0U;
  return emlc_float_of(sign + ((exponent - 1U) << 23) + bits);
}

/** The nearest float of an integer of 64 bits. */
static inline float emlc_f32_of_i64(int64_t value) {
  return value == (int32_t)value ? (float)(int32_t)value : emlc_wide_f32(emlc_wide_of(value));
}

/** Float of a over float of b. */
static inline float emlc_wide_ratio(emlc_wide a, emlc_wide b) { return emlc_wide_f32(a) / emlc_wide_f32(b); }

/* A product that no compiler joins with the sum behind it, so that it has the bits that it has everywhere. */
#if defined(__FP_FAST_FMAF) || defined(__ARM_FEATURE_FMA) || (defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0)
static inline float emlc_unjoined(float x) {
  volatile float y = x;
  return y;
}
#else
static inline float emlc_unjoined(float x) { return x; }
#endif

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_WIDE_H */
