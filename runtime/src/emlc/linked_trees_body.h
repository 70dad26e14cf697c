/**
 * Tree ensembles laid out for speed, the body of .tmdl layers of type 71: their parts, and the proof that they can be
 * walked. C99 and C++11; libc: memcpy. docs/tmdl.md describes the bytes. Users include tmdl.h or linked_trees.h.
 */
#ifndef EMLC_LINKED_TREES_BODY_H
#define EMLC_LINKED_TREES_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "activations.h"
#include "bytes.h"
#include "status.h"
#include "tmdl_format.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EMLC_LINKED_VERSION 1
#define EMLC_LINKED_UNIT 4U /* bytes that a link counts */

/** Byte offsets from the start of the body. */
enum {
  EMLC_LINKED_AT_VERSION = 0,
  EMLC_LINKED_AT_FEATURE_TYPE = 1,   /* u8, EMLC_TYPE_... */
  EMLC_LINKED_AT_RECORD_BYTES = 2,   /* u8, 4, 8 or 12 */
  EMLC_LINKED_AT_VALUE_BYTES = 3,    /* u8, of a value of a leaf row: 0 no rows, 1 u8, 2 i16, 4 i32 */
  EMLC_LINKED_AT_MISSING = 4,        /* u8, where NaN goes: 0 right, 1 left */
  EMLC_LINKED_AT_DECISION = 5,       /* u8, see below */
  EMLC_LINKED_AT_POST_TRANSFORM = 6, /* u8, an emlc_post_transform_kind */
  EMLC_LINKED_AT_FLAGS = 7,          /* u8, see below */
  EMLC_LINKED_AT_N_FEATURES = 8,     /* u32 */
  EMLC_LINKED_AT_N_OUTPUTS = 12,     /* u16 */
  EMLC_LINKED_AT_LEAF_WIDTH = 14,    /* u16, values of a leaf row */
  EMLC_LINKED_AT_N_TREES = 16,       /* u32 */
  EMLC_LINKED_AT_N_ROWS = 20,        /* u32, leaf rows */
  EMLC_LINKED_AT_SPLITS_SIZE = 24,   /* u32, bytes */
  EMLC_LINKED_AT_FIRST_LEAF = 28,    /* u16, the first link that is a leaf */
  EMLC_LINKED_AT_N_VOTES = 30,       /* u16, leaf codes below it are columns that get `whole` */
  EMLC_LINKED_AT_WHOLE = 32,         /* i32 */
  EMLC_LINKED_AT_START = 36,         /* i32, what sums start from */
  EMLC_LINKED_AT_BOUND = 40,         /* i32, what the sum is compared with; of the largest: one that no other passes */
  EMLC_LINKED_AT_MOST = 44,          /* u32, of a comparison: the most that a tree adds, 0 where one takes off */
  EMLC_LINKED_AT_TOTAL = 48,         /* i32, of a pair: both sums together */
  EMLC_LINKED_AT_BASE = 52,          /* i32, added to thresholds of 8 and 16 bits */
  EMLC_LINKED_AT_POST_SCALE = 56,    /* f32, then denominator and offset */
  EMLC_LINKED_AT_DIVISOR = 68,       /* f32, of the model, for readers: the unit of leaf values follows from it */
  EMLC_LINKED_AT_SCALE = 72,         /* f32, likewise */
  EMLC_LINKED_AT_DATA = 76
};

/** How emlc_decide finds the class. */
enum {
  EMLC_LINKED_BY_OUTPUTS = 0, /* it does not: the outputs are computed, and the rule of the header decides */
  EMLC_LINKED_LARGEST = 1,    /* the first largest sum */
  EMLC_LINKED_AT_LEAST = 2,   /* class 1 if the sum is at least the bound, else 0 */
  EMLC_LINKED_BELOW = 3       /* class 1 if the sum is below the bound, else 0 */
};

/** Flags. */
enum {
  EMLC_LINKED_PAIR = 1,   /* two outputs, one sum: that of the second; the first is total - sum */
  EMLC_LINKED_DIVIDES = 2 /* an output is sum / factor, else sum * factor */
};

/** A body and its parts. Read only. */
typedef struct emlc_linked_trees {
  const uint8_t* body; /* its header is read there, as what is wanted of it is a load each */
  /* f32 factors [n_outputs] and f32 bases [n_outputs] are the first of the data; then, found by emlc_linked_find, */
  const uint8_t* trees; /* [n_trees + 1] of u32 root (bytes into splits), u32 first row; the last one is the end */
  const uint8_t* splits;
  const uint8_t* columns; /* u16 [n_trees] and as many as align the rows: the first sum of each tree; NULL: all 0 */
  const uint8_t* rows;    /* [n_rows][leaf_width] */
} emlc_linked_trees;

/* The body and its parts are aligned to 4 bytes, and the machine is little-endian. */
static inline int32_t emlc_linked_i32(const uint8_t* at) { return (int32_t)emlc_load_u32(at); }

/** Outputs, or of a pair one sum for both. */
static inline uint32_t emlc_linked_n_sums(const uint8_t* body) {
  return body[EMLC_LINKED_AT_FLAGS] & EMLC_LINKED_PAIR ? 1U : emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS);
}

/** Value `i` of a row; `bytes` is value_bytes. */
static inline int32_t emlc_linked_value(const uint8_t* row, uint8_t bytes, uint32_t i) {
  if (bytes == 1) return row[i];
  return bytes == 2 ? (int16_t)emlc_load_u16(row + 2 * (size_t)i) : emlc_linked_i32(row + 4 * (size_t)i);
}

/** Where the parts are, of a body that holds them. */
static inline emlc_linked_trees emlc_linked_find(const uint8_t* body) {
  const size_t n_trees = emlc_load_u32(body + EMLC_LINKED_AT_N_TREES);
  emlc_linked_trees trees;
  trees.body = body;
  trees.trees = body + EMLC_LINKED_AT_DATA + 8 * (size_t)emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS);
  trees.splits = trees.trees + 8 * (n_trees + 1U);
  trees.rows = trees.splits + (size_t)emlc_load_u32(body + EMLC_LINKED_AT_SPLITS_SIZE);
  trees.columns = NULL;
  if (emlc_load_u16(body + EMLC_LINKED_AT_LEAF_WIDTH) != emlc_linked_n_sums(body)) {
    trees.columns = trees.rows;
    trees.rows += (n_trees + 1U) / 2U * 4U;
  }
  return trees;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_LINKED_TREES_BODY_H */
