/**
 * The arithmetic of TinyMaix where it is its own: softmax, and everything in int8. In int8 bit for bit what its plain C
 * back end computes, if the compiler does not contract a product and a sum (-ffp-contract=off). Its softmax of floats
 * goes through double, this one does not: 1.2e-7 apart at most. Part of tmdl.h.
 */
#ifndef EMLC_TINYMAIX_H
#define EMLC_TINYMAIX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "activations.h"
#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/** real = scale * (q - zero_point), zero_point in -128..127 */
typedef struct emlc_quantization {
  float scale;
  int32_t zero_point;
} emlc_quantization;

/** The low 8 bits as a number. */
static inline int8_t emlc_low_byte(uint32_t value) {
  const int low = (int)(value & 0xFFU);
  return (int8_t)(low < 128 ? low : low - 256);
}

/**
 * The cast of TinyMaix: toward zero, then the low 8 bits, no saturation. Beyond int32 C leaves the cast undefined; this
 * gives what x86-64 gives, 0.
 */
static inline int8_t emlc_truncate_i8(float value) {
  if ((emlc_bits_f32(value) & 0x7FFFFFFFU) >= 0x4F000000U) return 0; /* from 2^31 on, infinite, NaN; -2^31 ends in 0s */
  return emlc_low_byte((uint32_t)(int32_t)value);
}

static inline int8_t emlc_quantize_i8(float value, emlc_quantization to) {
  return emlc_truncate_i8(value / to.scale + (float)to.zero_point);
}

/** A power of two divides as its inverse multiplies, to the bit. */
static inline void emlc_quantize_all_i8(const float* x, size_t n, emlc_quantization to, int8_t* y) {
  const uint32_t bits = emlc_bits_f32(to.scale);
  if ((bits & 0x7FFFFFU) != 0 || (bits >> 23) - 1U > 252U || EMLC_IS_SMALL) {
    for (size_t i = 0; i < n; ++i) y[i] = emlc_quantize_i8(x[i], to);
    return;
  }
  const float inverse = emlc_float_of(((uint32_t)254 << 23) - bits), zero_point = (float)to.zero_point;
  for (size_t i = 0; i < n; ++i) y[i] = emlc_truncate_i8(x[i] * inverse + zero_point);
}

static inline float emlc_dequantize_i8(int8_t value, emlc_quantization from) {
  const int32_t steps = value - from.zero_point;
#if EMLC_FLOAT_IS_SLOW && !EMLC_IS_SMALL
  /* Up to 255 times the mantissa is an integer of 32 bits; making a float of it rounds as the product would be rounded.
   */
  const uint32_t scale = emlc_bits_f32(from.scale), size = (uint32_t)(steps < 0 ? -steps : steps);
  if (steps != 0 && (scale >> 23) - 1U < 245U) {
    const float product = (float)(size * ((scale & 0x7FFFFFU) | 0x800000U));
    return emlc_float_of((emlc_bits_f32(product) + (scale & 0x7F800000U) - ((uint32_t)150 << 23)) |
                         ((uint32_t)steps & 0x80000000U));
  }
#endif
  return (float)steps * from.scale;
}

static inline void emlc_dequantize_all_i8(const int8_t* x, size_t n, emlc_quantization from, float* y) {
  for (size_t i = 0; i < n; ++i) y[i] = emlc_dequantize_i8(x[i], from);
}

#ifndef EMLC_NO_MATH
/** TinyMaix takes this off every numerator, so that an int8 result of 1 cannot overflow; outputs sum to less than 1. */
#define EMLC_TINYMAIX_SOFTMAX_SHIFT 0.000001F

/** The softmax of TinyMaix, in place. */
static inline void emlc_tinymaix_softmax_f32(float* y, size_t n) {
  emlc_shifted_softmax_f32(EMLC_POST_SOFTMAX, EMLC_TINYMAIX_SOFTMAX_SHIFT, y, n);
}

/** y is [n] floats of scratch, aligned for a float; the results are the first n bytes of it. */
static inline void emlc_tinymaix_softmax_i8(const int8_t* x, size_t n, emlc_quantization in, emlc_quantization out,
                                            float* y) {
  int8_t* result = (int8_t*)y;
  emlc_dequantize_all_i8(x, n, in, y);
  emlc_tinymaix_softmax_f32(y, n);
  for (size_t i = 0; i < n; ++i) result[i] = emlc_quantize_i8(y[i], out);
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TINYMAIX_H */
