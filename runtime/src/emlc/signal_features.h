/**
 * The features of a window: what docs/signals.md says of each, in float32 from exact integers. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_FEATURES_H
#define EMLC_SIGNAL_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "signal_layer.h"
#include "signal_parts.h"
#include "signal_reals.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a statistic needs of a window: bits of EMLC_NEED_. */
static inline unsigned emlc_signal_needs(uint8_t statistic) {
  static const uint8_t needs[EMLC_N_STATISTICS] = {
      0,
      0,
      EMLC_NEED_EXTREMES,
      EMLC_NEED_EXTREMES,
      EMLC_NEED_EXTREMES,
      EMLC_NEED_ORDER,
      EMLC_NEED_ORDER,
      EMLC_NEED_ORDER,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE,
      EMLC_NEED_ENERGY,
      EMLC_NEED_ENERGY,
      0,
      EMLC_NEED_ORDER,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE | EMLC_NEED_THIRD,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE | EMLC_NEED_THIRD | EMLC_NEED_FOURTH,
      EMLC_NEED_COUNTS,
      EMLC_NEED_COUNTS,
      EMLC_NEED_COUNTS,
      EMLC_NEED_JUMPS,
      EMLC_NEED_ENERGY,
      EMLC_NEED_EXTREMES,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE | EMLC_NEED_JUMPS,
      EMLC_NEED_ENERGY | EMLC_NEED_VARIANCE | EMLC_NEED_JUMPS,
      0,
      EMLC_NEED_ORDER};
  return needs[statistic];
}

/** Gaps of 3^k: Shell's sort, which takes no memory and at most n^1.5 steps. */
static inline uint32_t emlc_signal_first_gap(uint32_t n) {
  uint32_t gap = 1;
  while (gap < n / 3) gap = 3 * gap + 1;
  return gap;
}

EMLC_CALLED void emlc_signal_sort(int64_t* x, uint32_t n) {
  for (uint32_t gap = emlc_signal_first_gap(n); gap > 0; gap /= 3) {
    for (uint32_t i = gap; i < n; ++i) {
      const int64_t value = x[i];
      uint32_t at = i;
      for (; at >= gap && x[at - gap] > value; at -= gap) x[at] = x[at - gap];
      x[at] = value;
    }
  }
}

EMLC_CALLED void emlc_signal_sort_f32(float* x, uint32_t n) {
  for (uint32_t gap = emlc_signal_first_gap(n); gap > 0; gap /= 3) {
    for (uint32_t i = gap; i < n; ++i) {
      const float value = x[i];
      uint32_t at = i;
      for (; at >= gap && x[at - gap] > value; at -= gap) x[at] = x[at - gap];
      x[at] = value;
    }
  }
}

/** A number of the kind of the samples as the nearest float; 0 is added, so that it is never -0. */
static inline float emlc_signal_sorted(const emlc_signal_window* w, uint32_t place) {
  return w->integers != NULL ? emlc_f32_of_i64(w->integers[place]) : w->reals[place] + 0.0F;
}

/** sorted[b] - sorted[a] */
static inline float emlc_signal_step(const emlc_signal_window* w, uint32_t a, uint32_t b) {
  return w->integers != NULL ? emlc_f32_of_i64(emlc_signal_minus(w->integers[b], w->integers[a]))
                             : w->reals[b] - w->reals[a] + 0.0F;
}

/** The place floor(n * quarters / 4) among n sorted samples. */
static inline uint32_t emlc_signal_quarter(uint32_t n, uint32_t quarters) { return n * quarters / 4; }

/** Between two sorted samples. */
static inline float emlc_signal_between(const emlc_signal_window* w, const uint8_t* data) {
  const uint32_t below = emlc_load_u32(data + 8);
  if (below + 1 >= w->n) return emlc_signal_sorted(w, below);
  const float low = w->integers != NULL ? emlc_f32_of_i64(w->integers[below]) : w->reals[below];
  return low + emlc_unjoined(emlc_signal_step(w, below, below + 1) * emlc_f32_at(data + 12));
}

