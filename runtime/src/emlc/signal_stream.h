/**
 * What happens to a frame: each signal of the stream, one after the other, in exact integers that wrap around and in
 * float32, operation by operation. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_STREAM_H
#define EMLC_SIGNAL_STREAM_H

#include <stddef.h>
#include <stdint.h>
#ifndef EMLC_NO_MATH
#include <math.h>
#endif

#include "signal_layer.h"
#include "signal_sos.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sums and products of integers wrap around: a signal that is declared fits, and nothing else is hurt. */
static inline int64_t emlc_signal_plus(int64_t a, int64_t b) { return emlc_signed_i64((uint64_t)a + (uint64_t)b); }
static inline int64_t emlc_signal_minus(int64_t a, int64_t b) { return emlc_signed_i64((uint64_t)a - (uint64_t)b); }
static inline int64_t emlc_signal_times(int64_t a, int64_t b) { return emlc_signed_i64((uint64_t)a * (uint64_t)b); }
static inline int64_t emlc_signal_absolute(int64_t x) { return x < 0 ? emlc_signal_minus(0, x) : x; }
static inline float emlc_signal_absolute_f32(float x) { return x < 0.0F ? -x : x; }

static inline float emlc_signal_root(float x) {
#ifdef EMLC_NO_MATH
  return x; /* what needs it was refused */
#else
  return sqrtf(x);
#endif
}

/** One frame on its way. */
typedef struct emlc_signal_frame {
  const emlc_signal* signal;
  uint8_t* state;
  int64_t* now; /* [n_signals] the samples of this frame; of reals their bits */
  int is_begun; /* 0: this is the first frame */
} emlc_signal_frame;

static inline int64_t emlc_signal_value(const emlc_signal_frame* frame, const uint8_t* row, uint32_t index) {
  return frame->now[emlc_signal_from(frame->signal, row, index)];
}

/** As a real: integers become float32. */
static inline float emlc_signal_value_f32(const emlc_signal_frame* frame, const uint8_t* row, uint32_t index) {
  const uint32_t from = emlc_signal_from(frame->signal, row, index);
  const int64_t value = frame->now[from];
  return emlc_signal_is_integer(emlc_signal_row(frame->signal, from)) ? emlc_f32_of_i64(value)
                                                                      : emlc_signal_real(value);
}

/** 1 if all operands are integers, so that an operation computes in these, whatever it makes of them. */
static inline int emlc_signal_is_of_integers(const emlc_signal* signal, const uint8_t* row) {
  for (uint32_t i = 0; i < emlc_signal_n_from(row); ++i) {
    if (!emlc_signal_is_integer(emlc_signal_row(signal, emlc_signal_from(signal, row, i)))) return 0;
  }
  return 1;
}

/** Norms, squares and dot, of integers. */
static inline int64_t emlc_signal_joined(const emlc_signal_frame* frame, const uint8_t* row) {
  const uint8_t operation = row[EMLC_SIGNAL_ROW_AT_OPERATION];
  const int is_absolute = operation == EMLC_NORM1 || operation == EMLC_ABSOLUTE;
  const uint32_t n = operation == EMLC_DOT ? emlc_signal_n_from(row) / 2 : emlc_signal_n_from(row);
  int64_t sum = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const int64_t x = emlc_signal_value(frame, row, i);
    const int64_t y = operation == EMLC_DOT ? emlc_signal_value(frame, row, n + i) : x;
    sum = emlc_signal_plus(sum, is_absolute ? emlc_signal_absolute(x) : emlc_signal_times(x, y));
  }
  return sum;
}

/** The same of reals, from the first operand to the last. */
static inline float emlc_signal_joined_f32(const emlc_signal_frame* frame, const uint8_t* row) {
  const uint8_t operation = row[EMLC_SIGNAL_ROW_AT_OPERATION];
  const int is_absolute = operation == EMLC_NORM1 || operation == EMLC_ABSOLUTE;
  const uint32_t n = operation == EMLC_DOT ? emlc_signal_n_from(row) / 2 : emlc_signal_n_from(row);
  float sum = 0.0F;
  for (uint32_t i = 0; i < n; ++i) {
    const float x = emlc_signal_value_f32(frame, row, i);
    const float y = operation == EMLC_DOT ? emlc_signal_value_f32(frame, row, n + i) : x;
    const float term = is_absolute ? emlc_signal_absolute_f32(x) : emlc_unjoined(x * y);
    sum = i == 0 ? term : sum + term;
  }
  return sum;
}

/** The k-th of the `n` samples before this one, of the memory of a row; before the first frame this one. Moves on. */
static inline void emlc_signal_last(const emlc_signal_frame* frame, const uint8_t* row, unsigned n, int64_t* last) {
  const unsigned width = emlc_signal_operand(frame->signal, row)[EMLC_SIGNAL_ROW_AT_WIDTH];
  uint8_t* memory = frame->state + emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_MEMORY);
  last[0] = emlc_signal_value(frame, row, 0);
  for (unsigned i = 1; i <= n; ++i) {
    last[i] = frame->is_begun ? emlc_signal_load(memory + ((size_t)(i - 1) << width), width) : last[0];
  }
  for (unsigned i = 0; i < n; ++i) emlc_signal_store(memory + ((size_t)i << width), width, last[i]);
}

