/**
 * Load a tree ensemble from CSV and check it. Part of csv_trees.h, which says how.
 */
#ifndef EMLC_CSV_TREES_LOAD_H
#define EMLC_CSV_TREES_LOAD_H

#include "csv_trees_records.h"

#ifdef __cplusplus
extern "C" {
#endif

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
  }
  return EMLC_OK;
}

static inline emlc_status emlc_csv_trees_check(const emlc_csv_trees_loader* loader) {
  emlc_csv_trees* model = loader->model;
  emlc_status status;
  if (!loader->is_extended) model->head.n_target_outputs = model->head.n_outputs;
  status = emlc_csv_check_head(&model->head);
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
  emlc_status status;
  if (loader == NULL) return EMLC_ERR_NULL;
  status = emlc_csv_trees_feed(loader, "\n", emlc_csv_has_open_line(&loader->text));
  if (status == EMLC_OK) status = emlc_csv_trees_check(loader);
  loader->status = status;
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

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_TREES_LOAD_H */
