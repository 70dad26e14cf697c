/**
 * Running .tmdl blobs in place: dense networks (emlc's and TinyMaix's, float and int8), trees, scalers and filters, in
 * float and in integers.
 * C99 and C++11; libc: memcpy; libm as activations.h says.
 *
 *   emlc_model model;
 *   emlc_status status = emlc_tmdl_open(blob, sizeof blob, &model);
 *   if (status == EMLC_OK) status = emlc_run(&model, x, y, work);
 *
 * Every kind of model costs flash, also where the blob has none of it. Define before the first include what the device
 * does without; emlc_tmdl_open then answers EMLC_ERR_UNSUPPORTED for it:
 *   EMLC_NO_TREES (EMLC_NO_PACKED_TREES: those of layer 64, EMLC_NO_LINKED_TREES: those of layer 71), EMLC_NO_DENSE
 *   (networks and their post-transforms), EMLC_NO_INT8, EMLC_NO_FILTERS (EMLC_NO_FIXED: those in integers,
 *   EMLC_NO_COMPENSATED_SUMS: those with the lowest corners), EMLC_NO_SCALERS, EMLC_NO_STEPS
 *   (steps in front of a model other than scalers), EMLC_NO_MATH (what needs libm).
 *   EMLC_NO_SIGNALS: blobs with a signal (signal.h) are refused, with EMLC_ERR_VERSION as by runtimes before them.
 *   EMLC_NO_SCORES is for tmdl_typed.h: decisions on sums alone. EMLC_SMALL leaves nothing out: plain loops in place of
 *   those that are for speed.
 */
#ifndef EMLC_TMDL_H
#define EMLC_TMDL_H

#include <stddef.h>
#include <stdint.h>

#include "sos.h"
#include "sos_fixed.h"
#include "status.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"
#include "tmdl_open.h"
#include "tmdl_run.h"
#include "tmdl_sos_fixed.h"

