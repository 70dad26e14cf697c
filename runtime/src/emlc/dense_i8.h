/**
 * Dense layers in int8: sums of dot_i8.h, codes of tinymaix.h, bit for bit. Part of tmdl.h.
 *
 * Where float operations are functions of libgcc, a code is found in integers if that is certain: the sum times a
 * factor of 16 bits is off by less than there is to the next code. Where it is not, one sum in a hundred or so,
 * TinyMaix's own float operations decide.
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
  const float real = (float)sum;
  float steps;
  if (layer->act == EMLC_ACT_FC) {
    steps = real * layer->in.scale * scale / layer->out.scale;
  } else {
    steps = real * (scale * layer->in.scale);
    if (layer->act != EMLC_CONV_ACT_NONE && steps < 0.0F) steps = 0.0F;
    if (layer->act == EMLC_CONV_ACT_RELU6 && steps > 6.0F) steps = 6.0F;
    steps *= per_step;
  }
  return emlc_truncate_i8(steps + (float)layer->out.zero_point);
}

#if !EMLC_FLOAT_IS_SLOW || EMLC_IS_SMALL
typedef float emlc_coding;

static inline emlc_coding emlc_coding_of(const emlc_dense_i8* layer) { return 1.0F / layer->out.scale; }

static inline int8_t emlc_code_of(const emlc_dense_i8* layer, const emlc_coding* coding, int32_t sum,
                                  const float* scale) {
  return emlc_exact_code(layer, sum, emlc_load_f32(scale), *coding);
}
#else

/*
 * A code is trunc(sum * scale * in.scale / out.scale + zero point), with five roundings of float before the addition
 * and one after it. An estimate has 20 bits of fraction. Its factor is made of numbers cut to 16 bits, so that it is
 * too small by up to 2.5 * 2^-14 of itself; the roundings of float move what is below 2^10 by less than 6 * 2^-14, 384
 * units. As all of that is monotone, what limits the real number limits the code.
 */
typedef struct emlc_coding {
  uint32_t factor;    /* of in.scale / out.scale, 16 bits */
  uint32_t shift;     /* with the exponent of a weight's scale: how far a sum goes up before it is multiplied */
  int32_t zero_point; /* of the output, with 20 bits of fraction */
  int32_t highest;    /* the code of 6, where the activation ends there */
  int rectifies;      /* nothing is below the zero point */
} emlc_coding;

enum { EMLC_ESTIMATE_SLACK = 512, EMLC_NO_SHIFT = 1000, EMLC_ANY_CODE = 0x7FFF, EMLC_NOT_CERTAIN = -0x7FFF };

/** The upper 16 bits of a number's mantissa. */
static inline uint32_t emlc_short_mantissa(uint32_t bits) { return (bits << 9 >> 17) | 0x8000U; }

/** The code that is certain of a sum and the bits of its weights' scale, or EMLC_NOT_CERTAIN. */
EMLC_CALLED int32_t emlc_estimated_code(const emlc_coding* coding, int32_t sum, uint32_t scale) {
  const uint32_t shift = (scale >> 23) + coding->shift; /* large if the scale is negative or too small */
  int32_t first = coding->zero_point, last;
  uint32_t size = (uint32_t)sum;
  if (shift > 31U) return EMLC_NOT_CERTAIN;
  if (sum <= 0) {
    if (coding->rectifies) return first >> 20;
    size = 0U - size;
  }
  const uint32_t scaled = size << shift;
  const uint32_t factor = emlc_short_mantissa(scale) * coding->factor >> 16;
  const uint32_t estimate = (scaled >> 16) * factor + ((scaled & 0xFFFFU) * factor >> 16);
  if (scaled >> shift != size || estimate >> 30 != 0) {
    return coding->highest != EMLC_ANY_CODE ? coding->highest : (int32_t)EMLC_NOT_CERTAIN;
  }
  const int32_t width = (int32_t)((estimate >> 13) + (estimate >> 15)) + 2 * EMLC_ESTIMATE_SLACK;
  first += sum < 0 ? EMLC_ESTIMATE_SLACK - (int32_t)estimate - width : (int32_t)estimate - EMLC_ESTIMATE_SLACK;
  last = (first + width) >> 20;
  first >>= 20;
  if (first >= coding->highest) return coding->highest;
  if (first != last) return EMLC_NOT_CERTAIN;
  return first < 0 ? first + 1 : first;
}

