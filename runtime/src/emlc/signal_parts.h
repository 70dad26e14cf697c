/**
 * The samples of a window of one signal, and what its features share: exact sums of integers, float32 of reals in the
 * order of docs/signals.md. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_PARTS_H
#define EMLC_SIGNAL_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "signal_layer.h"
#include "signal_stream.h"
#include "signal_wide.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A window of n samples, and what is known of it. Of integers `sum` to `energy` are exact; of reals floats. */
typedef struct emlc_signal_window {
  const int64_t* integers; /* [n] NULL: they are reals */
  const float* reals;      /* [n] */
  uint32_t n;
  int64_t sum, absolutes, jumps; /* of x, |x|, |x[i] - x[i-1]| */
  emlc_wide energy;              /* of x * x */
  int64_t lowest, highest;
  float sum_f32, absolutes_f32, jumps_f32, energy_f32, lowest_f32, highest_f32;
  float mean;
  float offset; /* of reals: the mean of x - x[0] */
  float variance, third, fourth;
  float jump_variance, bend_variance; /* of the differences, and of their differences */
  uint32_t highest_at, zero_crossings, mean_crossings, slope_changes;
} emlc_signal_window;

/* What statistics need of a window, each where one of them does. */
enum {
  EMLC_NEED_EXTREMES = 1,
  EMLC_NEED_ENERGY = 2,
  EMLC_NEED_VARIANCE = 4,
  EMLC_NEED_THIRD = 8,
  EMLC_NEED_FOURTH = 16,
  EMLC_NEED_JUMPS = 32,
  EMLC_NEED_COUNTS = 64,
  EMLC_NEED_ORDER = 128
};

static inline int64_t emlc_signal_ring_sample(const uint8_t* ring, uint32_t* place, unsigned width, uint32_t n) {
  const int64_t value = emlc_signal_load(ring + EMLC_SIGNAL_RING_HEAD + ((size_t)*place << width), width);
  *place = *place + 1 == n ? 0 : *place + 1;
  return value;
}

/** Makes samples of the window out of those of the operand: in their place, reals in the lower half of the memory. */
static inline void emlc_signal_make_of_window(const uint8_t* row, int is_integer, int64_t* integers, float* reals,
                                              uint32_t n) {
  const int is_sum = row[EMLC_SIGNAL_ROW_AT_OPERATION] == EMLC_CUMULATIVE_SUM;
  int64_t sum = 0;
  float real_sum = 0.0F, mean;
  for (uint32_t i = 0; i < n; ++i) {
    if (is_integer) {
      sum = emlc_signal_plus(sum, integers[i]);
      if (is_sum) integers[i] = sum;
    } else {
      real_sum = i == 0 && is_sum ? reals[0] : real_sum + reals[i];
      if (is_sum) reals[i] = real_sum;
    }
  }
  if (is_sum) return;
  mean = real_sum / emlc_f32_of_i64((int64_t)n);
  for (uint32_t i = 0; i < n; ++i) {
    if (is_integer) {
      const int64_t numerator = emlc_signal_minus(emlc_signal_times(integers[i], (int64_t)n), sum);
      const float value = emlc_f32_of_i64(numerator) / emlc_f32_of_i64((int64_t)n);
      memcpy((uint8_t*)integers + (size_t)i * 4, &value, sizeof value);
    } else {
      reals[i] -= mean;
    }
  }
}

/** Puts the samples of the complete window into `memory`, the oldest first. @param memory  8 bytes for each */
EMLC_CALLED void emlc_signal_put_samples(const emlc_signal* signal, const uint8_t* state, const uint8_t* row,
                                         uint8_t* memory, emlc_signal_window* window) {
  const int is_own = emlc_signal_is_of_window(row);
  const uint8_t* from = is_own ? emlc_signal_operand(signal, row) : row;
  const uint8_t* ring = state + emlc_load_u32(from + EMLC_SIGNAL_ROW_AT_RING);
  const unsigned width = from[EMLC_SIGNAL_ROW_AT_WIDTH];
  const int is_integer = emlc_signal_is_integer(from);
  int64_t* integers = (int64_t*)(void*)memory;
  float* reals = (float*)(void*)memory;
  uint32_t place = emlc_load_u32(ring);
  window->n = emlc_signal_samples(signal, row);
  for (uint32_t i = 0; i < window->n; ++i) {
    const int64_t value = emlc_signal_ring_sample(ring, &place, width, window->n);
    if (is_integer) {
      integers[i] = value;
    } else {
      reals[i] = emlc_signal_real(value);
    }
  }
  if (is_own) emlc_signal_make_of_window(row, is_integer, integers, reals, window->n);
  window->integers = emlc_signal_is_integer(row) ? integers : NULL;
  window->reals = reals;
}

/** (n * energy - sum * sum) / (n * n) */
static inline float emlc_signal_spread(int64_t sum, emlc_wide energy, uint32_t n) {
  const emlc_wide size = emlc_wide_of((int64_t)n);
  return emlc_wide_ratio(emlc_wide_minus(emlc_wide_times(size, energy), emlc_wide_product(sum, sum)),
                         emlc_wide_times(size, size));
}

