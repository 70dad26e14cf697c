/**
 * The packed form of tree ensembles, the body of .tmdl layers of type 64: its parts and its numbers, read in place.
 * C99 and C++11; libc: memcpy. docs/tmdl.md describes the bytes. Users include trees.h.
 */
#ifndef EMLC_TREES_BODY_H
#define EMLC_TREES_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "activations.h"
#include "bytes.h"
#include "parts.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EMLC_TREES_VERSION 1
#define EMLC_TREES_HEADER 72          /* bytes of the body before its first section */
#define EMLC_TREES_AT_FEATURE_TYPE 11 /* u8, EMLC_TYPE_... */

/** What the code of a leaf means. */
enum {
  EMLC_LEAF_VOTES = 0,      /* one vote for the output of that index */
  EMLC_LEAF_FLOAT_ROWS = 1, /* a row of float32 */
  EMLC_LEAF_U8_ROWS = 2,    /* a row of integers in units of 1 / unit */
  EMLC_LEAF_U16_ROWS = 3
};

/** How a split names its threshold. */
enum {
  EMLC_THRESHOLD_OFFSET = 0, /* threshold_base + the head's field */
  EMLC_THRESHOLD_WORD = 1,   /* a float32 after the head */
  EMLC_THRESHOLD_INDEX = 2   /* the head's field is an index into the table of thresholds */
};

/** Where a missing value (NaN) goes. */
enum { EMLC_MISSING_RIGHT = 0, EMLC_MISSING_LEFT = 1, EMLC_MISSING_PER_SPLIT = 2 };

/** Bits of a split's head; above them come the feature and the threshold. */
#define EMLC_SPLIT_FIRST_IS_LEAF 1U
#define EMLC_SPLIT_SECOND_IS_LEAF 2U
#define EMLC_SPLIT_FLIP 4U         /* the first child is the right one */
#define EMLC_SPLIT_DEFAULT_LEFT 8U /* only where missing is per split */

/** A body: first its header, field by field as it lies there, then its parts, found by emlc_trees_open. Read only. */
typedef struct emlc_trees {
  uint8_t version, leaf_kind, threshold_code, missing;
  uint8_t head_bytes, feature_bits, threshold_bits, leaf_bytes, start_bytes;
  uint8_t base_score_at_end, post_transform, feature_type;
  uint32_t n_features, n_outputs, n_trees;
  uint32_t n_regions; /* the trees, then the subtrees that several splits share */
  uint32_t n_codes;   /* a leaf code below is a leaf, others continue in region code - n_codes */
  uint32_t leaf_width, n_thresholds;
  int32_t threshold_base;
  uint32_t splits_size;
  float unit, divisor, scale, post_scale, post_denominator, post_offset;
  const uint8_t* base_score; /* f32 [n_outputs] */
  const uint8_t* thresholds; /* f32 [n_thresholds] */
  const uint8_t* starts;     /* u16 or u32 [n_regions] */
  const uint8_t* columns;    /* u16 [n_trees] first output of each tree; NULL when all are 0 */
  const uint8_t* rows;       /* [n_codes][leaf_width] */
  const uint8_t* splits;
} emlc_trees;

/** One split as it lies in the body. */
typedef struct emlc_split {
  uint32_t head;
  const uint8_t* word;     /* the threshold, where there is one after the head */
  const uint8_t* children; /* leaf codes or jump */
} emlc_split;

static inline uint32_t emlc_read_uint(const uint8_t* bytes, unsigned count) {
  uint32_t value = 0;
  while (count-- > 0) value = (value << 8) | bytes[count];
  return value;
}

static inline unsigned emlc_trees_feature_shift(const emlc_trees* trees) {
  return trees->missing == EMLC_MISSING_PER_SPLIT ? 4U : 3U;
}

static inline uint32_t emlc_trees_feature(const emlc_trees* trees, uint32_t head) {
  return (head >> emlc_trees_feature_shift(trees)) & (((uint32_t)1 << trees->feature_bits) - 1U);
}

/** The threshold field of a head; 0 when it has none. */
static inline uint32_t emlc_trees_field(const emlc_trees* trees, uint32_t head) {
  const unsigned shift = emlc_trees_feature_shift(trees) + trees->feature_bits;
  return shift < 32U ? head >> shift : 0U;
}

static inline float emlc_trees_threshold(const emlc_trees* trees, const emlc_split* split) {
  const uint32_t field = emlc_trees_field(trees, split->head);
  if (trees->threshold_code == EMLC_THRESHOLD_WORD) return emlc_read_f32(split->word);
  if (trees->threshold_code == EMLC_THRESHOLD_INDEX) return emlc_read_f32(trees->thresholds + 4 * (size_t)field);
  return (float)(trees->threshold_base + (int32_t)field);
}

static inline emlc_split emlc_trees_split(const emlc_trees* trees, const uint8_t* bytes) {
  emlc_split split;
  split.head = emlc_read_uint(bytes, trees->head_bytes);
  split.word = bytes + trees->head_bytes;
  split.children = split.word + (trees->threshold_code == EMLC_THRESHOLD_WORD ? 4 : 0);
  return split;
}

static inline uint32_t emlc_trees_start(const emlc_trees* trees, uint32_t region) {
  return emlc_read_uint(trees->starts + (size_t)region * trees->start_bytes, trees->start_bytes);
}

/** The number in base 128 at `*bytes`, which moves behind it. */
static inline uint32_t emlc_trees_jump(const uint8_t** bytes) {
  uint32_t jump = 0;
  uint8_t digit;
  do {
    digit = *(*bytes)++;
    jump = (jump << 7) | (digit & 0x7FU);
  } while (digit & 0x80U);
  return jump;
}

