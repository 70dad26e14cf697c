/**
 * open(blob), and what a model tells of itself.
 */
#ifndef EMLC_MP_OPEN_H
#define EMLC_MP_OPEN_H

#include "filter.h"
#include "model.h"
#include "stream.h"

#if EMLC_MP_NATIVE
mp_obj_full_type_t emlc_mp_model_type; /* filled by mpy_init */
#else
extern const mp_obj_type_t emlc_mp_model_type;
#endif

/** A model that has been checked, of n_features, n_outputs and work_size of it; linked: the body of trees for speed. */
EMLC_MP_CALLED mp_obj_t emlc_mp_new_model(const emlc_model* model, const uint8_t* linked, mp_obj_t source,
                                          mp_obj_t class_names) {
  const size_t size = sizeof(emlc_mp_model) + model->work_size + 4 * ((size_t)model->n_outputs + model->n_features);
  emlc_mp_model* self = emlc_mp_renew(NULL, 0, size);
  self->base.type = (const mp_obj_type_t*)&emlc_mp_model_type;
  self->ram = (uint32_t)size;
  self->source = source;
  self->class_names = class_names;
  self->model = *model;
  self->linked = linked;
  self->y = (float*)(void*)((uint8_t*)self->work + model->work_size);
  self->x = (linked == NULL ? self->y : (float*)(void*)self->work) + model->n_outputs;
#ifndef EMLC_MP_NO_SIGNALS
  self->stream = model->blob == NULL ? NULL : emlc_mp_new_stream(&self->model, &self->ram);
#endif
#ifndef EMLC_NO_FILTERS
  if (model->n_sections != 0) emlc_mp_reset(MP_OBJ_FROM_PTR(self));
#endif
  return MP_OBJ_FROM_PTR(self);
}

/** open(blob, class_names=None): in place where nothing can write to the blob, and it is aligned; else of a copy. */
static mp_obj_t emlc_mp_open(size_t n_args, const mp_obj_t* args) {
  emlc_mp_values blob;
  mp_buffer_info_t written;
  mp_obj_t source = args[0];
  const uint8_t* linked = NULL;
  emlc_model model;
  emlc_status status;
  emlc_mp_values_of(source, EMLC_MP_READ, &blob);
  if (blob.code != 'B') emlc_mp_refuse(EMLC_MP_REFUSED_NO_BYTES);
  if ((uintptr_t)blob.at % EMLC_TMDL_ALIGN != 0 || mp_get_buffer(source, &written, MP_BUFFER_WRITE)) {
    void* copy = emlc_mp_renew(NULL, 0, blob.n);
    blob.at = memcpy(copy, blob.at, blob.n);
    source = mp_const_none;
  }
  status = emlc_tmdl_open(blob.at, blob.n, &model);
  if (status != EMLC_OK) emlc_mp_refuse((emlc_mp_refusal)(EMLC_MP_REFUSED_STATUS - 1 - (int)status));
#ifndef EMLC_NO_LINKED_TREES
  if (model.mdl_type == EMLC_TMDL_EMLC && emlc_tmdl_first_type(blob.at) == EMLC_LAYER_LINKED_TREES) {
    linked = emlc_tmdl_first_body(blob.at);
  }
#endif
  return emlc_mp_new_model(&model, linked, source, n_args > 1 ? args[1] : mp_const_none);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(emlc_mp_open_object, 1, 2, emlc_mp_open);

#ifndef EMLC_MP_NO_INFO
/** The words of info(), in the order of its numbers, and the kinds, in that of emlc_tmdl_kind. */
#define EMLC_MP_WORDS "ram\0n_layers\0n_targets\0n_outputs\0n_features\0kind"
#define EMLC_MP_KINDS "scaler\0trees\0network\0int8 network\0filter\0integer filter"

/** What the first layer that is no scaler makes of a model. */
static uint8_t emlc_mp_kind_of(const emlc_mp_model* self) {
  const uint8_t* layer = self->model.blob + EMLC_TMDL_HEADER_SIZE;
  uint8_t kind = EMLC_KIND_TREES;
  if (self->linked != NULL) return kind;
  for (uint32_t i = 0; i < self->model.n_layers; ++i) {
    kind = emlc_tmdl_kind_of(emlc_load_u16(layer + EMLC_LAYER_AT_TYPE), self->model.mdl_type);
    if (kind != EMLC_KIND_SCALER) break;
    layer += emlc_load_u32(layer + EMLC_LAYER_AT_SIZE);
  }
  return kind;
}

/** info(): a dictionary. */
static mp_obj_t emlc_mp_info(mp_obj_t self_in) {
  const emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
  const uint32_t numbers[] = {self->ram, self->model.n_layers, self->model.n_targets, self->model.n_outputs,
                              self->model.n_features};
  const uint32_t n = sizeof numbers / sizeof *numbers;
  mp_obj_t facts = mp_obj_new_dict(0);
  for (uint32_t i = 0; i < n; ++i) {
    mp_obj_dict_store(facts, emlc_mp_word(EMLC_MP_WORDS, i), MP_OBJ_NEW_SMALL_INT(numbers[i]));
  }
  mp_obj_dict_store(facts, emlc_mp_word(EMLC_MP_WORDS, n),
                    emlc_mp_word(EMLC_MP_KINDS, emlc_mp_kind_of(self) - EMLC_KIND_SCALER));
  return facts;
}
static MP_DEFINE_CONST_FUN_OBJ_1(emlc_mp_info_object, emlc_mp_info);
#endif

/** What a model has: methods, and what can be read. */
static void emlc_mp_model_attr(mp_obj_t self_in, qstr attr, mp_obj_t* dest) {
  const emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
  const void* method = NULL;
  if (dest[0] != MP_OBJ_NULL) return; /* nothing can be set */
  if (attr == MP_QSTR_predict) {
    method = &emlc_mp_predict_object;
  } else if (attr == MP_QSTR_predict_proba) {
    method = &emlc_mp_predict_proba_object;
#ifndef EMLC_NO_FILTERS
  } else if (attr == MP_QSTR_filter) {
    method = &emlc_mp_filter_object;
#endif
#ifndef EMLC_MP_NO_SIGNALS
  } else if (attr == MP_QSTR_push) {
    method = &emlc_mp_push_object;
#endif
#ifdef EMLC_MP_HAS_RESET
  } else if (attr == MP_QSTR_reset) {
    method = &emlc_mp_reset_object;
#endif
#ifndef EMLC_MP_NO_INFO
  } else if (attr == MP_QSTR_info) {
    method = &emlc_mp_info_object;
#endif
  } else if (attr == MP_QSTR_n_features) {
    dest[0] = MP_OBJ_NEW_SMALL_INT(self->model.n_features);
  } else if (attr == MP_QSTR_n_outputs) {
    dest[0] = MP_OBJ_NEW_SMALL_INT(self->model.n_outputs);
  } else if (attr == MP_QSTR_class_names) {
    dest[0] = self->class_names;
  }
  if (method == NULL) return;
  dest[0] = MP_OBJ_FROM_PTR(method);
  dest[1] = self_in;
}

#endif /* EMLC_MP_OPEN_H */
