/**
 * What a .tmdl blob says of itself, without opening it: to tell models apart, and to judge an update before all of it
 * is there. C99 and C++11; libc: memset. It needs nothing of tmdl.h, and costs a few hundred bytes of flash.
 *
 *   emlc_tmdl_facts facts;
 *   emlc_status status = emlc_tmdl_info(blob, size, &facts);
 *
 * Facts are claims: no checksum is made here and no layer is looked into. Only emlc_tmdl_open says that a blob may run.
 * A blob has no name.
 */
#ifndef EMLC_TMDL_INFO_H
#define EMLC_TMDL_INFO_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "status.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the layers of a blob are. */
typedef enum emlc_tmdl_kind {
  EMLC_KIND_UNKNOWN = 0, /* layers of a newer emlc, or behind what may be read */
  EMLC_KIND_SCALER = 1,  /* nothing but scalers, steps and post-transforms */
  EMLC_KIND_TREES = 2,
  EMLC_KIND_NETWORK = 3,
  EMLC_KIND_NETWORK_I8 = 4,
  EMLC_KIND_FILTER = 5,
  EMLC_KIND_FILTER_FIXED = 6 /* in integers */
} emlc_tmdl_kind;

/** What a blob says of itself. */
typedef struct emlc_tmdl_facts {
  uint32_t total_size; /* bytes; 0: a file of TinyMaix that goes on behind what may be read */
  uint32_t crc;        /* as the header has it, not made; 0 in a file of TinyMaix */
  uint32_t work_size;  /* bytes of working memory or filter state; 0 in a file of TinyMaix: emlc_tmdl_open finds out */
  uint16_t version;    /* of the container; 0: a file of TinyMaix */
  uint16_t n_layers;
  uint16_t n_features; /* values of x; 1 for a filter */
  uint16_t n_outputs;  /* values of y; 1 for a filter */
  uint16_t n_targets;  /* groups of outputs with a decision of their own; 0: they are behind what may be read */
  uint16_t n_classes;  /* of the first target; 0: behind what may be read, or there is no decision */
  uint8_t kind;        /* EMLC_KIND_... */
  uint8_t task;        /* EMLC_TASK_... */
  uint8_t rule;        /* EMLC_RULE_... */
  uint8_t has_signal;  /* 1: samples of a sensor make its features, see signal.h */
} emlc_tmdl_facts;

/** The kind that a layer gives its model; EMLC_KIND_SCALER: one behind it does. */
static inline uint8_t emlc_tmdl_kind_of(uint32_t type, uint32_t mdl_type) {
  if (type == EMLC_LAYER_TREES || type == EMLC_LAYER_LINKED_TREES) return EMLC_KIND_TREES;
  if (type == EMLC_LAYER_SOS || type == EMLC_LAYER_SOS_STRUCTURES) return EMLC_KIND_FILTER;
  if (type == EMLC_LAYER_SOS_FIXED) return EMLC_KIND_FILTER_FIXED;
  if (type == EMLC_LAYER_CONV2D || type == EMLC_LAYER_FC || type == EMLC_LAYER_DENSE) {
    return mdl_type == EMLC_TMDL_I8 ? EMLC_KIND_NETWORK_I8 : EMLC_KIND_NETWORK;
  }
  if (type == EMLC_LAYER_STEP) return EMLC_KIND_SCALER;
  if (type > EMLC_LAYER_POST_TRANSFORM || (type > EMLC_LAYER_RESHAPE && type < EMLC_LAYER_TREES)) {
    return EMLC_KIND_UNKNOWN;
  }
  return EMLC_KIND_SCALER;
}

/** Of the dims n, h, w, c at `dims`, which need not be aligned. */
static inline uint16_t emlc_tmdl_info_width(const uint8_t* dims) {
  return emlc_tmdl_width_of(emlc_read_u16(dims + 2), emlc_read_u16(dims + 4), emlc_read_u16(dims + 6));
}

/** Kind, and of a file of TinyMaix what its layers tell: its size, and that it classifies when it ends in SOFTMAX. */
static inline emlc_status emlc_tmdl_info_layers(const uint8_t* bytes, uint32_t limit, emlc_tmdl_facts* facts) {
  uint32_t oft = EMLC_TMDL_HEADER_SIZE, left = facts->n_layers, type = 0;
  facts->kind = EMLC_KIND_SCALER;
  for (; left != 0 && limit - oft >= EMLC_LAYER_HEADER_SIZE; --left) {
    const uint32_t size = emlc_read_u32(bytes + oft + EMLC_LAYER_AT_SIZE);
    if (size < EMLC_LAYER_HEADER_SIZE || size % EMLC_TMDL_ALIGN != 0) return EMLC_ERR_SIZE;
    type = emlc_read_u16(bytes + oft + EMLC_LAYER_AT_TYPE);
    if (facts->kind == EMLC_KIND_SCALER) facts->kind = emlc_tmdl_kind_of(type, bytes[EMLC_AT_MDL_TYPE]);
    if (size > limit - oft) break;
    oft += size;
  }
  if (left != 0 && facts->kind == EMLC_KIND_SCALER) facts->kind = EMLC_KIND_UNKNOWN;
  if (left != 0 || facts->version != 0) return EMLC_OK;
  facts->total_size = oft;
  if (type == EMLC_LAYER_SOFTMAX) {
    facts->rule = EMLC_RULE_ARGMAX;
    facts->task = EMLC_TASK_CLASSIFICATION;
  }
  return EMLC_OK;
}

