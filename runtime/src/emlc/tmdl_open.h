/**
 * Opening a .tmdl blob: everything is checked here, once, so that running it needs no check. Part of tmdl.h.
 */
#ifndef EMLC_TMDL_OPEN_H
#define EMLC_TMDL_OPEN_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "status.h"
#include "tmdl_check.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An opened blob. Written by emlc_tmdl_open, then only read; the blob has to stay where it is. */
typedef struct emlc_model {
  const uint8_t* blob;
  uint16_t n_features; /* values of x; 1 for a filter */
  uint16_t n_outputs;  /* values of y; 1 for a filter */
  uint32_t n_sections; /* of a filter, else 0 */
  uint16_t n_targets;  /* groups of outputs with a decision of their own, at least 1 */
  uint32_t work_size;  /* bytes of the working memory of emlc_run or of the state of emlc_filter, a multiple of 8 */
  uint32_t targets;    /* where the target sizes are in the blob; 0: one target */
  uint16_t n_layers;
  uint8_t mdl_type;
  uint8_t rule; /* EMLC_RULE_... */
  float threshold;
  uint8_t sample_bits; /* 16 or 32 of a filter in integers; 0: everything is float */
} emlc_model;

/** 1 for a rule that compares each output with the threshold, 0 for one that looks for a maximum. */
static inline int emlc_rule_compares(uint8_t rule) {
  return rule == EMLC_RULE_GREATER || rule == EMLC_RULE_GREATER_EQUAL;
}

/** Before the first layer. In int8 the quantised input is in the buffer as well. */
static inline emlc_status emlc_tmdl_start_chain(const uint8_t* blob, const emlc_model* model, emlc_tmdl_chain* chain) {
#ifdef EMLC_NO_DENSE
  chain->mdl_type = EMLC_TMDL_EMLC; /* the only one that has passed, which the compiler need not find out */
#else
  chain->mdl_type = model->mdl_type;
#endif
  const int is_i8 = chain->mdl_type == EMLC_TMDL_I8;
  chain->buf_size = emlc_load_u32(blob + EMLC_AT_BUF_SIZE);
  chain->width = model->n_features;
  chain->oft = 0;
  chain->in_buffer = is_i8;
  chain->is_first = chain->is_last = 0;
  chain->work_size = is_i8 ? model->n_features : 0;
  chain->n_sections = 0;
  chain->sample_bits = 0;
  return chain->work_size <= chain->buf_size ? EMLC_OK : EMLC_ERR_RANGE;
}

/** All layers between the header and `size`; `end` becomes the offset of what follows the last one. */
static inline emlc_status emlc_tmdl_check_layers(const uint8_t* blob, uint32_t size, emlc_model* model, uint32_t* end) {
  emlc_tmdl_chain chain;
  uint32_t oft = EMLC_TMDL_HEADER_SIZE;
  emlc_status status = emlc_tmdl_start_chain(blob, model, &chain);
  for (uint32_t i = 0; status == EMLC_OK && i < model->n_layers; ++i) {
    if (size - oft < EMLC_LAYER_HEADER_SIZE) return EMLC_ERR_SIZE;
    const emlc_tmdl_layer layer = emlc_tmdl_layer_at(blob + oft);
    if (layer.size < EMLC_LAYER_HEADER_SIZE || layer.size > size - oft) return EMLC_ERR_SIZE;
    if (layer.size % EMLC_TMDL_ALIGN != 0) return EMLC_ERR_ALIGN;
    chain.is_first = i == 0;
    chain.is_last = i + 1U == model->n_layers;
    status = emlc_tmdl_check_layer(&layer, &chain);
    if (layer.type == EMLC_LAYER_SOFTMAX && chain.is_last) model->rule = EMLC_RULE_ARGMAX;
    oft += layer.size;
  }
  if (status != EMLC_OK) return status;
  if (chain.width != model->n_outputs) return EMLC_ERR_FORMAT;
  if (chain.work_size > UINT32_MAX - (EMLC_TMDL_ALIGN - 1)) return EMLC_ERR_MEMORY;
  model->work_size = (chain.work_size + EMLC_TMDL_ALIGN - 1) / EMLC_TMDL_ALIGN * EMLC_TMDL_ALIGN;
  model->n_sections = chain.n_sections;
  model->sample_bits = chain.sample_bits;
  *end = oft;
  return (size_t)model->work_size == model->work_size ? EMLC_OK : EMLC_ERR_MEMORY;
}

