/**
 * Load and run networks (scalers, then dense layers) from MLP CSV (docs/formats.md). C99 and C++11; libc: memcpy,
 * memcmp, memset, strlen; libm through activations.h.
 *
 *     emlc_csv_step steps[3];          // one per scaler and per layer
 *     float values[2778];              // weights, biases, offsets, scales
 *     float work[64];                  // twice the widest layer inside, see emlc_csv_network_work
 *     emlc_csv_network_memory memory = {0};
 *     memory.steps = steps; memory.max_steps = 3; memory.values = values; memory.max_values = 2778;
 *
 *     emlc_csv_network_begin(&loader, &network, &memory);
 *     while ((n = read(file, block, sizeof block)) > 0) emlc_csv_network_feed(&loader, block, n);
 *     if (emlc_csv_network_end(&loader) != EMLC_OK) ...  // loader.text.line says where
 *     emlc_csv_network_predict(&network, x, out, work, 64);
 *
 * Everything is checked while loading: after EMLC_OK a prediction cannot leave the arrays.
 */
#ifndef EMLC_CSV_NETWORK_H
#define EMLC_CSV_NETWORK_H

#include "csv_network_records.h"
#include "dense.h"
#include "scaler.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline emlc_status emlc_csv_network_on_field(void* context) {
  emlc_csv_network_loader* loader = (emlc_csv_network_loader*)context;
  return loader->text.column == 0 ? emlc_csv_network_begin_line(loader) : emlc_csv_network_read_field(loader);
}

static inline emlc_status emlc_csv_network_on_line(void* context) {
  return emlc_csv_network_end_line((emlc_csv_network_loader*)context);
}

/**
 * Begin to load a network.
 *
 * @param loader, model  any memory; set up here
 * @param memory         copied; its arrays are written while loading
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL, or an array is NULL and its maximum is not 0
 */
static inline emlc_status emlc_csv_network_begin(emlc_csv_network_loader* loader, emlc_csv_network* model,
                                                 const emlc_csv_network_memory* memory) {
  if (loader == NULL || model == NULL || memory == NULL) return EMLC_ERR_NULL;
  if ((memory->steps == NULL && memory->max_steps != 0) || (memory->values == NULL && memory->max_values != 0) ||
      (memory->target_sizes == NULL && memory->max_targets != 0)) {
    return EMLC_ERR_NULL;
  }
  memset(loader, 0, sizeof *loader);
  memset(model, 0, sizeof *model);
  loader->model = model;
  loader->text.line = 1;
  loader->next = EMLC_CSV_NEXT_FORM;
  model->memory = *memory;
  model->head.target_sizes = memory->target_sizes;
  model->head.max_targets = memory->max_targets;
  model->head.rule = EMLC_CSV_NO_DECISION;
  model->post.scale = model->post.denominator = 1.0F;
  return EMLC_OK;
}

/**
 * Load the next piece: a line, a block of the file, all of it; a piece may end anywhere.
 *
 * @return EMLC_OK, or what is wrong, the same again on every later call:
 *         EMLC_ERR_FORMAT not a record of this form, or not at its place; EMLC_ERR_RANGE a number beyond its limits;
 *         EMLC_ERR_SIZE a row of the wrong length, or layers that do not chain; EMLC_ERR_MEMORY an array is too small;
 *         EMLC_ERR_VERSION a later form; EMLC_ERR_UNSUPPORTED an activation or a post-transform that this build does
 *         not compute; EMLC_ERR_NULL a pointer is NULL
 */
static inline emlc_status emlc_csv_network_feed(emlc_csv_network_loader* loader, const char* piece, size_t size) {
  if (loader == NULL || (piece == NULL && size != 0)) return EMLC_ERR_NULL;
  if (loader->status == EMLC_OK) {
    loader->status =
        emlc_csv_cut(&loader->text, piece, size, emlc_csv_network_on_field, emlc_csv_network_on_line, loader);
  }
  return loader->status;
}

