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

#if !EMLC_FLOAT_IS_SLOW && !EMLC_IS_SMALL
/** Rows that share one walk over x: each x[i] is loaded once for four products. */
enum { EMLC_DENSE_BLOCK = 4 };

#if defined(__GNUC__) && defined(__thumb2__) && defined(__ARM_FP)
/* Four floats in one instruction, which compilers do not make of four loads by themselves. */
#define EMLC_LOAD_QUAD(from, a, b, c, d, registers) \
  __asm__("vldmia %0!, {" registers "}" : "+r"(from), "=t"(a), "=t"(b), "=t"(c), "=t"(d)::"memory")
#define EMLC_ADD_COLUMN(x, w0, w1, w2, w3) sum0 += w0 * x, sum1 += w1 * x, sum2 += w2 * x, sum3 += w3 * x
#endif

static inline void emlc_dense_block_f32(const float* weights, size_t n_in, const float* x, float* y) {
  const float *row0 = weights, *row1 = row0 + n_in, *row2 = row1 + n_in, *row3 = row2 + n_in;
  const float* const end = x + n_in;
  float sum0 = 0.0F, sum1 = 0.0F, sum2 = 0.0F, sum3 = 0.0F;
#ifdef EMLC_LOAD_QUAD
  while (end - x >= 4) {
    register float x0 __asm__("s0"), x1 __asm__("s1"), x2 __asm__("s2"), x3 __asm__("s3");
    register float a0 __asm__("s4"), a1 __asm__("s5"), a2 __asm__("s6"), a3 __asm__("s7");
    register float b0 __asm__("s8"), b1 __asm__("s9"), b2 __asm__("s10"), b3 __asm__("s11");
    register float c0 __asm__("s12"), c1 __asm__("s13"), c2 __asm__("s14"), c3 __asm__("s15");
    register float d0 __asm__("s16"), d1 __asm__("s17"), d2 __asm__("s18"), d3 __asm__("s19");
    EMLC_LOAD_QUAD(x, x0, x1, x2, x3, "s0-s3");
    EMLC_LOAD_QUAD(row0, a0, a1, a2, a3, "s4-s7");
    EMLC_LOAD_QUAD(row1, b0, b1, b2, b3, "s8-s11");
    EMLC_LOAD_QUAD(row2, c0, c1, c2, c3, "s12-s15");
    EMLC_LOAD_QUAD(row3, d0, d1, d2, d3, "s16-s19");
    EMLC_ADD_COLUMN(x0, a0, b0, c0, d0);
    EMLC_ADD_COLUMN(x1, a1, b1, c1, d1);
    EMLC_ADD_COLUMN(x2, a2, b2, c2, d2);
    EMLC_ADD_COLUMN(x3, a3, b3, c3, d3);
  }
#endif
  for (; x != end; ++x) {
    const float value = *x;
    sum0 += emlc_load_f32(row0++) * value;
    sum1 += emlc_load_f32(row1++) * value;
    sum2 += emlc_load_f32(row2++) * value;
    sum3 += emlc_load_f32(row3++) * value;
  }
  y[0] = sum0;
  y[1] = sum1;
  y[2] = sum2;
  y[3] = sum3;
}

#endif

/** sum + weights[n_in] * x[n_in], from left to right. */
EMLC_CALLED float emlc_dense_row_f32(float sum, const float* weights, size_t n_in, const float* x) {
  for (; n_in > 0; --n_in) sum += emlc_load_f32(weights++) * *x++;
  return sum;
}

/** emlc_dense_f32 of arguments that are right. */
static inline void emlc_dense_rows_f32(const float* weights, const float* bias, size_t n_in, size_t n_out,
                                       const float* x, float* y) {
  size_t row = 0;
#if !EMLC_FLOAT_IS_SLOW && !EMLC_IS_SMALL
  for (; n_out - row >= EMLC_DENSE_BLOCK; row += EMLC_DENSE_BLOCK) {
    emlc_dense_block_f32(weights + row * n_in, n_in, x, y + row);
    for (size_t i = row; i < row + EMLC_DENSE_BLOCK; ++i) y[i] += emlc_load_f32(bias + i);
  }
#endif
  for (; row < n_out; ++row) {
    y[row] = emlc_dense_row_f32(0.0F, weights + row * n_in, n_in, x) + emlc_load_f32(bias + row);
  }
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
  if (weights == NULL || bias == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  if (n_in == 0 || n_out == 0) return EMLC_ERR_SIZE;
  emlc_dense_rows_f32(weights, bias, n_in, n_out, x, y);
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_DENSE_H */
