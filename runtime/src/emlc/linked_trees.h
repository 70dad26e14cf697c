/**
 * Tree ensembles laid out for speed, walked in place: the body of .tmdl layers of type 71. Features are compared as
 * integers, floats too, and leaves are added as integers. C99 and C++11; libc: memcpy (and libm where the
 * post-transform needs it, see activations.h).
 */
#ifndef EMLC_LINKED_TREES_H
#define EMLC_LINKED_TREES_H

#include <stddef.h>
#include <stdint.h>

#include "activations.h"
#include "bytes.h"
#include "linked_trees_body.h"
#include "linked_trees_check.h"
#include "status.h"
#include "tmdl_format.h"
#include "typed_values.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a walk needs. */
typedef struct emlc_linked_walk {
  const void* x;
  int32_t base;
  uint16_t first_leaf;
  uint8_t record_bytes;
} emlc_linked_walk;

/** The leaf code where x ends in the tree whose root is at `at`. */
EMLC_CONSTANT uint32_t emlc_linked_find_leaf(const emlc_linked_walk* walk, const uint8_t* at, uint8_t type,
                                             uint8_t record_bytes) {
  const void* x = walk->x;
  const int32_t base = walk->base;
  const uint32_t first_leaf = walk->first_leaf;
  for (;;) {
    uint32_t link;
    if (record_bytes == 4) {
      const int32_t value = emlc_integer_of(x, type, at[0]);
      link = value < base + at[1] ? at[2] : at[3];
    } else if (record_bytes == 8) {
      const int32_t value = emlc_integer_of(x, type, emlc_load_u16(at + 2));
      link = value < base + emlc_load_u16(at) ? emlc_load_u16(at + 4) : emlc_load_u16(at + 6);
    } else {
      const int32_t value = emlc_integer_of(x, type, emlc_load_u16(at + 4));
      link = value < emlc_linked_i32(at) ? emlc_load_u16(at + 6) : emlc_load_u16(at + 8);
    }
    if (link >= first_leaf) return link - first_leaf;
    at += link * EMLC_LINKED_UNIT;
  }
}

/** Only values of 32 bits have records of 12 bytes. */
EMLC_CONSTANT uint32_t emlc_linked_leaf_of(const emlc_linked_walk* walk, const uint8_t* at, uint8_t type) {
  if (walk->record_bytes == 4) return emlc_linked_find_leaf(walk, at, type, 4);
  if (walk->record_bytes == 8 || type != EMLC_TYPE_I32) return emlc_linked_find_leaf(walk, at, type, 8);
  return emlc_linked_find_leaf(walk, at, type, 12);
}

EMLC_CALLED uint32_t emlc_linked_leaf_i8(const emlc_linked_walk* walk, const uint8_t* at) {
  return emlc_linked_leaf_of(walk, at, EMLC_TYPE_I8);
}

EMLC_CALLED uint32_t emlc_linked_leaf_u8(const emlc_linked_walk* walk, const uint8_t* at) {
  return emlc_linked_leaf_of(walk, at, EMLC_TYPE_U8);
}

EMLC_CALLED uint32_t emlc_linked_leaf_i16(const emlc_linked_walk* walk, const uint8_t* at) {
  return emlc_linked_leaf_of(walk, at, EMLC_TYPE_I16);
}

EMLC_CALLED uint32_t emlc_linked_leaf_i32(const emlc_linked_walk* walk, const uint8_t* at) {
  return emlc_linked_leaf_of(walk, at, EMLC_TYPE_I32);
}

/* A call for each tree, so that a walk has the registers to itself. */
EMLC_CONSTANT uint32_t emlc_linked_leaf(const emlc_linked_walk* walk, const uint8_t* at, uint8_t type) {
  if (type == EMLC_TYPE_I8) return emlc_linked_leaf_i8(walk, at);
  if (type == EMLC_TYPE_U8) return emlc_linked_leaf_u8(walk, at);
  if (type == EMLC_TYPE_I16) return emlc_linked_leaf_i16(walk, at);
  return emlc_linked_leaf_i32(walk, at);
}

