/**
 * Running the layers of a .tmdl blob that emlc_tmdl_open has accepted. Part of tmdl.h.
 */
#ifndef EMLC_TMDL_RUN_H
#define EMLC_TMDL_RUN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "activations.h"
#include "bytes.h"
#include "dense.h"
#include "dense_i8.h"
#include "steps.h"
#include "tinymaix.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"
#include "tmdl_open.h"
#include "tmdl_step.h"
#ifndef EMLC_NO_LINKED_TREES
#include "linked_trees.h"
#endif
#ifndef EMLC_NO_PACKED_TREES
#include "trees.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifndef EMLC_NO_DENSE
static inline void emlc_run_dense_f32(const emlc_tmdl_layer* layer, const float* x, float* y) {
  const emlc_tmdl_weights at = emlc_tmdl_weights_of(layer);
  /* CONV2D has none or relu, with the numbers that these have here, and a 0 where DENSE has alpha. */
  const int act_at = layer->type == EMLC_LAYER_CONV2D ? (int)EMLC_CONV_AT_ACT : (int)EMLC_DENSE_AT_ACTIVATION;
  emlc_dense_rows_f32(emlc_tmdl_floats(layer, at.weights), emlc_tmdl_floats(layer, at.bias), layer->n_in, layer->n_out,
                      x, y);
  if (layer->type == EMLC_LAYER_FC) return;
  emlc_activate_f32((emlc_activation)emlc_load_u16(layer->bytes + act_at),
                    emlc_f32_at(layer->bytes + EMLC_DENSE_AT_ALPHA), y, layer->n_out);
}

/** What is made of y in place, where x is already: by SOFTMAX, a post-transform, or RESHAPE as the last layer. */
static inline void emlc_run_in_place(const emlc_tmdl_layer* layer, float* y) {
#ifndef EMLC_NO_MATH
  if (layer->type == EMLC_LAYER_SOFTMAX) emlc_tinymaix_softmax_f32(y, layer->n_in);
#endif
  if (layer->type != EMLC_LAYER_POST_TRANSFORM) return;
  emlc_post_transform_at(emlc_load_u16(layer->bytes + EMLC_POST_AT_KIND), layer->bytes + EMLC_POST_AT_SCALE, y,
                         layer->n_in);
}
#endif

static inline void emlc_run_scaler(const emlc_tmdl_layer* layer, const float* x, float* y) {
  const uint8_t* bytes = layer->bytes;
  const size_t n = layer->n_in;
  const float* offset = emlc_tmdl_floats(layer, EMLC_SCALER_AT_DATA);
  emlc_column_step step; /* of which no more is asked for */
  step.variant = (uint8_t)(emlc_load_u16(bytes + EMLC_SCALER_AT_OP) +
                           EMLC_STEP_CLIPS * emlc_load_u16(bytes + EMLC_SCALER_AT_HAS_CLIP));
  step.low = emlc_f32_at(bytes + EMLC_SCALER_AT_LOW);
  step.high = emlc_f32_at(bytes + EMLC_SCALER_AT_HIGH);
  for (size_t i = 0; i < n; ++i) {
    y[i] = emlc_step_scaled(&step, emlc_load_f32(offset + i), emlc_load_f32(offset + n + i), x[i]);
  }
}

static inline void emlc_run_layer_f32(const emlc_tmdl_layer* layer, const float* x, float* y) {
  switch (layer->type) {
#ifndef EMLC_NO_DENSE
    case EMLC_LAYER_CONV2D:
    case EMLC_LAYER_FC:
    case EMLC_LAYER_DENSE:
      emlc_run_dense_f32(layer, x, y);
      return;
#endif
#ifndef EMLC_NO_PACKED_TREES
    case EMLC_LAYER_TREES:
      emlc_trees_run(layer->bytes + EMLC_LAYER_HEADER_SIZE, x, y);
      return;
#endif
#ifndef EMLC_NO_SCALERS
    case EMLC_LAYER_SCALER:
      emlc_run_scaler(layer, x, y);
      return;
#endif
#ifndef EMLC_NO_STEPS
    case EMLC_LAYER_STEP:
      emlc_run_step(layer, x, y);
      return;
#endif
    default:
      memcpy(y, x, layer->n_in * sizeof *y);
#ifndef EMLC_NO_DENSE
      emlc_run_in_place(layer, y);
#endif
      return;
  }
}

