/**
 * A model: a blob that was checked, and the memory that its predictions need.
 */
#ifndef EMLC_MP_MODEL_H
#define EMLC_MP_MODEL_H

#include <emlc/tmdl.h>
#include <emlc/tmdl_info.h>
#include <emlc/tmdl_typed.h>

#include "values.h"

typedef struct emlc_mp_model {
  mp_obj_base_t base;
  mp_obj_t source;      /* keeps the blob, which is not copied */
  mp_obj_t class_names; /* as they were given, or None */
  emlc_model model;
  const uint8_t* linked; /* the body of trees laid out for speed, else NULL */
  float* x;              /* [n_features] of float, but for such trees and filters */
  float* y;              /* [n_outputs] */
  uint32_t ram;          /* bytes of all this */
  uint64_t work[];       /* work_size bytes of the model; behind them y and x */
} emlc_mp_model;

/** What a prediction reads. */
typedef struct emlc_mp_input {
  const void* x;
  uint8_t type; /* EMLC_TYPE_F32, or of trees laid out for speed EMLC_TYPE_I32 */
} emlc_mp_input;

#ifndef EMLC_NO_LINKED_TREES
/** Integers for trees laid out for speed: behind the sums, where floats become what the trees compare. */
static inline emlc_mp_input emlc_mp_linked_input(emlc_mp_model* self, const emlc_mp_values* values) {
  const uint8_t type = self->linked[EMLC_LINKED_AT_FEATURE_TYPE];
  int32_t* keys = (int32_t*)(void*)self->work + self->model.n_outputs;
  emlc_mp_input input = {keys, EMLC_TYPE_I32};
  if (type == EMLC_TYPE_F32) {
    emlc_mp_to_floats(values, 0, values->n, 1.0F, (float*)(void*)keys);
    input.type = EMLC_TYPE_F32;
  } else {
    for (size_t i = 0; i < values->n; ++i) keys[i] = emlc_mp_integer(values, i);
  }
  return input;
}
#endif

/** The type again, so that compilers see that there are two and make no code for others. */
static inline uint8_t emlc_mp_type_of(emlc_mp_input input) {
  return input.type == EMLC_TYPE_I32 ? EMLC_TYPE_I32 : EMLC_TYPE_F32;
}

/** x as the model reads it, in place where that is possible. */
EMLC_MP_CALLED emlc_mp_input emlc_mp_input_of(emlc_mp_model* self, mp_obj_t x) {
  const emlc_mp_values values = emlc_mp_values_of(x, EMLC_MP_READ);
  emlc_mp_input input = {values.at, EMLC_TYPE_F32};
  if (self->model.n_sections != 0) emlc_mp_refuse("the model is a filter: filter(samples)");
  if (values.n != self->model.n_features) emlc_mp_refuse_number("expected %d values", self->model.n_features);
  if (values.code == 'f') return input;
#ifndef EMLC_NO_LINKED_TREES
  if (self->linked != NULL) return emlc_mp_linked_input(self, &values);
#endif
  emlc_mp_to_floats(&values, 0, values.n, 1.0F, self->x);
  input.x = self->x;
  return input;
}

/** All outputs. */
static void emlc_mp_run(emlc_mp_model* self, emlc_mp_input input, float* y) {
#ifndef EMLC_NO_LINKED_TREES
  if (self->linked != NULL) {
    emlc_linked_trees_run(self->linked, input.x, emlc_mp_type_of(input), y, (int32_t*)(void*)self->work);
    return;
  }
  if (emlc_tmdl_first_type(self->model.blob) == EMLC_LAYER_LINKED_TREES) __builtin_unreachable();
#endif
  (void)emlc_run(&self->model, (const float*)input.x, y, self->work);
}

/** predict(x, target=0): the class; of a model without a decision an output. */
static mp_obj_t emlc_mp_predict(size_t n_args, const mp_obj_t* args) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(args[0]);
  const emlc_mp_input input = emlc_mp_input_of(self, args[1]);
  const uint32_t target = n_args > 2 ? (uint32_t)mp_obj_get_int(args[2]) : 0;
  const int decides = self->model.rule != EMLC_RULE_NONE;
#ifndef EMLC_NO_LINKED_TREES
  if (target == 0 && self->linked != NULL && self->linked[EMLC_LINKED_AT_DECISION] != EMLC_LINKED_BY_OUTPUTS) {
    return MP_OBJ_NEW_SMALL_INT(
        emlc_linked_trees_decide(self->linked, input.x, emlc_mp_type_of(input), (int32_t*)(void*)self->work));
  }
#endif
  if (target >= (decides ? self->model.n_targets : self->model.n_outputs)) emlc_mp_refuse("there is no such target");
  emlc_mp_run(self, input, self->y);
  if (!decides) return mp_obj_new_float_from_f(self->y[target]);
  return MP_OBJ_NEW_SMALL_INT(emlc_predict_target(&self->model, self->y, target));
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(emlc_mp_predict_object, 2, 3, emlc_mp_predict);

/** predict_proba(x, out): all outputs, into an array of f, which is returned. */
static mp_obj_t emlc_mp_predict_proba(mp_obj_t self_in, mp_obj_t x, mp_obj_t out) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
  const emlc_mp_input input = emlc_mp_input_of(self, x);
  const emlc_mp_values values = emlc_mp_values_of(out, EMLC_MP_WRITE);
  if (values.code != 'f') emlc_mp_refuse_type("out: expected an array of f");
  if (values.n != self->model.n_outputs) emlc_mp_refuse_number("out: expected %d values", self->model.n_outputs);
  /* By way of y: out may be x. */
  emlc_mp_run(self, input, self->y);
  memcpy(values.at, self->y, values.n * sizeof(float));
  return out;
}
static MP_DEFINE_CONST_FUN_OBJ_3(emlc_mp_predict_proba_object, emlc_mp_predict_proba);

#endif /* EMLC_MP_MODEL_H */