EMLC_CONSTANT void emlc_linked_add_values(const uint8_t* row, uint8_t value_bytes, uint32_t n, int32_t* sums) {
  uint32_t i;
  for (i = 0; i < n; ++i) sums[i] += emlc_linked_value(row, value_bytes, i);
}

/** Adds row `index` of all rows. */
static inline void emlc_linked_add_row(const emlc_linked_trees* trees, uint32_t index, int32_t* sums) {
  const uint32_t n = emlc_load_u16(trees->body + EMLC_LINKED_AT_LEAF_WIDTH);
  const uint8_t* row = trees->rows + (size_t)index * n * trees->body[EMLC_LINKED_AT_VALUE_BYTES];
  if (trees->body[EMLC_LINKED_AT_VALUE_BYTES] == 1) {
    emlc_linked_add_values(row, 1, n, sums);
  } else if (trees->body[EMLC_LINKED_AT_VALUE_BYTES] == 2) {
    emlc_linked_add_values(row, 2, n, sums);
  } else {
    emlc_linked_add_values(row, 4, n, sums);
  }
}

/** Where the rest of the trees cannot change a decision. */
typedef struct emlc_linked_stop {
  int32_t limit; /* a vote that makes a sum so large decides; of a single sum: what it is compared with */
  uint32_t most; /* of a single sum without negative leaves: the most that a tree adds; else 0 */
} emlc_linked_stop;

/**
 * Adds the leaves that x reaches to the sums, tree by tree. Returns the index of the sum that stopped it, or -1 when
 * all trees have been asked.
 */
EMLC_CONSTANT int32_t emlc_linked_add_trees(const emlc_linked_trees* trees, const void* x, uint8_t type,
                                            emlc_linked_stop stop, int32_t* sums) {
  const emlc_linked_walk walk = {x, emlc_linked_i32(trees->body + EMLC_LINKED_AT_BASE),
                                 emlc_load_u16(trees->body + EMLC_LINKED_AT_FIRST_LEAF),
                                 trees->body[EMLC_LINKED_AT_RECORD_BYTES]};
  const uint8_t* tree = trees->trees;
  const uint8_t* end = tree + 8 * (size_t)emlc_load_u32(trees->body + EMLC_LINKED_AT_N_TREES);
  const uint8_t* column = trees->columns;
  uint32_t rest = emlc_load_u32(trees->body + EMLC_LINKED_AT_N_TREES) * stop.most;
  for (; tree != end; tree += 8) {
    const uint32_t code = emlc_linked_leaf(&walk, trees->splits + emlc_load_u32(tree), type);
    uint32_t first = 0;
    if (column != NULL) {
      first = emlc_load_u16(column);
      column += 2;
    }
    if (code < emlc_load_u16(trees->body + EMLC_LINKED_AT_N_VOTES)) {
      const int32_t sum = sums[first + code] + emlc_linked_i32(trees->body + EMLC_LINKED_AT_WHOLE);
      sums[first + code] = sum;
      if (sum >= stop.limit) return (int32_t)(first + code);
      continue;
    }
    emlc_linked_add_row(trees, emlc_load_u32(tree + 4) + code - emlc_load_u16(trees->body + EMLC_LINKED_AT_N_VOTES),
                        sums + first);
    if (stop.most == 0) continue;
    rest -= stop.most;
    if (sums[0] >= stop.limit || (int32_t)((uint32_t)sums[0] + rest) < stop.limit) return 0;
  }
  return -1;
}

static inline int32_t emlc_linked_add_i8(const emlc_linked_trees* trees, const void* x, emlc_linked_stop stop,
                                         int32_t* sums) {
  return emlc_linked_add_trees(trees, x, EMLC_TYPE_I8, stop, sums);
}

