/**
 * The proof that trees laid out for speed can be walked whatever the input. Part of linked_trees.h.
 */
#ifndef EMLC_LINKED_TREES_CHECK_H
#define EMLC_LINKED_TREES_CHECK_H

#include "linked_trees_body.h"
#include "parts.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Do the parts fill the body but for padding? Before any of them is looked at. */
EMLC_CALLED int emlc_linked_fits(const uint8_t* body, size_t size) {
  emlc_parts parts = {body + EMLC_LINKED_AT_DATA, size - EMLC_LINKED_AT_DATA, 0};
  const uint32_t n_trees = emlc_load_u32(body + EMLC_LINKED_AT_N_TREES);
  const uint32_t splits_size = emlc_load_u32(body + EMLC_LINKED_AT_SPLITS_SIZE);
  const uint32_t n_rows = emlc_load_u32(body + EMLC_LINKED_AT_N_ROWS);
  const uint32_t leaf_width = emlc_load_u16(body + EMLC_LINKED_AT_LEAF_WIDTH);
  const size_t row_bytes = (size_t)body[EMLC_LINKED_AT_VALUE_BYTES] * leaf_width;
  if (n_trees == 0 || n_trees > 0x7FFFFFFFU || splits_size % 4 != 0) return 0;
  (void)emlc_next_part(&parts, emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS), 8);
  (void)emlc_next_part(&parts, n_trees + 1U, 8);
  (void)emlc_next_part(&parts, splits_size, 1);
  if (leaf_width < emlc_linked_n_sums(body)) (void)emlc_next_part(&parts, (n_trees + 1U) / 2U, 4);
  if (row_bytes == 0) return n_rows == 0 && emlc_parts_fill(&parts);
  (void)emlc_next_part(&parts, n_rows, row_bytes);
  return emlc_parts_fill(&parts);
}

/** The fields, one by one and together. */
EMLC_CALLED emlc_status emlc_linked_check_header(const uint8_t* body) {
  /* From feature_type to flags. */
  static const uint8_t most[] = {EMLC_TYPE_I32, 12, 4, 1, EMLC_LINKED_BELOW, 0xFF, 3};
  const uint8_t type = body[EMLC_LINKED_AT_FEATURE_TYPE], bytes = body[EMLC_LINKED_AT_RECORD_BYTES];
  const int is_wide = type == EMLC_TYPE_F32 || type == EMLC_TYPE_I32;
  const int32_t base = emlc_linked_i32(body + EMLC_LINKED_AT_BASE);
  const uint32_t width = emlc_load_u16(body + EMLC_LINKED_AT_LEAF_WIDTH), n_sums = emlc_linked_n_sums(body);
  if (body[EMLC_LINKED_AT_VERSION] != EMLC_LINKED_VERSION) return EMLC_ERR_VERSION;
  for (int i = EMLC_LINKED_AT_FEATURE_TYPE; i <= EMLC_LINKED_AT_FLAGS; ++i) {
    if (body[i] > most[i - EMLC_LINKED_AT_FEATURE_TYPE]) return EMLC_ERR_FORMAT;
  }
  if (type == 1 || (bytes != 4 && bytes != 8 && (bytes != 12 || !is_wide))) return EMLC_ERR_FORMAT;
  if (body[EMLC_LINKED_AT_VALUE_BYTES] == 3) return EMLC_ERR_FORMAT;
  if (!emlc_has_post_transform(body[EMLC_LINKED_AT_POST_TRANSFORM])) return EMLC_ERR_UNSUPPORTED;
  if ((body[EMLC_LINKED_AT_FLAGS] & EMLC_LINKED_PAIR) && emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS) != 2) {
    return EMLC_ERR_FORMAT;
  }
  if (width == 0 || width > n_sums || emlc_load_u16(body + EMLC_LINKED_AT_N_VOTES) > width) return EMLC_ERR_RANGE;
  /* A threshold, base + u16, is an int32. */
  if (bytes == 12 ? base != 0 : base > INT32_MAX - 0xFFFF) return EMLC_ERR_RANGE;
  return EMLC_OK;
}

/** A link of the record at `at` leads to a record behind it in its tree, which ends at `end`, or to a leaf. */
static inline int emlc_linked_is_link(const uint8_t* body, uint32_t link, uint32_t at, uint32_t end, uint32_t n_rows) {
  const uint32_t first_leaf = emlc_load_u16(body + EMLC_LINKED_AT_FIRST_LEAF), bytes = link * EMLC_LINKED_UNIT;
  if (link >= first_leaf) return link - first_leaf < emlc_load_u16(body + EMLC_LINKED_AT_N_VOTES) + n_rows;
  return link != 0 && bytes % body[EMLC_LINKED_AT_RECORD_BYTES] == 0 && bytes < end - at;
}

