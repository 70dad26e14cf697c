/**
 * What the layer of a signal has to fulfil before samples may go through it. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_CHECK_H
#define EMLC_SIGNAL_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "signal_layer.h"
#include "signal_sos.h"
#include "status.h"
#include "tmdl_check.h"
#include "tmdl_typed.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is known while the records are checked, one after the other. */
typedef struct emlc_signal_chain {
  uint32_t size;         /* bytes of the layer */
  uint32_t data;         /* where the records end */
  uint32_t at;           /* bytes of the state so far */
  uint32_t most_samples; /* in a window of a signal that features look at */
  int has_others;        /* 1: a feature looks at two signals */
} emlc_signal_chain;

/** `count` numbers of `unit` bytes are in the layer, behind its records, and aligned to 4 bytes. */
EMLC_CALLED int emlc_signal_holds(const emlc_signal_chain* chain, uint32_t at, uint32_t count, uint32_t unit) {
  return at >= chain->data && at <= chain->size && at % 4 == 0 && count <= (chain->size - at) / unit;
}

/** The next part of the state, of 2^width bytes for each of `count`; the sum stays below 2^31. */
EMLC_CALLED emlc_status emlc_signal_take(emlc_signal_chain* chain, uint32_t head, uint32_t count, unsigned width) {
  if (count > ((uint32_t)INT32_MAX >> width) - 8U) return EMLC_ERR_MEMORY;
  const uint32_t bytes = emlc_round_to_8(count << width);
  if (bytes > (uint32_t)INT32_MAX - 64U - chain->at) return EMLC_ERR_MEMORY;
  chain->at += head + bytes;
  return EMLC_OK;
}

/** Where the state has what the first signal remembers: behind its head and a sample of each signal. */
static inline uint32_t emlc_signal_first_memory(const emlc_signal* signal) {
  return EMLC_SIGNAL_HEAD_SIZE + 8U * (uint32_t)signal->n_signals;
}

/** 1 for operations that join any number of operands. */
static inline int emlc_signal_joins(uint8_t operation) { return operation >= EMLC_NORM1 && operation <= EMLC_DOT; }

/** The operands of a record: all of the stream, of one rate and before it. `reals` becomes how many are no integers. */
static inline emlc_status emlc_signal_check_operands(const emlc_signal* signal, const emlc_signal_chain* chain,
                                                     const uint8_t* row, uint32_t index, uint32_t* reals) {
  const uint32_t n = emlc_signal_n_from(row);
  if (n == 0 || (n > 1 && !emlc_signal_joins(row[EMLC_SIGNAL_ROW_AT_OPERATION]))) return EMLC_ERR_FORMAT;
  if (row[EMLC_SIGNAL_ROW_AT_OPERATION] == EMLC_DOT && n % 2 != 0) return EMLC_ERR_FORMAT;
  if (n > 1 && !emlc_signal_holds(chain, emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_DATA), n, 2)) return EMLC_ERR_RANGE;
  uint32_t stride = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t from = emlc_signal_from(signal, row, i);
    if (from >= index) return EMLC_ERR_RANGE;
    const uint8_t* operand = emlc_signal_row(signal, from);
    if (emlc_signal_is_of_window(operand)) return EMLC_ERR_FORMAT;
    if (i > 0 && emlc_load_u32(operand + EMLC_SIGNAL_ROW_AT_STRIDE) != stride) return EMLC_ERR_FORMAT;
    stride = emlc_load_u32(operand + EMLC_SIGNAL_ROW_AT_STRIDE);
    *reals += emlc_signal_is_integer(operand) ? 0U : 1U;
  }
  return EMLC_OK;
}

/** Integers come out of integers, but where an operation makes reals. */
static inline int emlc_signal_kind_is_right(const uint8_t* row, uint32_t reals) {
  const int is_integer = emlc_signal_is_integer(row);
  switch (row[EMLC_SIGNAL_ROW_AT_OPERATION]) {
    case EMLC_NORM2:
    case EMLC_MOVING_AVERAGE:
    case EMLC_SOS_F32:
    case EMLC_REMOVE_MEAN:
      return !is_integer;
    case EMLC_SCALE:
      return !is_integer || reals == 0;
    case EMLC_SOS_INTEGER:
      return is_integer && reals == 0;
    default:
      return is_integer == (reals == 0);
  }
}

