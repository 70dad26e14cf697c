/**
 * A tree ensemble from CSV in the arrays of the caller, and the state of loading it. Part of csv_trees.h.
 */
#ifndef EMLC_CSV_TREES_MODEL_H
#define EMLC_CSV_TREES_MODEL_H

#include "csv_head.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A split. A child is a jump forward, or (below 0) leaf -child - 1. */
typedef struct emlc_csv_node {
  int16_t left, right;
  uint16_t feature; /* bit 15: a missing value goes left */
} emlc_csv_node;

typedef struct emlc_csv_root {
  int32_t node; /* below 0: the tree is leaf -node - 1 */
  uint16_t first_output;
} emlc_csv_root;

/** The arrays that the caller gives; they belong to the model as long as it is used. */
typedef struct emlc_csv_trees_memory {
  emlc_csv_node* nodes;  /* [max_nodes] */
  int16_t* thresholds16; /* [max_nodes], or NULL; for features of 8 or 16 bits */
  int32_t* thresholds32; /* [max_nodes], or NULL; for all features, used when there is no thresholds16 */
  size_t max_nodes;
  emlc_csv_root* roots; /* [max_trees] */
  size_t max_trees;
  float* values; /* [max_values]: base scores, if there are any, and leaf rows; emlearn's form has one value a leaf */
  size_t max_values;
  uint16_t* target_sizes; /* [max_targets], or NULL when there is one target */
  uint16_t max_targets;
} emlc_csv_trees_memory;

/** A loaded model: read it, leave it as it is. */
typedef struct emlc_csv_trees {
  emlc_csv_head head;
  emlc_csv_trees_memory memory;
  size_t n_nodes, n_trees, n_leaves;
  size_t first_leaf;   /* index in memory.values of the first leaf row; base scores come before it */
  uint16_t leaf_width; /* values of a leaf row */
  uint8_t is_vote;     /* emlearn's form: the value of a leaf is a class */
  uint8_t base_at_end; /* base scores are added after the division, not before */
  float divisor, scale;
  emlc_post_transform post;
} emlc_csv_trees;

/** The state of loading; not needed after emlc_csv_trees_end. */
typedef struct emlc_csv_trees_loader {
  emlc_csv_text text; /* text.line is where loading failed */
  emlc_csv_trees* model;
  emlc_status status;
  int kind; /* of this line, below 0 when it is skipped */
  uint8_t is_extended, has_ended;
  size_t n_values;                             /* used of memory.values */
  int32_t said_nodes, said_trees, said_leaves; /* what the extended form announces */
} emlc_csv_trees_loader;

enum {
  EMLC_CSV_FORM = EMLC_CSV_N_HEAD_KINDS,
  EMLC_CSV_TREES,
  EMLC_CSV_LEAVES,
  EMLC_CSV_SPLITS,
  EMLC_CSV_BASE,
  EMLC_CSV_DIVIDE,
  EMLC_CSV_MULTIPLY,
  EMLC_CSV_POST,
  EMLC_CSV_LEAF,
  EMLC_CSV_ROOT,
  EMLC_CSV_NODE,
  EMLC_CSV_F, /* from here: emlearn's form only */
  EMLC_CSV_C,
  EMLC_CSV_LB,
  EMLC_CSV_N_TREES_KINDS
};

static inline const emlc_csv_kind* emlc_csv_trees_kinds(void) {
  static const emlc_csv_kind kinds[EMLC_CSV_N_TREES_KINDS] = {
      EMLC_CSV_HEAD_KINDS,     {"emlc", 2, 2, 1},     {"trees", 1, 1, 1},
      {"leaves", 2, 2, 1},     {"splits", 1, 1, 1},   {"base", 2, UINT16_MAX, 1},
      {"divide", 1, 1, 1},     {"multiply", 1, 1, 1}, {"post", 1, 4, 1},
      {"l", 1, UINT16_MAX, 0}, {"r", 1, 2, 0},        {"n", 4, 5, 0},
      {"f", 1, 1, 1},          {"c", 1, 1, 1},        {"lb", 1, 1, 1}};
  return kinds;
}

/** A float as an integer of the same order; -0 and 0 are equal, NaN is beyond infinity on either side. */
static inline int32_t emlc_csv_order(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits & 0x80000000U) != 0 ? -(int32_t)(bits & 0x7FFFFFFFU) : (int32_t)bits;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_TREES_MODEL_H */
