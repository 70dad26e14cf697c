/**
 * Dense layers in int8: sums of dot_i8.h, codes of tinymaix.h, bit for bit. Part of tmdl.h.
 *
 * Where float operations are functions of libgcc, a code is found in integers if that is certain: the sum times a factor
 * of 16 bits is off by less than there is to the next code. Where it is not, one sum in a hundred or so, TinyMaix's own
 * float operations decide.
 */
#ifndef EMLC_DENSE_I8_H
#define EMLC_DENSE_I8_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "dot_i8.h"
#include "tinymaix.h"
#include "tmdl_format.h"

#ifndef EMLC_FLOAT_IS_SLOW
#if defined(__AVR__) || (defined(__riscv) && !defined(__riscv_flen)) || (defined(__thumb__) && !defined(__ARM_FP))
#define EMLC_FLOAT_IS_SLOW 1
#else
#define EMLC_FLOAT_IS_SLOW 0
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** A dense layer; offsets and sizes have been checked. */
typedef struct emlc_dense_i8 {
  const int8_t* weights; /* [n_out][n_in] */
  const int32_t* bias;   /* [n_out] */
  const float* scales;   /* of the weights: [n_out] for a convolution, [1] for FC */
  size_t n_in, n_out;
  emlc_quantization in, out;
  int act; /* of a convolution an EMLC_CONV_ACT_, of FC EMLC_ACT_FC */
} emlc_dense_i8;

enum { EMLC_ACT_FC = -1 };

/** What TinyMaix makes of a sum: CONV2D with a 1x1 kernel, per_step being 1 / out.scale; or FC. */
static inline int8_t emlc_exact_code(const emlc_dense_i8* layer, int32_t sum, float scale, float per_step) {
  if (layer->act == EMLC_ACT_FC) return emlc_quantize_i8((float)sum * layer->in.scale * scale, layer->out);
  float real = (float)sum * (scale * layer->in.scale);
  if (layer->act != EMLC_CONV_ACT_NONE && real < 0.0F) real = 0.0F;
  if (layer->act == EMLC_CONV_ACT_RELU6 && real > 6.0F) real = 6.0F;
  return emlc_truncate_i8(real * per_step + (float)layer->out.zero_point);
}

#if !EMLC_FLOAT_IS_SLOW
typedef float emlc_step;

static inline emlc_step emlc_step_of(const emlc_dense_i8* layer) { return 1.0F / layer->out.scale; }

static inline int8_t emlc_code_of(const emlc_dense_i8* layer, const emlc_step* step, int32_t sum, const float* scale) {
  return emlc_exact_code(layer, sum, emlc_load_f32(scale), *step);
}
#else

/*
 * A code is trunc(sum * scale * in.scale / out.scale + zero point), with five roundings of float before the addition and
 * one after it. An estimate has 20 bits of fraction. Its factor is made of numbers cut to 16 bits and is too small by
 * less than 2^-12 of itself, and what is below 2^10 is moved by the roundings of float by less than 6 * 2^-14, 384 units.
 * As all of that is monotone, what limits the real number limits the code.
 */
typedef struct emlc_step {
  uint32_t factor;   /* of in.scale / out.scale, 16 bits */
  int32_t shift;     /* with the exponent of a weight's scale: how far a sum goes up before it is multiplied */
  int32_t highest;   /* the code of 6, where the activation ends there */
} emlc_step;

enum {
  EMLC_ESTIMATE_ONE = 1 << 20,
  EMLC_ESTIMATE_SLACK = 512,
  EMLC_ESTIMATE_LIMIT_BITS = 30,
  EMLC_NO_SHIFT = -1000,
  EMLC_ANY_CODE = 0x7FFFFFFF,
  EMLC_NOT_CERTAIN = -0x7FFFFFFF
};

/** The upper 16 bits of a number's mantissa. */
static inline uint32_t emlc_short_mantissa(uint32_t bits) { return (bits << 9 >> 17) | 0x8000U; }

/** mantissa * 2^exponent is a / b, or less by no more than 2^-14 of it; a and b are bits of floats, positive and normal. */
static inline uint32_t emlc_ratio(uint32_t a, uint32_t b, int32_t* exponent) {
  const uint32_t quotient = (a << 8 | 0x80000000U) / (emlc_short_mantissa(b) + 1U);
  const int is_long = quotient > 0xFFFFU;
  *exponent = (int32_t)(a >> 23) - (int32_t)(b >> 23) - 16 + is_long;
  return quotient >> is_long;
}

/** The code that is certain of an estimate, which is negative if `is_negative` says so; or EMLC_NOT_CERTAIN. */
static inline int32_t emlc_certain_code(uint32_t estimate, int is_negative, int32_t zero_point, int32_t highest) {
  int32_t first = (int32_t)estimate - EMLC_ESTIMATE_SLACK;
  int32_t last = (int32_t)(estimate + (estimate >> 13) + (estimate >> 15)) + EMLC_ESTIMATE_SLACK;
  if (is_negative) {
    const int32_t other = -first;
    first = -last;
    last = other;
  }
  first = (first + zero_point * EMLC_ESTIMATE_ONE) / EMLC_ESTIMATE_ONE;
  last = (last + zero_point * EMLC_ESTIMATE_ONE) / EMLC_ESTIMATE_ONE;
  if (first > highest) first = highest;
  if (last > highest) last = highest;
  return first == last ? first : EMLC_NOT_CERTAIN;
}