/** Of the operands, but where samples are left out: then it divides window and hop. */
static inline emlc_status emlc_signal_check_stride(const emlc_signal* signal, const uint8_t* row) {
  const uint64_t of_operand = emlc_load_u32(emlc_signal_operand(signal, row) + EMLC_SIGNAL_ROW_AT_STRIDE);
  const uint32_t stride = emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_STRIDE);
  if (row[EMLC_SIGNAL_ROW_AT_OPERATION] != EMLC_DECIMATE) return stride == of_operand ? EMLC_OK : EMLC_ERR_FORMAT;
  if (of_operand * emlc_load_u32(emlc_signal_data(signal, row)) != stride || stride == 0) return EMLC_ERR_FORMAT;
  return signal->length % stride == 0 && signal->hop % stride == 0 ? EMLC_OK : EMLC_ERR_FORMAT;
}

static inline emlc_status emlc_signal_check_root(void) {
#ifdef EMLC_NO_MATH
  return EMLC_ERR_UNSUPPORTED;
#else
  return EMLC_OK;
#endif
}

/** What an operation has of its own in the layer. */
static inline emlc_status emlc_signal_check_data(const emlc_signal* signal, const emlc_signal_chain* chain,
                                                 const uint8_t* row) {
  const uint32_t at = emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_DATA), unit = emlc_signal_is_integer(row) ? 8U : 4U;
  switch (row[EMLC_SIGNAL_ROW_AT_OPERATION]) {
    case EMLC_CHANNEL:
      if (!emlc_signal_is_integer(row)) return at == 0 ? EMLC_OK : EMLC_ERR_FORMAT;
      return emlc_signal_holds(chain, at, 2, 4) ? EMLC_OK : EMLC_ERR_RANGE;
    case EMLC_SCALE:
    case EMLC_CLIP:
      return emlc_signal_holds(chain, at, 2, unit) ? EMLC_OK : EMLC_ERR_RANGE;
    case EMLC_MOVING_AVERAGE:
    case EMLC_MOVING_SUM:
    case EMLC_DECIMATE:
      if (!emlc_signal_holds(chain, at, 1, 4)) return EMLC_ERR_RANGE;
      return emlc_load_u32(signal->layer + at) - 1U < EMLC_SIGNAL_MOST_FRAMES ? EMLC_OK : EMLC_ERR_RANGE;
    case EMLC_SOS_F32:
      if (!emlc_signal_holds(chain, at, 1, 4) || emlc_load_u32(signal->layer + at) == 0) return EMLC_ERR_RANGE;
      return emlc_signal_holds(chain, at + 4, emlc_load_u32(signal->layer + at), 28) ? EMLC_OK : EMLC_ERR_RANGE;
    case EMLC_SOS_INTEGER:
      if (!emlc_signal_holds(chain, at, EMLC_SIGNAL_SOS_HEAD, 1)) return EMLC_ERR_RANGE;
      return emlc_signal_check_sos(signal->layer + at, chain->size - at);
    default:
      if (at != 0 && emlc_signal_n_from(row) == 1) return EMLC_ERR_FORMAT;
      return row[EMLC_SIGNAL_ROW_AT_OPERATION] == EMLC_NORM2 ? emlc_signal_check_root() : EMLC_OK;
  }
}

