/**
 * What a layer of a .tmdl blob has to fulfil before it may run. Part of tmdl.h.
 */
#ifndef EMLC_TMDL_CHECK_H
#define EMLC_TMDL_CHECK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "activations.h"
#include "bytes.h"
#include "sos.h"
#include "status.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"
#include "tmdl_sos_fixed.h"
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

/** What is known while the layers are checked, one after the other. */
typedef struct emlc_tmdl_chain {
  uint32_t mdl_type, buf_size;
  uint32_t width; /* values between the layers checked and the next */
  uint32_t oft;   /* where they lie in the buffer */
  int in_buffer;  /* 0 while they are still the caller's x */
  int is_first, is_last;
  uint32_t work_size;  /* bytes of the buffer in use so far */
  uint32_t n_sections; /* of a filter that has been checked, else 0 */
  uint8_t sample_bits; /* of such a filter in integers, else 0 */
} emlc_tmdl_chain;

/** By its bits, so that no float is compared. */
static inline int emlc_is_finite_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits & 0x7F800000U) != 0x7F800000U;
}

static inline uint32_t emlc_tmdl_unit(uint32_t mdl_type) { return mdl_type == EMLC_TMDL_I8 ? 1U : 4U; }

/** Scale and zero point of an int8 tensor: the scale is at `oft`, the zero point follows. */
static inline emlc_status emlc_tmdl_check_quantization(const emlc_tmdl_layer* layer, uint32_t oft) {
  const uint32_t scale = emlc_load_u32(layer->bytes + oft), zero_point = emlc_load_u32(layer->bytes + oft + 4);
  /* The bits of positive numbers that are finite, and -128 to 127. */
  return scale - 1U < 0x7F7FFFFFU && zero_point + 128U < 256U ? EMLC_OK : EMLC_ERR_RANGE;
}

static inline emlc_status emlc_tmdl_check_weights(const emlc_tmdl_layer* layer, uint32_t mdl_type, uint32_t n_scales) {
  const emlc_tmdl_weights at = emlc_tmdl_weights_of(layer);
  emlc_status status =
      emlc_tmdl_check_span(layer, at.weights, (uint32_t)layer->n_in * layer->n_out, emlc_tmdl_unit(mdl_type));
  if (status == EMLC_OK) status = emlc_tmdl_check_span(layer, at.bias, layer->n_out, 4);
  if (status == EMLC_OK && mdl_type == EMLC_TMDL_I8) status = emlc_tmdl_check_span(layer, at.scales, n_scales, 4);
  return status;
}

/** A 1x1 kernel with stride 1, no padding, no depth multiplier, and an activation that TinyMaix really applies. */
static inline emlc_status emlc_tmdl_check_conv(const emlc_tmdl_layer* layer, uint32_t mdl_type) {
  const uint8_t* kernel = layer->bytes + EMLC_CONV_AT_KERNEL;
  /* The float TinyMaix forgets to limit at 6. */
  const uint32_t has_relu6 = mdl_type == EMLC_TMDL_I8, act = emlc_load_u16(layer->bytes + EMLC_CONV_AT_ACT);
  if (layer->size < EMLC_CONV_AT_DATA) return EMLC_ERR_SIZE;
  if (emlc_load_u32(kernel) != 0x01010101U || emlc_load_u16(kernel + 4) != 0x0101U) return EMLC_ERR_UNSUPPORTED;
  if ((emlc_load_u32(layer->bytes + EMLC_CONV_AT_PAD) | emlc_load_u32(layer->bytes + EMLC_CONV_AT_DEPTH_MUL)) != 0) {
    return EMLC_ERR_UNSUPPORTED;
  }
  if (act > EMLC_CONV_ACT_RELU && !(has_relu6 && act == EMLC_CONV_ACT_RELU6)) return EMLC_ERR_UNSUPPORTED;
  return emlc_tmdl_check_weights(layer, mdl_type, layer->n_out);
}

static inline emlc_status emlc_tmdl_check_dense(const emlc_tmdl_layer* layer) {
  if (!emlc_has_activation(emlc_load_u16(layer->bytes + EMLC_DENSE_AT_ACTIVATION))) return EMLC_ERR_UNSUPPORTED;
  return emlc_tmdl_check_weights(layer, EMLC_TMDL_F32, 0);
}

