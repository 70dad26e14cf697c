/**
 * Filters: samples in place, with a state that is kept from block to block.
 */
#ifndef EMLC_MP_FILTER_H
#define EMLC_MP_FILTER_H

#include "model.h"

enum { EMLC_MP_BLOCK = 64 }; /* samples that are converted at a time, on the stack */

#ifndef EMLC_NO_FILTERS
/** The nearest sample of 16 bits; halves away from 0. */
static inline int32_t emlc_mp_sample(float value) {
  if (!(value > -32768.0F)) return INT16_MIN;
  return value >= 32767.0F ? INT16_MAX : (int32_t)(value < 0.0F ? value - 0.5F : value + 0.5F);
}

#ifndef EMLC_NO_FIXED
/**
 * A block of int32 through a filter in integers. One of 16 bits computes as one of 32 whose samples have 16 bits more,
 * which are 0: every sum is 2^16 times the one that it has in its state.
 */
static void emlc_mp_filter_fixed(emlc_mp_model* self, int32_t* samples, size_t n) {
  emlc_tmdl_sos_fixed sos = emlc_tmdl_sos_fixed_at(self->model.blob + EMLC_TMDL_HEADER_SIZE);
  const int is_narrow = self->model.sample_bits == 16;
  uint32_t* state = (uint32_t*)(void*)self->work;
  if (is_narrow) {
    sos.steps.shift = (uint8_t)(sos.steps.shift + 16);
    sos.steps.guard = 16;
  }
  for (size_t i = 0; i < 5 * (size_t)sos.n_sections; i += 5) {
    int32_t row[5];
    uint32_t sums[EMLC_SOS_STATE_Q31];
    for (size_t k = 0; k < 5; ++k) row[k] = emlc_tmdl_coefficient(&sos, i + k);
    for (size_t k = 0; k < 2; ++k) {
      sums[2 * k] = state[k] << 16;
      sums[2 * k + 1] = (uint32_t)((int32_t)state[k] >> 16);
    }
    emlc_sos_section_q31(&sos.steps, row, is_narrow ? sums : state, samples, samples, n);
    if (is_narrow) {
      for (size_t k = 0; k < 2; ++k) *state++ = sums[2 * k] >> 16 | sums[2 * k + 1] << 16;
    } else {
      state += EMLC_SOS_STATE_Q31;
    }
  }
  if (sos.steps.lift == 0) return;
  emlc_sos_lift_q31(sos.steps.lift, samples, n);
  if (!is_narrow) return;
  /* Full scale is a step of 16 bits below that of 32. */
  for (size_t i = 0; i < n; ++i) samples[i] &= (int32_t)(0xFFFF0000U << sos.steps.lift);
}
#endif

/** A block of floats, or for a filter in integers of int32. */
EMLC_MP_CALLED void emlc_mp_filter_block(emlc_mp_model* self, void* samples, size_t n) {
#ifndef EMLC_NO_FIXED
  if (self->model.sample_bits != 0) {
    emlc_mp_filter_fixed(self, samples, n);
    return;
  }
#endif
  (void)emlc_filter(&self->model, (float*)(void*)self->work, samples, samples, n);
}

/** Samples of 16 bits through any filter, by blocks of what it computes in; full scale in float is 32768. */
static void emlc_mp_filter_samples(emlc_mp_model* self, const emlc_mp_values* samples) {
  const int is_float = self->model.sample_bits == 0;
  union {
    float f[EMLC_MP_BLOCK];
    int32_t i[EMLC_MP_BLOCK];
  } block;
  int16_t* at = samples->at;
  for (size_t first = 0, n; first < samples->n; first += n) {
    n = samples->n - first < EMLC_MP_BLOCK ? samples->n - first : EMLC_MP_BLOCK;
    if (is_float) {
      emlc_mp_to_floats(samples, first, n, 1.0F, block.f);
    } else {
      for (size_t i = 0; i < n; ++i) block.i[i] = at[i] * 65536;
    }
    emlc_mp_filter_block(self, &block, n);
    for (size_t i = 0; i < n; ++i) {
      if (is_float) {
        *at++ = (int16_t)emlc_mp_sample(block.f[i]);
      } else {
        *at++ = block.i[i] >= 0x7FFF8000 ? INT16_MAX : (int16_t)((block.i[i] + 0x8000) >> 16);
      }
    }
  }
}

/** filter(samples): in place. */
static mp_obj_t emlc_mp_filter(mp_obj_t self_in, mp_obj_t samples) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
  unsigned code = 'f';
  emlc_mp_values values;
  emlc_mp_values_of(samples, EMLC_MP_WRITE, &values);
  if (self->model.n_sections == 0) emlc_mp_refuse(EMLC_MP_REFUSED_NO_FILTER);
#ifndef EMLC_NO_FIXED
  if (self->model.sample_bits == 16) code = 'h';
  if (self->model.sample_bits == 32) code = 'i';
#endif
  if (values.code == 'h') {
    emlc_mp_filter_samples(self, &values);
  } else if (values.code == code) {
    emlc_mp_filter_block(self, values.at, values.n);
  } else {
    emlc_mp_refuse_with(code == 'h' ? EMLC_MP_REFUSED_TYPE : EMLC_MP_REFUSED_TYPES, (mp_int_t)code);
  }
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(emlc_mp_filter_object, emlc_mp_filter);
#endif

#endif /* EMLC_MP_FILTER_H */
