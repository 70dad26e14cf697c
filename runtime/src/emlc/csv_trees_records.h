/**
 * The records of the tree CSV forms, field by field, into the arrays of the caller. Part of csv_trees.h.
 */
#ifndef EMLC_CSV_TREES_RECORDS_H
#define EMLC_CSV_TREES_RECORDS_H

#include "csv_trees_model.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline emlc_status emlc_csv_trees_read_form(emlc_csv_trees_loader* loader) {
  if (loader->text.column == 1) return emlc_csv_field_is(&loader->text, "trees") ? EMLC_OK : EMLC_ERR_FORMAT;
  loader->is_extended = 1;
  loader->model->is_vote = 0;
  loader->model->head.n_targets = 0;
  loader->model->head.rule = EMLC_CSV_NO_DECISION;
  return emlc_csv_field_is(&loader->text, "1") ? EMLC_OK : EMLC_ERR_VERSION;
}

/** A number, but emlearn's leaf, which is a class. */
static inline emlc_status emlc_csv_trees_parse_value(const emlc_csv_trees_loader* loader, float* value) {
  int32_t index = 0;
  emlc_status status;
  if (loader->is_extended) return emlc_csv_field_f32(&loader->text, value);
  status = emlc_csv_field_i32(&loader->text, 0, EMLC_CSV_EMLEARN_CLASSES - 1, &index);
  *value = (float)index;
  return status;
}

/** The next number of a base score or of a leaf row. */
static inline emlc_status emlc_csv_trees_read_value(emlc_csv_trees_loader* loader) {
  const emlc_csv_trees_memory* memory = &loader->model->memory;
  float value = 0.0F;
  const emlc_status status = emlc_csv_trees_parse_value(loader, &value);
  if (status != EMLC_OK) return status;
  if (loader->n_values == memory->max_values) return EMLC_ERR_MEMORY;
  memory->values[loader->n_values++] = value;
  return EMLC_OK;
}

static inline emlc_status emlc_csv_trees_read_base(emlc_csv_trees_loader* loader) {
  if (loader->text.column != 1) return emlc_csv_trees_read_value(loader);
  if (loader->n_values != 0) return EMLC_ERR_FORMAT; /* it comes before the leaves */
  loader->model->base_at_end = (uint8_t)emlc_csv_field_is(&loader->text, "end");
  return loader->model->base_at_end || emlc_csv_field_is(&loader->text, "start") ? EMLC_OK : EMLC_ERR_FORMAT;
}

static inline emlc_status emlc_csv_trees_read_divisor(emlc_csv_trees_loader* loader) {
  const emlc_status status = emlc_csv_field_f32(&loader->text, &loader->model->divisor);
  return status == EMLC_OK && loader->model->divisor == 0.0F ? EMLC_ERR_RANGE : status;
}

static inline emlc_status emlc_csv_trees_read_leaves(emlc_csv_trees_loader* loader) {
  /* Before the first row: the width holds for all of them. */
  if (loader->model->n_leaves != 0) return EMLC_ERR_FORMAT;
  if (loader->text.column == 1) return emlc_csv_field_i32(&loader->text, 1, EMLC_CSV_MOST_LEAVES, &loader->said_leaves);
  return emlc_csv_field_u16(&loader->text, 1, EMLC_CSV_MOST_OUTPUTS, &loader->model->leaf_width);
}

static inline emlc_status emlc_csv_trees_read_root(emlc_csv_trees_loader* loader) {
  emlc_csv_trees* model = loader->model;
  emlc_csv_root* root;
  const int has_rows = model->head.n_outputs != 0 && loader->said_leaves != 0;
  if (loader->is_extended && !has_rows) return EMLC_ERR_FORMAT; /* records output and leaves come first */
  if (model->n_trees == model->memory.max_trees) return EMLC_ERR_MEMORY;
  root = model->memory.roots + model->n_trees;
  if (loader->text.column == 2) {
    return emlc_csv_field_u16(&loader->text, 0, EMLC_CSV_MOST_OUTPUTS, &root->first_output);
  }
  root->first_output = 0;
  if (!loader->is_extended) return emlc_csv_field_i32(&loader->text, 0, EMLC_CSV_EMLEARN_ROOT, &root->node);
  return emlc_csv_field_i32(&loader->text, -EMLC_CSV_MOST_LEAVES, INT32_MAX, &root->node);
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

/** A threshold of integer features is one of their type. */
static inline emlc_status emlc_csv_trees_integer_threshold(const emlc_csv_text* text, emlc_csv_type type,
                                                           int32_t* threshold) {
  switch (type) {
    case EMLC_CSV_INT8:
      return emlc_csv_field_i32(text, INT8_MIN, INT8_MAX, threshold);
    case EMLC_CSV_UINT8:
      return emlc_csv_field_i32(text, 0, UINT8_MAX, threshold);
    case EMLC_CSV_INT32:
      return emlc_csv_field_i32(text, INT32_MIN, INT32_MAX, threshold);
    default:
      return emlc_csv_field_i32(text, INT16_MIN, INT16_MAX, threshold);
  }
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
    status = emlc_csv_trees_integer_threshold(&loader->text, model->head.type, &threshold);
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
  emlc_csv_node* node;
  const int32_t last_feature = loader->is_extended ? EMLC_CSV_MOST_FEATURES - 1 : EMLC_CSV_EMLEARN_FEATURE;
  int32_t goes_left = 0;
  emlc_status status;
  if (model->n_nodes == model->memory.max_nodes) return EMLC_ERR_MEMORY;
  node = model->memory.nodes + model->n_nodes;
  switch (loader->text.column) {
    case 1:
      return emlc_csv_field_u16(&loader->text, 0, last_feature, &node->feature);
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
      return emlc_csv_field_u16(&loader->text, 0, EMLC_CSV_EMLEARN_CLASSES, &head->n_outputs);
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
  if (loader->kind == EMLC_CSV_FORM && !is_first) return EMLC_ERR_FORMAT;
  if (loader->is_extended && (loader->kind < 0 || loader->kind >= EMLC_CSV_F)) return EMLC_ERR_FORMAT;
  if (!loader->is_extended && loader->kind < EMLC_CSV_LEAF && loader->kind != EMLC_CSV_FORM) {
    loader->kind = EMLC_ERR_FORMAT; /* of the extended form: skipped */
  }
  if (loader->kind < 0) return EMLC_OK;
  if (loader->kind == EMLC_CSV_LEAF) loader->text.separator = EMLC_CSV_ANY; /* until the line ends */
  return emlc_csv_note_kind(emlc_csv_trees_kinds(), loader->kind, &loader->text);
}

static inline emlc_status emlc_csv_trees_on_field(void* context) {
  emlc_csv_trees_loader* loader = (emlc_csv_trees_loader*)context;
  if (loader->text.column == 0) return emlc_csv_trees_begin_line(loader);
  return loader->kind < 0 ? EMLC_OK : emlc_csv_trees_read_field(loader);
}

static inline emlc_status emlc_csv_trees_on_line(void* context) {
  emlc_csv_trees_loader* loader = (emlc_csv_trees_loader*)context;
  emlc_csv_trees* model = loader->model;
  loader->text.separator = EMLC_CSV_COMMAS;
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

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_TREES_RECORDS_H */