static inline emlc_status emlc_tmdl_check_scaler(const emlc_tmdl_layer* layer) {
  if (emlc_load_u16(layer->bytes + EMLC_SCALER_AT_OP) > EMLC_SCALER_MULTIPLY_ADD) return EMLC_ERR_UNSUPPORTED;
  if (emlc_load_u16(layer->bytes + EMLC_SCALER_AT_HAS_CLIP) > 1) return EMLC_ERR_FORMAT;
  return emlc_tmdl_check_span(layer, EMLC_SCALER_AT_DATA, 2U * layer->n_in, 4);
}

/** Bytes that a section has in its layer, and bytes of its state. */
typedef struct emlc_tmdl_sos_sizes {
  uint32_t section, state;
} emlc_tmdl_sos_sizes;

static inline emlc_tmdl_sos_sizes emlc_tmdl_sos_sizes_of(const emlc_tmdl_layer* layer) {
  const int is_mixed = layer->type == EMLC_LAYER_SOS_STRUCTURES;
  const uint32_t has_state = emlc_load_u32(layer->bytes + EMLC_SOS_AT_HAS_STATE);
  emlc_tmdl_sos_sizes sizes;
  sizes.state = 4U * (is_mixed ? (uint32_t)EMLC_SOS_STRUCTURES_STATE : (uint32_t)EMLC_SOS_STATE);
  sizes.section = 4U * EMLC_SOS_COEFFICIENTS + (has_state ? sizes.state : 0U) + (is_mixed ? 1U : 0U);
  return sizes;
}

/** The structures of the sections, which are behind all floats; of a layer that has them. */
static inline const uint8_t* emlc_tmdl_sos_structures(const emlc_tmdl_layer* layer) {
  const uint32_t floats_size = emlc_tmdl_sos_sizes_of(layer).section - 1U;
  return layer->bytes + EMLC_SOS_AT_DATA + (size_t)emlc_load_u32(layer->bytes + EMLC_SOS_AT_COUNT) * floats_size;
}

static inline emlc_status emlc_tmdl_check_structures(const emlc_tmdl_layer* layer, uint32_t count) {
  const uint8_t* structures = emlc_tmdl_sos_structures(layer);
  for (uint32_t i = 0; i < count; ++i) {
    if (!emlc_has_sos_structure(structures[i])) return EMLC_ERR_UNSUPPORTED;
  }
  return EMLC_OK;
}

/** Sections of `bytes` bytes from `at` on. A filter is alone in its blob; its state is the working memory. */
static inline emlc_status emlc_tmdl_check_sections(const emlc_tmdl_layer* layer, emlc_tmdl_chain* chain, uint32_t at,
                                                   emlc_tmdl_sos_sizes sizes) {
  const uint32_t count = emlc_load_u32(layer->bytes + EMLC_SOS_AT_COUNT);
  if (!chain->is_first || !chain->is_last || layer->n_in != 1 || layer->n_out != 1) return EMLC_ERR_FORMAT;
  if (count == 0) return EMLC_ERR_SIZE;
  if (count > (layer->size - at) / sizes.section) return EMLC_ERR_RANGE;
  chain->work_size = count * sizes.state;
  chain->n_sections = count;
  return EMLC_OK;
}

static inline emlc_status emlc_tmdl_check_sos(const emlc_tmdl_layer* layer, emlc_tmdl_chain* chain) {
  emlc_status status;
  if (emlc_load_u32(layer->bytes + EMLC_SOS_AT_HAS_STATE) > 1) return EMLC_ERR_FORMAT;
  status = emlc_tmdl_check_sections(layer, chain, EMLC_SOS_AT_DATA, emlc_tmdl_sos_sizes_of(layer));
  if (status != EMLC_OK || layer->type == EMLC_LAYER_SOS) return status;
  return emlc_tmdl_check_structures(layer, chain->n_sections);
}

