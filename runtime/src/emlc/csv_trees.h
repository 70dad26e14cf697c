/**
 * Load and run tree ensembles from CSV: emlearn's form with hard votes and emlc's extended form (docs/formats.md).
 * C99 and C++11; libc: memcpy, memcmp, memset, strlen; libm only through activations.h.
 *
 *     emlc_csv_node nodes[800];        // 6 bytes each
 *     int16_t thresholds[800];         // thresholds32 for features of float32 or int32
 *     emlc_csv_root roots[10];
 *     float values[100];
 *     emlc_csv_trees_memory memory = {0};
 *     memory.nodes = nodes; memory.thresholds16 = thresholds; memory.max_nodes = 800; ...
 *
 *     emlc_csv_trees_begin(&loader, &trees, &memory);
 *     while ((n = read(file, block, sizeof block)) > 0) emlc_csv_trees_feed(&loader, block, n);
 *     if (emlc_csv_trees_end(&loader) != EMLC_OK) ...  // loader.text.line says where
 *     emlc_csv_trees_predict(&trees, x, out);
 *
 * Everything is checked while loading: after EMLC_OK no input can make a prediction leave the arrays or run for ever.
 */
#ifndef EMLC_CSV_TREES_H
#define EMLC_CSV_TREES_H

#include "csv_text.h"

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
      EMLC_CSV_HEAD_KINDS,  {"emlc", 2, 2},     {"trees", 1, 1},
      {"leaves", 2, 2},     {"splits", 1, 1},   {"base", 2, UINT16_MAX},
      {"divide", 1, 1},     {"multiply", 1, 1}, {"post", 1, 4},
      {"l", 1, UINT16_MAX}, {"r", 1, 2},        {"n", 4, 5},
      {"f", 1, 1},          {"c", 1, 1},        {"lb", 1, 1}};
  return kinds;
}

/* ---- loading ---- */

static inline emlc_status emlc_csv_trees_read_form(emlc_csv_trees_loader* loader) {
  if (loader->text.column == 1) return emlc_csv_field_is(&loader->text, "trees") ? EMLC_OK : EMLC_ERR_FORMAT;
  loader->is_extended = 1;
  loader->model->is_vote = 0;
  loader->model->head.n_targets = 0;
  loader->model->head.rule = EMLC_CSV_NO_DECISION;
  return emlc_csv_field_is(&loader->text, "1") ? EMLC_OK : EMLC_ERR_VERSION;
}

/** The next number of a base score or of a leaf row. */
static inline emlc_status emlc_csv_trees_read_value(emlc_csv_trees_loader* loader) {
  const emlc_csv_trees_memory* memory = &loader->model->memory;
  float value = 0.0F;
  const emlc_status status = emlc_csv_field_f32(&loader->text, &value);
  if (status != EMLC_OK) return status;
  if (loader->n_values == memory->max_values) return EMLC_ERR_MEMORY;
  memory->values[loader->n_values++] = value;
  return EMLC_OK;
}

static inline emlc_status emlc_csv_trees_read_base(emlc_csv_trees_loader* loader) {
  if (loader->text.column != 1) return emlc_csv_trees_read_value(loader);
  if (loader->n_values != 0) return EMLC_ERR_FORMAT; /* it comes before the leaves, and once */
  loader->model->base_at_end = (uint8_t)emlc_csv_field_is(&loader->text, "end");
  return loader->model->base_at_end || emlc_csv_field_is(&loader->text, "start") ? EMLC_OK : EMLC_ERR_FORMAT;
}

static inline emlc_status emlc_csv_trees_read_divisor(emlc_csv_trees_loader* loader) {
  const emlc_status status = emlc_csv_field_f32(&loader->text, &loader->model->divisor);
  return status == EMLC_OK && loader->model->divisor == 0.0F ? EMLC_ERR_RANGE : status;
}

static inline emlc_status emlc_csv_trees_read_leaves(emlc_csv_trees_loader* loader) {
  /* Once, and before the first row: the width holds for all of them. */
  if (loader->text.column == 1 && (loader->said_leaves != 0 || loader->model->n_leaves != 0)) return EMLC_ERR_FORMAT;
  if (loader->text.column == 1) return emlc_csv_field_i32(&loader->text, 1, 32768, &loader->said_leaves);
  return emlc_csv_field_u16(&loader->text, 1, EMLC_CSV_MOST_OUTPUTS, &loader->model->leaf_width);
}