/** The median of n samples, 3 or 5. */
static inline int64_t emlc_signal_median(const emlc_signal_frame* frame, const uint8_t* row, unsigned n) {
  const int is_integer = emlc_signal_is_integer(row);
  int64_t last[5];
  emlc_signal_last(frame, row, n - 1, last);
  for (unsigned i = 1; i < n; ++i) { /* insertion; NaN is anywhere */
    for (unsigned k = i; k > 0; --k) {
      const int64_t a = last[k - 1], b = last[k];
      if (is_integer ? a <= b : emlc_signal_real(a) <= emlc_signal_real(b)) break;
      last[k - 1] = b;
      last[k] = a;
    }
  }
  return last[n / 2];
}

/** Puts this sample in the place of the oldest of a ring of n; fills it at the first frame. Returns the oldest. */
static inline int64_t emlc_signal_replace(const emlc_signal_frame* frame, uint8_t* at, uint8_t* ring, unsigned width,
                                          uint32_t n, int64_t value) {
  uint32_t place = emlc_load_u32(at);
  int64_t oldest = value;
  if (!frame->is_begun) {
    for (uint32_t i = 0; i < n; ++i) emlc_signal_store(ring + ((size_t)i << width), width, value);
    place = 0;
  }
  oldest = emlc_signal_load(ring + ((size_t)place << width), width);
  emlc_signal_store(ring + ((size_t)place << width), width, value);
  place = place + 1 == n ? 0 : place + 1;
  memcpy(at, &place, sizeof place);
  return oldest;
}

/** The sum of the last n samples: of integers a running one, of reals from the oldest to the newest. */
static inline int64_t emlc_signal_moving(const emlc_signal_frame* frame, const uint8_t* row) {
  const uint8_t* operand = emlc_signal_operand(frame->signal, row);
  const unsigned width = operand[EMLC_SIGNAL_ROW_AT_WIDTH];
  const uint32_t n = emlc_load_u32(emlc_signal_data(frame->signal, row));
  uint8_t* at = frame->state + emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_MEMORY);
  uint8_t* ring = at + EMLC_SIGNAL_MOVING_HEAD;
  const int64_t value = emlc_signal_value(frame, row, 0);
  const int64_t oldest = emlc_signal_replace(frame, at, ring, width, n, value);
  if (emlc_signal_is_integer(operand)) {
    int64_t sum = frame->is_begun ? emlc_signal_load(at + 8, 3) : emlc_signal_times(value, (int64_t)n);
    sum = emlc_signal_plus(sum, emlc_signal_minus(value, oldest));
    emlc_signal_store(at + 8, 3, sum);
    return sum;
  }
  float sum = 0.0F;
  uint32_t place = emlc_load_u32(at); /* the oldest one */
  for (uint32_t i = 0; i < n; ++i) {
    sum += emlc_signal_real(emlc_signal_load(ring + ((size_t)place << width), width));
    place = place + 1 == n ? 0 : place + 1;
  }
  return emlc_signal_bits(sum);
}

static inline int64_t emlc_signal_average(const emlc_signal_frame* frame, const uint8_t* row) {
  const int64_t sum = emlc_signal_moving(frame, row);
  const int is_integer = emlc_signal_is_integer(emlc_signal_operand(frame->signal, row));
  const float n = emlc_f32_of_i64((int64_t)emlc_load_u32(emlc_signal_data(frame->signal, row)));
  return emlc_signal_bits((is_integer ? emlc_f32_of_i64(sum) : emlc_signal_real(sum)) / n);
}

static inline int64_t emlc_signal_difference(const emlc_signal_frame* frame, const uint8_t* row) {
  int64_t last[2];
  emlc_signal_last(frame, row, 1, last);
  if (emlc_signal_is_integer(row)) return emlc_signal_minus(last[0], last[1]);
  return frame->is_begun ? emlc_signal_bits(emlc_signal_real(last[0]) - emlc_signal_real(last[1])) : 0;
}

static inline int64_t emlc_signal_scaled(const emlc_signal_frame* frame, const uint8_t* row) {
  const uint8_t* data = emlc_signal_data(frame->signal, row);
  if (emlc_signal_is_integer(row)) {
    const int64_t product = emlc_signal_times(emlc_signal_value(frame, row, 0), emlc_load_i64(data));
    return emlc_signal_plus(product, emlc_load_i64(data + 8));
  }
  return emlc_signal_bits(emlc_unjoined(emlc_signal_value_f32(frame, row, 0) * emlc_f32_at(data)) +
                          emlc_f32_at(data + 4));
}