/** Every record of the tree from `at` to `end`, and that it ends there. */
static inline int emlc_linked_check_records(const emlc_linked_trees* trees, uint32_t at, uint32_t end,
                                            uint32_t n_features, uint32_t n_rows) {
  const uint32_t size = trees->body[EMLC_LINKED_AT_RECORD_BYTES];
  do {
    const uint8_t* record = trees->splits + at;
    const uint8_t* links = record + (size == 8 ? 4 : 6);
    const int is_small = size == 4;
    if (end - at < size) return 0;
    if ((is_small ? record[0] : emlc_load_u16(links - 2)) >= n_features) return 0;
    for (int k = 0; k < 2; ++k) {
      const uint32_t link = is_small ? record[2 + k] : emlc_load_u16(links + 2 * k);
      if (!emlc_linked_is_link(trees->body, link, at, end, n_rows)) return 0;
    }
    if (size == 12 && emlc_load_u16(record + 10) != 0) return 0;
    at += size;
  } while (at != end);
  return 1;
}

/** Roots and first rows rise from 0 to the ends, and each tree keeps to what lies between its own and the next. */
EMLC_CALLED int emlc_linked_check_trees(const emlc_linked_trees* trees, uint32_t n_features) {
  const uint8_t* at = trees->trees;
  uint32_t tree = 0, root = 0, row = 0;
  for (;; ++tree) {
    uint32_t next_root, next_row;
    if (emlc_load_u32(at) != root || emlc_load_u32(at + 4) != row) return 0;
    if (tree == emlc_load_u32(trees->body + EMLC_LINKED_AT_N_TREES))
      return root == emlc_load_u32(trees->body + EMLC_LINKED_AT_SPLITS_SIZE) &&
             row == emlc_load_u32(trees->body + EMLC_LINKED_AT_N_ROWS);
    at += 8;
    next_root = emlc_load_u32(at);
    next_row = emlc_load_u32(at + 4);
    if (next_root <= root || next_root > emlc_load_u32(trees->body + EMLC_LINKED_AT_SPLITS_SIZE) || next_row < row ||
        next_row > emlc_load_u32(trees->body + EMLC_LINKED_AT_N_ROWS))
      return 0;
    if (next_row - row > 0xFFFFU) return 0;
    if (!emlc_linked_check_records(trees, root, next_root, n_features, next_row - row)) return 0;
    if (trees->columns != NULL &&
        emlc_load_u16(trees->columns + 2 * (size_t)tree) >
            emlc_linked_n_sums(trees->body) - emlc_load_u16(trees->body + EMLC_LINKED_AT_LEAF_WIDTH)) {
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
EMLC_CALLED uint32_t emlc_linked_largest(const emlc_linked_trees* trees, const uint8_t* tree, uint32_t column) {
  const uint8_t* body = trees->body;
  const uint32_t end = emlc_load_u32(tree + 12);
  const int is_vote = column < emlc_load_u16(body + EMLC_LINKED_AT_N_VOTES);
  uint32_t largest = is_vote ? emlc_linked_magnitude(emlc_linked_i32(body + EMLC_LINKED_AT_WHOLE)) : 0U;
  uint32_t row;
  for (row = emlc_load_u32(tree + 4); row < end; ++row) {
    const uint8_t bytes = body[EMLC_LINKED_AT_VALUE_BYTES];
    const uint8_t* values = trees->rows + (size_t)row * emlc_load_u16(body + EMLC_LINKED_AT_LEAF_WIDTH) * bytes;
    const uint32_t value = emlc_linked_magnitude(emlc_linked_value(values, bytes, column));
    if (value > largest) largest = value;
  }
  return largest;
}

/** Whatever leaves the trees give, no sum leaves int32 or is INT32_MAX, which no majority reaches. */
EMLC_CALLED int emlc_linked_sums_fit(const emlc_linked_trees* trees) {
  uint32_t sum, tree;
  for (sum = 0; sum < emlc_linked_n_sums(trees->body); ++sum) {
    uint32_t total = emlc_linked_magnitude(emlc_linked_i32(trees->body + EMLC_LINKED_AT_START));
    for (tree = 0; tree < emlc_load_u32(trees->body + EMLC_LINKED_AT_N_TREES); ++tree) {
      const uint32_t first = trees->columns == NULL ? 0U : emlc_load_u16(trees->columns + 2 * (size_t)tree);
      uint32_t largest = 0;
      if (sum - first < emlc_load_u16(trees->body + EMLC_LINKED_AT_LEAF_WIDTH)) {
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
  status = emlc_linked_check_header(body);
  if (status != EMLC_OK) return status;
  if (emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS) != n_outputs) return EMLC_ERR_RANGE;
  if (emlc_load_u32(body + EMLC_LINKED_AT_N_FEATURES) != n_features) return EMLC_ERR_RANGE;
  if (!emlc_linked_fits(body, size)) return EMLC_ERR_SIZE;
  trees = emlc_linked_find(body);
  return emlc_linked_check_trees(&trees, n_features) && emlc_linked_sums_fit(&trees) ? EMLC_OK : EMLC_ERR_RANGE;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_LINKED_TREES_CHECK_H */
