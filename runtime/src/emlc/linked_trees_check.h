/**
 * The proof that trees laid out for speed can be walked whatever the input. Part of linked_trees.h.
 */
#ifndef EMLC_LINKED_TREES_CHECK_H
#define EMLC_LINKED_TREES_CHECK_H

#include "linked_trees_body.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Takes `count` items of `bytes` bytes off what is left; 0 when it is less. */
static inline int emlc_linked_take(size_t* left, uint32_t count, size_t bytes) {
  if (count > *left / bytes) return 0;
  *left -= (size_t)count * bytes;
  return 1;
}

/** Do the parts fill the body but for padding? Before any of them is looked at. */
EMLC_LINKED_CALLED int emlc_linked_fits(const uint8_t* body, size_t size, const emlc_linked_trees* trees) {
  const uint32_t splits_size = emlc_load_u32(body + EMLC_LINKED_AT_SPLITS_SIZE);
  const uint32_t n_rows = emlc_load_u32(body + EMLC_LINKED_AT_N_ROWS);
  size_t left = size - EMLC_LINKED_AT_DATA;
  if (trees->n_trees == 0 || trees->n_trees > 0x7FFFFFFFU) return 0;
  if (!emlc_linked_take(&left, trees->n_outputs, 8) || !emlc_linked_take(&left, trees->n_trees + 1U, 8)) return 0;
  if (splits_size % 4 != 0 || !emlc_linked_take(&left, splits_size, 1)) return 0;
  if (trees->leaf_width < trees->n_sums && !emlc_linked_take(&left, (trees->n_trees + 1U) / 2U, 4)) return 0;
  if (trees->value_bytes == 0) return n_rows == 0 && left < 8;
  return emlc_linked_take(&left, n_rows, (size_t)trees->value_bytes * trees->leaf_width) && left < 8;
}

/** The fields, one by one and together. */
EMLC_LINKED_CALLED emlc_status emlc_linked_check_header(const emlc_linked_trees* trees) {
  const uint8_t* body = trees->body;
  const uint8_t type = body[EMLC_LINKED_AT_FEATURE_TYPE], bytes = trees->record_bytes;
  const int is_wide = type == EMLC_TYPE_F32 || type == EMLC_TYPE_I32;
  const int32_t base = trees->base;
  if (body[EMLC_LINKED_AT_VERSION] != EMLC_LINKED_VERSION) return EMLC_ERR_VERSION;
  if (type == 1 || type > EMLC_TYPE_I32 || (bytes != 4 && bytes != 8 && (bytes != 12 || !is_wide))) {
    return EMLC_ERR_FORMAT;
  }
  if (trees->value_bytes == 3 || trees->value_bytes > 4 || body[EMLC_LINKED_AT_MISSING] > 1) return EMLC_ERR_FORMAT;
  if (body[EMLC_LINKED_AT_DECISION] > EMLC_LINKED_BELOW || trees->flags > 3) return EMLC_ERR_FORMAT;
  if (!emlc_has_post_transform(body[EMLC_LINKED_AT_POST_TRANSFORM])) return EMLC_ERR_UNSUPPORTED;
  if ((trees->flags & EMLC_LINKED_PAIR) && trees->n_outputs != 2) return EMLC_ERR_FORMAT;
  if (trees->leaf_width == 0 || trees->leaf_width > trees->n_sums) return EMLC_ERR_RANGE;
  if (trees->n_votes > trees->leaf_width) return EMLC_ERR_RANGE;
  /* A threshold, base + u16, is an int32. */
  if (bytes == 12 ? base != 0 : base > INT32_MAX - 0xFFFF) return EMLC_ERR_RANGE;
  return EMLC_OK;
}

/** A link of the record at `at` leads to a record behind it in its tree, which ends at `end`, or to a leaf. */
static inline int emlc_linked_is_link(const emlc_linked_trees* trees, uint32_t link, uint32_t at, uint32_t end,
                                      uint32_t n_rows) {
  const uint32_t bytes = link * EMLC_LINKED_UNIT;
  if (link >= trees->first_leaf) return link - trees->first_leaf < trees->n_votes + n_rows;
  return link != 0 && bytes % trees->record_bytes == 0 && bytes < end - at;
}

/** Every record of the tree from `at` to `end`, and that it ends there. */
static inline int emlc_linked_check_records(const emlc_linked_trees* trees, uint32_t at, uint32_t end,
                                            uint32_t n_features, uint32_t n_rows) {
  const uint32_t size = trees->record_bytes;
  do {
    const uint8_t* record = trees->splits + at;
    const uint8_t* links = record + (size == 8 ? 4 : 6);
    const int is_small = size == 4;
    uint32_t feature, left, right;
    if (end - at < size) return 0;
    feature = is_small ? record[0] : emlc_load_u16(links - 2);
    left = is_small ? record[2] : emlc_load_u16(links);
    right = is_small ? record[3] : emlc_load_u16(links + 2);
    if (feature >= n_features || !emlc_linked_is_link(trees, left, at, end, n_rows)) return 0;
    if (!emlc_linked_is_link(trees, right, at, end, n_rows)) return 0;
    if (size == 12 && emlc_load_u16(record + 10) != 0) return 0;
    at += size;
  } while (at != end);
  return 1;
}