static inline emlc_status emlc_csv_network_check(const emlc_csv_network_loader* loader) {
  const emlc_csv_network* model = loader->model;
  if (!loader->has_ended) return EMLC_ERR_SIZE;
  if (model->n_steps == 0 || (size_t)loader->said_scalers + loader->said_layers != model->n_steps) {
    return EMLC_ERR_SIZE;
  }
  if (loader->n_layers != loader->said_layers || loader->width != model->head.n_outputs) return EMLC_ERR_SIZE;
  return emlc_csv_check_head(&model->head);
}

/**
 * End loading and check the whole network.
 *
 * @return EMLC_OK, or: what emlc_csv_network_feed returned; EMLC_ERR_SIZE the file ends too early, or counts do not add
 *         up; EMLC_ERR_MEMORY target_sizes is too small; EMLC_ERR_NULL loader is NULL
 */
static inline emlc_status emlc_csv_network_end(emlc_csv_network_loader* loader) {
  emlc_status status;
  if (loader == NULL) return EMLC_ERR_NULL;
  status = emlc_csv_network_feed(loader, "\n", emlc_csv_has_open_line(&loader->text));
  if (status == EMLC_OK) status = emlc_csv_network_check(loader);
  loader->status = status;
  return status;
}

/** Load a whole file that is in memory; the errors are those of begin, feed and end. */
static inline emlc_status emlc_csv_network_load(emlc_csv_network* model, const emlc_csv_network_memory* memory,
                                                const char* text, size_t size) {
  emlc_csv_network_loader loader;
  const emlc_status status = emlc_csv_network_begin(&loader, model, memory);
  if (status != EMLC_OK) return status;
  if (text == NULL) return EMLC_ERR_NULL;
  (void)emlc_csv_network_feed(&loader, text, size);
  return emlc_csv_network_end(&loader);
}

/** The floats of working memory that a prediction needs; 0 when there is a single step. */
static inline size_t emlc_csv_network_work(const emlc_csv_network* model) {
  size_t i, widest = 0;
  for (i = 0; i + 1 < model->n_steps; ++i) {
    if (model->memory.steps[i].n_out > widest) widest = model->memory.steps[i].n_out;
  }
  return 2 * widest;
}

static inline void emlc_csv_network_step(const emlc_csv_step* step, const float* values, const float* x, float* y) {
  const float* first = values + step->first;
  const size_t n_in = step->n_in, n_out = step->n_out;
  switch (step->kind) {
    case EMLC_CSV_SUBTRACT_DIVIDE:
      (void)emlc_subtract_divide_f32(first, first + n_in, n_in, x, y);
      break;
    case EMLC_CSV_MULTIPLY_ADD:
      (void)emlc_multiply_add_f32(first, first + n_in, n_in, x, y);
      break;
    case EMLC_CSV_DENSE:
      (void)emlc_dense_f32(first, first + n_in * n_out, n_in, n_out, x, y);
      emlc_activate_f32(step->activation, step->alpha, y, n_out);
      break;
  }
  if (step->has_clip) (void)emlc_clip_f32(step->low, step->high, n_out, y);
}

/**
 * Predict.
 *
 * @param model   loaded: emlc_csv_network_end returned EMLC_OK
 * @param x       [n_features]
 * @param out     [n_outputs]; emlc_csv_decide makes classes of it
 * @param work    [n_work] emlc_csv_network_work(model) or more; x, out and work do not overlap
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_MEMORY n_work is too small
 * No state but work: with a work of its own each, any number of threads can share a model.
 */
static inline emlc_status emlc_csv_network_predict(const emlc_csv_network* model, const float* x, float* out,
                                                   float* work, size_t n_work) {
  size_t i, half;
  if (model == NULL || x == NULL || out == NULL) return EMLC_ERR_NULL;
  half = emlc_csv_network_work(model) / 2;
  if (n_work < 2 * half) return EMLC_ERR_MEMORY;
  if (half != 0 && work == NULL) return EMLC_ERR_NULL;
  for (i = 0; i < model->n_steps; ++i) {
    float* y = i + 1 == model->n_steps ? out : (i % 2 == 0 ? work : work + half);
    emlc_csv_network_step(model->memory.steps + i, model->memory.values, x, y);
    x = y;
  }
  emlc_post_transform_f32(&model->post, out, model->head.n_outputs);
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_NETWORK_H */