/** The same in integers. */
static inline emlc_status emlc_tmdl_check_sos_fixed(const emlc_tmdl_layer* layer, emlc_tmdl_chain* chain) {
  emlc_tmdl_sos_fixed sos;
  emlc_tmdl_sos_sizes sizes;
  emlc_status status;
  if (layer->size < EMLC_SOS_FIXED_AT_DATA) return EMLC_ERR_SIZE;
  sos = emlc_tmdl_sos_fixed_at(layer->bytes);
  chain->sample_bits = sos.arithmetic->sample_bits;
  if (chain->sample_bits == 0) return EMLC_ERR_UNSUPPORTED;
  sizes.section = 5U * chain->sample_bits / 8U;
  sizes.state = chain->sample_bits == 16 ? 4U * EMLC_SOS_STATE_Q15 : 4U * EMLC_SOS_STATE_Q31;
  status = emlc_tmdl_check_sections(layer, chain, EMLC_SOS_FIXED_AT_DATA, sizes);
  return status == EMLC_OK ? emlc_tmdl_check_sos_fixed_body(layer, &sos) : status;
}

#ifndef EMLC_NO_LINKED_TREES
/** Such trees are alone in their blob: their working memory is not shared with other layers. */
static inline emlc_status emlc_tmdl_check_linked_trees(const emlc_tmdl_layer* layer, emlc_tmdl_chain* chain) {
  const uint8_t* body = layer->bytes + EMLC_LAYER_HEADER_SIZE;
  emlc_status status;
  if (!chain->is_first || !chain->is_last) return EMLC_ERR_FORMAT;
  status = emlc_linked_trees_check(body, (size_t)(layer->size - EMLC_LAYER_HEADER_SIZE), layer->n_in, layer->n_out);
  if (status == EMLC_OK) chain->work_size = emlc_linked_work_size(body);
  return status;
}
#endif

/** 1 for layers that give as many values as they take. */
static inline int emlc_tmdl_keeps_width(uint32_t type) {
#ifdef EMLC_TMDL_ONE_LAYER
  (void)type;
  return 0; /* such trees check it themselves */
#else
  return type == EMLC_LAYER_SOFTMAX || type == EMLC_LAYER_RESHAPE || type == EMLC_LAYER_SCALER ||
         type == EMLC_LAYER_POST_TRANSFORM;
#endif
}

/** The picture is 1x1: a dense network has only channels. RESHAPE alone may start from a real picture. */
static inline int emlc_tmdl_is_flat(const emlc_tmdl_layer* layer) {
  return emlc_load_u16(layer->bytes + EMLC_LAYER_AT_IN_DIMS + 6) == layer->n_in &&
         emlc_load_u16(layer->bytes + EMLC_LAYER_AT_OUT_DIMS + 6) == layer->n_out;
}

static inline emlc_status emlc_tmdl_check_body(const emlc_tmdl_layer* layer, emlc_tmdl_chain* chain) {
  const int is_own = chain->mdl_type == EMLC_TMDL_EMLC;
  if (is_own != (layer->type >= EMLC_LAYER_TREES)) return EMLC_ERR_UNSUPPORTED;
  if (emlc_tmdl_keeps_width(layer->type) && layer->n_in != layer->n_out) return EMLC_ERR_FORMAT;
  if (layer->type == EMLC_LAYER_RESHAPE) return EMLC_OK;
  if (!emlc_tmdl_is_flat(layer)) return EMLC_ERR_UNSUPPORTED;
#ifndef EMLC_TMDL_ONE_LAYER
  if (layer->size < EMLC_TMDL_LAYER_BODY && layer->type != EMLC_LAYER_SOFTMAX) return EMLC_ERR_SIZE;
#endif
  switch (layer->type) {
#ifndef EMLC_NO_DENSE
    case EMLC_LAYER_CONV2D:
      return emlc_tmdl_check_conv(layer, chain->mdl_type);
    case EMLC_LAYER_FC:
      return emlc_tmdl_check_weights(layer, chain->mdl_type, 1);
    case EMLC_LAYER_SOFTMAX:
      return emlc_has_activation(EMLC_SOFTMAX) ? EMLC_OK : EMLC_ERR_UNSUPPORTED;
    case EMLC_LAYER_DENSE:
      return emlc_tmdl_check_dense(layer);
    case EMLC_LAYER_POST_TRANSFORM:
      return emlc_has_post_transform(emlc_load_u16(layer->bytes + EMLC_POST_AT_KIND)) ? EMLC_OK : EMLC_ERR_UNSUPPORTED;
#endif
#ifndef EMLC_NO_PACKED_TREES
    case EMLC_LAYER_TREES:
      return emlc_trees_check(layer->bytes + EMLC_LAYER_HEADER_SIZE, (size_t)(layer->size - EMLC_LAYER_HEADER_SIZE),
                              layer->n_in, layer->n_out);
#endif
#ifndef EMLC_NO_LINKED_TREES
    case EMLC_LAYER_LINKED_TREES:
      return emlc_tmdl_check_linked_trees(layer, chain);
#endif
#ifndef EMLC_NO_FILTERS
    case EMLC_LAYER_SOS:
    case EMLC_LAYER_SOS_STRUCTURES:
      return emlc_tmdl_check_sos(layer, chain);
#endif
#ifndef EMLC_NO_FIXED
    case EMLC_LAYER_SOS_FIXED:
      return emlc_tmdl_check_sos_fixed(layer, chain);
#endif
#ifndef EMLC_NO_SCALERS
    case EMLC_LAYER_SCALER:
      return emlc_tmdl_check_scaler(layer);
#endif
#ifndef EMLC_NO_STEPS
    case EMLC_LAYER_STEP:
      return emlc_tmdl_check_step(layer);
#endif
    default:
      return EMLC_ERR_UNSUPPORTED;
  }
}