static inline emlc_status emlc_csv_trees_read_root(emlc_csv_trees_loader* loader) {
  emlc_csv_trees* model = loader->model;
  emlc_csv_root* root = model->memory.roots + model->n_trees;
  if (model->n_trees == model->memory.max_trees) return EMLC_ERR_MEMORY;
  if (loader->text.column == 2) {
    return emlc_csv_field_u16(&loader->text, 0, EMLC_CSV_MOST_OUTPUTS, &root->first_output);
  }
  root->first_output = 0;
  return emlc_csv_field_i32(&loader->text, loader->is_extended ? -32768 : 0, INT32_MAX, &root->node);
}

/** A float as an integer of the same order; -0 and 0 are equal, NaN is beyond infinity on either side. */
static inline int32_t emlc_csv_order(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits & 0x80000000U) != 0 ? -(int32_t)(bits & 0x7FFFFFFFU) : (int32_t)bits;
}

static inline emlc_status emlc_csv_trees_float_threshold(const emlc_csv_text* text, int32_t* threshold) {
  const int32_t infinity = 0x7F800000;
  float value = 0.0F;
  emlc_status status = EMLC_OK;
  if (emlc_csv_field_is(text, "inf")) {
    *threshold = infinity;
  } else if (emlc_csv_field_is(text, "-inf")) {
    *threshold = -infinity;
  } else {
    status = emlc_csv_field_f32(text, &value);
    *threshold = emlc_csv_order(value);
  }
  return status;
}

static inline emlc_status emlc_csv_trees_read_threshold(emlc_csv_trees_loader* loader) {
  const emlc_csv_trees* model = loader->model;
  const emlc_csv_trees_memory* memory = &model->memory;
  const int is_float = loader->is_extended && model->head.type == EMLC_CSV_FLOAT32;
  const int is_wide = loader->is_extended && model->head.type == EMLC_CSV_INT32;
  int32_t threshold = 0;
  emlc_status status;
  if (loader->is_extended && model->head.n_features == 0) return EMLC_ERR_FORMAT; /* its type comes first */
  if ((is_float || is_wide) && memory->thresholds16 != NULL) return EMLC_ERR_MEMORY;
  if (is_float) {
    status = emlc_csv_trees_float_threshold(&loader->text, &threshold);
  } else {
    status =
        emlc_csv_field_i32(&loader->text, is_wide ? INT32_MIN : INT16_MIN, is_wide ? INT32_MAX : INT16_MAX, &threshold);
  }
  if (memory->thresholds16 != NULL) {
    memory->thresholds16[model->n_nodes] = (int16_t)threshold;
  } else {
    memory->thresholds32[model->n_nodes] = threshold;
  }
  return status;
}

static inline emlc_status emlc_csv_trees_read_child(const emlc_csv_text* text, int16_t* child) {
  int32_t value = 0;
  const emlc_status status = emlc_csv_field_i32(text, INT16_MIN, INT16_MAX, &value);
  if (status != EMLC_OK) return status;
  *child = (int16_t)value;
  return value == 0 ? EMLC_ERR_RANGE : EMLC_OK; /* a jump to itself would never end */
}

static inline emlc_status emlc_csv_trees_read_node(emlc_csv_trees_loader* loader) {
  emlc_csv_trees* model = loader->model;
  emlc_csv_node* node = model->memory.nodes + model->n_nodes;
  int32_t goes_left = 0;
  emlc_status status;
  if (model->n_nodes == model->memory.max_nodes) return EMLC_ERR_MEMORY;
  switch (loader->text.column) {
    case 1:
      return emlc_csv_field_u16(&loader->text, 0, EMLC_CSV_MOST_FEATURES - 1, &node->feature);
    case 2:
      return emlc_csv_trees_read_threshold(loader);
    case 3:
      return emlc_csv_trees_read_child(&loader->text, &node->left);
    case 4:
      return emlc_csv_trees_read_child(&loader->text, &node->right);
    default:
      status = emlc_csv_field_i32(&loader->text, 0, 1, &goes_left);
      if (goes_left) node->feature |= 0x8000U;
      return loader->is_extended ? status : EMLC_ERR_FORMAT;
  }
}

