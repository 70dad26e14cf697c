/**
 * The layer of a step in front of a model: what it says, whether it may run, and running it. Part of tmdl.h.
 */
#ifndef EMLC_TMDL_STEP_H
#define EMLC_TMDL_STEP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "dense.h"
#include "status.h"
#include "steps.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the layer says, decoded. */
typedef struct emlc_tmdl_step {
  emlc_column_step step;
  uint16_t first, n_columns; /* the run of columns that it takes */
  uint16_t n_results;        /* in the place of the run */
  uint16_t count;            /* quantile: references. products: factors of each */
} emlc_tmdl_step;

static inline emlc_tmdl_step emlc_tmdl_step_at(const emlc_tmdl_layer* layer) {
  const uint8_t* bytes = layer->bytes;
  emlc_tmdl_step step;
  step.step.kind = bytes[EMLC_STEP_AT_KIND];
  step.step.variant = bytes[EMLC_STEP_AT_VARIANT];
  step.step.low = emlc_f32_at(bytes + EMLC_STEP_AT_LOW);
  step.step.high = emlc_f32_at(bytes + EMLC_STEP_AT_HIGH);
  step.step.references = emlc_tmdl_floats(layer, EMLC_STEP_AT_DATA);
  step.first = emlc_load_u16(bytes + EMLC_STEP_AT_FIRST);
  step.n_columns = emlc_load_u16(bytes + EMLC_STEP_AT_N_COLUMNS);
  step.n_results = emlc_load_u16(bytes + EMLC_STEP_AT_N_RESULTS);
  step.count = step.step.n_references = emlc_load_u16(bytes + EMLC_STEP_AT_COUNT);
  return step;
}

/** 1 for a step that makes each column of itself, and so may work in place. */
static inline int emlc_tmdl_keeps_columns(const emlc_tmdl_layer* layer) {
  return layer->type == EMLC_LAYER_STEP && layer->bytes[EMLC_STEP_AT_KIND] < EMLC_STEP_ONE_HOT;
}

/** Kinds whose columns have lists of their own: u16 column, u16 count for each result, then all numbers. */
static inline int emlc_tmdl_step_has_lists(const emlc_tmdl_step* step) {
  const uint8_t kind = step->step.kind;
  return kind == EMLC_STEP_BINS || kind == EMLC_STEP_LOOKUP || kind == EMLC_STEP_ONE_HOT;
}

/** How many numbers each column has, of the kinds without lists. */
static inline uint32_t emlc_tmdl_step_width(const emlc_tmdl_step* step) {
  const uint8_t kind = step->step.kind;
  if (kind == EMLC_STEP_QUANTILE) return step->count;
  if (kind == EMLC_STEP_SCALER) return 2;
  return kind == EMLC_STEP_IMPUTE || kind == EMLC_STEP_BINARIZE || kind == EMLC_STEP_POWER ? 1U : 0U;
}

/** How many numbers a list with this count has. */
static inline uint32_t emlc_tmdl_step_list_size(const emlc_tmdl_step* step, uint32_t count) {
  return step->step.kind == EMLC_STEP_ONE_HOT && count == EMLC_STEP_PASSES ? 0 : count;
}

static inline emlc_status emlc_tmdl_check_step_lists(const emlc_tmdl_layer* layer, const emlc_tmdl_step* step) {
  const uint8_t* list = layer->bytes + EMLC_STEP_AT_DATA;
  const emlc_status status = emlc_tmdl_check_span(layer, EMLC_STEP_AT_DATA, step->n_results, 4);
  uint32_t n_numbers = 0;
  if (status != EMLC_OK) return status;
  for (uint32_t i = 0; i < step->n_results; ++i, list += 4) {
    const uint32_t column = emlc_load_u16(list), count = emlc_load_u16(list + 2);
    if (column >= step->n_columns) return EMLC_ERR_RANGE;
    if (step->step.kind != EMLC_STEP_ONE_HOT && column != i) return EMLC_ERR_RANGE;
    if (step->step.kind == EMLC_STEP_LOOKUP && count % 2 == 0) return EMLC_ERR_FORMAT;
    n_numbers += emlc_tmdl_step_list_size(step, count);
  }
  return emlc_tmdl_check_span(layer, EMLC_STEP_AT_DATA + 4U * step->n_results, n_numbers, 4);
}

static inline emlc_status emlc_tmdl_check_step_products(const emlc_tmdl_layer* layer, const emlc_tmdl_step* step) {
  const uint32_t n = (uint32_t)step->n_results * step->count;
  const emlc_status status = emlc_tmdl_check_span(layer, EMLC_STEP_AT_DATA, n, 2);
  for (uint32_t i = 0; status == EMLC_OK && i < n; ++i) {
    const uint16_t column = emlc_load_u16(layer->bytes + EMLC_STEP_AT_DATA + 2 * (size_t)i);
    if (column >= step->n_columns && column != EMLC_STEP_NO_FACTOR) return EMLC_ERR_RANGE;
  }
  return status;
}

