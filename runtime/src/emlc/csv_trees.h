/**
 * Load and run tree ensembles from CSV: emlearn's form with hard votes and emlc's extended form (docs/formats.md).
 * C99 and C++11; libc: memcpy, memcmp, memset, strlen; libm only through activations.h.
 *
 *     emlc_csv_node nodes[800];        // 6 bytes each
 *     int16_t thresholds[800];         // thresholds32 for features of float32 or int32
 *     emlc_csv_root roots[10];
 *     float values[100];
 *     emlc_csv_trees_memory memory = {0};
 *     memory.nodes = nodes; memory.thresholds16 = thresholds; memory.max_nodes = 800; ...
 *
 *     emlc_csv_trees_begin(&loader, &trees, &memory);
 *     while ((n = read(file, block, sizeof block)) > 0) emlc_csv_trees_feed(&loader, block, n);
 *     if (emlc_csv_trees_end(&loader) != EMLC_OK) ...  // loader.text.line says where
 *     emlc_csv_trees_predict(&trees, x, out);
 *
 * Everything is checked while loading: after EMLC_OK no input can make a prediction leave the arrays or run for ever.
 */
#ifndef EMLC_CSV_TREES_H
#define EMLC_CSV_TREES_H

#include "csv_trees_load.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The inputs in the type that the caller has. One pointer is set. */
typedef struct emlc_csv_input {
  const float* f32;
  const int16_t* i16;
  const int32_t* i32;
} emlc_csv_input;

/** The largest integer not above the value, which is not NaN; beyond int32 its nearest end. */
static inline int32_t emlc_csv_floor(float value) {
  int32_t whole;
  if (value >= 2147483648.0F) return INT32_MAX;
  if (value < -2147483648.0F) return INT32_MIN;
  whole = (int32_t)value;
  return (float)whole > value ? whole - 1 : whole;
}

static inline int emlc_csv_goes_left(const emlc_csv_trees* model, const emlc_csv_input* x, size_t node) {
  const uint16_t feature = model->memory.nodes[node].feature & 0x7FFFU;
  const int32_t threshold =
      model->memory.thresholds16 != NULL ? (int32_t)model->memory.thresholds16[node] : model->memory.thresholds32[node];
  float value;
  if (x->i16 != NULL) return (int32_t)x->i16[feature] < threshold;
  if (x->i32 != NULL) return x->i32[feature] < threshold;
  value = x->f32[feature];
  if (value != value) return (model->memory.nodes[node].feature & 0x8000U) != 0;
  return (model->head.type == EMLC_CSV_FLOAT32 ? emlc_csv_order(value) : emlc_csv_floor(value)) < threshold;
}

/** The leaf where x ends in a tree. */
static inline size_t emlc_csv_find_leaf(const emlc_csv_trees* model, const emlc_csv_input* x, int32_t root) {
  int32_t child = root;
  size_t node = 0;
  while (child >= 0) {
    node += (size_t)child;
    child = emlc_csv_goes_left(model, x, node) ? model->memory.nodes[node].left : model->memory.nodes[node].right;
  }
  return (size_t)(-(child + 1));
}

static inline void emlc_csv_add_leaf(const emlc_csv_trees* model, size_t leaf, uint16_t first_output, float* out) {
  const float* row = model->memory.values + model->first_leaf + leaf * model->leaf_width;
  uint16_t i;
  if (model->is_vote) {
    out[(uint16_t)row[0]] += 1.0F;
    return;
  }
  for (i = 0; i < model->leaf_width; ++i) out[first_output + i] += row[i];
}

static inline emlc_status emlc_csv_trees_run(const emlc_csv_trees* model, const emlc_csv_input* x, float* out) {
  const float* base = model->first_leaf != 0 ? model->memory.values : NULL;
  size_t i;
  for (i = 0; i < model->head.n_outputs; ++i) out[i] = base != NULL && !model->base_at_end ? base[i] : 0.0F;
  for (i = 0; i < model->n_trees; ++i) {
    const emlc_csv_root* root = model->memory.roots + i;
    emlc_csv_add_leaf(model, emlc_csv_find_leaf(model, x, root->node), root->first_output, out);
  }
  for (i = 0; i < model->head.n_outputs; ++i) {
    out[i] = out[i] / model->divisor * model->scale;
    if (base != NULL && model->base_at_end) out[i] += base[i];
  }
  emlc_post_transform_f32(&model->post, out, model->head.n_outputs);
  return EMLC_OK;
}

/**
 * Predict.
 *
 * @param model  loaded: emlc_csv_trees_end returned EMLC_OK
 * @param x      [n_features] of any type of feature; NaN is a missing value
 * @param out    [n_outputs] does not overlap x; emlc_csv_decide makes classes of it
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL
 * No state: one model serves any number of threads.
 */
static inline emlc_status emlc_csv_trees_predict(const emlc_csv_trees* model, const float* x, float* out) {
  const emlc_csv_input input = {x, NULL, NULL};
  if (model == NULL || x == NULL || out == NULL) return EMLC_ERR_NULL;
  return emlc_csv_trees_run(model, &input, out);
}

/** As above for integer features, without a float in the walk. EMLC_ERR_UNSUPPORTED the features are float32. */
static inline emlc_status emlc_csv_trees_predict_i16(const emlc_csv_trees* model, const int16_t* x, float* out) {
  const emlc_csv_input input = {NULL, x, NULL};
  if (model == NULL || x == NULL || out == NULL) return EMLC_ERR_NULL;
  if (model->head.type == EMLC_CSV_FLOAT32) return EMLC_ERR_UNSUPPORTED;
  return emlc_csv_trees_run(model, &input, out);
}

/** As emlc_csv_trees_predict_i16; features of int32 beyond 2^24 are exact only here. */
static inline emlc_status emlc_csv_trees_predict_i32(const emlc_csv_trees* model, const int32_t* x, float* out) {
  const emlc_csv_input input = {NULL, NULL, x};
  if (model == NULL || x == NULL || out == NULL) return EMLC_ERR_NULL;
  if (model->head.type == EMLC_CSV_FLOAT32) return EMLC_ERR_UNSUPPORTED;
  return emlc_csv_trees_run(model, &input, out);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_TREES_H */
