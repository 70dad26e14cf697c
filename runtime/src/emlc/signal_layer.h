/**
 * The layer of a signal and the state of one stream of samples, as the functions of signal.h see them. C99 and C++11;
 * libc: memcpy. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_LAYER_H
#define EMLC_SIGNAL_LAYER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "signal_wide.h"
#include "tmdl_format.h"
#include "tmdl_open.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a signal is made by. The numbers are those of .tmdl blobs and never change. */
typedef enum emlc_operation {
  EMLC_CHANNEL = 0,       /* data, of integers: i32 lowest, highest */
  EMLC_DIFFERENCE = 1,    /* x[i] - x[i-1] */
  EMLC_ABSOLUTE = 2,      /* |x| */
  EMLC_SQUARE = 3,        /* x * x */
  EMLC_NORM1 = 4,         /* |x| + |y| + ...; data: u16 operands */
  EMLC_NORM2 = 5,         /* the root of x * x + y * y + ...; data: u16 operands */
  EMLC_NORM2_SQUARED = 6, /* the same without the root */
  EMLC_DOT = 7,           /* x * u + y * v + ...; data: u16 operands, the left ones and then the right ones */
  EMLC_SCALE = 8,         /* x * gain + offset; data: both, i64 where integers come out, else f32 */
  EMLC_CLIP = 9,          /* data: lowest, highest, i64 or f32 */
  EMLC_MEDIAN3 = 10,
  EMLC_MEDIAN5 = 11,
  EMLC_MOVING_AVERAGE = 12, /* data: u32 samples */
  EMLC_MOVING_SUM = 13,     /* data: u32 samples */
  EMLC_SOS_F32 = 14,        /* data: u32 sections; f32[n][5], f32[n][2] the state of a section for an input of 1 */
  EMLC_SOS_INTEGER = 15,    /* data: see emlc_signal_sos_at */
  EMLC_DECIMATE = 16,       /* data: u32 samples for one */
  EMLC_REMOVE_MEAN = 17,    /* of the window */
  EMLC_CUMULATIVE_SUM = 18, /* of the window */
  EMLC_N_OPERATIONS = 19
} emlc_operation;

/** What is taken of a window; docs/signals.md says what each is. The numbers never change. */
typedef enum emlc_statistic {
  EMLC_MEAN = 0,
  EMLC_SUM = 1,
  EMLC_MINIMUM = 2,
  EMLC_MAXIMUM = 3,
  EMLC_SPAN = 4,
  EMLC_MEDIAN = 5,
  EMLC_QUANTILE = 6, /* data: f64 the quantile, for readers; u32 the place among sorted samples, f32 0 */
  EMLC_IQR = 7,
  EMLC_VARIANCE = 8,
  EMLC_DEVIATION = 9,
  EMLC_RMS = 10,
  EMLC_ENERGY = 11,
  EMLC_MEAN_ABSOLUTE = 12,
  EMLC_MAD = 13,
  EMLC_SKEWNESS = 14,
  EMLC_KURTOSIS = 15,
  EMLC_ZERO_CROSSINGS = 16,
  EMLC_MEAN_CROSSINGS = 17,
  EMLC_SLOPE_CHANGES = 18,
  EMLC_WAVEFORM_LENGTH = 19,
  EMLC_CREST_FACTOR = 20,
  EMLC_ARGMAX = 21,
  EMLC_CORRELATION = 22,     /* the other signal */
  EMLC_AUTOCORRELATION = 23, /* the lag */
  EMLC_MOBILITY = 24,
  EMLC_COMPLEXITY = 25,
  EMLC_ENTROPY = 26,         /* data: u32 edges; f32 edges, f32 c ln c for c from 0 to the samples of a window */
  EMLC_LINEAR_QUANTILE = 27, /* data as of EMLC_QUANTILE, and the share of the way to the next sample */
  EMLC_N_STATISTICS = 28
} emlc_statistic;

/** The signal of an opened blob. Written by emlc_signal_open, then only read; blob and model have to stay where they
 * are. */
typedef struct emlc_signal {
  const emlc_model* model;
  const uint8_t* layer;
  const uint8_t* rows;      /* [n_signals] records */
  const uint8_t* features;  /* [model->n_features] records */
  uint32_t state_size;      /* bytes of the state of a stream, a multiple of 8 */
  uint32_t length, hop;     /* frames */
  uint32_t votes, weights;  /* where these are in the state: u16[n_votes], u32[n_classes + 1] */
  uint32_t values;          /* where the features of the window are in the state: f32[n_features] */
  uint32_t samples, others; /* where the samples of a window, and of another signal, are put: 8 bytes each */
  uint32_t work;            /* where the model works; it takes the place of the samples */
  uint16_t n_signals;
  uint16_t n_channels;
  uint16_t n_classes;  /* that votes are for; 0: the model makes no decision */
  uint8_t sample_type; /* EMLC_TYPE_... of the samples of a frame */
} emlc_signal;