/** What an operation remembers from frame to frame. */
static inline emlc_status emlc_signal_take_memory(const emlc_signal* signal, emlc_signal_chain* chain,
                                                  const uint8_t* row) {
  const unsigned width = row[EMLC_SIGNAL_ROW_AT_OPERATION] == EMLC_CHANNEL
                             ? 0U
                             : emlc_signal_operand(signal, row)[EMLC_SIGNAL_ROW_AT_WIDTH];
  const uint8_t* data = emlc_signal_data(signal, row);
  if (emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_MEMORY) != chain->at) return EMLC_ERR_FORMAT;
  switch (row[EMLC_SIGNAL_ROW_AT_OPERATION]) {
    case EMLC_DIFFERENCE:
      return emlc_signal_take(chain, 0, 1, width);
    case EMLC_MEDIAN3:
      return emlc_signal_take(chain, 0, 2, width);
    case EMLC_MEDIAN5:
      return emlc_signal_take(chain, 0, 4, width);
    case EMLC_MOVING_AVERAGE:
    case EMLC_MOVING_SUM:
      return emlc_signal_take(chain, EMLC_SIGNAL_MOVING_HEAD, emlc_load_u32(data), width);
    case EMLC_SOS_F32:
      return emlc_signal_take(chain, 0, emlc_load_u32(data), 3);
    case EMLC_SOS_INTEGER:
      return emlc_signal_take(chain, 0, emlc_load_u32(data), emlc_signal_sos_width(data));
    default:
      return EMLC_OK;
  }
}

/** The samples of a window, where a signal keeps them. */
static inline emlc_status emlc_signal_take_ring(const emlc_signal* signal, emlc_signal_chain* chain,
                                                const uint8_t* row) {
  return emlc_signal_take(chain, EMLC_SIGNAL_RING_HEAD, emlc_signal_samples(signal, row),
                          row[EMLC_SIGNAL_ROW_AT_WIDTH]);
}

/** A record of a signal, with those before it. */
EMLC_CALLED emlc_status emlc_signal_check_row(const emlc_signal* signal, emlc_signal_chain* chain, uint32_t index) {
  const uint8_t* row = emlc_signal_row(signal, index);
  const uint8_t operation = row[EMLC_SIGNAL_ROW_AT_OPERATION], width = row[EMLC_SIGNAL_ROW_AT_WIDTH];
  const int is_integer = emlc_signal_is_integer(row);
  uint32_t reals = 0;
  emlc_status status = EMLC_OK;
  if (operation >= EMLC_N_OPERATIONS) return EMLC_ERR_UNSUPPORTED;
  if (row[EMLC_SIGNAL_ROW_AT_FLAGS] > (EMLC_SIGNAL_IS_INTEGER | EMLC_SIGNAL_HAS_MIN | EMLC_SIGNAL_HAS_MAX) ||
      row[EMLC_SIGNAL_ROW_AT_WIDTH + 1] != 0 || width > 3 || (!is_integer && width != 2)) {
    return EMLC_ERR_FORMAT;
  }
  if ((operation == EMLC_CHANNEL) != (index < signal->n_channels)) return EMLC_ERR_FORMAT;
  if (operation == EMLC_CHANNEL) {
    if (emlc_signal_n_from(row) != 0 || emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_STRIDE) != 1) return EMLC_ERR_FORMAT;
    if (is_integer != (signal->sample_type != EMLC_TYPE_F32)) return EMLC_ERR_FORMAT;
  } else {
    status = emlc_signal_check_operands(signal, chain, row, index, &reals);
    if (status == EMLC_OK && !emlc_signal_kind_is_right(row, reals)) status = EMLC_ERR_FORMAT;
  }
  if (status == EMLC_OK) status = emlc_signal_check_data(signal, chain, row);
  if (status == EMLC_OK && operation != EMLC_CHANNEL) status = emlc_signal_check_stride(signal, row);
  if (status == EMLC_OK) status = emlc_signal_take_memory(signal, chain, row);
  if (status != EMLC_OK || emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_RING) == 0) return status;
  if (emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_RING) != chain->at || emlc_signal_is_of_window(row)) {
    return EMLC_ERR_FORMAT;
  }
  return emlc_signal_take_ring(signal, chain, row);
}