static inline void emlc_trees_read_header(const uint8_t* body, emlc_trees* trees) {
  memcpy(trees, body, EMLC_TREES_HEADER);
  if (emlc_is_little_endian()) return;
  for (size_t i = 12; i < EMLC_TREES_HEADER; i += 4) {
    const uint32_t number = emlc_read_u32(body + i);
    memcpy((uint8_t*)trees + i, &number, sizeof number);
  }
}

/** Bytes of one value of a leaf row, 0 for votes. */
static inline unsigned emlc_trees_value_bytes(const emlc_trees* trees) {
  return 0x2140U >> (4U * trees->leaf_kind) & 15U;
}

/** Finds the parts of a body whose header is right. EMLC_ERR_SIZE: they do not fit it. */
static inline emlc_status emlc_trees_find_sections(const uint8_t* body, size_t size, emlc_trees* trees) {
  emlc_parts parts = {body + EMLC_TREES_HEADER, size - EMLC_TREES_HEADER, 0};
  const int rows_first = trees->leaf_kind == EMLC_LEAF_FLOAT_ROWS; /* by alignment: 4, 2, 1 */
  const int has_rows = trees->leaf_kind != EMLC_LEAF_VOTES;
  const uint32_t n_rows = has_rows ? trees->n_codes : 0U;
  size_t row_bytes = 1;
  trees->base_score = emlc_next_part(&parts, trees->n_outputs, 4);
  if (has_rows) row_bytes = (size_t)trees->leaf_width * emlc_trees_value_bytes(trees); /* no more than n_outputs took */
  trees->thresholds = emlc_next_part(&parts, trees->n_thresholds, 4);
  trees->rows = trees->columns = NULL;
  if (rows_first) trees->rows = emlc_next_part(&parts, n_rows, row_bytes);
  trees->starts = emlc_next_part(&parts, trees->n_regions, trees->start_bytes);
  if (trees->leaf_width < trees->n_outputs && has_rows) trees->columns = emlc_next_part(&parts, trees->n_trees, 2);
  if (!rows_first) trees->rows = emlc_next_part(&parts, n_rows, row_bytes);
  trees->splits = emlc_next_part(&parts, trees->splits_size, 1);
  return emlc_parts_fill(&parts) ? EMLC_OK : EMLC_ERR_SIZE;
}

/** Is every field of the header one that this runtime knows, and do they go together? */
EMLC_CALLED emlc_status emlc_trees_check_header(const emlc_trees* trees) {
  const unsigned head_bits = emlc_trees_feature_shift(trees) + trees->feature_bits + trees->threshold_bits;
  /* From leaf_kind to base_score_at_end. */
  const uint8_t* fields = (const uint8_t*)trees + 1;
  static const uint8_t most[] = {EMLC_LEAF_U16_ROWS, EMLC_THRESHOLD_INDEX, EMLC_MISSING_PER_SPLIT, 4, 31, 31, 4, 4, 1};
  for (size_t i = 0; i < sizeof most; ++i) {
    if (fields[i] > most[i]) return EMLC_ERR_FORMAT;
  }
  if (trees->threshold_code == EMLC_THRESHOLD_WORD && trees->threshold_bits != 0) return EMLC_ERR_FORMAT;
  if (trees->head_bytes != (head_bits + 7U) / 8U || trees->leaf_bytes == 0) return EMLC_ERR_FORMAT;
  if (trees->start_bytes != 2 && trees->start_bytes != 4) return EMLC_ERR_FORMAT;
  if (!emlc_has_post_transform(trees->post_transform)) return EMLC_ERR_UNSUPPORTED;
  if (trees->n_trees < 1 || trees->n_regions < trees->n_trees) return EMLC_ERR_RANGE;
  if (trees->leaf_width < 1 || trees->leaf_width > trees->n_outputs) return EMLC_ERR_RANGE;
  if (trees->leaf_kind == EMLC_LEAF_VOTES && (trees->n_codes > trees->n_outputs || trees->unit != 1.0F)) {
    return EMLC_ERR_RANGE; /* a vote is 1 */
  }
  /* A code fits 32 bits, and threshold_base + field an int32. */
  if (trees->n_codes > 0x7FFFFFFFU || trees->n_regions > 0x7FFFFFFFU) return EMLC_ERR_RANGE;
  if (trees->threshold_base > 0x1000000 || trees->threshold_base < -0x1000000) return EMLC_ERR_RANGE;
  if (trees->threshold_code == EMLC_THRESHOLD_OFFSET && trees->threshold_bits > 25) return EMLC_ERR_RANGE;
  return EMLC_OK;
}

/**
 * Find the parts of a body. Checks that they fit, not what is in them: emlc_trees_check does.
 *
 * @return EMLC_OK; EMLC_ERR_NULL; EMLC_ERR_SIZE the body is too short or too long; EMLC_ERR_VERSION;
 *         EMLC_ERR_FORMAT, EMLC_ERR_RANGE, EMLC_ERR_UNSUPPORTED a field of the header
 */
static inline emlc_status emlc_trees_open(const uint8_t* body, size_t size, emlc_trees* trees) {
  emlc_status status;
  if (body == NULL || trees == NULL) return EMLC_ERR_NULL;
  if (size < EMLC_TREES_HEADER || size % 8 != 0) return EMLC_ERR_SIZE;
  if (body[0] != EMLC_TREES_VERSION) return EMLC_ERR_VERSION;
  emlc_trees_read_header(body, trees);
  status = emlc_trees_check_header(trees);
  return status == EMLC_OK ? emlc_trees_find_sections(body, size, trees) : status;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TREES_BODY_H */