static inline emlc_status emlc_csv_trees_read_emlearn(emlc_csv_trees_loader* loader) {
  emlc_csv_head* head = &loader->model->head;
  int32_t leaf_bits = 0;
  emlc_status status;
  switch (loader->kind) {
    case EMLC_CSV_F:
      return emlc_csv_field_u16(&loader->text, 1, EMLC_CSV_MOST_FEATURES, &head->n_features);
    case EMLC_CSV_C:
      return emlc_csv_field_u16(&loader->text, 0, 127, &head->n_outputs);
    default:
      status = emlc_csv_field_i32(&loader->text, 0, 32, &leaf_bits);
      return status == EMLC_OK && leaf_bits != 0 ? EMLC_ERR_UNSUPPORTED : status;
  }
}

static inline emlc_status emlc_csv_trees_read_field(emlc_csv_trees_loader* loader) {
  switch (loader->kind) {
    case EMLC_CSV_FORM:
      return emlc_csv_trees_read_form(loader);
    case EMLC_CSV_TREES:
      return emlc_csv_field_i32(&loader->text, 1, INT32_MAX, &loader->said_trees);
    case EMLC_CSV_LEAVES:
      return emlc_csv_trees_read_leaves(loader);
    case EMLC_CSV_SPLITS:
      return emlc_csv_field_i32(&loader->text, 0, INT32_MAX, &loader->said_nodes);
    case EMLC_CSV_BASE:
      return emlc_csv_trees_read_base(loader);
    case EMLC_CSV_DIVIDE:
      return emlc_csv_trees_read_divisor(loader);
    case EMLC_CSV_MULTIPLY:
      return emlc_csv_field_f32(&loader->text, &loader->model->scale);
    case EMLC_CSV_POST:
      return emlc_csv_read_post(&loader->model->post, &loader->text);
    case EMLC_CSV_LEAF:
      return emlc_csv_trees_read_value(loader);
    case EMLC_CSV_ROOT:
      return emlc_csv_trees_read_root(loader);
    case EMLC_CSV_NODE:
      return emlc_csv_trees_read_node(loader);
    case EMLC_CSV_F:
    case EMLC_CSV_C:
    case EMLC_CSV_LB:
      return emlc_csv_trees_read_emlearn(loader);
    default:
      return emlc_csv_read_head(&loader->model->head, loader->kind, &loader->text);
  }
}

/** The first field of a line. The extended form knows all its records; emlearn's readers skip what they do not know. */
static inline emlc_status emlc_csv_trees_begin_line(emlc_csv_trees_loader* loader) {
  const int is_first = loader->text.line == 1;
  loader->kind = emlc_csv_find_kind(emlc_csv_trees_kinds(), EMLC_CSV_N_TREES_KINDS, &loader->text);
  if (loader->has_ended) return EMLC_ERR_FORMAT;
  if (loader->kind == EMLC_CSV_FORM) return is_first ? EMLC_OK : EMLC_ERR_FORMAT;
  if (loader->is_extended) return loader->kind < 0 || loader->kind >= EMLC_CSV_F ? EMLC_ERR_FORMAT : EMLC_OK;
  if (loader->kind < EMLC_CSV_LEAF) loader->kind = EMLC_ERR_FORMAT; /* of the extended form: skipped */
  return EMLC_OK;
}

static inline emlc_status emlc_csv_trees_on_field(void* context) {
  emlc_csv_trees_loader* loader = (emlc_csv_trees_loader*)context;
  if (loader->text.column == 0) return emlc_csv_trees_begin_line(loader);
  return loader->kind < 0 ? EMLC_OK : emlc_csv_trees_read_field(loader);
}

