/**
 * Input scalers: one number in, one number out per feature, in float. C99 and C++11; libc: memcpy.
 */
#ifndef EMLC_SCALER_H
#define EMLC_SCALER_H

#include <stddef.h>

#include "bytes.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * y = (x - offset) / scale
 *
 * @param offset, scale  [n]
 * @param x, y           [n], may be the same array; NaN (a missing value) stays NaN
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL
 */
static inline emlc_status emlc_subtract_divide_f32(const float* offset, const float* scale, size_t n, const float* x,
                                                   float* y) {
  if (offset == NULL || scale == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  for (size_t i = 0; i < n; ++i) y[i] = (x[i] - emlc_load_f32(offset + i)) / emlc_load_f32(scale + i);
  return EMLC_OK;
}

/** y = x * scale + offset; arrays and errors as above. */
static inline emlc_status emlc_multiply_add_f32(const float* offset, const float* scale, size_t n, const float* x,
                                                float* y) {
  if (offset == NULL || scale == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  for (size_t i = 0; i < n; ++i) y[i] = x[i] * emlc_load_f32(scale + i) + emlc_load_f32(offset + i);
  return EMLC_OK;
}

/** Limit y[n] to low..high (both included) in place; NaN stays NaN. EMLC_ERR_NULL y is NULL. */
static inline emlc_status emlc_clip_f32(float low, float high, size_t n, float* y) {
  if (y == NULL) return EMLC_ERR_NULL;
  for (size_t i = 0; i < n; ++i) {
    if (y[i] < low) y[i] = low;
    if (y[i] > high) y[i] = high;
  }
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SCALER_H */
