/**
 * Dense layers in float. C99 and C++11; libc: memcpy. Activations are in activations.h.
 */
#ifndef EMLC_DENSE_H
#define EMLC_DENSE_H

#include <stddef.h>

#include "bytes.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Rows that share one walk over x: each x[i] is loaded once for four products. */
enum { EMLC_DENSE_BLOCK = 4 };

static inline void emlc_dense_block_f32(const float* weights, size_t n_in, const float* x, float* y) {
  const float *row0 = weights, *row1 = row0 + n_in, *row2 = row1 + n_in, *row3 = row2 + n_in;
  float sum0 = 0.0F, sum1 = 0.0F, sum2 = 0.0F, sum3 = 0.0F;
  for (size_t i = 0; i < n_in; ++i) {
    const float value = x[i];
    sum0 += emlc_load_f32(row0 + i) * value;
    sum1 += emlc_load_f32(row1 + i) * value;
    sum2 += emlc_load_f32(row2 + i) * value;
    sum3 += emlc_load_f32(row3 + i) * value;
  }
  y[0] = sum0;
  y[1] = sum1;
  y[2] = sum2;
  y[3] = sum3;
}

static inline float emlc_dense_row_f32(const float* weights, size_t n_in, const float* x) {
  float sum = 0.0F;
  for (size_t i = 0; i < n_in; ++i) sum += emlc_load_f32(weights + i) * x[i];
  return sum;
}

/**
 * y = weights * x + bias
 *
 * Products are summed in the order of x, then the bias is added: the same bits whatever n_out is.
 *
 * @param weights  [n_out][n_in]
 * @param bias     [n_out]
 * @param x        [n_in]
 * @param y        [n_out], does not overlap x
 * @return EMLC_OK, or with y untouched: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_SIZE n_in or n_out is 0
 */
static inline emlc_status emlc_dense_f32(const float* weights, const float* bias, size_t n_in, size_t n_out,
                                         const float* x, float* y) {
  size_t row = 0;
  if (weights == NULL || bias == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  if (n_in == 0 || n_out == 0) return EMLC_ERR_SIZE;
  for (; n_out - row >= EMLC_DENSE_BLOCK; row += EMLC_DENSE_BLOCK) {
    emlc_dense_block_f32(weights + row * n_in, n_in, x, y + row);
  }
  for (; row < n_out; ++row) y[row] = emlc_dense_row_f32(weights + row * n_in, n_in, x);
  for (row = 0; row < n_out; ++row) y[row] += emlc_load_f32(bias + row);
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_DENSE_H */
