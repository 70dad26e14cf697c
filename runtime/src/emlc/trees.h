/**
 * Tree ensembles, walked in place in the packed form of .tmdl layers of type 64, with sums in float. C99 and C++11;
 * libc: memcpy (and libm where the post-transform needs it, see activations.h).
 */
#ifndef EMLC_TREES_H
#define EMLC_TREES_H

#include <stddef.h>
#include <stdint.h>

#include "activations.h"
#include "bytes.h"
#include "status.h"
#include "tmdl_format.h"
#include "trees_body.h"
#include "typed_values.h"

#ifdef __cplusplus
extern "C" {
#endif

/** In a valid body the smaller subtree comes first, so no more than this many second children wait at any time. */
#define EMLC_TREES_MAX_PENDING 32

/** Is `code` a leaf, or a shared subtree that comes after `region`? */
static inline int emlc_trees_is_code(const emlc_trees* trees, uint32_t code, uint32_t region) {
  if (code < trees->n_codes) return 1;
  code -= trees->n_codes;
  return code > region && code >= trees->n_trees && code < trees->n_regions;
}

/** A record, as the check reads it. */
typedef struct emlc_trees_record {
  uint32_t head;
  uint32_t size; /* bytes */
  uint32_t jump; /* 0 where the second child is a leaf */
} emlc_trees_record;

static inline emlc_status emlc_trees_check_head(const emlc_trees* trees, uint32_t head) {
  const uint32_t field = emlc_trees_field(trees, head);
  if (emlc_trees_feature(trees, head) >= trees->n_features) return EMLC_ERR_RANGE;
  if (field >> trees->threshold_bits != 0) return EMLC_ERR_FORMAT;
  if (trees->threshold_code == EMLC_THRESHOLD_INDEX && field >= trees->n_thresholds) return EMLC_ERR_RANGE;
  if ((head & EMLC_SPLIT_FIRST_IS_LEAF) && !(head & EMLC_SPLIT_SECOND_IS_LEAF)) return EMLC_ERR_FORMAT;
  return EMLC_OK;
}

/** Reads the leaf codes or the jump at splits + at + record->size, which grows by them. */
static inline emlc_status emlc_trees_check_children(const emlc_trees* trees, uint32_t region, uint32_t at,
                                                    emlc_trees_record* record) {
  const uint8_t* bytes = trees->splits + at;
  const uint32_t left = trees->splits_size - at;
  uint32_t n_leaves = 0;
  if (record->head & EMLC_SPLIT_SECOND_IS_LEAF) n_leaves = record->head & EMLC_SPLIT_FIRST_IS_LEAF ? 2 : 1;
  if (left - record->size < n_leaves * trees->leaf_bytes) return EMLC_ERR_FORMAT;
  for (; n_leaves > 0; --n_leaves) {
    const uint32_t code = emlc_read_uint(bytes + record->size, trees->leaf_bytes);
    if (!emlc_trees_is_code(trees, code, region)) return EMLC_ERR_RANGE;
    record->size += trees->leaf_bytes;
  }
  record->jump = 0;
  if (record->head & EMLC_SPLIT_SECOND_IS_LEAF) return EMLC_OK;
  do {
    if (record->size == left || record->jump > 0xFFFFFFU) return EMLC_ERR_FORMAT;
    record->jump = (record->jump << 7) | (bytes[record->size] & 0x7FU);
  } while (bytes[record->size++] & 0x80U);
  return EMLC_OK;
}

EMLC_CALLED emlc_status emlc_trees_check_record(const emlc_trees* trees, uint32_t region, uint32_t at,
                                                emlc_trees_record* record) {
  emlc_status status;
  record->size = trees->head_bytes + (trees->threshold_code == EMLC_THRESHOLD_WORD ? 4U : 0U);
  if (trees->splits_size - at < record->size) return EMLC_ERR_FORMAT;
  record->head = emlc_read_uint(trees->splits + at, trees->head_bytes);
  status = emlc_trees_check_head(trees, record->head);
  return status == EMLC_OK ? emlc_trees_check_children(trees, region, at, record) : status;
}

/** Reads a region once, in order, and proves that every jump leads to the subtree it should. `*at` moves behind it. */
static inline emlc_status emlc_trees_check_region(const emlc_trees* trees, uint32_t region, uint32_t* at) {
  uint32_t pending[EMLC_TREES_MAX_PENDING]; /* where the second children begin that are still to come */
  unsigned n_pending = 0;
  for (;;) {
    emlc_trees_record record;
    const emlc_status status = emlc_trees_check_record(trees, region, *at, &record);
    if (status != EMLC_OK) return status;
    *at += record.size;
    if (!(record.head & EMLC_SPLIT_SECOND_IS_LEAF)) {
      if (n_pending == EMLC_TREES_MAX_PENDING || record.jump > trees->splits_size - *at) return EMLC_ERR_RANGE;
      pending[n_pending++] = *at + record.jump;
    } else if (record.head & EMLC_SPLIT_FIRST_IS_LEAF) {
      if (n_pending == 0) return EMLC_OK;
      if (pending[--n_pending] != *at) return EMLC_ERR_RANGE;
    }
  }
}

static inline emlc_status emlc_trees_check_columns(const emlc_trees* trees) {
  uint32_t tree;
  if (trees->columns == NULL) return EMLC_OK;
  for (tree = 0; tree < trees->n_trees; ++tree) {
    if (emlc_read_u16(trees->columns + 2 * (size_t)tree) > trees->n_outputs - trees->leaf_width) return EMLC_ERR_RANGE;
  }
  return EMLC_OK;
}

/**
 * Prove that no input can make emlc_trees_run leave the body or the outputs. One pass over the body, no recursion, a
 * fixed number of bytes on the stack.
 *
 * @param body        [size], any alignment
 * @param n_features  values that x of emlc_trees_run will have; at least as many as the body names
 * @param n_outputs   values that out will have, exactly those of the body
 * @return EMLC_OK, what emlc_trees_open answers, or EMLC_ERR_RANGE, EMLC_ERR_FORMAT: a split, a leaf or a jump is wrong
 */
static inline emlc_status emlc_trees_check(const uint8_t* body, size_t size, uint32_t n_features, uint32_t n_outputs) {
  emlc_trees trees;
  uint32_t region, at = 0;
  emlc_status status = emlc_trees_open(body, size, &trees);
  if (status != EMLC_OK) return status;
  if (trees.n_features > n_features || trees.n_outputs != n_outputs) return EMLC_ERR_RANGE;
  status = emlc_trees_check_columns(&trees);
  for (region = 0; status == EMLC_OK && region < trees.n_regions; ++region) {
    if (emlc_trees_start(&trees, region) != at) return EMLC_ERR_RANGE;
    status = emlc_trees_check_region(&trees, region, &at);
  }
  if (status != EMLC_OK) return status;
  return at == trees.splits_size ? EMLC_OK : EMLC_ERR_SIZE;
}

/** Of x in a type of integers. A threshold in the head is compared as the integer that it is. */
EMLC_CONSTANT int emlc_trees_integer_goes_left(const emlc_trees* trees, const emlc_split* split, const void* x,
                                               uint8_t type) {
  const int32_t value = emlc_integer_of(x, type, emlc_trees_feature(trees, split->head));
  if (trees->threshold_code == EMLC_THRESHOLD_OFFSET) {
    return value < trees->threshold_base + (int32_t)emlc_trees_field(trees, split->head);
  }
  return (float)value < emlc_trees_threshold(trees, split);
}

EMLC_CONSTANT int emlc_trees_goes_left(const emlc_trees* trees, const emlc_split* split, const void* x, uint8_t type) {
  if (type != EMLC_TYPE_F32) return emlc_trees_integer_goes_left(trees, split, x, type);
  const float value = ((const float*)x)[emlc_trees_feature(trees, split->head)];
  const float threshold = emlc_trees_threshold(trees, split);
  const int nan_goes_left = trees->missing == EMLC_MISSING_PER_SPLIT ? (split->head & EMLC_SPLIT_DEFAULT_LEFT) != 0
                                                                     : trees->missing == EMLC_MISSING_LEFT;
  /* Every comparison with NaN is false. */
  return nan_goes_left ? !(value >= threshold) : value < threshold;
}

/** The leaf code where x ends in a tree. */
EMLC_CONSTANT uint32_t emlc_trees_find_leaf(const emlc_trees* trees, uint32_t tree, const void* x, uint8_t type) {
  const uint8_t* at = trees->splits + emlc_trees_start(trees, tree);
  for (;;) {
    const emlc_split split = emlc_trees_split(trees, at);
    const uint8_t* child = split.children;
    const int takes_second = emlc_trees_goes_left(trees, &split, x, type) == ((split.head & EMLC_SPLIT_FLIP) != 0);
    uint32_t code;
    if (split.head & EMLC_SPLIT_FIRST_IS_LEAF) {
      if (takes_second) child += trees->leaf_bytes;
    } else if (split.head & EMLC_SPLIT_SECOND_IS_LEAF) {
      at = child + trees->leaf_bytes;
      if (!takes_second) continue;
    } else {
      const uint32_t jump = emlc_trees_jump(&child);
      at = takes_second ? child + jump : child;
      continue;
    }
    code = emlc_read_uint(child, trees->leaf_bytes);
    if (code < trees->n_codes) return code;
    at = trees->splits + emlc_trees_start(trees, code - trees->n_codes);
  }
}

/* Integers are summed as they are and divided by `unit` once, at the end. */
static inline void emlc_trees_add_leaf(const emlc_trees* trees, uint32_t tree, uint32_t code, float* out) {
  const unsigned value_bytes = emlc_trees_value_bytes(trees);
  const uint8_t* row = trees->rows + (size_t)code * trees->leaf_width * value_bytes;
  uint32_t i;
  if (value_bytes == 0) {
    out[code] += 1.0F;
    return;
  }
  if (trees->columns != NULL) out += emlc_read_u16(trees->columns + 2 * (size_t)tree);
  for (i = 0; i < trees->leaf_width; ++i, row += value_bytes) {
    out[i] += value_bytes == 4 ? emlc_read_f32(row) : (float)emlc_read_uint(row, value_bytes);
  }
}

/** Floats are added to the base score, integers start at 0. */
static inline float emlc_trees_first_sum(const emlc_trees* trees, uint32_t output) {
  const int starts_with_base = trees->leaf_kind == EMLC_LEAF_FLOAT_ROWS && !trees->base_score_at_end;
  return starts_with_base ? emlc_read_f32(trees->base_score + 4 * (size_t)output) : 0.0F;
}

EMLC_CALLED void emlc_trees_finish(const emlc_trees* trees, float* out) {
  const int is_integer = trees->leaf_kind != EMLC_LEAF_FLOAT_ROWS;
  uint32_t i;
  for (i = 0; i < trees->n_outputs; ++i) {
    const float base_score = emlc_read_f32(trees->base_score + 4 * (size_t)i);
    if (is_integer) out[i] /= trees->unit;
    if (is_integer && !trees->base_score_at_end) out[i] += base_score;
    out[i] = out[i] / trees->divisor * trees->scale;
    if (trees->base_score_at_end) out[i] += base_score;
  }
  emlc_post_transform_at(trees->post_transform, (const uint8_t*)&trees->post_scale, out, (size_t)trees->n_outputs);
}

/**
 * out = post_transform(base_score + scale / divisor * sum of the leaves that x reaches), summed in float.
 *
 * @param body  one that emlc_trees_check has accepted
 * @param x     [n_features] of `type`: EMLC_TYPE_F32, where NaN is a missing value, or integers, of which each stands
 * for the float nearest to it; not the same array as out
 * @param out   [n_outputs]
 */
EMLC_CONSTANT void emlc_trees_run_typed(const uint8_t* body, const void* x, uint8_t type, float* out) {
  emlc_trees trees;
  uint32_t i;
  emlc_trees_read_header(body, &trees);
  (void)emlc_trees_find_sections(body, (size_t)-1, &trees);
  for (i = 0; i < trees.n_outputs; ++i) out[i] = emlc_trees_first_sum(&trees, i);
  for (i = 0; i < trees.n_trees; ++i) {
    emlc_trees_add_leaf(&trees, i, emlc_trees_find_leaf(&trees, i, x, type), out);
  }
  emlc_trees_finish(&trees, out);
}

/** As emlc_trees_run_typed, of floats. */
static inline void emlc_trees_run(const uint8_t* body, const float* x, float* out) {
  emlc_trees_run_typed(body, x, EMLC_TYPE_F32, out);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TREES_H */
