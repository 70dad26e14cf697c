/**
 * Running the layers of a .tmdl blob that emlc_tmdl_open has accepted. Part of tmdl.h.
 */
#ifndef EMLC_TMDL_RUN_H
#define EMLC_TMDL_RUN_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "activations.h"
#include "bytes.h"
#include "dense.h"
#include "scaler.h"
#include "tinymaix.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"
#include "tmdl_open.h"
#include "tmdl_step.h"
#ifndef EMLC_NO_TREES
#include "trees.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifndef EMLC_NO_DENSE
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

static inline void emlc_run_softmax(const emlc_tmdl_layer* layer, const float* x, float* y) {
  memcpy(y, x, layer->n_in * sizeof *y);
#ifndef EMLC_NO_MATH
  emlc_tinymaix_softmax_f32(y, layer->n_in);
#endif
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
#endif

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

static inline void emlc_run_layer_f32(const emlc_tmdl_layer* layer, const float* x, float* y) {
  switch (layer->type) {
#ifndef EMLC_NO_DENSE
    case EMLC_LAYER_CONV2D:
    case EMLC_LAYER_FC:
    case EMLC_LAYER_DENSE:
      emlc_run_dense_f32(layer, x, y);
      return;
    case EMLC_LAYER_SOFTMAX:
      emlc_run_softmax(layer, x, y);
      return;
    case EMLC_LAYER_POST_TRANSFORM:
      emlc_run_post_transform(layer, x, y);
      return;
#endif
#ifndef EMLC_NO_TREES
    case EMLC_LAYER_TREES:
      emlc_trees_run(layer->bytes + EMLC_LAYER_HEADER_SIZE, x, y);
      return;
#endif
    case EMLC_LAYER_SCALER:
      emlc_run_scaler(layer, x, y);
      return;
#ifndef EMLC_NO_STEPS
    case EMLC_LAYER_STEP:
      emlc_run_step(layer, x, y);
      return;
#endif
    default: /* RESHAPE, as the last layer */
      memcpy(y, x, layer->n_in * sizeof *y);
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

#ifndef EMLC_NO_INT8
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
#endif

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_RUN_H */