/** What TinyMaix has in the first 36 bytes. */
static inline emlc_status emlc_tmdl_check_header(const uint8_t* blob, emlc_model* model) {
  /* Numbers are read and weights used where they lie. */
  if (!emlc_is_little_endian()) return EMLC_ERR_UNSUPPORTED;
  if (emlc_load_u32(blob + EMLC_AT_MAIX) != EMLC_TMDL_MAIX) return EMLC_ERR_FORMAT;
  model->mdl_type = blob[EMLC_AT_MDL_TYPE];
  model->n_layers = emlc_load_u16(blob + EMLC_AT_LAYER_CNT);
  model->n_features = emlc_tmdl_width(blob + EMLC_AT_IN_DIMS);
  model->n_outputs = emlc_tmdl_width(blob + EMLC_AT_OUT_DIMS);
#ifdef EMLC_NO_INT8
  const int has_i8 = 0;
#else
  const int has_i8 = 1;
#endif
#ifdef EMLC_NO_DENSE
  const int has_f32 = 0;
#else
  const int has_f32 = 1;
#endif
  const int is_known = (has_i8 && model->mdl_type == EMLC_TMDL_I8) || (has_f32 && model->mdl_type == EMLC_TMDL_F32) ||
                       model->mdl_type == EMLC_TMDL_EMLC;
  if (!is_known || emlc_load_u16(blob + EMLC_AT_INPUT_CNT) != 1 || emlc_load_u16(blob + EMLC_AT_OUTPUT_CNT) != 1) {
    return EMLC_ERR_UNSUPPORTED;
  }
  return model->n_layers == 0 || model->n_features == 0 || model->n_outputs == 0 ? EMLC_ERR_SIZE : EMLC_OK;
}

/** Without emlc's header the 28 bytes are 0, and there is no checksum and no decision. */
static inline emlc_status emlc_tmdl_check_no_own_header(const uint8_t* blob, const emlc_model* model) {
  if (model->mdl_type == EMLC_TMDL_EMLC) return EMLC_ERR_FORMAT;
  for (int i = EMLC_AT_MAGIC; i < EMLC_TMDL_HEADER_SIZE; ++i) {
    if (blob[i] != 0) return EMLC_ERR_FORMAT;
  }
  return EMLC_OK;
}

/** What the checksum of a blob has to be; version 1 leaves out the header, so that a change of it went unseen. */
static inline uint32_t emlc_tmdl_checksum(const uint8_t* blob, size_t size, uint32_t version) {
  uint32_t crc = 0xFFFFFFFFU;
  size_t from = EMLC_TMDL_HEADER_SIZE;
  if (version != EMLC_TMDL_OLDEST_VERSION) {
    crc = emlc_crc32_add(crc, blob, EMLC_AT_CRC);
    from = EMLC_AT_CRC + 4;
  }
  return ~emlc_crc32_add(crc, blob + from, size - from);
}

/** emlc's part of the header; `size` shrinks to the size that the blob says it has. */
static inline emlc_status emlc_tmdl_check_own_header(const uint8_t* blob, uint32_t* size) {
  const uint32_t total_size = emlc_load_u32(blob + EMLC_AT_TOTAL_SIZE);
  const uint32_t version = emlc_load_u16(blob + EMLC_AT_VERSION);
  if (version < EMLC_TMDL_OLDEST_VERSION || version > EMLC_TMDL_VERSION) return EMLC_ERR_VERSION;
  const uint16_t flags = emlc_load_u16(blob + EMLC_AT_FLAGS);
  if ((flags & ~(unsigned)EMLC_FLAGS_KNOWN) != 0) return EMLC_ERR_VERSION;
  if ((flags & EMLC_FLAGS_TASK) >> EMLC_FLAGS_TASK_SHIFT > EMLC_TASK_FILTER) return EMLC_ERR_VERSION;
  if (total_size < EMLC_TMDL_HEADER_SIZE || total_size > *size) return EMLC_ERR_SIZE;
  if (emlc_tmdl_checksum(blob, (size_t)total_size, version) != emlc_load_u32(blob + EMLC_AT_CRC))
    return EMLC_ERR_CHECKSUM;
  *size = total_size;
  return EMLC_OK;
}

/** 1 if of what is left behind the layers `used` bytes are all, or, where the header says so, the rest is a signal, of
 * which emlc_signal_open has the check. */
static inline int emlc_tmdl_is_all(const uint8_t* blob, uint32_t left, uint32_t used) {
#ifdef EMLC_NO_SIGNALS
  (void)blob;
  return left == used;
#else
  return left >= used && (left != used) == ((blob[EMLC_AT_FLAGS] & EMLC_FLAGS_SIGNAL) != 0);
#endif
}

/** The sizes of the targets, which follow the last layer: u16 n_targets, u16 size[n_targets], which add up to
 * n_outputs, padded to 8 bytes.
 */
