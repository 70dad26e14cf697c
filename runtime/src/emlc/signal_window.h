/**
 * All features of the complete window. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_WINDOW_H
#define EMLC_SIGNAL_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "signal_features.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is taken of the sums, extremes and counts of a window. */
static inline float emlc_signal_of_sums(const emlc_signal_window* w, uint8_t statistic) {
  const int is_integer = w->integers != NULL;
  switch (statistic) {
    case EMLC_MEAN:
      return w->mean;
    case EMLC_SUM:
      return is_integer ? emlc_f32_of_i64(w->sum) : w->sum_f32 + 0.0F;
    case EMLC_MINIMUM:
      return is_integer ? emlc_f32_of_i64(w->lowest) : w->lowest_f32 + 0.0F;
    case EMLC_MAXIMUM:
      return is_integer ? emlc_f32_of_i64(w->highest) : w->highest_f32 + 0.0F;
    case EMLC_SPAN:
      return is_integer ? emlc_f32_of_i64(emlc_signal_minus(w->highest, w->lowest))
                        : w->highest_f32 - w->lowest_f32 + 0.0F;
    case EMLC_MEAN_ABSOLUTE:
      return (is_integer ? emlc_f32_of_i64(w->absolutes) : w->absolutes_f32) / emlc_signal_n(w);
    case EMLC_ZERO_CROSSINGS:
      return emlc_f32_of_i64((int64_t)w->zero_crossings);
    case EMLC_MEAN_CROSSINGS:
      return emlc_f32_of_i64((int64_t)w->mean_crossings);
    case EMLC_SLOPE_CHANGES:
      return emlc_f32_of_i64((int64_t)w->slope_changes);
    case EMLC_ARGMAX:
      return emlc_f32_of_i64((int64_t)w->highest_at);
    default: /* EMLC_WAVEFORM_LENGTH */
      return is_integer ? emlc_f32_of_i64(w->jumps) : w->jumps_f32 + 0.0F;
  }
}

/** What is taken of moments; the rest of sums. */
static inline float emlc_signal_of_moments(const emlc_signal_window* w, uint8_t statistic) {
  switch (statistic) {
    case EMLC_VARIANCE:
      return w->variance;
    case EMLC_DEVIATION:
      return emlc_signal_root(w->variance);
    case EMLC_RMS:
      return emlc_signal_rms(w);
    case EMLC_ENERGY:
      return emlc_signal_energy(w);
    case EMLC_SKEWNESS:
      return w->variance > 0.0F ? w->third / w->variance / emlc_signal_root(w->variance) : 0.0F;
    case EMLC_KURTOSIS:
      return w->variance > 0.0F ? w->fourth / w->variance / w->variance - 3.0F : 0.0F;
    case EMLC_CREST_FACTOR:
      return emlc_signal_crest(w);
    case EMLC_MOBILITY:
      return emlc_signal_mobility(w);
    case EMLC_COMPLEXITY:
      return emlc_signal_complexity(w);
    default:
      return emlc_signal_of_sums(w, statistic);
  }
}

/** The other window of a correlation. */
static inline float emlc_signal_with_other(const emlc_signal* signal, uint8_t* state, const emlc_signal_window* w,
                                           uint32_t other) {
  emlc_signal_window window;
  memset(&window, 0, sizeof window);
  emlc_signal_put_samples(signal, state, emlc_signal_row(signal, other), state + signal->others, &window);
  emlc_signal_look(&window, emlc_signal_needs(EMLC_CORRELATION));
  return emlc_signal_correlation(w, &window);
}

static inline float emlc_signal_feature(const emlc_signal* signal, uint8_t* state, const emlc_signal_window* w,
                                        const uint8_t* feature) {
  const uint8_t statistic = feature[EMLC_SIGNAL_FEATURE_AT_STATISTIC];
  const uint32_t value = emlc_load_u32(feature + EMLC_SIGNAL_FEATURE_AT_VALUE);
  if (statistic == EMLC_CORRELATION) return emlc_signal_with_other(signal, state, w, value);
  if (statistic == EMLC_AUTOCORRELATION) return emlc_signal_autocorrelation(w, value);
  if (statistic == EMLC_ENTROPY) return emlc_signal_entropy(w, signal->layer + value);
  if (emlc_signal_needs(statistic) == EMLC_NEED_ORDER) {
    return emlc_signal_of_order(w, statistic, signal->layer + value);
  }
  return emlc_signal_of_moments(w, statistic);
}

/** The features [first, end) of one signal: those that need its samples in order last, since it is then sorted. */
EMLC_CALLED void emlc_signal_take_features(const emlc_signal* signal, uint8_t* state, uint32_t first, uint32_t end) {
  const uint8_t* features = signal->features;
  float* values = (float*)(void*)(state + signal->values);
  const uint32_t of = emlc_load_u16(features + (size_t)first * EMLC_SIGNAL_FEATURE_SIZE);
  emlc_signal_window window;
  unsigned needs = 0;
  memset(&window, 0, sizeof window);
  for (uint32_t i = first; i < end; ++i) {
    needs |= emlc_signal_needs(features[(size_t)i * EMLC_SIGNAL_FEATURE_SIZE + EMLC_SIGNAL_FEATURE_AT_STATISTIC]);
  }
  emlc_signal_put_samples(signal, state, emlc_signal_row(signal, of), state + signal->samples, &window);
  emlc_signal_look(&window, needs);
  for (unsigned order = 0; order <= (needs & EMLC_NEED_ORDER); order += EMLC_NEED_ORDER) {
    if (order != 0 && window.integers != NULL) emlc_signal_sort((int64_t*)(void*)(state + signal->samples), window.n);
    if (order != 0 && window.integers == NULL) emlc_signal_sort_f32((float*)(void*)(state + signal->samples), window.n);
    for (uint32_t i = first; i < end; ++i) {
      const uint8_t* feature = features + (size_t)i * EMLC_SIGNAL_FEATURE_SIZE;
      if ((emlc_signal_needs(feature[EMLC_SIGNAL_FEATURE_AT_STATISTIC]) & EMLC_NEED_ORDER) != order) continue;
      values[i] = emlc_signal_feature(signal, state, &window, feature);
    }
  }
}

/** All features of the complete window, into the state: runs of features of one signal share what is known of it. */
EMLC_CALLED void emlc_signal_make_features(const emlc_signal* signal, uint8_t* state) {
  const uint8_t* feature = signal->features;
  const uint32_t n = signal->model->n_features;
  for (uint32_t first = 0, end; first < n; first = end) {
    const uint32_t of = emlc_load_u16(feature + (size_t)first * EMLC_SIGNAL_FEATURE_SIZE);
    for (end = first + 1; end < n; ++end) {
      if (emlc_load_u16(feature + (size_t)end * EMLC_SIGNAL_FEATURE_SIZE) != of) break;
    }
    emlc_signal_take_features(signal, state, first, end);
  }
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_WINDOW_H */
