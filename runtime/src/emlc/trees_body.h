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
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EMLC_TREES_VERSION 1
#define EMLC_TREES_HEADER 72 /* bytes of the body before its first section */

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

/** The parts of a body, found by emlc_trees_open. Read only. */
typedef struct emlc_trees {
  uint8_t leaf_kind, threshold_code, missing;
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

/** Takes `count` items of `width` bytes off what is left; NULL when it is less. */
static inline const uint8_t* emlc_trees_take(const uint8_t** bytes, size_t* left, uint32_t count, size_t width) {
  const uint8_t* section = *bytes;
  if (count > *left / width) return NULL;
  *bytes += (size_t)count * width;
  *left -= (size_t)count * width;
  return section;
}

static inline void emlc_trees_read_header(const uint8_t* body, emlc_trees* trees) {
  trees->leaf_kind = body[1];
  trees->threshold_code = body[2];
  trees->missing = body[3];
  trees->head_bytes = body[4];
  trees->feature_bits = body[5];
  trees->threshold_bits = body[6];
  trees->leaf_bytes = body[7];
  trees->start_bytes = body[8];
  trees->base_score_at_end = body[9];
  trees->post_transform = body[10];
  trees->feature_type = body[11];
  trees->n_features = emlc_read_u32(body + 12);
  trees->n_outputs = emlc_read_u32(body + 16);
  trees->n_trees = emlc_read_u32(body + 20);
  trees->n_regions = emlc_read_u32(body + 24);
  trees->n_codes = emlc_read_u32(body + 28);
  trees->leaf_width = emlc_read_u32(body + 32);
  trees->n_thresholds = emlc_read_u32(body + 36);
  trees->threshold_base = emlc_read_i32(body + 40);
  trees->splits_size = emlc_read_u32(body + 44);
  trees->unit = emlc_read_f32(body + 48);
  trees->divisor = emlc_read_f32(body + 52);
  trees->scale = emlc_read_f32(body + 56);
  trees->post_scale = emlc_read_f32(body + 60);
  trees->post_denominator = emlc_read_f32(body + 64);
  trees->post_offset = emlc_read_f32(body + 68);
}

/** Bytes of one value of a leaf row, 0 for votes. */
static inline unsigned emlc_trees_value_bytes(const emlc_trees* trees) {
  if (trees->leaf_kind == EMLC_LEAF_FLOAT_ROWS) return 4;
  if (trees->leaf_kind == EMLC_LEAF_U16_ROWS) return 2;
  return trees->leaf_kind == EMLC_LEAF_U8_ROWS ? 1 : 0;
}

static inline const uint8_t* emlc_trees_take_rows(emlc_trees* trees, const uint8_t** bytes, size_t* left) {
  const unsigned value_bytes = emlc_trees_value_bytes(trees);
  if (value_bytes == 0) return *bytes;
  if (trees->leaf_width > *left / value_bytes) return NULL;
  return emlc_trees_take(bytes, left, trees->n_codes, (size_t)trees->leaf_width * value_bytes);
}

/** Finds the parts of a body whose header is right. EMLC_ERR_SIZE: they do not fit it. */
static inline emlc_status emlc_trees_find_sections(const uint8_t* body, size_t size, emlc_trees* trees) {
  const uint8_t* at = body + EMLC_TREES_HEADER;
  size_t left = size - EMLC_TREES_HEADER;
  const int rows_first = trees->leaf_kind == EMLC_LEAF_FLOAT_ROWS; /* by alignment: 4, 2, 1 */
  trees->base_score = trees->thresholds = trees->starts = trees->columns = trees->rows = trees->splits = NULL;
  if ((trees->base_score = emlc_trees_take(&at, &left, trees->n_outputs, 4)) == NULL) return EMLC_ERR_SIZE;
  if ((trees->thresholds = emlc_trees_take(&at, &left, trees->n_thresholds, 4)) == NULL) return EMLC_ERR_SIZE;
  if (rows_first && (trees->rows = emlc_trees_take_rows(trees, &at, &left)) == NULL) return EMLC_ERR_SIZE;
  trees->starts = emlc_trees_take(&at, &left, trees->n_regions, trees->start_bytes);
  if (trees->starts == NULL) return EMLC_ERR_SIZE;
  if (trees->leaf_width < trees->n_outputs && trees->leaf_kind != EMLC_LEAF_VOTES) {
    if ((trees->columns = emlc_trees_take(&at, &left, trees->n_trees, 2)) == NULL) return EMLC_ERR_SIZE;
  }
  if (!rows_first && (trees->rows = emlc_trees_take_rows(trees, &at, &left)) == NULL) return EMLC_ERR_SIZE;
  if ((trees->splits = emlc_trees_take(&at, &left, trees->splits_size, 1)) == NULL) return EMLC_ERR_SIZE;
  return left < 8 ? EMLC_OK : EMLC_ERR_SIZE; /* padding to 8 bytes */
}

/** Is every field of the header one that this runtime knows, and do they go together? */
static inline emlc_status emlc_trees_check_header(const emlc_trees* trees) {
  const unsigned head_bits = emlc_trees_feature_shift(trees) + trees->feature_bits + trees->threshold_bits;
  const unsigned field_bits = trees->threshold_code == EMLC_THRESHOLD_WORD ? 0U : 31U;
  if (trees->leaf_kind > EMLC_LEAF_U16_ROWS || trees->threshold_code > EMLC_THRESHOLD_INDEX) return EMLC_ERR_FORMAT;
  if (trees->missing > EMLC_MISSING_PER_SPLIT || trees->base_score_at_end > 1) return EMLC_ERR_FORMAT;
  if (trees->feature_bits > 31 || trees->threshold_bits > field_bits) return EMLC_ERR_FORMAT;
  if (trees->head_bytes > 4 || trees->head_bytes != (head_bits + 7U) / 8U) return EMLC_ERR_FORMAT;
  if (trees->leaf_bytes < 1 || trees->leaf_bytes > 4) return EMLC_ERR_FORMAT;
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