static inline int32_t emlc_linked_add_u8(const emlc_linked_trees* trees, const void* x, emlc_linked_stop stop,
                                         int32_t* sums) {
  return emlc_linked_add_trees(trees, x, EMLC_TYPE_U8, stop, sums);
}

static inline int32_t emlc_linked_add_i16(const emlc_linked_trees* trees, const void* x, emlc_linked_stop stop,
                                          int32_t* sums) {
  return emlc_linked_add_trees(trees, x, EMLC_TYPE_I16, stop, sums);
}

static inline int32_t emlc_linked_add_i32(const emlc_linked_trees* trees, const void* x, emlc_linked_stop stop,
                                          int32_t* sums) {
  return emlc_linked_add_trees(trees, x, EMLC_TYPE_I32, stop, sums);
}

/** The largest integer that is not above the number with these bits, which is not NaN; beyond int32 its nearest end. */
static inline int32_t emlc_linked_floor(uint32_t bits) {
  const uint32_t magnitude = bits & 0x7FFFFFFFU, exponent = magnitude >> 23, is_negative = bits >> 31;
  const uint32_t mantissa = (bits & 0x7FFFFFU) | 0x800000U; /* of 2^(exponent - 150) */
  uint32_t whole;
  if (exponent < 127) return is_negative && magnitude != 0 ? -1 : 0;
  if (exponent >= 158) return is_negative ? INT32_MIN : INT32_MAX;
  if (exponent >= 150) {
    whole = mantissa << (exponent - 150);
  } else {
    whole = mantissa >> (150 - exponent);
    if (is_negative && whole << (150 - exponent) != mantissa) ++whole;
  }
  return is_negative ? -(int32_t)whole : (int32_t)whole;
}

/**
 * Floats as what the trees compare: keys in the order of floats, or, for trees of integers, whole numbers. For a split
 * of integers x < T is floor(x) < T. NaN becomes the end where it goes.
 */
static inline void emlc_linked_keys(const uint8_t* body, const float* x, int32_t* keys) {
  const int32_t missing = body[EMLC_LINKED_AT_MISSING] != 0 ? INT32_MIN : INT32_MAX;
  const int is_float = body[EMLC_LINKED_AT_FEATURE_TYPE] == EMLC_TYPE_F32;
  const int32_t* end = keys + emlc_load_u32(body + EMLC_LINKED_AT_N_FEATURES);
  for (; keys != end; ++keys, ++x) {
    const uint32_t bits = emlc_bits_f32(*x);
    if (bits << 1 > 0xFF000000U) {
      *keys = missing;
    } else {
      *keys = is_float ? (int32_t)(bits ^ ((0U - (bits >> 31)) >> 1)) : emlc_linked_floor(bits);
    }
  }
}

/** Bytes of the memory of a run: the sums, and behind them what floats become. */
static inline uint32_t emlc_linked_work_size(const uint8_t* body) {
  return 4U * (emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS) + emlc_load_u32(body + EMLC_LINKED_AT_N_FEATURES));
}

/** Starts the sums at the beginning of `work` and adds the trees; x of `type`, which the body declares, or of float. */
EMLC_CONSTANT int32_t emlc_linked_sum(const emlc_linked_trees* trees, const void* x, uint8_t type,
                                      emlc_linked_stop stop, int32_t* work) {
  const int32_t start = emlc_linked_i32(trees->body + EMLC_LINKED_AT_START);
  int32_t* keys = work;
  for (; keys != work + emlc_load_u16(trees->body + EMLC_LINKED_AT_N_OUTPUTS); ++keys) *keys = start;
  if (type == EMLC_TYPE_I8) return emlc_linked_add_i8(trees, x, stop, work);
  if (type == EMLC_TYPE_U8) return emlc_linked_add_u8(trees, x, stop, work);
  if (type == EMLC_TYPE_I16) return emlc_linked_add_i16(trees, x, stop, work);
  if (type == EMLC_TYPE_I32) return emlc_linked_add_i32(trees, x, stop, work);
  emlc_linked_keys(trees->body, (const float*)x, keys);
  return emlc_linked_add_i32(trees, keys, stop, work);
}