/** Roots and first rows rise from 0 to the ends, and each tree keeps to what lies between its own and the next. */
EMLC_LINKED_CALLED int emlc_linked_check_trees(const emlc_linked_trees* trees, uint32_t n_features) {
  const uint32_t splits_size = emlc_load_u32(trees->body + EMLC_LINKED_AT_SPLITS_SIZE);
  const uint32_t n_rows = emlc_load_u32(trees->body + EMLC_LINKED_AT_N_ROWS);
  const uint8_t* at = trees->trees;
  uint32_t tree = 0, root = 0, row = 0;
  for (;; ++tree) {
    uint32_t next_root, next_row;
    if (emlc_load_u32(at) != root || emlc_load_u32(at + 4) != row) return 0;
    if (tree == trees->n_trees) return root == splits_size && row == n_rows;
    at += 8;
    next_root = emlc_load_u32(at);
    next_row = emlc_load_u32(at + 4);
    if (next_root <= root || next_root > splits_size || next_row < row || next_row > n_rows) return 0;
    if (next_row - row > 0xFFFFU) return 0;
    if (!emlc_linked_check_records(trees, root, next_root, n_features, next_row - row)) return 0;
    if (trees->columns != NULL &&
        emlc_load_u16(trees->columns + 2 * (size_t)tree) > trees->n_sums - trees->leaf_width) {
      return 0;
    }
    root = next_root;
    row = next_row;
  }
}

static inline uint32_t emlc_linked_magnitude(int32_t value) {
  return value < 0 ? 0U - (uint32_t)value : (uint32_t)value;
}

/** The largest magnitude that a tree adds to sum `column` of its leaf rows. */
EMLC_LINKED_CALLED uint32_t emlc_linked_largest(const emlc_linked_trees* trees, const uint8_t* tree, uint32_t column) {
  const uint32_t end = emlc_load_u32(tree + 12);
  uint32_t largest = column < trees->n_votes ? emlc_linked_magnitude(trees->whole) : 0U;
  uint32_t row;
  for (row = emlc_load_u32(tree + 4); row < end; ++row) {
    const uint8_t* values = trees->rows + (size_t)row * trees->leaf_width * trees->value_bytes;
    const uint32_t value = emlc_linked_magnitude(emlc_linked_value(values, trees->value_bytes, column));
    if (value > largest) largest = value;
  }
  return largest;
}

/** Whatever leaves the trees give, no sum leaves int32 or is INT32_MAX, which no majority reaches. */
EMLC_LINKED_CALLED int emlc_linked_sums_fit(const emlc_linked_trees* trees) {
  uint32_t sum, tree;
  for (sum = 0; sum < trees->n_sums; ++sum) {
    uint32_t total = emlc_linked_magnitude(emlc_linked_i32(trees->body + EMLC_LINKED_AT_START));
    for (tree = 0; tree < trees->n_trees; ++tree) {
      const uint32_t first = trees->columns == NULL ? 0U : emlc_load_u16(trees->columns + 2 * (size_t)tree);
      uint32_t largest = 0;
      if (sum - first < trees->leaf_width) {
        largest = emlc_linked_largest(trees, trees->trees + 8 * (size_t)tree, sum - first);
      }
      if (total >= 0x7FFFFFFFU || largest >= 0x7FFFFFFFU - total) return 0;
      total += largest;
    }
  }
  return 1;
}

/**
 * Prove that no input can make a walk leave the body, run for ever, or a sum overflow. No recursion, a fixed number of
 * bytes on the stack.
 *
 * @param body        [size], aligned to 4 bytes
 * @param n_features  values that x will have, exactly those of the body
 * @param n_outputs   values that y will have, exactly those of the body
 * @return EMLC_OK; EMLC_ERR_SIZE the parts do not fill the body; EMLC_ERR_VERSION; EMLC_ERR_FORMAT, EMLC_ERR_RANGE,
 *         EMLC_ERR_UNSUPPORTED a field, a record, a row or a sum is wrong
 */
static inline emlc_status emlc_linked_trees_check(const uint8_t* body, size_t size, uint32_t n_features,
                                                  uint32_t n_outputs) {
  emlc_linked_trees trees;
  emlc_status status;
  if (size < EMLC_LINKED_AT_DATA) return EMLC_ERR_SIZE;
  trees = emlc_linked_header(body);
  status = emlc_linked_check_header(&trees);
  if (status != EMLC_OK) return status;
  if (trees.n_outputs != n_outputs || emlc_load_u32(body + EMLC_LINKED_AT_N_FEATURES) != n_features) {
    return EMLC_ERR_RANGE;
  }
  if (!emlc_linked_fits(body, size, &trees)) return EMLC_ERR_SIZE;
  emlc_linked_find(&trees);
  return emlc_linked_check_trees(&trees, n_features) && emlc_linked_sums_fit(&trees) ? EMLC_OK : EMLC_ERR_RANGE;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_LINKED_TREES_CHECK_H */
