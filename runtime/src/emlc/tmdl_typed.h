/**
 * Running .tmdl blobs with inputs in the type that the blob declares, and deciding without the scores. C99 and C++11;
 * libc and libm as tmdl.h.
 *
 *   const int32_t best = emlc_decide_u8(&model, pixels, work);   a class, or a negative emlc_status
 *
 * emlc_run and emlc_decide take float for every blob. The forms for integers run blobs that declare that type, and
 * answer EMLC_ERR_UNSUPPORTED for any other: trees with nothing in front of them, see docs/tmdl.md. int8 networks,
 * TinyMaix's files too, take their codes: q stands for in_s * (q - in_zp) of the first layer.
 */
#ifndef EMLC_TMDL_TYPED_H
#define EMLC_TMDL_TYPED_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"
#include "tmdl.h"
#include "tmdl_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The body of the layer of this type that is all of an opened blob; else NULL. */
static inline const uint8_t* emlc_tmdl_only_body(const emlc_model* model, uint16_t layer_type) {
  const int is_all = model->mdl_type == EMLC_TMDL_EMLC && model->n_layers == 1;
  return is_all && emlc_tmdl_first_type(model->blob) == layer_type ? emlc_tmdl_first_body(model->blob) : NULL;
}

/**
 * Bytes of `work` that emlc_decide asks for, at least 4: work_size of the model, and, but for trees that decide on
 * their sums, what the outputs take.
 */
static inline uint32_t emlc_decide_work_size(const emlc_model* model) {
#ifndef EMLC_NO_LINKED_TREES
  const uint8_t* trees = emlc_tmdl_only_body(model, EMLC_LAYER_LINKED_TREES);
  if (trees != NULL && trees[EMLC_LINKED_AT_DECISION] != EMLC_LINKED_BY_OUTPUTS) return model->work_size;
#endif
  return model->work_size + 4U * (uint32_t)model->n_outputs;
}

/* `type` is a constant in these two, so that a program has the code of the types it calls. */
EMLC_CONSTANT emlc_status emlc_run_typed(const emlc_model* model, const void* x, uint8_t type, float* y, void* work) {
  if (model == NULL || x == NULL || y == NULL || (work == NULL && model->work_size != 0)) return EMLC_ERR_NULL;
#ifndef EMLC_NO_LINKED_TREES
  const uint8_t* trees = emlc_tmdl_only_body(model, EMLC_LAYER_LINKED_TREES);
  if (trees != NULL && trees[EMLC_LINKED_AT_FEATURE_TYPE] == type) {
    if (!emlc_is_aligned_f32(work)) return EMLC_ERR_ALIGN;
    emlc_linked_trees_run(trees, x, type, y, (int32_t*)work);
    return EMLC_OK;
  }
#endif
#ifndef EMLC_NO_PACKED_TREES
  const uint8_t* packed = emlc_tmdl_only_body(model, EMLC_LAYER_TREES);
  if (packed != NULL && packed[EMLC_TREES_AT_FEATURE_TYPE] == type) {
    emlc_trees_run_typed(packed, x, type, y);
    return EMLC_OK;
  }
#endif
#ifndef EMLC_NO_INT8
  if (model->mdl_type == EMLC_TMDL_I8 && type == EMLC_TYPE_I8) {
    if (!emlc_is_aligned_f32(work)) return EMLC_ERR_ALIGN;
    emlc_run_codes_i8(model, (const int8_t*)x, y, (uint8_t*)work);
    return EMLC_OK;
  }
#endif
  (void)type;
  return EMLC_ERR_UNSUPPORTED;
}