static inline float emlc_linked_output(const emlc_linked_trees* trees, uint32_t i, int32_t sum) {
  const uint8_t* factor = trees->body + EMLC_LINKED_AT_DATA + 4 * (size_t)i;
  const float value = trees->body[EMLC_LINKED_AT_FLAGS] & EMLC_LINKED_DIVIDES ? (float)sum / emlc_f32_at(factor)
                                                                              : (float)sum * emlc_f32_at(factor);
  return value + emlc_f32_at(factor + 4 * (size_t)emlc_load_u16(trees->body + EMLC_LINKED_AT_N_OUTPUTS));
}

/** The outputs that the sums make, after the post-transform. */
static inline void emlc_linked_finish(const emlc_linked_trees* trees, const int32_t* sums, float* y) {
  const uint8_t* body = trees->body;
  const uint32_t n_sums = emlc_linked_n_sums(body);
  uint32_t i;
  for (i = 0; i < n_sums; ++i) y[i] = emlc_linked_output(trees, i, sums[i]);
  if (body[EMLC_LINKED_AT_FLAGS] & EMLC_LINKED_PAIR) {
    const uint32_t total = emlc_load_u32(body + EMLC_LINKED_AT_TOTAL);
    y[0] = emlc_linked_output(trees, 0, (int32_t)(total - (uint32_t)sums[0]));
    y[1] = emlc_linked_output(trees, 1, sums[0]);
  }
  emlc_post_transform_at(body[EMLC_LINKED_AT_POST_TRANSFORM], body + EMLC_LINKED_AT_POST_SCALE, y,
                         emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS));
}

/**
 * y = post_transform(sums of the leaves that x reaches), summed in integers.
 *
 * @param body  one that emlc_linked_trees_check has accepted, aligned to 4 bytes
 * @param x     [n_features] of `type`: EMLC_TYPE_F32, or the type that the body declares
 * @param y     [n_outputs]
 * @param work  emlc_linked_work_size(body) bytes; without floats 4 * n_outputs are enough
 */
EMLC_CONSTANT void emlc_linked_trees_run(const uint8_t* body, const void* x, uint8_t type, float* y, int32_t* work) {
  const emlc_linked_stop never = {INT32_MAX, 0};
  const emlc_linked_trees trees = emlc_linked_find(body);
  (void)emlc_linked_sum(&trees, x, type, never, work);
  emlc_linked_finish(&trees, work, y);
}

static inline int32_t emlc_linked_first_largest(const int32_t* sums, uint32_t n) {
  uint32_t best = 0, i;
  for (i = 1; i < n; ++i) {
    if (sums[i] > sums[best]) best = i;
  }
  return (int32_t)best;
}

/** The class that the sums decide; of a body whose decision is not EMLC_LINKED_BY_OUTPUTS. As emlc_linked_trees_run. */
EMLC_CONSTANT int32_t emlc_linked_trees_decide(const uint8_t* body, const void* x, uint8_t type, int32_t* work) {
  const emlc_linked_trees trees = emlc_linked_find(body);
  const uint8_t decision = body[EMLC_LINKED_AT_DECISION];
  const int32_t bound = emlc_linked_i32(body + EMLC_LINKED_AT_BOUND);
  emlc_linked_stop stop = {bound, 0};
  int32_t best;
  if (decision != EMLC_LINKED_LARGEST) {
    stop.most = emlc_load_u32(body + EMLC_LINKED_AT_MOST);
    (void)emlc_linked_sum(&trees, x, type, stop, work);
    return (work[0] < bound) == (decision == EMLC_LINKED_BELOW);
  }
  best = emlc_linked_sum(&trees, x, type, stop, work);
  return best >= 0 ? best : emlc_linked_first_largest(work, emlc_linked_n_sums(body));
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_LINKED_TREES_H */
