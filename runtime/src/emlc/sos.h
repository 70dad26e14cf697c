/**
 * Filters as cascades of second-order sections, in float. C99 and C++11; libc: memcpy.
 */
#ifndef EMLC_SOS_H
#define EMLC_SOS_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  EMLC_SOS_COEFFICIENTS = 5, /* floats of one section in `sos` */
  EMLC_SOS_STATE = 2         /* floats of one section in `state` */
};

/** One section over a block, transposed direct form II; `x` and `y` may be the same array. */
static inline void emlc_sos_section_f32(const float* sos, float* state, const float* x, float* y, size_t n_samples) {
  const float b0 = emlc_load_f32(sos), b1 = emlc_load_f32(sos + 1), b2 = emlc_load_f32(sos + 2);
  const float a1 = emlc_load_f32(sos + 3), a2 = emlc_load_f32(sos + 4);
  float z1 = state[0], z2 = state[1];
  for (size_t n = 0; n < n_samples; ++n) {
    const float in = x[n];
    const float out = b0 * in + z1;
    z1 = b1 * in - a1 * out + z2;
    z2 = b2 * in - a2 * out;
    y[n] = out;
  }
  state[0] = z1;
  state[1] = z2;
}

/**
 * Filter a block of samples through a cascade of second-order sections (biquads).
 *
 * Per section: y[n] = b0*x[n] + b1*x[n-1] + b2*x[n-2] - a1*y[n-1] - a2*y[n-2]
 *
 * @param sos        [n_sections][5] rows of b0 b1 b2 a1 a2, a0 == 1, signs as in the line above
 * @param state      [n_sections][2] set by emlc_sos_reset_f32 before the first block, then owned by this function
 * @param x          [n_samples] input, any unit
 * @param y          [n_samples] output, unit of x; may be the same array as x
 * @return EMLC_OK, or with y and state untouched:
 *         EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_SIZE n_sections is 0
 * How a signal is cut into blocks makes no difference. One state array per signal makes it re-entrant.
 */
static inline emlc_status emlc_sos_filter_f32(const float* sos, float* state, size_t n_sections, const float* x,
                                              float* y, size_t n_samples) {
  if (sos == NULL || state == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  for (size_t section = 0; section < n_sections; ++section) {
    emlc_sos_section_f32(sos + section * EMLC_SOS_COEFFICIENTS, state + section * EMLC_SOS_STATE, x, y, n_samples);
    x = y;
  }
  return EMLC_OK;
}

/**
 * Set the state to what it is before the first sample.
 *
 * @param state    [n_sections][2]
 * @param initial  [n_sections][2] z1 z2 per section (scipy's `zi`), or NULL for all 0
 * @return EMLC_OK; EMLC_ERR_NULL state is NULL; EMLC_ERR_SIZE n_sections is 0
 */
static inline emlc_status emlc_sos_reset_f32(float* state, size_t n_sections, const float* initial) {
  if (state == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  for (size_t i = 0; i < n_sections * EMLC_SOS_STATE; ++i)
    state[i] = initial == NULL ? 0.0F : emlc_load_f32(initial + i);
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SOS_H */