static inline emlc_status emlc_csv_trees_on_line(void* context) {
  emlc_csv_trees_loader* loader = (emlc_csv_trees_loader*)context;
  emlc_csv_trees* model = loader->model;
  if (loader->kind < 0) return EMLC_OK;
  if (loader->kind == EMLC_CSV_END) loader->has_ended = 1;
  if (loader->kind == EMLC_CSV_BASE) model->first_leaf = loader->n_values;
  if (loader->kind == EMLC_CSV_ROOT) ++model->n_trees;
  if (loader->kind == EMLC_CSV_NODE) ++model->n_nodes;
  if (loader->kind == EMLC_CSV_LEAF) {
    ++model->n_leaves;
    if (loader->text.column - 1U != model->leaf_width) return EMLC_ERR_SIZE;
  }
  return emlc_csv_check_fields(emlc_csv_trees_kinds() + loader->kind, &loader->text);
}

/**
 * Begin to load a model.
 *
 * @param loader, model  any memory; set up here
 * @param memory         copied; its arrays are written while loading
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL, thresholds16 and thresholds32 both are, or an array is NULL and its
 *         maximum is not 0
 */
static inline emlc_status emlc_csv_trees_begin(emlc_csv_trees_loader* loader, emlc_csv_trees* model,
                                               const emlc_csv_trees_memory* memory) {
  if (loader == NULL || model == NULL || memory == NULL) return EMLC_ERR_NULL;
  if ((memory->nodes == NULL || (memory->thresholds16 == NULL && memory->thresholds32 == NULL)) &&
      memory->max_nodes != 0) {
    return EMLC_ERR_NULL;
  }
  if ((memory->roots == NULL && memory->max_trees != 0) || (memory->values == NULL && memory->max_values != 0) ||
      (memory->target_sizes == NULL && memory->max_targets != 0)) {
    return EMLC_ERR_NULL;
  }
  memset(loader, 0, sizeof *loader);
  memset(model, 0, sizeof *model);
  loader->model = model;
  loader->text.line = 1;
  model->memory = *memory;
  model->head.target_sizes = memory->target_sizes;
  model->head.max_targets = memory->max_targets;
  model->head.type = EMLC_CSV_INT16; /* until the file says otherwise, it is emlearn's */
  model->head.n_targets = 1;
  model->is_vote = 1;
  model->leaf_width = 1;
  model->divisor = model->scale = model->post.scale = model->post.denominator = 1.0F;
  return EMLC_OK;
}

/**
 * Load the next piece: a line, a block of the file, all of it; a piece may end anywhere.
 *
 * @return EMLC_OK, or what is wrong, the same again on every later call:
 *         EMLC_ERR_FORMAT not a record of this form; EMLC_ERR_RANGE a number beyond its limits; EMLC_ERR_SIZE a row of
 *         the wrong length; EMLC_ERR_MEMORY an array is too small, or thresholds do not fit 16 bits;
 *         EMLC_ERR_VERSION a later form; EMLC_ERR_UNSUPPORTED leaves other than classes in emlearn's form, or a
 *         post-transform that this build does not compute; EMLC_ERR_NULL a pointer is NULL
 */
static inline emlc_status emlc_csv_trees_feed(emlc_csv_trees_loader* loader, const char* piece, size_t size) {
  if (loader == NULL || (piece == NULL && size != 0)) return EMLC_ERR_NULL;
  if (loader->status == EMLC_OK) {
    loader->status = emlc_csv_cut(&loader->text, piece, size, emlc_csv_trees_on_field, emlc_csv_trees_on_line, loader);
  }
  return loader->status;
}

static inline int emlc_csv_trees_has_child(const emlc_csv_trees* model, size_t node, int16_t child) {
  return child < 0 ? (size_t)(-(child + 1)) < model->n_leaves : (size_t)child < model->n_nodes - node;
}

static inline emlc_status emlc_csv_trees_check_nodes(const emlc_csv_trees* model) {
  size_t i;
  for (i = 0; i < model->n_nodes; ++i) {
    const emlc_csv_node* node = model->memory.nodes + i;
    if ((node->feature & 0x7FFFU) >= model->head.n_features) return EMLC_ERR_RANGE;
    if (!emlc_csv_trees_has_child(model, i, node->left)) return EMLC_ERR_RANGE;
    if (!emlc_csv_trees_has_child(model, i, node->right)) return EMLC_ERR_RANGE;
  }
  for (i = 0; i < model->n_trees; ++i) {
    const emlc_csv_root* root = model->memory.roots + i;
    const size_t index = (size_t)(root->node < 0 ? -(root->node + 1) : root->node);
    if (index >= (root->node < 0 ? model->n_leaves : model->n_nodes)) return EMLC_ERR_RANGE;
    if ((uint32_t)root->first_output + model->leaf_width > model->head.n_outputs) return EMLC_ERR_RANGE;
  }
  return EMLC_OK;
}