EMLC_CONSTANT int32_t emlc_decide_typed(const emlc_model* model, const void* x, uint8_t type, void* work) {
  if (model == NULL || x == NULL || work == NULL) return EMLC_ERR_NULL;
  if (model->rule == EMLC_RULE_NONE) return EMLC_ERR_UNSUPPORTED;
#ifndef EMLC_NO_LINKED_TREES
  const uint8_t* trees = emlc_tmdl_only_body(model, EMLC_LAYER_LINKED_TREES);
  if (trees != NULL && (type == EMLC_TYPE_F32 || trees[EMLC_LINKED_AT_FEATURE_TYPE] == type) &&
      trees[EMLC_LINKED_AT_DECISION] != EMLC_LINKED_BY_OUTPUTS) {
    if (!emlc_is_aligned_f32(work)) return EMLC_ERR_ALIGN;
    return emlc_linked_trees_decide(trees, x, type, (int32_t*)work);
  }
#endif
#ifdef EMLC_NO_SCORES
  return EMLC_ERR_UNSUPPORTED;
#else
  float* y = (float*)(void*)((uint8_t*)work + model->work_size);
  const emlc_status status =
      type == EMLC_TYPE_F32 ? emlc_run(model, (const float*)x, y, work) : emlc_run_typed(model, x, type, y, work);
  return status == EMLC_OK ? emlc_predict_class(model, y) : (int32_t)status;
#endif
}

/**
 * One prediction of inputs in the declared type: as emlc_run, without a float in front of the trees.
 *
 * @param model  opened by emlc_tmdl_open
 * @param x      [n_features] values of the type that the blob declares
 * @param y      [n_outputs] the answer after softmax or post-transform, real values; does not overlap x
 * @param work   work_size bytes, aligned for a float; NULL if work_size is 0
 * @return EMLC_OK, or with y untouched: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_ALIGN work is not aligned for a
 *         float; EMLC_ERR_UNSUPPORTED the blob does not declare this type, or has no layer that runs in it
 */
static inline emlc_status emlc_run_i8(const emlc_model* model, const int8_t* x, float* y, void* work) {
  return emlc_run_typed(model, x, EMLC_TYPE_I8, y, work);
}

/** As emlc_run_i8. */
static inline emlc_status emlc_run_u8(const emlc_model* model, const uint8_t* x, float* y, void* work) {
  return emlc_run_typed(model, x, EMLC_TYPE_U8, y, work);
}

/** As emlc_run_i8. */
static inline emlc_status emlc_run_i16(const emlc_model* model, const int16_t* x, float* y, void* work) {
  return emlc_run_typed(model, x, EMLC_TYPE_I16, y, work);
}

/** As emlc_run_i8. */
static inline emlc_status emlc_run_i32(const emlc_model* model, const int32_t* x, float* y, void* work) {
  return emlc_run_typed(model, x, EMLC_TYPE_I32, y, work);
}

/**
 * The class of one prediction, for the first target: what emlc_predict_class makes of the scores of emlc_run. Where the
 * layer can decide on its integer sums no score is computed, and trees that can change nothing are not asked.
 *
 * @param model  opened by emlc_tmdl_open
 * @param x      [n_features] real values
 * @param work   emlc_decide_work_size(model) bytes, an array of float
 * @return the index of the class, or a negative emlc_status: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_ALIGN work is
 * not aligned for a float; EMLC_ERR_UNSUPPORTED the model is a filter, or makes no decision (a regression, say)
 */
static inline int32_t emlc_decide(const emlc_model* model, const float* x, void* work) {
  return emlc_decide_typed(model, x, EMLC_TYPE_F32, work);
}

/** As emlc_decide, of inputs in the declared type; EMLC_ERR_UNSUPPORTED also as emlc_run_i8 says. */
static inline int32_t emlc_decide_i8(const emlc_model* model, const int8_t* x, void* work) {
  return emlc_decide_typed(model, x, EMLC_TYPE_I8, work);
}

/** As emlc_decide_i8. */
static inline int32_t emlc_decide_u8(const emlc_model* model, const uint8_t* x, void* work) {
  return emlc_decide_typed(model, x, EMLC_TYPE_U8, work);
}

/** As emlc_decide_i8. */
static inline int32_t emlc_decide_i16(const emlc_model* model, const int16_t* x, void* work) {
  return emlc_decide_typed(model, x, EMLC_TYPE_I16, work);
}

/** As emlc_decide_i8. */
static inline int32_t emlc_decide_i32(const emlc_model* model, const int32_t* x, void* work) {
  return emlc_decide_typed(model, x, EMLC_TYPE_I32, work);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_TYPED_H */
