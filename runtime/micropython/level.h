/**
 * The level of a sound in decibel: frequency weighting A, C or Z and exponential time weighting, as sound level meters
 * have it (IEC 61672-1), of samples as they come from a microphone.
 */
#ifndef EMLC_MP_LEVEL_H
#define EMLC_MP_LEVEL_H

#include <emlc/sos.h>

#include "filter.h"

enum { EMLC_MP_SECTIONS = 3 };

typedef struct emlc_mp_level {
  mp_obj_base_t base;
  uint32_t n_sections;
  float sections[EMLC_MP_SECTIONS][EMLC_SOS_COEFFICIENTS]; /* f0 f1 f2 e1 e2 in d = z - 1, see sos.h */
  float state[EMLC_MP_SECTIONS][EMLC_SOS_STATE];
  float gain;        /* what the mean is multiplied by, so that 1 kHz has 0 dB */
  float share;       /* of a new square in the mean: 1 / (sample rate * time) */
  float mean_square; /* of samples of which 1 is full scale, weighted, without the gain */
} emlc_mp_level;

#if EMLC_MP_NATIVE
mp_obj_full_type_t emlc_mp_level_type; /* filled by mpy_init */
#else
extern const mp_obj_type_t emlc_mp_level_type;
#endif

/** The sections of a weighting, by bilinear transform: two poles each, and two zeros at 0 Hz or at half the sample
 * rate. */
static void emlc_mp_weight(emlc_mp_level* level, char weighting, float sample_rate) {
  /* 20.6, 107.7 and 737.9, 12 200 Hz in rad/s. */
  static const float poles[] = {129.43F, 129.43F, 676.70F, 4636.36F, 76655.0F, 76655.0F};
  const float angle = 6.28318531F * 1000.0F / sample_rate, square = angle * angle;
  /* 1 - cos of 1 kHz: up to 90 degrees, at 4 kHz, within 3e-5. */
  const float k = square * (0.5F - square * (1.0F / 24 - square * (1.0F / 720 - square / 40320)));
  float gain = 1.0F;
  for (unsigned i = 0; i < EMLC_MP_SECTIONS; ++i) {
    const int is_low_pass = i == EMLC_MP_SECTIONS - 1;
    float* section = level->sections[level->n_sections];
    float zeros = 2.0F * k; /* the square of their distance from 1 kHz */
    if (weighting == 'Z' || (weighting == 'C' && i == 1)) continue;
    ++level->n_sections;
    section[0] = 1.0F;
    section[1] = section[3] = 0.0F;
    section[4] = 1.0F;
    if (is_low_pass) {
      section[1] = 4.0F;
      zeros = 4.0F - zeros;
    }
    section[2] = section[1];
    for (unsigned pole = 2 * i; pole < 2 * i + 2; ++pole) {
      const float distance = 2.0F * poles[pole] / (2.0F * sample_rate + poles[pole]); /* from z = 1 */
      gain *= (distance * distance + 2.0F * (1.0F - distance) * k) / zeros;
      section[3] += distance;
      section[4] *= distance;
    }
  }
  level->gain = gain;
}

static mp_obj_t emlc_mp_level_reset(mp_obj_t self_in) {
  emlc_mp_level* self = MP_OBJ_TO_PTR(self_in);
  memset(self->state, 0, sizeof self->state);
  self->mean_square = 0.0F;
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(emlc_mp_level_reset_object, emlc_mp_level_reset);

/** Level(sample_rate, weighting="A", time=0.125): Hz and seconds. */
static mp_obj_t emlc_mp_level_make_new(const mp_obj_type_t* type, size_t n_args, size_t n_kw, const mp_obj_t* args) {
  mp_arg_check_num(n_args, n_kw, 1, 3, false);
  const float sample_rate = mp_obj_get_float_to_f(args[0]);
  const float time = n_args > 2 ? mp_obj_get_float_to_f(args[2]) : 0.125F;
  size_t length = 1;
  const char* name = n_args > 1 ? mp_obj_str_get_data(args[1], &length) : "A";
  emlc_mp_level* self = emlc_mp_renew(NULL, 0, sizeof *self);
  if (!(sample_rate >= 4000.0F && sample_rate <= 400000.0F)) emlc_mp_refuse(EMLC_MP_REFUSED_RATE);
  if (!(sample_rate * time >= 1.0F && time <= 1000.0F)) emlc_mp_refuse(EMLC_MP_REFUSED_TIME);
  if (length != 1 || (*name != 'A' && *name != 'C' && *name != 'Z')) emlc_mp_refuse(EMLC_MP_REFUSED_WEIGHTING);
  self->base.type = type;
  self->n_sections = 0;
  self->share = 1.0F / (sample_rate * time);
  emlc_mp_weight(self, *name, sample_rate);
  emlc_mp_level_reset(MP_OBJ_FROM_PTR(self));
  return MP_OBJ_FROM_PTR(self);
}

/** add(samples): of h, i or f, whose full scale is 2^15, 2^31 and 1. */
static mp_obj_t emlc_mp_level_add(mp_obj_t self_in, mp_obj_t samples) {
  emlc_mp_level* self = MP_OBJ_TO_PTR(self_in);
  emlc_mp_values values;
  float block[EMLC_MP_BLOCK], unit = 1.0F;
  emlc_mp_values_of(samples, EMLC_MP_READ, &values);
  if (values.code == 'h') unit = 1.0F / 32768;
  if (values.code == 'i') unit = 1.0F / 2147483648U;
  if (values.code != 'f' && unit == 1.0F) emlc_mp_refuse(EMLC_MP_REFUSED_SAMPLES);
  for (size_t first = 0; first < values.n; first += EMLC_MP_BLOCK) {
    const size_t n = values.n - first < EMLC_MP_BLOCK ? values.n - first : EMLC_MP_BLOCK;
    float mean = self->mean_square;
    emlc_mp_to_floats(&values, first, n, unit, block);
    for (uint32_t i = 0; i < self->n_sections; ++i) {
      emlc_sos_section_f32(EMLC_SOS_DELTA, self->sections[i], self->state[i], block, block, n);
    }
    for (size_t i = 0; i < n; ++i) mean += (block[i] * block[i] - mean) * self->share;
    self->mean_square = mean;
  }
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_2(emlc_mp_level_add_object, emlc_mp_level_add);

/** decibel(): relative to a square wave of full scale; a sine of full scale at 1 kHz has -3.01, silence -200. */
static mp_obj_t emlc_mp_level_decibel(mp_obj_t self_in) {
  const emlc_mp_level* self = MP_OBJ_TO_PTR(self_in);
  return mp_obj_new_float_from_f(4.34294482F * logf(self->mean_square * self->gain + 1e-20F));
}
static MP_DEFINE_CONST_FUN_OBJ_1(emlc_mp_level_decibel_object, emlc_mp_level_decibel);

static void emlc_mp_level_attr(mp_obj_t self_in, qstr attr, mp_obj_t* dest) {
  const void* method = NULL;
  if (dest[0] != MP_OBJ_NULL) return; /* nothing can be set */
  if (attr == MP_QSTR_add) {
    method = &emlc_mp_level_add_object;
  } else if (attr == MP_QSTR_decibel) {
    method = &emlc_mp_level_decibel_object;
  } else if (attr == MP_QSTR_reset) {
    method = &emlc_mp_level_reset_object;
  }
  if (method == NULL) return;
  dest[0] = MP_OBJ_FROM_PTR(method);
  dest[1] = self_in;
}

#endif /* EMLC_MP_LEVEL_H */