/** Each layer reads where the one before it wrote; the first reads x, the last writes y. */
static inline void emlc_run_f32(const emlc_model* model, const float* x, float* y, uint8_t* work) {
  const uint8_t* bytes = model->blob + EMLC_TMDL_HEADER_SIZE;
#ifndef EMLC_NO_LINKED_TREES
  if (emlc_tmdl_first_type(model->blob) == EMLC_LAYER_LINKED_TREES) { /* alone in its blob */
    emlc_linked_trees_run(emlc_tmdl_first_body(model->blob), x, EMLC_TYPE_F32, y, (int32_t*)(void*)work);
    return;
  }
#endif
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
  quantization.scale = emlc_load_f32((const float*)(const void*)bytes);
  quantization.zero_point = emlc_signed_i32(emlc_load_u32(bytes + 4));
  return quantization;
}

/** A CONV2D or FC; the picture is 1x1, so that it has as many values as channels. */
static inline emlc_dense_i8 emlc_dense_i8_of(const uint8_t* layer, uint16_t type) {
  const int is_fc = type == EMLC_LAYER_FC;
  const uint32_t at = is_fc ? (uint32_t)EMLC_FC_AT_WS_OFT : (uint32_t)EMLC_CONV_AT_WS_OFT;
  emlc_dense_i8 dense;
  dense.scales = (const float*)(const void*)(layer + emlc_load_u32(layer + at));
  dense.weights = (const int8_t*)(layer + emlc_load_u32(layer + at + 4));
  dense.bias = (const int32_t*)(const void*)(layer + emlc_load_u32(layer + at + 8));
  dense.n_in = emlc_load_u16(layer + EMLC_LAYER_AT_IN_DIMS + 6);
  dense.n_out = emlc_load_u16(layer + EMLC_LAYER_AT_OUT_DIMS + 6);
  dense.in = emlc_quantization_at(layer + EMLC_LAYER_AT_IN_S);
  dense.out = emlc_quantization_at(layer + EMLC_LAYER_AT_OUT_S);
  dense.act = is_fc ? (int)EMLC_ACT_FC : (int)emlc_load_u16(layer + EMLC_CONV_AT_ACT);
  return dense;
}

/** From codes of the first layer's scale and zero point on. Every layer works inside the buffer, where x may lie. */
static inline void emlc_run_codes_i8(const emlc_model* model, const int8_t* x, float* y, uint8_t* work) {
  const uint8_t* layer = model->blob + EMLC_TMDL_HEADER_SIZE;
  emlc_quantization out = {1.0F, 0};
  for (uint32_t i = 0; i < model->n_layers; ++i) {
    const uint16_t type = emlc_load_u16(layer + EMLC_LAYER_AT_TYPE);
    int8_t* values = (int8_t*)(work + emlc_load_u32(layer + EMLC_LAYER_AT_OUT_OFT));
    out = emlc_quantization_at(layer + EMLC_LAYER_AT_OUT_S);
    if (type == EMLC_LAYER_CONV2D || type == EMLC_LAYER_FC) {
      const emlc_dense_i8 dense = emlc_dense_i8_of(layer, type);
      emlc_run_dense_i8(&dense, x, values);
    }
#ifndef EMLC_NO_MATH
    if (type == EMLC_LAYER_SOFTMAX) {
      emlc_tinymaix_softmax_i8(x, emlc_load_u16(layer + EMLC_LAYER_AT_IN_DIMS + 6),
                               emlc_quantization_at(layer + EMLC_LAYER_AT_IN_S), out, (float*)(void*)values);
    }
#endif
    if (type != EMLC_LAYER_RESHAPE) x = values;
    layer += emlc_load_u32(layer + EMLC_LAYER_AT_SIZE);
  }
  emlc_dequantize_all_i8(x, model->n_outputs, out, y);
}

/** From real values, which are quantised to the start of the buffer. */
static inline void emlc_run_network_i8(const emlc_model* model, const float* x, float* y, uint8_t* work) {
  const emlc_quantization in = emlc_quantization_at(model->blob + EMLC_TMDL_HEADER_SIZE + EMLC_LAYER_AT_IN_S);
  int8_t* codes = (int8_t*)work;
  emlc_quantize_all_i8(x, model->n_features, in, codes);
  emlc_run_codes_i8(model, codes, y, work);
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_RUN_H */