#ifdef __cplusplus
extern "C" {
#endif

/** 1 if a float may be read and written at `address`. */
static inline int emlc_is_aligned_f32(const void* address) {
  struct probe {
    char byte;
    float value;
  };
  return (uintptr_t)address % offsetof(struct probe, value) == 0;
}

/**
 * One prediction.
 *
 * @param model  opened by emlc_tmdl_open; not a filter
 * @param x      [n_features] real values, also for an int8 network
 * @param y      [n_outputs] the answer after softmax or post-transform, real values; does not overlap x
 * @param work   work_size bytes, an array of float (its content before and after means nothing); NULL if work_size is 0
 * @return EMLC_OK, or with y untouched: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_ALIGN work is not aligned for a
 * float; EMLC_ERR_UNSUPPORTED the model is a filter No allocation, no statics: with a work array of its own every
 * thread may run the same model.
 */
static inline emlc_status emlc_run(const emlc_model* model, const float* x, float* y, void* work) {
  if (model == NULL || x == NULL || y == NULL || (work == NULL && model->work_size != 0)) return EMLC_ERR_NULL;
  if (model->n_sections != 0) return EMLC_ERR_UNSUPPORTED;
  if (!emlc_is_aligned_f32(work)) return EMLC_ERR_ALIGN;
#ifndef EMLC_NO_INT8
  if (model->mdl_type == EMLC_TMDL_I8) {
    emlc_run_network_i8(model, x, y, (uint8_t*)work);
    return EMLC_OK;
  }
#endif
  emlc_run_f32(model, x, y, (uint8_t*)work);
  return EMLC_OK;
}

/**
 * The class that the model decides for one target.
 *
 * @param target  0..n_targets-1, a group of outputs with a decision of its own
 * @param y       [n_outputs] from emlc_run
 * @return the index of the class, or a negative emlc_status: EMLC_ERR_NULL; EMLC_ERR_RANGE there is no such target;
 *         EMLC_ERR_UNSUPPORTED the model makes no decision (a regression, say)
 */
static inline int32_t emlc_predict_target(const emlc_model* model, const float* y, uint32_t target) {
  uint32_t first = 0, n;
  if (model == NULL || y == NULL) return EMLC_ERR_NULL;
  if (target >= model->n_targets) return EMLC_ERR_RANGE;
  if (model->rule == EMLC_RULE_NONE) return EMLC_ERR_UNSUPPORTED;
  if (model->rule == EMLC_RULE_GREATER) return y[target] > model->threshold;
  if (model->rule == EMLC_RULE_GREATER_EQUAL) return y[target] >= model->threshold;
  n = model->n_outputs;
  if (model->targets != 0) {
    const uint8_t* sizes = model->blob + model->targets + 2;
    for (uint32_t i = 0; i < target; ++i) first += emlc_load_u16(sizes + 2 * i);
    n = emlc_load_u16(sizes + 2 * target);
  }
  return (int32_t)emlc_first_largest_f32(y + first, (size_t)n);
}

/** The class that the model decides, for the first target; see emlc_predict_target. */
static inline int32_t emlc_predict_class(const emlc_model* model, const float* y) {
  return emlc_predict_target(model, y, 0);
}

/**
 * Set the state of a filter to what it is before the first sample.
 *
 * @param state  work_size bytes, an array of float
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model is no filter in float
 */
static inline emlc_status emlc_filter_reset(const emlc_model* model, float* state) {
  if (model == NULL || state == NULL) return EMLC_ERR_NULL;
  if (model->n_sections == 0 || model->sample_bits != 0) return EMLC_ERR_UNSUPPORTED;
  const emlc_tmdl_layer layer = emlc_tmdl_layer_at(model->blob + EMLC_TMDL_HEADER_SIZE);
  const size_t n = (size_t)model->n_sections;
  const float* sos = emlc_tmdl_floats(&layer, EMLC_SOS_AT_DATA);
  const int has_state = emlc_load_u32(layer.bytes + EMLC_SOS_AT_HAS_STATE) == 1;
  const float* initial = has_state ? sos + n * EMLC_SOS_COEFFICIENTS : NULL;
  if (layer.type == EMLC_LAYER_SOS_STRUCTURES) return emlc_sos_reset_structures_f32(state, n, initial);
  return emlc_sos_reset_f32(state, n, initial);
}

/**
 * Filter a block of samples.
 *
 * @param state      work_size bytes, set by emlc_filter_reset before the first block; one per signal
 * @param x          [n_samples] input, any unit
 * @param y          [n_samples] output, unit of x; may be the same array as x
 * @return EMLC_OK, or with y and state untouched: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model is no
 *         filter in float
 */
static inline emlc_status emlc_filter(const emlc_model* model, float* state, const float* x, float* y,
                                      size_t n_samples) {
  if (model == NULL) return EMLC_ERR_NULL;
  if (model->n_sections == 0 || model->sample_bits != 0) return EMLC_ERR_UNSUPPORTED;
  const emlc_tmdl_layer layer = emlc_tmdl_layer_at(model->blob + EMLC_TMDL_HEADER_SIZE);
  const float* sos = emlc_tmdl_floats(&layer, EMLC_SOS_AT_DATA);
  const uint8_t* structures = layer.type == EMLC_LAYER_SOS ? NULL : emlc_tmdl_sos_structures(&layer);
  if (state == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  emlc_sos_cascade_f32(structures, sos, state, (size_t)model->n_sections, x, y, n_samples);
  return EMLC_OK;
}

/**
 * Set the state of a filter in integers to silence.
 *
 * @param state  work_size bytes: [n_sections][2] where model->sample_bits is 16, [n_sections][4] where it is 32
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model is no filter in integers
 */
static inline emlc_status emlc_filter_reset_fixed(const emlc_model* model, uint32_t* state) {
  if (model == NULL || state == NULL) return EMLC_ERR_NULL;
  if (model->sample_bits == 0) return EMLC_ERR_UNSUPPORTED;
  const emlc_tmdl_sos_fixed sos = emlc_tmdl_sos_fixed_at(model->blob + EMLC_TMDL_HEADER_SIZE);
  return model->sample_bits == 16 ? emlc_sos_reset_q15(&sos.steps, state, (size_t)sos.n_sections)
                                  : emlc_sos_reset_q31(&sos.steps, state, (size_t)sos.n_sections);
}

/**
 * Filter a block of samples of 16 bits.
 *
 * @param state      [n_sections][2], set by emlc_filter_reset_fixed before the first block; one per signal
 * @param x          [n_samples] input; full scale is 2^15
 * @param y          [n_samples] output, in steps of 2^headroom of those of x; may be the same array as x
 * @return EMLC_OK, or with y and state untouched: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model is no
 *         filter for samples of 16 bits
 */
static inline emlc_status emlc_filter_q15(const emlc_model* model, uint32_t* state, const int16_t* x, int16_t* y,
                                          size_t n_samples) {
  if (model == NULL) return EMLC_ERR_NULL;
  if (model->sample_bits != 16) return EMLC_ERR_UNSUPPORTED;
  const emlc_tmdl_sos_fixed sos = emlc_tmdl_sos_fixed_at(model->blob + EMLC_TMDL_HEADER_SIZE);
  return emlc_sos_filter_q15(&sos.steps, (const int16_t*)(const void*)sos.rows, state, (size_t)sos.n_sections, x, y,
                             n_samples);
}

/** The same for samples of 32 bits; full scale is 2^31. @param state  [n_sections][4] */
static inline emlc_status emlc_filter_q31(const emlc_model* model, uint32_t* state, const int32_t* x, int32_t* y,
                                          size_t n_samples) {
  if (model == NULL) return EMLC_ERR_NULL;
  if (model->sample_bits != 32) return EMLC_ERR_UNSUPPORTED;
  const emlc_tmdl_sos_fixed sos = emlc_tmdl_sos_fixed_at(model->blob + EMLC_TMDL_HEADER_SIZE);
  return emlc_sos_filter_q31(&sos.steps, (const int32_t*)(const void*)sos.rows, state, (size_t)sos.n_sections, x, y,
                             n_samples);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_H */