static inline uint32_t emlc_bits_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/** The code of 6; EMLC_NOT_CERTAIN if that is beyond what can be estimated. */
static inline int32_t emlc_code_of_six(emlc_quantization out) {
  int32_t exponent, code;
  const uint32_t mantissa = emlc_ratio(emlc_bits_f32(6.0F), emlc_bits_f32(out.scale), &exponent);
  if (exponent < -20 || exponent > -8) return EMLC_NOT_CERTAIN;
  code = emlc_certain_code(mantissa << (exponent + 20), 0, out.zero_point, EMLC_ANY_CODE);
  return code != EMLC_NOT_CERTAIN ? code : (int32_t)(6.0F * (1.0F / out.scale) + (float)out.zero_point);
}

static inline emlc_step emlc_step_of(const emlc_dense_i8* layer) {
  const uint32_t in = emlc_bits_f32(layer->in.scale), out = emlc_bits_f32(layer->out.scale);
  emlc_step step;
  step.factor = emlc_ratio(in, out, &step.shift);
  step.shift -= 90;
  step.highest = layer->act == EMLC_CONV_ACT_RELU6 ? emlc_code_of_six(layer->out) : EMLC_ANY_CODE;
  /* No product of the scales overflows, or is too small to be normal. */
  if ((in >> 23) - 67U > 120U || (out >> 23) - 67U > 120U || step.highest == EMLC_NOT_CERTAIN) {
    step.shift = EMLC_NO_SHIFT;
  }
  return step;
}

static inline int32_t emlc_estimate(const emlc_dense_i8* layer, const emlc_step* step, int32_t sum, uint32_t scale) {
  const uint32_t shift = (scale >> 23) + (uint32_t)step->shift; /* wraps around if the scale is negative or too small */
  const uint32_t size = sum < 0 ? 0U - (uint32_t)sum : (uint32_t)sum;
  if (shift > 31U) return EMLC_NOT_CERTAIN;
  if (layer->act > EMLC_CONV_ACT_NONE && sum <= 0) return layer->out.zero_point;
  const uint32_t scaled = size << shift;
  const uint32_t factor = emlc_short_mantissa(scale) * step->factor >> 16;
  const uint32_t estimate = (scaled >> 16) * factor + ((scaled & 0xFFFFU) * factor >> 16);
  if (scaled >> shift != size || estimate >> EMLC_ESTIMATE_LIMIT_BITS != 0) {
    return layer->act == EMLC_CONV_ACT_RELU6 ? step->highest : EMLC_NOT_CERTAIN;
  }
  return emlc_certain_code(estimate, sum < 0, layer->out.zero_point, step->highest);
}

EMLC_DOT_FUNCTION int8_t emlc_slow_code(const emlc_dense_i8* layer, int32_t sum, const float* scale) {
  return emlc_exact_code(layer, sum, emlc_load_f32(scale), 1.0F / layer->out.scale);
}

static inline int8_t emlc_code_of(const emlc_dense_i8* layer, const emlc_step* step, int32_t sum, const float* scale) {
  const int32_t code = emlc_estimate(layer, step, sum, emlc_bits_f32(emlc_load_f32(scale)));
  return code == EMLC_NOT_CERTAIN ? emlc_slow_code(layer, sum, scale) : emlc_low_byte((uint32_t)code);
}
#endif

/** The codes y [n_out] of x [n_in]. */
static inline void emlc_run_dense_i8(const emlc_dense_i8* layer, const int8_t* x, int8_t* y) {
  const emlc_step step = emlc_step_of(layer);
  const int is_block = layer->n_out >= EMLC_DOT_ROWS;
  const size_t stride = is_block ? layer->n_in : 0, last = is_block ? layer->n_out - EMLC_DOT_ROWS : layer->n_out - 1;
  const size_t end = is_block ? EMLC_DOT_ROWS : 1;
  uint32_t sums[EMLC_DOT_ROWS];
  for (size_t row = 0;;) {
    emlc_dot_rows_i8(layer->weights + row * layer->n_in, stride, x, layer->n_in, sums);
    for (size_t k = 0; k < end; ++k) {
      const uint32_t sum = sums[k] + (uint32_t)emlc_load_i32(layer->bias + row + k);
      const float* scale = layer->scales + (layer->act == EMLC_ACT_FC ? 0 : row + k);
      y[row + k] = emlc_code_of(layer, &step, emlc_signed_i32(sum), scale);
    }
    if (row == last) return;
    row += end;
    if (row > last) row = last; /* rows that are there twice give the same twice */
  }
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_DENSE_I8_H */
