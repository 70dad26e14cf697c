/*
 * Compares dense layers of the runtime, int8 and float, with loops that are too simple to be wrong: every number of
 * rows and columns around the blocks, every alignment, values at the ends of their range. Answers how many layers were
 * compared, how many differ, and the number of the first one that does.
 */
#include <emlc/dense.h>
#include <emlc/dense_i8.h>
#include <string.h>

#include "board.h"

#ifdef __AVR__
enum { MOST_IN = 9, MOST_OUT = 9 };
#define ROUNDS 1
#else
enum { MOST_IN = 37, MOST_OUT = 13 };
#ifndef ROUNDS
#define ROUNDS 2
#endif
#endif

static uint32_t counts[3];
static uint32_t seed = 2463534242U;

static uint32_t draw(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

static uint32_t below(uint32_t end) { return (draw() >> 8) % end; }

static void count(int is_equal) {
  ++counts[0];
  if (is_equal) return;
  if (counts[1]++ == 0) counts[2] = counts[0];
}

/* One of the ends, or anything. */
static int8_t draw_code(uint32_t kind) {
  if (kind == 0) return -128;
  if (kind == 1) return (draw() & 0x100U) != 0 ? 127 : -128;
  return (int8_t)((int)below(256) - 128);
}

/* 2^-9 to 2^3 times a number from 1 to 2; often a power of two, where results are whole. */
static float draw_scale(void) {
  float scale = (draw() & 0x300U) == 0 ? 1.0F : 1.0F + (float)below(8388608) / 8388608.0F;
  for (uint32_t i = below(13); i > 0; --i) scale *= 0.5F;
  return scale * 8.0F;
}

static int8_t low_byte(int32_t value) {
  const int32_t low = value & 255;
  return (int8_t)(low < 128 ? low : low - 256);
}

/* What TinyMaix writes, from left to right in float. */
static int8_t plain_code(const emlc_dense_i8* layer, size_t row, const int8_t* x) {
  uint32_t sum = (uint32_t)layer->bias[row];
  for (size_t i = 0; i < layer->n_in; ++i) {
    sum += (uint32_t)((int32_t)layer->weights[row * layer->n_in + i] * (int32_t)x[i]);
  }
  const int32_t signed_sum = sum < 0x80000000U ? (int32_t)sum : -(int32_t)(0xFFFFFFFFU - sum) - 1;
  float real = (float)signed_sum;
  if (layer->act == EMLC_ACT_FC) {
    real = real * layer->in.scale;
    real = real * layer->scales[0];
    real = real / layer->out.scale;
  } else {
    const float scale = layer->scales[row] * layer->in.scale, inverse = 1.0F / layer->out.scale;
    real = real * scale;
    if (layer->act != 0 && real < 0.0F) real = 0.0F;
    if (layer->act == 3 && real > 6.0F) real = 6.0F;
    real = real * inverse;
  }
  real = real + (float)layer->out.zero_point;
  return real >= -2147483648.0F && real < 2147483648.0F ? low_byte((int32_t)real) : 0;
}

static void compare_i8(size_t n_in, size_t n_out) {
  static int8_t weights[MOST_IN * MOST_OUT + 4], x[MOST_IN + 4], y[MOST_OUT + 1];
  static int32_t bias[MOST_OUT];
  static float scales[MOST_OUT];
  static const int acts[] = {EMLC_ACT_FC, EMLC_CONV_ACT_NONE, EMLC_CONV_ACT_RELU, EMLC_CONV_ACT_RELU6};
  const uint32_t kind = below(6), x_kind = below(6), bias_kind = below(6);
  int8_t* const from = x + below(4);
  emlc_dense_i8 layer = {weights + below(4), bias, scales, n_in, n_out, {0.0F, 0}, {0.0F, 0}, 0};
  int is_equal = 1;
  for (size_t i = 0; i < sizeof weights; ++i) weights[i] = draw_code(kind);
  for (size_t i = 0; i < sizeof x; ++i) x[i] = draw_code(x_kind);
  for (size_t row = 0; row < n_out; ++row) {
    bias[row] = bias_kind == 0 ? (draw() & 0x100U) != 0 ? INT32_MAX : INT32_MIN : (int32_t)below(40000) - 20000;
    scales[row] = draw_scale() / 64.0F;
  }
  layer.in.scale = draw_scale();
  layer.out.scale = draw_scale() * 8.0F;
  if (below(8) == 0) { /* so far from 1 that products of scales are too small to be normal, or infinite */
    const float factor = (draw() & 0x100U) != 0 ? 2.0F : 0.5F;
    for (uint32_t i = below(116); i > 0; --i) {
      layer.in.scale *= factor;
      layer.out.scale *= factor;
    }
  }
  layer.out.zero_point = below(3) == 0 ? 0 : (int32_t)below(256) - 128;
  layer.act = acts[below(4)];
  y[n_out] = 77;
  emlc_run_dense_i8(&layer, from, y);
  for (size_t row = 0; row < n_out; ++row) is_equal &= y[row] == plain_code(&layer, row, from);
  count(is_equal && y[n_out] == 77);
}

static void compare_f32(size_t n_in, size_t n_out) {
  static float weights[MOST_IN * MOST_OUT], x[MOST_IN], y[MOST_OUT + 1], bias[MOST_OUT];
  int is_equal = 1;
  for (size_t i = 0; i < n_in * n_out; ++i) weights[i] = draw_scale() - 4.0F;
  for (size_t i = 0; i < n_in; ++i) x[i] = draw_scale() - 4.0F;
  for (size_t i = 0; i < n_out; ++i) bias[i] = draw_scale() - 4.0F;
  y[n_out] = 77.0F;
  is_equal &= emlc_dense_f32(weights, bias, n_in, n_out, x, y) == EMLC_OK;
  for (size_t row = 0; row < n_out; ++row) {
    float sum = 0.0F;
    for (size_t i = 0; i < n_in; ++i) {
      const float product = weights[row * n_in + i] * x[i];
      sum = sum + product;
    }
    sum = sum + bias[row];
    is_equal &= memcmp(&sum, &y[row], sizeof sum) == 0;
  }
  count(is_equal && y[n_out] == 77.0F);
}

static void compare_all(void) {
  for (int round = 0; round < ROUNDS; ++round) {
    for (size_t n_out = 1; n_out <= MOST_OUT; ++n_out) {
      for (size_t n_in = 1; n_in <= MOST_IN; ++n_in) {
        for (int i = 0; i < 4; ++i) compare_i8(n_in, n_out);
        if (round == 0) compare_f32(n_in, n_out);
      }
    }
  }
}

int main(void) {
  while (board_next_row(4) != NULL) {
    compare_all();
    board_answer(counts, sizeof counts);
  }
  return 0;
}