/** What the state of a stream begins with. */
typedef struct emlc_signal_head {
  uint32_t left;  /* frames until a window is complete; 0: it is */
  uint32_t phase; /* frames since the first one, modulo hop */
  uint32_t held;  /* windows that the decision is there for, up to hold */
  uint32_t n_votes, vote_at;
  int32_t decision;
  uint8_t is_begun, has_values, is_settled, unused;
  uint32_t padding;
} emlc_signal_head;

enum {
  EMLC_SIGNAL_HEAD_SIZE = 40,
  EMLC_SIGNAL_MOVING_HEAD = 16, /* u32 the place of the oldest sample, then i64 the sum of integers */
  EMLC_SIGNAL_RING_HEAD = 8     /* u32 the place of the oldest sample */
};

/** A number of the layer. */
static inline const uint8_t* emlc_signal_row(const emlc_signal* signal, uint32_t index) {
  return signal->rows + (size_t)index * EMLC_SIGNAL_ROW_SIZE;
}
static inline int emlc_signal_is_integer(const uint8_t* row) {
  return (row[EMLC_SIGNAL_ROW_AT_FLAGS] & EMLC_SIGNAL_IS_INTEGER) != 0;
}
static inline int emlc_signal_is_of_window(const uint8_t* row) {
  return row[EMLC_SIGNAL_ROW_AT_OPERATION] >= EMLC_REMOVE_MEAN;
}
static inline const uint8_t* emlc_signal_data(const emlc_signal* signal, const uint8_t* row) {
  return signal->layer + emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_DATA);
}
static inline uint32_t emlc_signal_n_from(const uint8_t* row) { return emlc_load_u16(row + EMLC_SIGNAL_ROW_AT_N_FROM); }
static inline uint32_t emlc_signal_from(const emlc_signal* signal, const uint8_t* row, uint32_t index) {
  if (emlc_signal_n_from(row) == 1) return emlc_load_u16(row + EMLC_SIGNAL_ROW_AT_FROM);
  return emlc_load_u16(emlc_signal_data(signal, row) + 2 * (size_t)index);
}
/** The record of the first operand. */
static inline const uint8_t* emlc_signal_operand(const emlc_signal* signal, const uint8_t* row) {
  return emlc_signal_row(signal, emlc_signal_from(signal, row, 0));
}
/** Samples of a signal in a window. */
static inline uint32_t emlc_signal_samples(const emlc_signal* signal, const uint8_t* row) {
  const uint32_t stride = emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_STRIDE);
  return stride == 1 ? signal->length : signal->length / stride;
}

/** Of layers and states, which are aligned to 4 bytes where numbers of 8 bytes are. */
static inline int64_t emlc_load_i64(const uint8_t* at) {
  return emlc_signed_i64((uint64_t)emlc_load_u32(at + 4) << 32 | emlc_load_u32(at));
}

/** A sample that is kept in 2^width bytes: of integers the low ones, of reals 4. */
static inline int64_t emlc_signal_load(const uint8_t* at, unsigned width) {
  int64_t value;
  if (width == 0) return (int8_t)at[0];
  if (width == 1) return (int16_t)emlc_load_u16(at);
  if (width == 2) return emlc_signed_i32(emlc_load_u32(at));
  memcpy(&value, at, sizeof value);
  return value;
}
static inline void emlc_signal_store(uint8_t* at, unsigned width, int64_t value) {
  const uint16_t half = (uint16_t)value;
  const uint32_t word = (uint32_t)value;
  if (width == 0) at[0] = (uint8_t)value;
  if (width == 1) memcpy(at, &half, sizeof half);
  if (width == 2) memcpy(at, &word, sizeof word);
  if (width == 3) memcpy(at, &value, sizeof value);
}

/** Reals travel as their bits. */
static inline float emlc_signal_real(int64_t bits) { return emlc_float_of((uint32_t)bits); }
static inline int64_t emlc_signal_bits(float value) { return (int64_t)emlc_bits_f32(value); }

static inline uint32_t emlc_round_to_8(uint32_t bytes) { return (bytes + 7U) & ~7U; }

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_LAYER_H */