EMLC_TMDL_CALLED emlc_status emlc_tmdl_check_targets(const uint8_t* blob, uint32_t size, uint32_t end,
                                                     emlc_model* model) {
  uint32_t sum = 0;
  model->targets = emlc_load_u32(blob + EMLC_AT_TARGETS);
  if (model->targets == 0) return emlc_tmdl_is_all(blob, size - end, 0) ? EMLC_OK : EMLC_ERR_SIZE;
  if (model->targets != end || size - end < 2) return EMLC_ERR_RANGE;
  model->n_targets = emlc_load_u16(blob + end);
  const uint32_t used = 2U + 2U * (uint32_t)model->n_targets;
  if (!emlc_tmdl_is_all(blob, size - end, (used + EMLC_TMDL_ALIGN - 1) / EMLC_TMDL_ALIGN * EMLC_TMDL_ALIGN)) {
    return EMLC_ERR_SIZE;
  }
  for (uint32_t i = 0; i < model->n_targets; ++i) {
    const uint16_t width = emlc_load_u16(blob + end + 2 + 2 * i);
    if (width == 0) return EMLC_ERR_FORMAT;
    sum += width;
  }
  return sum == model->n_outputs ? EMLC_OK : EMLC_ERR_FORMAT;
}

/** What emlc's header says about the layers has to agree with them. */
static inline emlc_status emlc_tmdl_check_decision(const uint8_t* blob, uint32_t size, uint32_t end,
                                                   emlc_model* model) {
  model->rule = (uint8_t)(emlc_load_u16(blob + EMLC_AT_FLAGS) & EMLC_FLAGS_RULE);
  model->threshold = emlc_f32_at(blob + EMLC_AT_THRESHOLD);
  if (emlc_load_u32(blob + EMLC_AT_WORK_SIZE) != model->work_size) return EMLC_ERR_FORMAT;
  if (!emlc_is_finite_f32(model->threshold)) return EMLC_ERR_RANGE;
  if (emlc_rule_compares(model->rule)) { /* each output is a yes or no of its own */
    model->n_targets = model->n_outputs;
    if (emlc_load_u32(blob + EMLC_AT_TARGETS) != 0) return EMLC_ERR_FORMAT;
  }
  return emlc_tmdl_check_targets(blob, size, end, model);
}

/**
 * Check a .tmdl blob in full and describe it.
 *
 * @param blob   8-byte aligned; stays where it is while the model is in use (flash is fine)
 * @param size   bytes that may be read; more than the blob has is fine
 * @param model  written only when the answer is EMLC_OK; after that emlc_run and emlc_filter stay inside the blob and
 *               the memory they are given, whatever the input
 * @return EMLC_OK, or
 *         EMLC_ERR_NULL         a pointer is NULL
 *         EMLC_ERR_ALIGN        the blob, or something in it, is not aligned
 *         EMLC_ERR_SIZE         the blob is cut off, or a size in it is wrong
 *         EMLC_ERR_FORMAT       it is no .tmdl blob, or its fields contradict one another
 *         EMLC_ERR_VERSION      a newer emlc wrote it
 *         EMLC_ERR_RANGE        an offset or a number is out of its range
 *         EMLC_ERR_CHECKSUM     the bytes were changed
 *         EMLC_ERR_UNSUPPORTED  valid, but with a type or a layer that this runtime does not run; and every
 *                               blob on a big-endian machine, as weights are used where they lie
 *         EMLC_ERR_MEMORY       it needs more working memory than this machine can address
 */
static inline emlc_status emlc_tmdl_open(const void* blob, size_t size, emlc_model* model) {
  const uint8_t* bytes = (const uint8_t*)blob;
  emlc_model opened = {NULL, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0.0F, 0};
  uint32_t limit, end = 0;
  if (blob == NULL || model == NULL) return EMLC_ERR_NULL;
  if ((uintptr_t)blob % EMLC_TMDL_ALIGN != 0) return EMLC_ERR_ALIGN;
  if (size < EMLC_TMDL_HEADER_SIZE) return EMLC_ERR_SIZE;
  limit = (uint32_t)size == size ? (uint32_t)size : UINT32_MAX;
  opened.blob = bytes;
  emlc_status status = emlc_tmdl_check_header(bytes, &opened);
  const int is_own = emlc_load_u32(bytes + EMLC_AT_MAGIC) == EMLC_TMDL_MAGIC;
  if (status == EMLC_OK) {
    status = is_own ? emlc_tmdl_check_own_header(bytes, &limit) : emlc_tmdl_check_no_own_header(bytes, &opened);
  }
  if (status == EMLC_OK) status = emlc_tmdl_check_layers(bytes, limit, &opened, &end);
  if (status == EMLC_OK && is_own) status = emlc_tmdl_check_decision(bytes, limit, end, &opened);
  if (status == EMLC_OK) *model = opened;
  return status;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_OPEN_H */