/** The output's place: inside the buffer, aligned, apart from the input. The last float layer writes to the caller's y.
 */
EMLC_TMDL_CALLED emlc_status emlc_tmdl_check_place(const emlc_tmdl_layer* layer, emlc_tmdl_chain* chain) {
#ifdef EMLC_TMDL_ONE_LAYER
  (void)chain;
  return layer->out_oft == 0 ? EMLC_OK : EMLC_ERR_FORMAT;
#else
  const uint32_t unit = emlc_tmdl_unit(chain->mdl_type);
  const int is_scratch_float = layer->type == EMLC_LAYER_SOFTMAX; /* its int8 results are computed in float */
  const uint32_t in_size = layer->n_in * unit, out_size = layer->n_out * (is_scratch_float ? 4U : unit);
  const uint32_t oft = layer->out_oft;
  if (layer->type == EMLC_LAYER_RESHAPE) return oft == chain->oft ? EMLC_OK : EMLC_ERR_FORMAT;
  if (chain->is_last && chain->mdl_type == EMLC_TMDL_EMLC) return oft == 0 ? EMLC_OK : EMLC_ERR_FORMAT;
  if (oft % EMLC_TMDL_ALIGN != 0) return EMLC_ERR_ALIGN;
  if (oft > chain->buf_size || out_size > chain->buf_size - oft) return EMLC_ERR_RANGE;
  int is_in_place = layer->type == EMLC_LAYER_SCALER && oft == chain->oft;
#ifndef EMLC_NO_STEPS
  if (emlc_tmdl_keeps_columns(layer) && oft == chain->oft) is_in_place = 1;
#endif
  const int overlaps = chain->in_buffer && oft < chain->oft + in_size && chain->oft < oft + out_size;
  if (overlaps && !is_in_place) return EMLC_ERR_RANGE;
  const int writes_buffer = !chain->is_last || chain->mdl_type == EMLC_TMDL_I8;
  if (writes_buffer && chain->work_size < oft + out_size) chain->work_size = oft + out_size;
  chain->oft = oft;
  chain->in_buffer = 1;
  return EMLC_OK;
#endif
}

/** One layer: its own fields, and that it goes on where the layer before it ended. */
EMLC_TMDL_CALLED emlc_status emlc_tmdl_check_layer(const emlc_tmdl_layer* layer, emlc_tmdl_chain* chain) {
  emlc_status status;
  if (layer->is_out != (chain->is_last ? 1U : 0U)) return EMLC_ERR_UNSUPPORTED;
  if (layer->n_in == 0 || layer->n_out == 0) return EMLC_ERR_SIZE;
  if (layer->n_in != chain->width) return EMLC_ERR_FORMAT;
  if (!chain->is_first && layer->in_oft != chain->oft) return EMLC_ERR_FORMAT;
  status = emlc_tmdl_check_body(layer, chain);
#ifndef EMLC_NO_INT8
  if (status == EMLC_OK && chain->mdl_type == EMLC_TMDL_I8) {
    status = emlc_tmdl_check_quantization(layer, EMLC_LAYER_AT_IN_S);
    if (status == EMLC_OK) status = emlc_tmdl_check_quantization(layer, EMLC_LAYER_AT_OUT_S);
  }
#endif
  if (status == EMLC_OK) status = emlc_tmdl_check_place(layer, chain);
  chain->width = layer->n_out;
  return status;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_CHECK_H */