/** The samples of its windows are there: kept, or made of some that are. */
static inline int emlc_signal_is_kept(const emlc_signal* signal, const uint8_t* row) {
  if (emlc_signal_is_of_window(row)) row = emlc_signal_operand(signal, row);
  return emlc_load_u32(row + EMLC_SIGNAL_ROW_AT_RING) != 0;
}

static inline emlc_status emlc_signal_check_pair(const emlc_signal* signal, emlc_signal_chain* chain,
                                                 const uint8_t* row, uint32_t other) {
  if (other >= signal->n_signals) return EMLC_ERR_RANGE;
  const uint8_t* second = emlc_signal_row(signal, other);
  chain->has_others = 1;
  if (!emlc_signal_is_kept(signal, second) || emlc_signal_is_integer(row) != emlc_signal_is_integer(second) ||
      emlc_signal_samples(signal, row) != emlc_signal_samples(signal, second)) {
    return EMLC_ERR_FORMAT;
  }
  return emlc_signal_check_root();
}

/** What a feature has of its own; n samples are in a window. */
static inline emlc_status emlc_signal_check_value(const emlc_signal* signal, emlc_signal_chain* chain,
                                                  const uint8_t* feature, uint32_t n) {
  const uint32_t value = emlc_load_u32(feature + EMLC_SIGNAL_FEATURE_AT_VALUE);
  switch (feature[EMLC_SIGNAL_FEATURE_AT_STATISTIC]) {
    case EMLC_CORRELATION:
      return emlc_signal_check_pair(signal, chain,
                                    emlc_signal_row(signal, emlc_load_u16(feature + EMLC_SIGNAL_FEATURE_AT_OF)), value);
    case EMLC_AUTOCORRELATION:
      return value < n ? EMLC_OK : EMLC_ERR_RANGE;
    case EMLC_QUANTILE:
    case EMLC_LINEAR_QUANTILE:
      if (!emlc_signal_holds(chain, value, 16, 1)) return EMLC_ERR_RANGE;
      return emlc_load_u32(signal->layer + value + 8) < n ? EMLC_OK : EMLC_ERR_RANGE;
    case EMLC_ENTROPY:
      if (!emlc_signal_holds(chain, value, 1, 4)) return EMLC_ERR_RANGE;
      if (emlc_load_u32(signal->layer + value) > EMLC_TMDL_MAX_WIDTH) return EMLC_ERR_RANGE;
      return emlc_signal_holds(chain, value + 4, emlc_load_u32(signal->layer + value) + n + 1U, 4) ? EMLC_OK
                                                                                                   : EMLC_ERR_RANGE;
    case EMLC_DEVIATION:
    case EMLC_RMS:
    case EMLC_SKEWNESS:
    case EMLC_CREST_FACTOR:
    case EMLC_MOBILITY:
    case EMLC_COMPLEXITY:
      return value == 0 ? emlc_signal_check_root() : EMLC_ERR_FORMAT;
    default:
      return value == 0 ? EMLC_OK : EMLC_ERR_FORMAT;
  }
}

EMLC_CALLED emlc_status emlc_signal_check_feature(const emlc_signal* signal, emlc_signal_chain* chain, uint32_t index) {
  const uint8_t* feature = signal->features + (size_t)index * EMLC_SIGNAL_FEATURE_SIZE;
  const uint32_t of = emlc_load_u16(feature + EMLC_SIGNAL_FEATURE_AT_OF);
  if (feature[EMLC_SIGNAL_FEATURE_AT_STATISTIC] >= EMLC_N_STATISTICS) return EMLC_ERR_UNSUPPORTED;
  if (of >= signal->n_signals || feature[EMLC_SIGNAL_FEATURE_AT_STATISTIC + 1] != 0) return EMLC_ERR_RANGE;
  const uint8_t* row = emlc_signal_row(signal, of);
  if (!emlc_signal_is_kept(signal, row)) return EMLC_ERR_FORMAT;
  const uint32_t n = emlc_signal_samples(signal, row);
  if (n > chain->most_samples) chain->most_samples = n;
  return emlc_signal_check_value(signal, chain, feature, n);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_CHECK_H */
