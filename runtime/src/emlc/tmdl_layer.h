/**
 * One layer of a .tmdl blob as the loader and the walker see it. Part of tmdl.h.
 */
#ifndef EMLC_TMDL_LAYER_H
#define EMLC_TMDL_LAYER_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "status.h"
#include "tmdl_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Functions that stay functions, but where all of a blob is one layer: then its check is one, and shorter. */
#ifdef EMLC_TMDL_ONE_LAYER
#define EMLC_TMDL_CALLED static inline
#else
#define EMLC_TMDL_CALLED EMLC_CALLED
#endif

/** The common header of a layer, decoded. Nothing in it is trusted before emlc_tmdl_open has checked it. */
typedef struct emlc_tmdl_layer {
  const uint8_t* bytes; /* the first byte of the layer */
  uint32_t size;        /* bytes, header included */
  uint32_t in_oft, out_oft;
  uint32_t n_in, n_out; /* values; 0 if the dims do not give 1 to EMLC_TMDL_MAX_WIDTH of them */
  uint32_t type, is_out;
} emlc_tmdl_layer;

/** Values of a tensor of this height, width and channels; 0 if there are none or more than EMLC_TMDL_MAX_WIDTH. */
static inline uint16_t emlc_tmdl_width_of(uint16_t h, uint16_t w, uint16_t c) {
  const uint32_t area = (uint32_t)h * w;
  const uint32_t width = area <= EMLC_TMDL_MAX_WIDTH ? area * c : 0; /* no division: fewer bytes */
  return width <= EMLC_TMDL_MAX_WIDTH ? (uint16_t)width : (uint16_t)0;
}

/* Blobs and their layers are aligned to 8 bytes. */

/** Of the dims n, h, w, c at `dims`. */
static inline uint16_t emlc_tmdl_width(const uint8_t* dims) {
  return emlc_tmdl_width_of(emlc_load_u16(dims + 2), emlc_load_u16(dims + 4), emlc_load_u16(dims + 6));
}

static inline emlc_tmdl_layer emlc_tmdl_layer_at(const uint8_t* bytes) {
  emlc_tmdl_layer layer;
  layer.bytes = bytes;
  layer.size = emlc_load_u32(bytes + EMLC_LAYER_AT_SIZE);
  layer.n_in = emlc_tmdl_width(bytes + EMLC_LAYER_AT_IN_DIMS);
  layer.n_out = emlc_tmdl_width(bytes + EMLC_LAYER_AT_OUT_DIMS);
  layer.in_oft = emlc_load_u32(bytes + EMLC_LAYER_AT_IN_OFT);
  layer.out_oft = emlc_load_u32(bytes + EMLC_LAYER_AT_OUT_OFT);
  layer.type = emlc_load_u16(bytes + EMLC_LAYER_AT_TYPE);
  layer.is_out = emlc_load_u16(bytes + EMLC_LAYER_AT_IS_OUT);
  return layer;
}

/** Floats inside a layer, in place: `oft` is a multiple of 4 and the machine is little-endian. */
static inline const float* emlc_tmdl_floats(const emlc_tmdl_layer* layer, uint32_t oft) {
  return (const float*)(const void*)(layer->bytes + oft);
}

/** Of the layer that stands first in a blob. */
static inline uint16_t emlc_tmdl_first_type(const uint8_t* blob) {
  return emlc_load_u16(blob + EMLC_TMDL_HEADER_SIZE + EMLC_LAYER_AT_TYPE);
}

/** The body of the layer that stands first in a blob. */
static inline const uint8_t* emlc_tmdl_first_body(const uint8_t* blob) {
  return blob + EMLC_TMDL_HEADER_SIZE + EMLC_LAYER_HEADER_SIZE;
}

/** `count` numbers of `unit` bytes at `oft` are inside the layer, after its header, and aligned. */
static inline emlc_status emlc_tmdl_check_span(const emlc_tmdl_layer* layer, uint32_t oft, uint32_t count,
                                               uint32_t unit) {
  if (oft < EMLC_LAYER_HEADER_SIZE || oft > layer->size) return EMLC_ERR_RANGE;
  if (count > (layer->size - oft) / unit) return EMLC_ERR_RANGE;
  return oft % unit == 0 ? EMLC_OK : EMLC_ERR_ALIGN;
}

/** Where a CONV2D, FC or dense layer has its numbers, from the start of the layer. */
typedef struct emlc_tmdl_weights {
  uint32_t scales, weights, bias;
} emlc_tmdl_weights;

static inline emlc_tmdl_weights emlc_tmdl_weights_of(const emlc_tmdl_layer* layer) {
  const int is_conv = layer->type == EMLC_LAYER_CONV2D;
  const uint8_t* body = layer->bytes + (is_conv ? (int)EMLC_CONV_AT_WS_OFT : (int)EMLC_FC_AT_WS_OFT);
  emlc_tmdl_weights at;
  at.scales = emlc_load_u32(body);
  at.weights = emlc_load_u32(body + 4);
  at.bias = emlc_load_u32(body + 8);
  return at;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_LAYER_H */