/** In emlearn's form every leaf is a class. */
static inline emlc_status emlc_csv_trees_check_classes(const emlc_csv_trees* model) {
  size_t i;
  for (i = 0; i < model->n_leaves; ++i) {
    const float value = model->memory.values[i];
    if (!(value >= 0.0F && value < (float)model->head.n_outputs)) return EMLC_ERR_RANGE;
    if ((float)(uint16_t)value < value) return EMLC_ERR_FORMAT;
  }
  return EMLC_OK;
}

static inline emlc_status emlc_csv_trees_check(const emlc_csv_trees_loader* loader) {
  emlc_csv_trees* model = loader->model;
  emlc_status status = emlc_csv_check_head(&model->head);
  if (status != EMLC_OK) return status;
  if (model->n_trees == 0) return EMLC_ERR_SIZE;
  if (loader->is_extended) {
    if (!loader->has_ended || (size_t)loader->said_trees != model->n_trees) return EMLC_ERR_SIZE;
    if ((size_t)loader->said_leaves != model->n_leaves || (size_t)loader->said_nodes != model->n_nodes) {
      return EMLC_ERR_SIZE;
    }
    if (model->first_leaf != 0 && model->first_leaf != model->head.n_outputs) return EMLC_ERR_SIZE;
  } else {
    model->divisor = (float)model->n_trees;
    status = emlc_csv_trees_check_classes(model);
    if (status != EMLC_OK) return status;
  }
  return emlc_csv_trees_check_nodes(model);
}

/**
 * End loading and check the whole model.
 *
 * @return EMLC_OK, or: what emlc_csv_trees_feed returned; EMLC_ERR_SIZE the file ends too early, or counts do not add
 *         up; EMLC_ERR_RANGE a feature, child, leaf, class, root or output that does not exist; EMLC_ERR_FORMAT a leaf
 *         that is no class; EMLC_ERR_MEMORY target_sizes is too small; EMLC_ERR_NULL loader is NULL
 */
static inline emlc_status emlc_csv_trees_end(emlc_csv_trees_loader* loader) {
  emlc_status status = emlc_csv_trees_feed(loader, "\n", 1); /* the last line may lack its end */
  if (status == EMLC_OK) status = emlc_csv_trees_check(loader);
  if (loader != NULL) loader->status = status;
  return status;
}

/** Load a whole file that is in memory; the errors are those of begin, feed and end. */
static inline emlc_status emlc_csv_trees_load(emlc_csv_trees* model, const emlc_csv_trees_memory* memory,
                                              const char* text, size_t size) {
  emlc_csv_trees_loader loader;
  const emlc_status status = emlc_csv_trees_begin(&loader, model, memory);
  if (status != EMLC_OK) return status;
  if (text == NULL) return EMLC_ERR_NULL;
  (void)emlc_csv_trees_feed(&loader, text, size);
  return emlc_csv_trees_end(&loader);
}

/* ---- running ---- */

/** The inputs in the type that the caller has. One pointer is set. */
typedef struct emlc_csv_input {
  const float* f32;
  const int16_t* i16;
  const int32_t* i32;
} emlc_csv_input;

/** The largest integer not above the value, which is not NaN; beyond int32 its nearest end. */
static inline int32_t emlc_csv_floor(float value) {
  int32_t whole;
  if (value >= 2147483648.0F) return INT32_MAX;
  if (value < -2147483648.0F) return INT32_MIN;
  whole = (int32_t)value;
  return (float)whole > value ? whole - 1 : whole;
}