/** The order statistic n / 2 of the distances to the median of sorted samples: a merge from the median outwards. */
static inline float emlc_signal_median_distance(const emlc_signal_window* w) {
  const uint32_t median = w->n / 2;
  uint32_t left = median, right = median; /* samples on the left are those below `left` */
  int takes_left = 0;
  for (uint32_t taken = 0; taken <= w->n / 2; ++taken) {
    takes_left = 0;
    if (left > 0 && right >= w->n) takes_left = 1;
    if (left > 0 && right < w->n) {
      takes_left = w->integers != NULL ? emlc_signal_minus(w->integers[median], w->integers[left - 1]) <
                                             emlc_signal_minus(w->integers[right], w->integers[median])
                                       : w->reals[median] - w->reals[left - 1] < w->reals[right] - w->reals[median];
    }
    if (takes_left) {
      --left;
    } else {
      ++right;
    }
  }
  return takes_left ? emlc_signal_step(w, left, median) : emlc_signal_step(w, median, right - 1);
}

/** What is taken of sorted samples. */
static inline float emlc_signal_of_order(const emlc_signal_window* w, uint8_t statistic, const uint8_t* data) {
  switch (statistic) {
    case EMLC_MEDIAN:
      return emlc_signal_sorted(w, emlc_signal_quarter(w->n, 2));
    case EMLC_IQR:
      return emlc_signal_step(w, emlc_signal_quarter(w->n, 1), emlc_signal_quarter(w->n, 3));
    case EMLC_MAD:
      return emlc_signal_median_distance(w);
    case EMLC_LINEAR_QUANTILE:
      return emlc_signal_between(w, data);
    default:
      return emlc_signal_sorted(w, emlc_load_u32(data + 8));
  }
}

static inline float emlc_signal_n(const emlc_signal_window* w) { return emlc_f32_of_i64((int64_t)w->n); }

static inline float emlc_signal_energy(const emlc_signal_window* w) {
  return w->integers != NULL ? emlc_wide_f32(w->energy) : w->energy_f32 + 0.0F;
}

static inline float emlc_signal_rms(const emlc_signal_window* w) {
  return emlc_signal_root(emlc_signal_energy(w) / emlc_signal_n(w));
}

static inline float emlc_signal_crest(const emlc_signal_window* w) {
  const float rms = emlc_signal_rms(w);
  float peak;
  if (w->integers != NULL) {
    const int64_t depth = emlc_signal_minus(0, w->lowest);
    peak = emlc_f32_of_i64(w->highest < depth ? depth : w->highest);
  } else {
    peak = w->highest_f32 < -w->lowest_f32 ? -w->lowest_f32 : w->highest_f32;
  }
  return rms > 0.0F ? peak / rms : 0.0F;
}

static inline float emlc_signal_mobility(const emlc_signal_window* w) {
  return w->variance > 0.0F ? emlc_signal_root(w->jump_variance / w->variance) : 0.0F;
}

static inline float emlc_signal_complexity(const emlc_signal_window* w) {
  const float mobility = emlc_signal_mobility(w);
  return mobility > 0.0F ? emlc_signal_root(w->bend_variance / w->jump_variance) / mobility : 0.0F;
}

/** Of integers n P - S T over n^2, P the sum of products; of reals the mean of products of what is centred. */
static inline float emlc_signal_covariance(const emlc_signal_window* w, const emlc_signal_window* u) {
  const emlc_wide n = emlc_wide_of((int64_t)w->n);
  emlc_wide products = emlc_wide_of(0);
  float sum = 0.0F;
  for (uint32_t i = 0; i < w->n; ++i) {
    if (w->integers != NULL) {
      emlc_wide_add_product(&products, w->integers[i], u->integers[i]);
    } else {
      sum += emlc_unjoined((w->reals[i] - w->reals[0] - w->offset) * (u->reals[i] - u->reals[0] - u->offset));
    }
  }
  if (w->integers == NULL) return sum / emlc_signal_n(w);
  products = emlc_wide_minus(emlc_wide_times(n, products), emlc_wide_product(w->sum, u->sum));
  return emlc_wide_ratio(products, emlc_wide_times(n, n));
}