/** For a factor of a / out.scale, which are positive, and no activation. */
EMLC_CALLED void emlc_prepare_coding(float a, emlc_quantization out, emlc_coding* coding) {
  const uint32_t above = emlc_bits_f32(a), below = emlc_bits_f32(out.scale);
  const uint32_t quotient = (above << 8 | 0x80000000U) / (emlc_short_mantissa(below) + 1U);
  const uint32_t is_long = quotient > 0xFFFFU;
  coding->factor = quotient >> is_long;
  coding->shift = (above >> 23) - (below >> 23) + is_long - 106U;
  /* No product of the scales overflows, or is too small to be normal. */
  if ((above >> 23) - 67U > 120U || (below >> 23) - 67U > 120U) coding->shift = EMLC_NO_SHIFT;
  coding->zero_point = out.zero_point * ((int32_t)1 << 20);
  coding->highest = EMLC_ANY_CODE;
  coding->rectifies = 0;
}

static inline emlc_coding emlc_coding_of(const emlc_dense_i8* layer) {
  emlc_coding coding, of_one;
  emlc_prepare_coding(layer->in.scale, layer->out, &coding);
  coding.rectifies = layer->act > EMLC_CONV_ACT_NONE;
  if (layer->act != EMLC_CONV_ACT_RELU6) return coding;
  emlc_prepare_coding(1.0F, layer->out, &of_one);
  coding.highest = emlc_estimated_code(&of_one, 6, emlc_bits_f32(1.0F));
  if (coding.highest == EMLC_NOT_CERTAIN) {
    const float highest = 6.0F * (1.0F / layer->out.scale) + (float)layer->out.zero_point;
    if (highest < 512.0F) {
      coding.highest = (int32_t)highest;
    } else {
      coding.shift = EMLC_NO_SHIFT;
    }
  }
  return coding;
}

EMLC_CALLED int8_t emlc_slow_code(const emlc_dense_i8* layer, int32_t sum, const float* scale) {
  return emlc_exact_code(layer, sum, emlc_load_f32(scale), 1.0F / layer->out.scale);
}

static inline int8_t emlc_code_of(const emlc_dense_i8* layer, const emlc_coding* coding, int32_t sum,
                                  const float* scale) {
  const int32_t code = emlc_estimated_code(coding, sum, emlc_bits_f32(emlc_load_f32(scale)));
  return code == EMLC_NOT_CERTAIN ? emlc_slow_code(layer, sum, scale) : emlc_low_byte((uint32_t)code);
}
#endif

/** The codes y [n_out] of x [n_in]. */
EMLC_CALLED_IF_SLOW void emlc_run_dense_i8(const emlc_dense_i8* layer, const int8_t* x, int8_t* y) {
  const emlc_coding coding = emlc_coding_of(layer);
  const int is_block = layer->n_out >= EMLC_DOT_ROWS;
  const size_t stride = is_block ? layer->n_in : 0, count = is_block ? EMLC_DOT_ROWS : 1;
  const float* scale = layer->scales;
  uint32_t sums[EMLC_DOT_ROWS];
  size_t done = 0;
  while (done < layer->n_out) {
    size_t first = done;
    if (first > layer->n_out - count) first = layer->n_out - count; /* the last rows are with some of those before */
    emlc_dot_rows_i8(layer->weights + first * layer->n_in, stride, x, layer->n_in, sums);
    for (; done < first + count; ++done) {
      const uint32_t sum = sums[done - first] + emlc_load_u32((const uint8_t*)(layer->bias + done));
      y[done] = emlc_code_of(layer, &coding, emlc_signed_i32(sum), scale);
      if (layer->act != EMLC_ACT_FC) ++scale;
    }
  }
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_DENSE_I8_H */
