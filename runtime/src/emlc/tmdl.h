/**
 * Running .tmdl blobs in place: dense networks (emlc's and TinyMaix's, float and int8), trees, scalers and filters.
 * C99 and C++11; libc: memcpy; libm as activations.h says.
 *
 *   emlc_model model;
 *   emlc_status status = emlc_tmdl_open(blob, sizeof blob, &model);
 *   if (status == EMLC_OK) status = emlc_run(&model, x, y, work);
 */
#ifndef EMLC_TMDL_H
#define EMLC_TMDL_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "activations.h"
#include "bytes.h"
#include "dense.h"
#include "scaler.h"
#include "sos.h"
#include "status.h"
#include "tinymaix.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"
#include "tmdl_open.h"
#include "trees.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline void emlc_run_dense_f32(const emlc_tmdl_layer* layer, const float* x, float* y) {
  const emlc_tmdl_weights at = emlc_tmdl_weights_of(layer);
  (void)emlc_dense_f32(emlc_tmdl_floats(layer, at.weights), emlc_tmdl_floats(layer, at.bias), layer->n_in, layer->n_out,
                       x, y);
  if (layer->type == EMLC_LAYER_CONV2D && emlc_read_u16(layer->bytes + EMLC_CONV_AT_ACT) == EMLC_CONV_ACT_RELU) {
    emlc_activate_f32(EMLC_RELU, 0.0F, y, layer->n_out);
  }
  if (layer->type == EMLC_LAYER_DENSE) {
    emlc_activate_f32((emlc_activation)emlc_read_u16(layer->bytes + EMLC_DENSE_AT_ACTIVATION),
                      emlc_read_f32(layer->bytes + EMLC_DENSE_AT_ALPHA), y, layer->n_out);
  }
}

static inline void emlc_run_scaler(const emlc_tmdl_layer* layer, const float* x, float* y) {
  const size_t n = layer->n_in;
  const float* offset = emlc_tmdl_floats(layer, EMLC_SCALER_AT_DATA);
  if (emlc_read_u16(layer->bytes + EMLC_SCALER_AT_OP) == EMLC_SCALER_SUBTRACT_DIVIDE) {
    (void)emlc_subtract_divide_f32(offset, offset + n, n, x, y);
  } else {
    (void)emlc_multiply_add_f32(offset, offset + n, n, x, y);
  }
  if (emlc_read_u16(layer->bytes + EMLC_SCALER_AT_HAS_CLIP) == 0) return;
  (void)emlc_clip_f32(emlc_read_f32(layer->bytes + EMLC_SCALER_AT_LOW),
                      emlc_read_f32(layer->bytes + EMLC_SCALER_AT_HIGH), n, y);
}

static inline void emlc_run_post_transform(const emlc_tmdl_layer* layer, const float* x, float* y) {
  emlc_post_transform transform;
  transform.kind = (emlc_post_transform_kind)emlc_read_u16(layer->bytes + EMLC_POST_AT_KIND);
  transform.scale = emlc_read_f32(layer->bytes + EMLC_POST_AT_SCALE);
  transform.denominator = emlc_read_f32(layer->bytes + EMLC_POST_AT_DENOMINATOR);
  transform.offset = emlc_read_f32(layer->bytes + EMLC_POST_AT_OFFSET);
  memcpy(y, x, layer->n_in * sizeof *y);
  emlc_post_transform_f32(&transform, y, layer->n_in);
}

static inline void emlc_run_layer_f32(const emlc_tmdl_layer* layer, const float* x, float* y) {
  switch (layer->type) {
    case EMLC_LAYER_CONV2D:
    case EMLC_LAYER_FC:
    case EMLC_LAYER_DENSE:
      emlc_run_dense_f32(layer, x, y);
      return;
    case EMLC_LAYER_TREES:
      emlc_trees_run(layer->bytes + EMLC_LAYER_HEADER_SIZE, x, y);
      return;
    case EMLC_LAYER_SCALER:
      emlc_run_scaler(layer, x, y);
      return;
    case EMLC_LAYER_POST_TRANSFORM:
      emlc_run_post_transform(layer, x, y);
      return;
    default: /* SOFTMAX, and RESHAPE where it is the last layer */
      memcpy(y, x, layer->n_in * sizeof *y);
#ifndef EMLC_NO_MATH
      if (layer->type == EMLC_LAYER_SOFTMAX) emlc_tinymaix_softmax_f32(y, layer->n_in);
#endif
      return;
  }
}

/** Each layer reads where the one before it wrote; the first reads x, the last writes y. */
static inline void emlc_run_f32(const emlc_model* model, const float* x, float* y, uint8_t* work) {
  const uint8_t* bytes = model->blob + EMLC_TMDL_HEADER_SIZE;
  for (uint32_t i = 0; i < model->n_layers; ++i) {
    const emlc_tmdl_layer layer = emlc_tmdl_layer_at(bytes);
    const int is_last = i + 1U == model->n_layers;
    if (is_last || layer.type != EMLC_LAYER_RESHAPE) {
      float* out = is_last ? y : (float*)(void*)(work + layer.out_oft);
      emlc_run_layer_f32(&layer, x, out);
      x = out;
    }
    bytes += layer.size;
  }
}

static inline emlc_quantization emlc_quantization_at(const uint8_t* bytes) {
  emlc_quantization quantization;
  quantization.scale = emlc_read_f32(bytes);
  quantization.zero_point = emlc_read_i32(bytes + 4);
  return quantization;
}

