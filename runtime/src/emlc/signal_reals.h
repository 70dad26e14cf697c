/**
 * What features of reals share: sums in float32, from the first sample to the last. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_REALS_H
#define EMLC_SIGNAL_REALS_H

#include <stddef.h>
#include <stdint.h>

#include "signal_parts.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Sample i of x, or of its first or second differences. */
static inline float emlc_signal_bent(const float* x, uint32_t i, unsigned order) {
  if (order == 0) return x[i];
  if (order == 1) return x[i + 1] - x[i];
  return (x[i + 2] - x[i + 1]) - (x[i + 1] - x[i]);
}

/** The mean of x - x[0]. */
static inline float emlc_signal_offset(const float* x, uint32_t n, unsigned order) {
  const float first = emlc_signal_bent(x, 0, order);
  float sum = 0.0F;
  for (uint32_t i = 0; i < n; ++i) sum += emlc_signal_bent(x, i, order) - first;
  return sum / emlc_f32_of_i64((int64_t)n);
}

/** The mean of (x - mean) to a power of 2, 3 or 4, by way of the first sample. */
EMLC_CALLED float emlc_signal_moment(const float* x, uint32_t n, unsigned order, float offset, unsigned power) {
  const float first = emlc_signal_bent(x, 0, order);
  float sum = 0.0F;
  for (uint32_t i = 0; i < n; ++i) {
    const float centred = emlc_signal_bent(x, i, order) - first - offset;
    const float square = emlc_unjoined(centred * centred);
    sum += power == 2 ? square : emlc_unjoined(square * (power == 3 ? centred : square));
  }
  return sum / emlc_f32_of_i64((int64_t)n);
}

static inline void emlc_signal_add_real_jumps(emlc_signal_window* w) {
  const float* x = w->reals;
  w->jumps_f32 = w->jump_variance = w->bend_variance = 0.0F;
  for (uint32_t i = 0; i + 1 < w->n; ++i) w->jumps_f32 += emlc_signal_absolute_f32(x[i + 1] - x[i]);
  if (w->n > 1) {
    const float offset = emlc_signal_offset(x, w->n - 1, 1);
    w->jump_variance = emlc_signal_moment(x, w->n - 1, 1, offset, 2);
  }
  if (w->n > 2) {
    const float offset = emlc_signal_offset(x, w->n - 2, 2);
    w->bend_variance = emlc_signal_moment(x, w->n - 2, 2, offset, 2);
  }
}

/** All that is needed of reals. */
EMLC_CALLED void emlc_signal_look_at_reals(emlc_signal_window* w, unsigned needs) {
  const float* x = w->reals;
  w->sum_f32 = w->absolutes_f32 = w->energy_f32 = 0.0F;
  w->lowest_f32 = w->highest_f32 = x[0];
  w->highest_at = 0;
  for (uint32_t i = 0; i < w->n; ++i) {
    w->sum_f32 += x[i];
    w->absolutes_f32 += emlc_signal_absolute_f32(x[i]);
    w->energy_f32 += emlc_unjoined(x[i] * x[i]);
    if (x[i] < w->lowest_f32) w->lowest_f32 = x[i];
    if (w->highest_f32 < x[i]) {
      w->highest_f32 = x[i];
      w->highest_at = i;
    }
  }
  w->mean = w->sum_f32 / emlc_f32_of_i64((int64_t)w->n);
  if ((needs & EMLC_NEED_VARIANCE) != 0) {
    w->offset = emlc_signal_offset(x, w->n, 0);
    w->variance = emlc_signal_moment(x, w->n, 0, w->offset, 2);
  }
  if ((needs & EMLC_NEED_THIRD) != 0) w->third = emlc_signal_moment(x, w->n, 0, w->offset, 3);
  if ((needs & EMLC_NEED_FOURTH) != 0) w->fourth = emlc_signal_moment(x, w->n, 0, w->offset, 4);
  if ((needs & EMLC_NEED_JUMPS) != 0) emlc_signal_add_real_jumps(w);
  if ((needs & EMLC_NEED_COUNTS) != 0) emlc_signal_add_counts(w);
}

EMLC_CALLED void emlc_signal_look(emlc_signal_window* w, unsigned needs) {
  if (w->integers != NULL) {
    emlc_signal_look_at_integers(w, needs);
  } else {
    emlc_signal_look_at_reals(w, needs);
  }
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_REALS_H */
