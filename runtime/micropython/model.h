/**
 * A model: a blob that was checked, and the memory that its predictions need.
 */
#ifndef EMLC_MP_MODEL_H
#define EMLC_MP_MODEL_H

#include <emlc/tmdl.h>
#include <emlc/tmdl_info.h>
#include <emlc/tmdl_typed.h>

#include "values.h"

#ifndef EMLC_MP_NO_SIGNALS
#include <emlc/signal.h>

/** The signal of a model, and the state of its stream of samples. */
typedef struct emlc_mp_stream {
  emlc_signal signal;
  uint64_t state[]; /* state_size bytes */
} emlc_mp_stream;
#endif

typedef struct emlc_mp_model {
  mp_obj_base_t base;
  mp_obj_t source;      /* keeps the blob, which is not copied */
  mp_obj_t class_names; /* as they were given, or None */
  emlc_model model;
#ifndef EMLC_MP_NO_SIGNALS
  emlc_mp_stream* stream; /* NULL: the blob has no signal */
#endif
  const uint8_t* linked; /* the body of trees laid out for speed, else NULL */
  float* y;              /* [n_outputs] */
  float* x;              /* [n_features], of such trees integers */
  uint32_t ram;          /* bytes of all this */
  uint64_t work[];       /* work_size bytes of the model; behind them y and x */
} emlc_mp_model;

/** x as the model reads it, in place where that is possible: of float, for trees laid out for speed what they compare.
 */
EMLC_MP_CALLED const void* emlc_mp_input_of(emlc_mp_model* self, mp_obj_t x) {
  emlc_mp_values values;
  emlc_mp_values_of(x, EMLC_MP_READ, &values);
  if (self->model.n_sections != 0) emlc_mp_refuse(EMLC_MP_REFUSED_FILTER);
  if (values.n != self->model.n_features) emlc_mp_refuse_with(EMLC_MP_REFUSED_COUNT, self->model.n_features);
#ifndef EMLC_NO_LINKED_TREES
  if (self->linked != NULL) {
    int32_t* keys = (int32_t*)(void*)self->x;
    if (values.code != 'f') {
      if (self->linked[EMLC_LINKED_AT_FEATURE_TYPE] != EMLC_TYPE_F32) {
        for (size_t i = 0; i < values.n; ++i) keys[i] = emlc_mp_integer(&values, i);
        return keys;
      }
      emlc_mp_to_floats(&values, 0, values.n, 1.0F, self->x);
      values.at = self->x;
    }
    emlc_linked_keys(self->linked, values.at, keys);
    return keys;
  }
#endif
  if (values.code == 'f') return values.at;
  emlc_mp_to_floats(&values, 0, values.n, 1.0F, self->x);
  return self->x;
}

/** All outputs, into self->y: what a caller has for them may be x. */
EMLC_MP_CALLED void emlc_mp_run(emlc_mp_model* self, const void* x) {
#ifndef EMLC_NO_LINKED_TREES
  if (self->linked != NULL) {
    emlc_linked_trees_run(self->linked, x, EMLC_TYPE_I32, self->y, (int32_t*)(void*)self->work);
    return;
  }
  if (emlc_tmdl_first_type(self->model.blob) == EMLC_LAYER_LINKED_TREES) __builtin_unreachable();
#endif
#ifndef EMLC_NO_INT8
  if (self->model.mdl_type == EMLC_TMDL_I8) {
    emlc_run_network_i8(&self->model, x, self->y, (uint8_t*)self->work);
    return;
  }
#endif
  emlc_run_f32(&self->model, x, self->y, (uint8_t*)self->work);
}

/** The class of a target, below 0 where there is none; then all outputs are in self->y. */
EMLC_MP_CALLED int32_t emlc_mp_class_of(emlc_mp_model* self, const void* x, uint32_t target) {
#ifndef EMLC_NO_LINKED_TREES
  if (target == 0 && self->linked != NULL && self->linked[EMLC_LINKED_AT_DECISION] != EMLC_LINKED_BY_OUTPUTS) {
    return emlc_linked_trees_decide(self->linked, x, EMLC_TYPE_I32, (int32_t*)(void*)self->work);
  }
#endif
  emlc_mp_run(self, x);
  return emlc_predict_target(&self->model, self->y, target);
}

/** predict(x, target=0): the class; of a model without a decision an output. */
static mp_obj_t emlc_mp_predict(size_t n_args, const mp_obj_t* args) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(args[0]);
  const void* x = emlc_mp_input_of(self, args[1]);
  const uint32_t target = n_args > 2 ? (uint32_t)mp_obj_get_int(args[2]) : 0;
  const int32_t class_index = emlc_mp_class_of(self, x, target);
  if (class_index >= 0) return MP_OBJ_NEW_SMALL_INT(class_index);
  if (self->model.rule != EMLC_RULE_NONE || target >= self->model.n_outputs) emlc_mp_refuse(EMLC_MP_REFUSED_TARGET);
  return mp_obj_new_float_from_f(self->y[target]);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(emlc_mp_predict_object, 2, 3, emlc_mp_predict);

/** predict_proba(x, out): all outputs, into an array of f, which is returned. */
static mp_obj_t emlc_mp_predict_proba(mp_obj_t self_in, mp_obj_t x, mp_obj_t out) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
  const void* input = emlc_mp_input_of(self, x);
  emlc_mp_values values;
  emlc_mp_values_of(out, EMLC_MP_WRITE, &values);
  if (values.code != 'f') emlc_mp_refuse_with(EMLC_MP_REFUSED_TYPE, 'f');
  if (values.n != self->model.n_outputs) emlc_mp_refuse_with(EMLC_MP_REFUSED_COUNT, self->model.n_outputs);
  emlc_mp_run(self, input);
  memcpy(values.at, self->y, values.n * sizeof(float));
  return out;
}
static MP_DEFINE_CONST_FUN_OBJ_3(emlc_mp_predict_proba_object, emlc_mp_predict_proba);

#endif /* EMLC_MP_MODEL_H */
