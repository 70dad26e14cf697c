/**
 * Filters: samples in place, with a state that is kept from block to block.
 */
#ifndef EMLC_MP_FILTER_H
#define EMLC_MP_FILTER_H

#include "model.h"

enum { EMLC_MP_BLOCK = 32 }; /* samples that are converted at a time, on the stack */

#ifndef EMLC_NO_FILTERS
/** The nearest sample of 16 bits; halves away from 0. */
static inline int16_t emlc_mp_sample(float value) {
  if (!(value > -32768.0F)) return INT16_MIN;
  return value >= 32767.0F ? INT16_MAX : (int16_t)(value < 0.0F ? value - 0.5F : value + 0.5F);
}

/** Samples of 16 bits through a filter in float; full scale is 32768. */
static void emlc_mp_filter_in_float(emlc_mp_model* self, const emlc_mp_values* samples) {
  float block[EMLC_MP_BLOCK];
  int16_t* at = samples->at;
  for (size_t first = 0; first < samples->n; first += EMLC_MP_BLOCK) {
    const size_t n = samples->n - first < EMLC_MP_BLOCK ? samples->n - first : EMLC_MP_BLOCK;
    emlc_mp_to_floats(samples, first, n, 1.0F, block);
    (void)emlc_filter(&self->model, (float*)(void*)self->work, block, block, n);
    for (size_t i = 0; i < n; ++i) at[first + i] = emlc_mp_sample(block[i]);
  }
}

#ifndef EMLC_NO_FIXED
/** Samples of 16 bits through a filter of 32. */
static void emlc_mp_filter_widened(emlc_mp_model* self, const emlc_mp_values* samples) {
  int32_t block[EMLC_MP_BLOCK];
  int16_t* at = samples->at;
  for (size_t first = 0; first < samples->n; first += EMLC_MP_BLOCK) {
    const size_t n = samples->n - first < EMLC_MP_BLOCK ? samples->n - first : EMLC_MP_BLOCK;
    for (size_t i = 0; i < n; ++i) block[i] = at[first + i] * 65536;
    (void)emlc_filter_q31(&self->model, (uint32_t*)(void*)self->work, block, block, n);
    for (size_t i = 0; i < n; ++i) {
      at[first + i] = block[i] >= 0x7FFF8000 ? INT16_MAX : (int16_t)((block[i] + 0x8000) >> 16);
    }
  }
}

static void emlc_mp_filter_integers(emlc_mp_model* self, const emlc_mp_values* samples) {
  uint32_t* state = (uint32_t*)(void*)self->work;
  if (self->model.sample_bits == 16 && samples->code == 'h') {
    (void)emlc_filter_q15(&self->model, state, samples->at, samples->at, samples->n);
  } else if (self->model.sample_bits == 32 && samples->code == 'i') {
    (void)emlc_filter_q31(&self->model, state, samples->at, samples->at, samples->n);
  } else if (self->model.sample_bits == 32 && samples->code == 'h') {
    emlc_mp_filter_widened(self, samples);
  } else {
    emlc_mp_refuse_type("samples: expected an array of h, or of i for a filter of 32 bits");
  }
}
#endif

/** Begins anew: what the filter has heard is forgotten. */
static mp_obj_t emlc_mp_reset(mp_obj_t self_in) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
#ifndef EMLC_NO_FIXED
  (void)emlc_filter_reset_fixed(&self->model, (uint32_t*)(void*)self->work);
#endif
  (void)emlc_filter_reset(&self->model, (float*)(void*)self->work);
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(emlc_mp_reset_object, emlc_mp_reset);

/** filter(samples): in place. */
static mp_obj_t emlc_mp_filter(mp_obj_t self_in, mp_obj_t samples) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
  const emlc_mp_values values = emlc_mp_values_of(samples, EMLC_MP_WRITE);
  if (self->model.n_sections == 0) emlc_mp_refuse("the model is no filter: predict(x)");
#ifndef EMLC_NO_FIXED
  if (self->model.sample_bits != 0) {
    emlc_mp_filter_integers(self, &values);
    return mp_const_none;
  }
#endif
  if (values.code == 'f') {
    (void)emlc_filter(&self->model, (float*)(void*)self->work, values.at, values.at, values.n);
  } else if (values.code == 'h') {
    emlc_mp_filter_in_float(self, &values);
  } else {
    emlc_mp_refuse_type("samples: expected an array of f or h");
  }
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(emlc_mp_filter_object, emlc_mp_filter);
#endif

#endif /* EMLC_MP_FILTER_H */
