/**
 * Running .tmdl blobs with inputs in the type that the blob declares, and deciding without the scores. C99 and C++11;
 * libc and libm as tmdl.h.
 *
 *   const int32_t best = emlc_decide_u8(&model, pixels, work);   a class, or a negative emlc_status
 *
 * emlc_run and emlc_decide take float for every blob. The forms for integers run blobs that declare that type, and
 * answer EMLC_ERR_UNSUPPORTED for any other: trees written with --optimize balanced or speed, see docs/tmdl.md.
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

/**
 * Bytes of `work` that emlc_decide asks for; a multiple of 4, at least 4. work_size of the model where the layer decides
 * by itself, else that and what the outputs take. The forms for integers ask for no more.
 */
static inline uint32_t emlc_decide_work_size(const emlc_model* model) {
  return model->work_size + 4U * (uint32_t)model->n_outputs;
}

/** What emlc_run answers to x of `type`, an EMLC_TYPE_. */
static inline emlc_status emlc_run_typed(const emlc_model* model, const void* x, uint8_t type, float* y, void* work) {
  if (model == NULL || x == NULL || y == NULL || (work == NULL && model->work_size != 0)) return EMLC_ERR_NULL;
  (void)type;
  return EMLC_ERR_UNSUPPORTED;
}

/** What emlc_decide answers to x of `type`. */
static inline int32_t emlc_decide_typed(const emlc_model* model, const void* x, uint8_t type, void* work) {
  if (model == NULL || x == NULL || work == NULL) return EMLC_ERR_NULL;
  (void)type;
  return EMLC_ERR_UNSUPPORTED;
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
 * @return the index of the class, or a negative emlc_status: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_ALIGN work is not
 *         aligned for a float; EMLC_ERR_UNSUPPORTED the model is a filter, or makes no decision (a regression, say)
 */
static inline int32_t emlc_decide(const emlc_model* model, const float* x, void* work) {
  float* y;
  emlc_status status;
  if (model == NULL || x == NULL || work == NULL) return EMLC_ERR_NULL;
  if (model->rule == EMLC_RULE_NONE) return EMLC_ERR_UNSUPPORTED;
  y = (float*)(void*)((uint8_t*)work + model->work_size);
  status = emlc_run(model, x, y, work);
  return status == EMLC_OK ? emlc_predict_class(model, y) : status;
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