static inline float emlc_signal_correlation(const emlc_signal_window* w, const emlc_signal_window* u) {
  if (!(w->variance > 0.0F) || !(u->variance > 0.0F)) return 0.0F;
  return emlc_signal_covariance(w, u) / emlc_signal_root(w->variance) / emlc_signal_root(u->variance);
}

/** n^2 P - n S (A + B) + (n - lag) S^2 over n^3 variances: P of products, A and B the sums behind and before the lag.
 */
static inline float emlc_signal_autocorrelation(const emlc_signal_window* w, uint32_t lag) {
  const emlc_wide n = emlc_wide_of((int64_t)w->n), n2 = emlc_wide_times(n, n), s = emlc_wide_of(w->sum);
  emlc_wide products = emlc_wide_of(0), ends = emlc_wide_plus(s, s), sum;
  float real_sum = 0.0F;
  if (!(w->variance > 0.0F)) return 0.0F;
  for (uint32_t i = lag; i < w->n; ++i) {
    if (w->integers != NULL) {
      emlc_wide_add_product(&products, w->integers[i], w->integers[i - lag]);
    } else {
      real_sum +=
          emlc_unjoined((w->reals[i] - w->reals[0] - w->offset) * (w->reals[i - lag] - w->reals[0] - w->offset));
    }
  }
  if (w->integers == NULL) return real_sum / emlc_signal_n(w) / w->variance;
  for (uint32_t i = 0; i < lag; ++i) {
    ends = emlc_wide_minus(ends, emlc_wide_of(w->integers[i]));
    ends = emlc_wide_minus(ends, emlc_wide_of(w->integers[w->n - 1 - i]));
  }
  sum = emlc_wide_minus(emlc_wide_times(n2, products), emlc_wide_times(n, emlc_wide_times(s, ends)));
  sum = emlc_wide_plus(sum, emlc_wide_times(emlc_wide_of((int64_t)w->n - (int64_t)lag), emlc_wide_times(s, s)));
  return emlc_wide_ratio(sum, emlc_wide_times(n2, n)) / w->variance;
}

/** 1 if x is not below the edge; of integers of at most 53 bits, by the bits of the edge. */
static inline int emlc_signal_reaches(int64_t x, float edge) {
  const uint32_t bits = emlc_bits_f32(edge) & 0x7FFFFFFFU;
  const int exponent = (int)(bits >> 23) - 150; /* the edge is a whole number of 2^exponent */
  const int64_t mantissa = (int64_t)((bits & 0x7FFFFFU) | (bits >> 23 != 0 ? 0x800000U : 0U));
  int64_t whole;
  if (exponent >= 39) return edge < 0.0F;
  if (exponent >= 0) {
    whole = mantissa * ((int64_t)1 << exponent);
    return edge < 0.0F ? x >= -whole : x >= whole;
  }
  whole = exponent <= -32 ? 0 : mantissa >> -exponent;
  if (edge < 0.0F) return x >= -whole; /* the smallest integer that is not below the edge */
  return (exponent <= -32 ? mantissa != 0 : whole * ((int64_t)1 << -exponent) != mantissa) ? x > whole : x >= whole;
}

/** (L[n] - L[c] - L[c'] - ...) / n over the counts c of what lies between the edges, below the first, above the last.
 */
static inline float emlc_signal_entropy(const emlc_signal_window* w, const uint8_t* data) {
  const uint32_t n_edges = emlc_load_u32(data);
  const uint8_t* edges = data + 4;
  const uint8_t* logarithms = edges + 4 * (size_t)n_edges;
  float sum = emlc_f32_at(logarithms + 4 * (size_t)w->n);
  uint32_t above = w->n; /* samples that are not below the edge in front of the bin */
  for (uint32_t bin = 0; bin <= n_edges; ++bin) {
    uint32_t next = 0;
    for (uint32_t i = 0; bin < n_edges && i < w->n; ++i) {
      const float edge = emlc_f32_at(edges + 4 * (size_t)bin);
      next += (w->integers != NULL ? emlc_signal_reaches(w->integers[i], edge) : !(w->reals[i] < edge)) ? 1U : 0U;
    }
    if (above > next + 1) sum -= emlc_f32_at(logarithms + 4 * (size_t)(above - next));
    above = next;
  }
  return sum / emlc_signal_n(w);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_FEATURES_H */