/** Third and fourth moment, from exact sums of powers. */
static inline void emlc_signal_add_powers(emlc_signal_window* w, unsigned needs) {
  const emlc_wide n = emlc_wide_of((int64_t)w->n), s1 = emlc_wide_of(w->sum), s2 = w->energy;
  const emlc_wide n2 = emlc_wide_times(n, n), n3 = emlc_wide_times(n2, n), s11 = emlc_wide_times(s1, s1);
  emlc_wide s3 = emlc_wide_of(0), s4 = s3, sum;
  for (uint32_t i = 0; i < w->n; ++i) {
    const emlc_wide x = emlc_wide_of(w->integers[i]), square = emlc_wide_times(x, x);
    s3 = emlc_wide_plus(s3, emlc_wide_times(square, x));
    if ((needs & EMLC_NEED_FOURTH) != 0) s4 = emlc_wide_plus(s4, emlc_wide_times(square, square));
  }
  /* n^2 s3 - 3 n s1 s2 + 2 s1^3 */
  sum = emlc_wide_minus(emlc_wide_times(n2, s3),
                        emlc_wide_times(emlc_wide_of(3), emlc_wide_times(n, emlc_wide_times(s1, s2))));
  sum = emlc_wide_plus(sum, emlc_wide_times(emlc_wide_of(2), emlc_wide_times(s11, s1)));
  w->third = emlc_wide_ratio(sum, n3);
  if ((needs & EMLC_NEED_FOURTH) == 0) return;
  /* n^3 s4 - 4 n^2 s1 s3 + 6 n s1^2 s2 - 3 s1^4 */
  sum = emlc_wide_minus(emlc_wide_times(n3, s4),
                        emlc_wide_times(emlc_wide_of(4), emlc_wide_times(n2, emlc_wide_times(s1, s3))));
  sum = emlc_wide_plus(sum, emlc_wide_times(emlc_wide_of(6), emlc_wide_times(n, emlc_wide_times(s11, s2))));
  sum = emlc_wide_minus(sum, emlc_wide_times(emlc_wide_of(3), emlc_wide_times(s11, s11)));
  w->fourth = emlc_wide_ratio(sum, emlc_wide_times(n3, n));
}

static inline void emlc_signal_add_jumps(emlc_signal_window* w) {
  const int64_t* x = w->integers;
  const uint32_t n = w->n;
  emlc_wide energy = emlc_wide_of(0), bends = energy;
  w->jumps = 0;
  w->jump_variance = w->bend_variance = 0.0F;
  for (uint32_t i = 1; i < n; ++i) {
    const int64_t jump = emlc_signal_minus(x[i], x[i - 1]);
    w->jumps = emlc_signal_plus(w->jumps, emlc_signal_absolute(jump));
    emlc_wide_add_product(&energy, jump, jump);
    if (i < 2) continue;
    const int64_t bend = emlc_signal_minus(jump, emlc_signal_minus(x[i - 1], x[i - 2]));
    emlc_wide_add_product(&bends, bend, bend);
  }
  if (n > 1) w->jump_variance = emlc_signal_spread(emlc_signal_minus(x[n - 1], x[0]), energy, n - 1);
  if (n < 3) return;
  w->bend_variance = emlc_signal_spread(
      emlc_signal_minus(emlc_signal_minus(x[n - 1], x[n - 2]), emlc_signal_minus(x[1], x[0])), bends, n - 2);
}

/** Changes of sign, and samples above or below both neighbours. */
static inline void emlc_signal_add_counts(emlc_signal_window* w) {
  w->zero_crossings = w->mean_crossings = w->slope_changes = 0;
  for (uint32_t i = 1; i < w->n; ++i) {
    const int has_next = i + 1 < w->n;
    int is_peak, is_valley;
    if (w->integers != NULL) {
      const int64_t a = w->integers[i - 1], b = w->integers[i], c = has_next ? w->integers[i + 1] : b;
      const int64_t n = (int64_t)w->n;
      w->zero_crossings += (a < 0) != (b < 0) ? 1U : 0U;
      w->mean_crossings += (emlc_signal_times(n, a) < w->sum) != (emlc_signal_times(n, b) < w->sum) ? 1U : 0U;
      is_peak = a < b && c < b;
      is_valley = b < a && b < c;
    } else {
      const float a = w->reals[i - 1], b = w->reals[i], c = has_next ? w->reals[i + 1] : b;
      w->zero_crossings += (a < 0.0F) != (b < 0.0F) ? 1U : 0U;
      w->mean_crossings += (a < w->mean) != (b < w->mean) ? 1U : 0U;
      is_peak = a < b && c < b;
      is_valley = b < a && b < c;
    }
    w->slope_changes += has_next && (is_peak || is_valley) ? 1U : 0U;
  }
}

/** All that is needed of integers. */
EMLC_CALLED void emlc_signal_look_at_integers(emlc_signal_window* w, unsigned needs) {
  const int64_t* x = w->integers;
  w->sum = w->absolutes = 0;
  w->energy = emlc_wide_of(0);
  w->lowest = w->highest = x[0];
  w->highest_at = 0;
  for (uint32_t i = 0; i < w->n; ++i) {
    w->sum = emlc_signal_plus(w->sum, x[i]);
    w->absolutes = emlc_signal_plus(w->absolutes, emlc_signal_absolute(x[i]));
    if ((needs & EMLC_NEED_ENERGY) != 0) emlc_wide_add_product(&w->energy, x[i], x[i]);
    if (x[i] < w->lowest) w->lowest = x[i];
    if (x[i] > w->highest) {
      w->highest = x[i];
      w->highest_at = i;
    }
  }
  w->mean = emlc_f32_of_i64(w->sum) / emlc_f32_of_i64((int64_t)w->n);
  if ((needs & EMLC_NEED_VARIANCE) != 0) w->variance = emlc_signal_spread(w->sum, w->energy, w->n);
  if ((needs & EMLC_NEED_THIRD) != 0) emlc_signal_add_powers(w, needs);
  if ((needs & EMLC_NEED_JUMPS) != 0) emlc_signal_add_jumps(w);
  if ((needs & EMLC_NEED_COUNTS) != 0) emlc_signal_add_counts(w);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_PARTS_H */