static inline int emlc_csv_goes_left(const emlc_csv_trees* model, const emlc_csv_input* x, size_t node) {
  const uint16_t feature = model->memory.nodes[node].feature & 0x7FFFU;
  const int32_t threshold =
      model->memory.thresholds16 != NULL ? (int32_t)model->memory.thresholds16[node] : model->memory.thresholds32[node];
  float value;
  if (x->i16 != NULL) return (int32_t)x->i16[feature] < threshold;
  if (x->i32 != NULL) return x->i32[feature] < threshold;
  value = x->f32[feature];
  if (value != value) return (model->memory.nodes[node].feature & 0x8000U) != 0;
  return (model->head.type == EMLC_CSV_FLOAT32 ? emlc_csv_order(value) : emlc_csv_floor(value)) < threshold;
}

/** The leaf where x ends in a tree. */
static inline size_t emlc_csv_find_leaf(const emlc_csv_trees* model, const emlc_csv_input* x, int32_t root) {
  int32_t child = root;
  size_t node = 0;
  while (child >= 0) {
    node += (size_t)child;
    child = emlc_csv_goes_left(model, x, node) ? model->memory.nodes[node].left : model->memory.nodes[node].right;
  }
  return (size_t)(-(child + 1));
}

static inline void emlc_csv_add_leaf(const emlc_csv_trees* model, size_t leaf, uint16_t first_output, float* out) {
  const float* row = model->memory.values + model->first_leaf + leaf * model->leaf_width;
  uint16_t i;
  if (model->is_vote) {
    out[(uint16_t)row[0]] += 1.0F;
    return;
  }
  for (i = 0; i < model->leaf_width; ++i) out[first_output + i] += row[i];
}

static inline emlc_status emlc_csv_trees_run(const emlc_csv_trees* model, const emlc_csv_input* x, float* out) {
  const float* base = model->first_leaf != 0 ? model->memory.values : NULL;
  size_t i;
  for (i = 0; i < model->head.n_outputs; ++i) out[i] = base != NULL && !model->base_at_end ? base[i] : 0.0F;
  for (i = 0; i < model->n_trees; ++i) {
    const emlc_csv_root* root = model->memory.roots + i;
    emlc_csv_add_leaf(model, emlc_csv_find_leaf(model, x, root->node), root->first_output, out);
  }
  for (i = 0; i < model->head.n_outputs; ++i) {
    out[i] = out[i] / model->divisor * model->scale;
    if (base != NULL && model->base_at_end) out[i] += base[i];
  }
  emlc_post_transform_f32(&model->post, out, model->head.n_outputs);
  return EMLC_OK;
}

/**
 * Predict.
 *
 * @param model  loaded: emlc_csv_trees_end returned EMLC_OK
 * @param x      [n_features] of any type of feature; NaN is a missing value
 * @param out    [n_outputs] does not overlap x; emlc_csv_decide makes classes of it
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL
 * No state: one model serves any number of threads.
 */
static inline emlc_status emlc_csv_trees_predict(const emlc_csv_trees* model, const float* x, float* out) {
  const emlc_csv_input input = {x, NULL, NULL};
  if (model == NULL || x == NULL || out == NULL) return EMLC_ERR_NULL;
  return emlc_csv_trees_run(model, &input, out);
}

/** As above for integer features, without a float in the walk. EMLC_ERR_UNSUPPORTED the features are float32. */
static inline emlc_status emlc_csv_trees_predict_i16(const emlc_csv_trees* model, const int16_t* x, float* out) {
  const emlc_csv_input input = {NULL, x, NULL};
  if (model == NULL || x == NULL || out == NULL) return EMLC_ERR_NULL;
  if (model->head.type == EMLC_CSV_FLOAT32) return EMLC_ERR_UNSUPPORTED;
  return emlc_csv_trees_run(model, &input, out);
}

/** As emlc_csv_trees_predict_i16; features of int32 beyond 2^24 are exact only here. */
static inline emlc_status emlc_csv_trees_predict_i32(const emlc_csv_trees* model, const int32_t* x, float* out) {
  const emlc_csv_input input = {NULL, NULL, x};
  if (model == NULL || x == NULL || out == NULL) return EMLC_ERR_NULL;
  if (model->head.type == EMLC_CSV_FLOAT32) return EMLC_ERR_UNSUPPORTED;
  return emlc_csv_trees_run(model, &input, out);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_TREES_H */