static inline void emlc_run_dense_i8(const emlc_tmdl_layer* layer, const int8_t* x, int8_t* y) {
  const emlc_tmdl_weights at = emlc_tmdl_weights_of(layer);
  emlc_dense_i8 dense;
  dense.weights = (const int8_t*)(layer->bytes + at.weights);
  dense.bias = layer->bytes + at.bias;
  dense.scales = emlc_tmdl_floats(layer, at.scales);
  dense.n_in = layer->n_in;
  dense.n_out = layer->n_out;
  dense.in = emlc_quantization_at(layer->bytes + EMLC_LAYER_AT_IN_S);
  dense.out = emlc_quantization_at(layer->bytes + EMLC_LAYER_AT_OUT_S);
  if (layer->type == EMLC_LAYER_FC) {
    emlc_fc_i8(&dense, x, y);
    return;
  }
  const uint16_t act = emlc_read_u16(layer->bytes + EMLC_CONV_AT_ACT);
  emlc_conv_i8(&dense, act == EMLC_CONV_ACT_NONE ? -FLT_MAX : 0.0F, act == EMLC_CONV_ACT_RELU6 ? 6.0F : FLT_MAX, x, y);
}

/** The input is quantised to the start of the buffer; every layer works inside the buffer; the output becomes real. */
static inline void emlc_run_i8(const emlc_model* model, const float* x, float* y, uint8_t* work) {
  const uint8_t* bytes = model->blob + EMLC_TMDL_HEADER_SIZE;
  emlc_quantization quantization = emlc_quantization_at(bytes + EMLC_LAYER_AT_IN_S);
  int8_t* values = (int8_t*)work;
  for (uint32_t i = 0; i < model->n_features; ++i) values[i] = emlc_quantize_i8(x[i], quantization);
  for (uint32_t i = 0; i < model->n_layers; ++i) {
    const emlc_tmdl_layer layer = emlc_tmdl_layer_at(bytes);
    int8_t* out = (int8_t*)(work + layer.out_oft);
    quantization = emlc_quantization_at(bytes + EMLC_LAYER_AT_OUT_S);
    if (layer.type == EMLC_LAYER_CONV2D || layer.type == EMLC_LAYER_FC) emlc_run_dense_i8(&layer, values, out);
#ifndef EMLC_NO_MATH
    if (layer.type == EMLC_LAYER_SOFTMAX) {
      emlc_tinymaix_softmax_i8(values, layer.n_in, emlc_quantization_at(bytes + EMLC_LAYER_AT_IN_S), quantization,
                               (float*)(void*)out);
    }
#endif
    values = out; /* RESHAPE: the same place */
    bytes += layer.size;
  }
  for (uint32_t i = 0; i < model->n_outputs; ++i) y[i] = emlc_dequantize_i8(values[i], quantization);
}

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
  if (model->mdl_type == EMLC_TMDL_I8) {
    emlc_run_i8(model, x, y, (uint8_t*)work);
  } else {
    emlc_run_f32(model, x, y, (uint8_t*)work);
  }
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
  uint32_t first = 0, n, best = 0;
  if (model == NULL || y == NULL) return EMLC_ERR_NULL;
  if (target >= model->n_targets) return EMLC_ERR_RANGE;
  if (model->rule == EMLC_RULE_NONE) return EMLC_ERR_UNSUPPORTED;
  if (model->rule == EMLC_RULE_GREATER) return y[target] > model->threshold;
  if (model->rule == EMLC_RULE_GREATER_EQUAL) return y[target] >= model->threshold;
  n = model->n_outputs;
  if (model->targets != 0) {
    const uint8_t* sizes = model->blob + model->targets + 2;
    for (uint32_t i = 0; i < target; ++i) first += emlc_read_u16(sizes + 2 * i);
    n = emlc_read_u16(sizes + 2 * target);
  }
  for (uint32_t i = 1; i < n; ++i) {
    if (y[first + i] > y[first + best]) best = i;
  }
  return (int32_t)best;
}

/** The class that the model decides, for the first target; see emlc_predict_target. */
static inline int32_t emlc_predict_class(const emlc_model* model, const float* y) {
  return emlc_predict_target(model, y, 0);
}

/**
 * Set the state of a filter to what it is before the first sample.
 *
 * @param state  [n_sections][2], which are work_size bytes
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model is no filter
 */
static inline emlc_status emlc_filter_reset(const emlc_model* model, float* state) {
  if (model == NULL || state == NULL) return EMLC_ERR_NULL;
  if (model->n_sections == 0) return EMLC_ERR_UNSUPPORTED;
  const emlc_tmdl_layer layer = emlc_tmdl_layer_at(model->blob + EMLC_TMDL_HEADER_SIZE);
  const float* sos = emlc_tmdl_floats(&layer, EMLC_SOS_AT_DATA);
  const int has_state = emlc_read_u32(layer.bytes + EMLC_SOS_AT_HAS_STATE) == 1;
  return emlc_sos_reset_f32(state, (size_t)model->n_sections,
                            has_state ? sos + (size_t)model->n_sections * EMLC_SOS_COEFFICIENTS : NULL);
}

/**
 * Filter a block of samples.
 *
 * @param state      [n_sections][2], set by emlc_filter_reset before the first block; one per signal
 * @param x          [n_samples] input, any unit
 * @param y          [n_samples] output, unit of x; may be the same array as x
 * @return EMLC_OK, or with y and state untouched: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model is no
 *         filter
 */
static inline emlc_status emlc_filter(const emlc_model* model, float* state, const float* x, float* y,
                                      size_t n_samples) {
  if (model == NULL) return EMLC_ERR_NULL;
  if (model->n_sections == 0) return EMLC_ERR_UNSUPPORTED;
  const emlc_tmdl_layer layer = emlc_tmdl_layer_at(model->blob + EMLC_TMDL_HEADER_SIZE);
  return emlc_sos_filter_f32(emlc_tmdl_floats(&layer, EMLC_SOS_AT_DATA), state, (size_t)model->n_sections, x, y,
                             n_samples);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_H */