static inline emlc_status emlc_tmdl_check_step(const emlc_tmdl_layer* layer) {
  const emlc_tmdl_step step = emlc_tmdl_step_at(layer);
  const uint32_t n_columns = step.n_columns, n_results = step.n_results;
  if (!emlc_has_step(step.step.kind, step.step.variant)) return EMLC_ERR_UNSUPPORTED;
  if (n_columns == 0 || step.first + n_columns > layer->n_in) return EMLC_ERR_RANGE;
  if (layer->n_out != layer->n_in - n_columns + n_results) return EMLC_ERR_FORMAT;
  if (step.step.kind == EMLC_STEP_LINEAR) {
    return emlc_tmdl_check_span(layer, EMLC_STEP_AT_DATA, n_results * (n_columns + 1), 4);
  }
  if (step.step.kind == EMLC_STEP_PRODUCTS) return emlc_tmdl_check_step_products(layer, &step);
  if (step.step.kind < EMLC_STEP_ONE_HOT && n_results != n_columns) return EMLC_ERR_FORMAT;
  if (emlc_tmdl_step_has_lists(&step)) return emlc_tmdl_check_step_lists(layer, &step);
  const int has_references = step.step.kind == EMLC_STEP_QUANTILE;
  if (has_references && step.count == 0) return EMLC_ERR_SIZE;
  return emlc_tmdl_check_span(layer, EMLC_STEP_AT_DATA,
                              (n_columns + (has_references ? 1U : 0U)) * emlc_tmdl_step_width(&step), 4);
}

/** Kinds that make each result of one column; x may be y where each column is made of itself. */
static inline void emlc_run_step_columns(const emlc_tmdl_layer* layer, const emlc_tmdl_step* step, const float* x,
                                         float* y) {
  const uint8_t* list = layer->bytes + EMLC_STEP_AT_DATA;
  const int has_lists = emlc_tmdl_step_has_lists(step);
  const float* numbers = step->step.references + (has_lists ? step->n_results : 0U);
  uint32_t column, count = emlc_tmdl_step_width(step);
  if (step->step.kind == EMLC_STEP_QUANTILE) numbers += step->count;
  for (uint32_t i = 0; i < step->n_results; ++i, list += 4) {
    column = has_lists ? emlc_load_u16(list) : i;
    if (has_lists) count = emlc_load_u16(list + 2);
    y[i] = emlc_step_value(&step->step, numbers, (size_t)count, x[column]);
    numbers += emlc_tmdl_step_list_size(step, count);
  }
}

static inline void emlc_run_step_products(const emlc_tmdl_layer* layer, const emlc_tmdl_step* step, const float* x,
                                          float* y) {
  const uint8_t* factors = layer->bytes + EMLC_STEP_AT_DATA;
  for (uint32_t i = 0; i < step->n_results; ++i, factors += 2 * (size_t)step->count) {
    float z = 1.0F;
    for (uint32_t k = 0; k < step->count; ++k) {
      const uint16_t column = emlc_load_u16(factors + 2 * (size_t)k);
      if (column == EMLC_STEP_NO_FACTOR) break;
      z = k == 0 ? x[column] : z * x[column];
    }
    y[i] = z;
  }
}

/** Weights, then bias, each sum from the bias on. */
static inline void emlc_run_step_linear(const emlc_tmdl_layer* layer, const emlc_tmdl_step* step, const float* x,
                                        float* y) {
  const float* weights = emlc_tmdl_floats(layer, EMLC_STEP_AT_DATA);
  const float* bias = weights + (size_t)step->n_results * step->n_columns;
  for (uint32_t row = 0; row < step->n_results; ++row, weights += step->n_columns) {
    y[row] = emlc_dense_row_f32(emlc_load_f32(bias + row), weights, step->n_columns, x);
  }
}

/** The row behind the step; y is x, or does not overlap it. */
static inline void emlc_run_step(const emlc_tmdl_layer* layer, const float* x, float* y) {
  const emlc_tmdl_step step = emlc_tmdl_step_at(layer);
  const size_t end = (size_t)step.first + step.n_columns;
  if (x != y) {
    memcpy(y, x, step.first * sizeof *y);
    memcpy(y + step.first + step.n_results, x + end, (layer->n_in - end) * sizeof *y);
  }
  x += step.first;
  y += step.first;
  switch (step.step.kind) {
    case EMLC_STEP_NORMALIZE:
      emlc_step_normalize(step.step.variant, step.n_columns, x, y);
      return;
    case EMLC_STEP_PRODUCTS:
      emlc_run_step_products(layer, &step, x, y);
      return;
    case EMLC_STEP_LINEAR:
      emlc_run_step_linear(layer, &step, x, y);
      return;
    default:
      emlc_run_step_columns(layer, &step, x, y);
      return;
  }
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_STEP_H */