/** Targets and classes, by the rule; the table of targets may lie behind what may be read. */
static inline void emlc_tmdl_info_targets(const uint8_t* bytes, uint32_t limit, emlc_tmdl_facts* facts) {
  const uint32_t at = facts->version == 0 ? 0 : emlc_read_u32(bytes + EMLC_AT_TARGETS);
  const int compares = facts->rule == EMLC_RULE_GREATER || facts->rule == EMLC_RULE_GREATER_EQUAL;
  facts->n_targets = compares ? facts->n_outputs : 1;
  facts->n_classes = compares ? 2 : facts->n_outputs;
  if (at != 0) {
    const int is_there = limit >= 4 && at <= limit - 4;
    facts->n_targets = is_there ? emlc_read_u16(bytes + at) : 0;
    facts->n_classes = is_there ? emlc_read_u16(bytes + at + 2) : 0;
  }
  if (facts->rule == EMLC_RULE_NONE) facts->n_classes = 0;
}

/** What the header begins with, and emlc's part of it or the 28 bytes of 0 in its place; `limit` shrinks to the size
 * that it says. */
static inline emlc_status emlc_tmdl_info_header(const uint8_t* bytes, uint32_t* limit, emlc_tmdl_facts* facts) {
  const uint8_t mdl_type = bytes[EMLC_AT_MDL_TYPE];
  if (emlc_read_u32(bytes + EMLC_AT_MAIX) != EMLC_TMDL_MAIX) return EMLC_ERR_FORMAT;
  if (emlc_read_u32(bytes + EMLC_AT_MAGIC) != EMLC_TMDL_MAGIC) {
    facts->task = EMLC_TASK_REGRESSION;
    if (mdl_type != EMLC_TMDL_I8 && mdl_type != EMLC_TMDL_F32) return EMLC_ERR_UNSUPPORTED;
    for (int i = EMLC_AT_MAGIC; i < EMLC_TMDL_HEADER_SIZE; ++i) {
      if (bytes[i] != 0) return EMLC_ERR_FORMAT;
    }
    return EMLC_OK;
  }
  const unsigned flags = emlc_read_u16(bytes + EMLC_AT_FLAGS);
  facts->version = emlc_read_u16(bytes + EMLC_AT_VERSION);
  facts->rule = (uint8_t)(flags & EMLC_FLAGS_RULE);
  facts->task = (uint8_t)((flags & EMLC_FLAGS_TASK) >> EMLC_FLAGS_TASK_SHIFT);
  facts->has_signal = (flags & EMLC_FLAGS_SIGNAL) != 0 ? 1 : 0;
  if (facts->version < EMLC_TMDL_OLDEST_VERSION || facts->version > EMLC_TMDL_VERSION ||
      (flags & ~(unsigned)(EMLC_FLAGS_RULE | EMLC_FLAGS_SIGNAL | EMLC_FLAGS_TASK)) != 0 ||
      facts->task > EMLC_TASK_FILTER) {
    return EMLC_ERR_VERSION;
  }
  facts->total_size = emlc_read_u32(bytes + EMLC_AT_TOTAL_SIZE);
  facts->crc = emlc_read_u32(bytes + EMLC_AT_CRC);
  facts->work_size = emlc_read_u32(bytes + EMLC_AT_WORK_SIZE);
  if (facts->total_size < EMLC_TMDL_HEADER_SIZE) return EMLC_ERR_SIZE;
  if (*limit > facts->total_size) *limit = facts->total_size;
  return EMLC_OK;
}

/**
 * What a blob says of itself.
 *
 * @param blob   its first bytes, at any address
 * @param size   bytes that may be read, EMLC_TMDL_HEADER_SIZE at least; those of the blob or fewer: what lies behind
 *               them is left out of `facts`, as said there
 * @param facts  after an error it means nothing; but for `version` with EMLC_ERR_VERSION
 * @return EMLC_OK, or
 *         EMLC_ERR_NULL         a pointer is NULL
 *         EMLC_ERR_SIZE         there are too few bytes, or a size or a count in them is wrong
 *         EMLC_ERR_FORMAT       it is no .tmdl blob
 *         EMLC_ERR_VERSION      a newer emlc wrote it
 *         EMLC_ERR_UNSUPPORTED  a file of TinyMaix in numbers that emlc does not run
 * Reads nothing but these bytes, whatever they are, and never runs longer than one step for each layer.
 */
static inline emlc_status emlc_tmdl_info(const void* blob, size_t size, emlc_tmdl_facts* facts) {
  const uint8_t* bytes = (const uint8_t*)blob;
  uint32_t limit;
  if (blob == NULL || facts == NULL) return EMLC_ERR_NULL;
  memset(facts, 0, sizeof *facts);
  if (size < EMLC_TMDL_HEADER_SIZE) return EMLC_ERR_SIZE;
  limit = (uint32_t)size == size ? (uint32_t)size : UINT32_MAX;
  emlc_status status = emlc_tmdl_info_header(bytes, &limit, facts);
  if (status != EMLC_OK) return status;
  facts->n_layers = emlc_read_u16(bytes + EMLC_AT_LAYER_CNT);
  facts->n_features = emlc_tmdl_info_width(bytes + EMLC_AT_IN_DIMS);
  facts->n_outputs = emlc_tmdl_info_width(bytes + EMLC_AT_OUT_DIMS);
  if (facts->n_layers == 0 || facts->n_features == 0 || facts->n_outputs == 0) return EMLC_ERR_SIZE;
  status = emlc_tmdl_info_layers(bytes, limit, facts);
  if (status == EMLC_OK) emlc_tmdl_info_targets(bytes, limit, facts);
  return status;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_INFO_H */