static inline int64_t emlc_signal_clipped(const emlc_signal_frame* frame, const uint8_t* row) {
  const uint8_t* data = emlc_signal_data(frame->signal, row);
  const unsigned flags = row[EMLC_SIGNAL_ROW_AT_FLAGS];
  int64_t value = emlc_signal_value(frame, row, 0);
  if (emlc_signal_is_integer(row)) {
    const int64_t lowest = emlc_load_i64(data), highest = emlc_load_i64(data + 8);
    if ((flags & EMLC_SIGNAL_HAS_MIN) != 0 && value < lowest) value = lowest;
    return (flags & EMLC_SIGNAL_HAS_MAX) != 0 && highest < value ? highest : value;
  }
  const float lowest = emlc_f32_at(data), highest = emlc_f32_at(data + 4);
  float x = emlc_signal_real(value);
  if ((flags & EMLC_SIGNAL_HAS_MIN) != 0 && x < lowest) x = lowest;
  if ((flags & EMLC_SIGNAL_HAS_MAX) != 0 && highest < x) x = highest;
  return emlc_signal_bits(x);
}

/** Of what joins operands, or takes one. */
static inline int64_t emlc_signal_join(const emlc_signal_frame* frame, const uint8_t* row) {
  const int is_root = row[EMLC_SIGNAL_ROW_AT_OPERATION] == EMLC_NORM2;
  float sum;
  if (emlc_signal_is_of_integers(frame->signal, row)) {
    const int64_t exact = emlc_signal_joined(frame, row);
    if (!is_root) return exact;
    sum = emlc_f32_of_i64(exact);
  } else {
    sum = emlc_signal_joined_f32(frame, row);
  }
  return emlc_signal_bits(is_root ? emlc_signal_root(sum) : sum);
}

/** The sample of a signal that is no channel. */
EMLC_CALLED int64_t emlc_signal_sample(const emlc_signal_frame* frame, const uint8_t* row) {
  uint8_t* memory = frame->state + emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_MEMORY);
  switch (row[EMLC_SIGNAL_ROW_AT_OPERATION]) {
    case EMLC_DIFFERENCE:
      return emlc_signal_difference(frame, row);
    case EMLC_SCALE:
      return emlc_signal_scaled(frame, row);
    case EMLC_CLIP:
      return emlc_signal_clipped(frame, row);
    case EMLC_MEDIAN3:
      return emlc_signal_median(frame, row, 3);
    case EMLC_MEDIAN5:
      return emlc_signal_median(frame, row, 5);
    case EMLC_MOVING_AVERAGE:
      return emlc_signal_average(frame, row);
    case EMLC_MOVING_SUM:
      return emlc_signal_moving(frame, row);
    case EMLC_SOS_F32:
      return emlc_signal_bits(emlc_signal_filter_f32(emlc_signal_data(frame->signal, row), (float*)(void*)memory,
                                                     frame->is_begun, emlc_signal_value_f32(frame, row, 0)));
#ifndef EMLC_NO_FIXED
    case EMLC_SOS_INTEGER:
      return emlc_signal_filter_integer(emlc_signal_data(frame->signal, row), (uint32_t*)(void*)memory, frame->is_begun,
                                        emlc_signal_value(frame, row, 0));
#endif
    case EMLC_DECIMATE:
      return emlc_signal_value(frame, row, 0);
    default:
      return emlc_signal_join(frame, row);
  }
}

/** A sample of a channel, of the type of the signal, at any address. */
static inline int64_t emlc_signal_channel(const uint8_t* at, uint8_t type) {
  if (type == EMLC_TYPE_U8) return at[0];
  if (type == EMLC_TYPE_I8) return (int8_t)at[0];
  if (type == EMLC_TYPE_I16) return (int16_t)emlc_read_u16(at);
  return type == EMLC_TYPE_I32 ? emlc_read_i32(at) : (int64_t)emlc_read_u32(at);
}

static inline size_t emlc_signal_sample_size(uint8_t type) {
  return type == EMLC_TYPE_U8 || type == EMLC_TYPE_I8 ? 1 : type == EMLC_TYPE_I16 ? 2 : 4;
}

/** One frame through all signals of the stream. @param phase  of the frame, modulo hop */
EMLC_CALLED void emlc_signal_take_frame(const emlc_signal_frame* frame, const uint8_t* samples, uint32_t phase) {
  const emlc_signal* signal = frame->signal;
  for (uint32_t i = 0; i < signal->n_signals; ++i) {
    const uint8_t* row = emlc_signal_row(signal, i);
    const uint32_t stride = emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_STRIDE);
    const uint32_t ring = emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_RING);
    if (emlc_signal_is_of_window(row) || (stride != 1 && phase % stride != 0)) continue;
    frame->now[i] =
        i < signal->n_channels
            ? emlc_signal_channel(samples + i * emlc_signal_sample_size(signal->sample_type), signal->sample_type)
            : emlc_signal_sample(frame, row);
    if (ring == 0) continue;
    uint8_t* at = frame->state + ring;
    const unsigned width = row[EMLC_SIGNAL_ROW_AT_WIDTH];
    uint32_t place = emlc_load_u32(at);
    emlc_signal_store(at + EMLC_SIGNAL_RING_HEAD + ((size_t)place << width), width, frame->now[i]);
    place = place + 1 == emlc_signal_samples(signal, row) ? 0 : place + 1;
    memcpy(at, &place, sizeof place);
  }
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_STREAM_H */
