/**
 * Filters in front of a model: sections that begin as if the first sample had been there for ever. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_SOS_H
#define EMLC_SIGNAL_SOS_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "signal_wide.h"
#include "sos.h"
#include "sos_fixed.h"
#include "status.h"
#include "tmdl_sos_fixed.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The data of a filter in integers: u32 sections; u8 arithmetic, fraction bits, rounding, lift, bits that its operand
   is shifted up by, headroom; u16 0; [n][5] coefficients of 16 or 32 bits. */
enum { EMLC_SIGNAL_SOS_HEAD = 12 };

static inline unsigned emlc_signal_sos_shift(const uint8_t* data) { return data[8]; }

/** As emlc_tmdl_sos_fixed_at of a layer of its own. */
static inline emlc_tmdl_sos_fixed emlc_signal_sos_at(const uint8_t* data) {
  emlc_tmdl_sos_fixed sos;
  sos.n_sections = emlc_load_u32(data);
  sos.rows = data + EMLC_SIGNAL_SOS_HEAD;
  sos.arithmetic = emlc_tmdl_arithmetic_of(data[4]);
  sos.fraction_bits = data[5];
  sos.steps.shift = sos.arithmetic->shift == 0 ? sos.fraction_bits : sos.arithmetic->shift;
  sos.steps.guard = (uint8_t)(sos.steps.shift - sos.fraction_bits);
  sos.steps.rounding = data[6];
  sos.steps.lift = data[7];
  sos.steps.unused_inputs = sos.arithmetic->unused_inputs;
  return sos;
}

/** The state of a section has 2^width bytes. */
static inline unsigned emlc_signal_sos_width(const uint8_t* data) {
  return emlc_tmdl_arithmetic_of(data[4])->sample_bits == 16 ? 3U : 4U;
}

/** `data` of at most `size` bytes, the head among them. */
static inline emlc_status emlc_signal_check_sos(const uint8_t* data, uint32_t size) {
#ifdef EMLC_NO_FIXED
  (void)data;
  (void)size;
  return EMLC_ERR_UNSUPPORTED;
#else
  const emlc_tmdl_sos_fixed sos = emlc_signal_sos_at(data);
  const emlc_tmdl_arithmetic* arithmetic = sos.arithmetic;
  if (arithmetic->sample_bits == 0 || sos.steps.rounding > EMLC_SOS_ROUND_FEEDBACK) return EMLC_ERR_UNSUPPORTED;
  if (sos.fraction_bits < arithmetic->fewest_fraction_bits || sos.fraction_bits > arithmetic->most_fraction_bits) {
    return EMLC_ERR_RANGE;
  }
  if (sos.steps.lift > 15 || emlc_signal_sos_shift(data) > 16 || data[9] > 15) return EMLC_ERR_RANGE;
  if (emlc_load_u16(data + 10) != 0) return EMLC_ERR_FORMAT;
  if (sos.n_sections == 0 ||
      sos.n_sections > (size - EMLC_SIGNAL_SOS_HEAD) / (5U * (uint32_t)arithmetic->sample_bits / 8U)) {
    return EMLC_ERR_RANGE;
  }
  return emlc_tmdl_check_rows(&sos);
#endif
}

/** The floor of a / b for b > 0, bit by bit: it is asked for once for each section. */
static inline int64_t emlc_signal_floor(int64_t a, int64_t b) {
  uint64_t rest = 0, quotient = 0, size = a < 0 ? 0U - (uint64_t)a : (uint64_t)a;
  for (int bit = 0; bit < 64; ++bit, size <<= 1) {
    rest = rest << 1 | size >> 63;
    quotient <<= 1;
    if (rest < (uint64_t)b) continue;
    rest -= (uint64_t)b;
    quotient |= 1U;
  }
  return a >= 0 ? (int64_t)quotient : -(int64_t)quotient - (rest != 0 ? 1 : 0);
}

/** What a section settles at after x for ever, in steps of the guard bits; rounded to nearest, halves up. */
static inline int64_t emlc_signal_settled(const emlc_tmdl_sos_fixed* sos, size_t section, int64_t x) {
  int64_t c[5], divisor, y, limit = (int64_t)1 << (sos->arithmetic->sample_bits - 1 - sos->steps.guard);
  for (size_t i = 0; i < 5; ++i) c[i] = emlc_tmdl_coefficient(sos, 5 * section + i);
  divisor = (((int64_t)1 << sos->fraction_bits) + c[3] + c[4]) * ((int64_t)1 << sos->steps.guard);
  if (divisor <= 0) return 0;
  y = emlc_signal_floor(2 * (c[0] + c[1] + c[2]) * x + divisor, 2 * divisor);
  return y >= limit ? limit - 1 : (y < -limit ? -limit : y);
}

/** A section begins: both x before are the first sample, both y what it settles at. */
static inline void emlc_signal_begin_section(const emlc_tmdl_sos_fixed* sos, size_t section, uint32_t* state,
                                             int64_t x) {
  const int64_t y = emlc_signal_settled(sos, section, x) * ((int64_t)1 << sos->steps.guard);
  int64_t c[5], next, after;
  for (size_t i = 0; i < 5; ++i) c[i] = emlc_tmdl_coefficient(sos, 5 * section + i);
  after = c[2] * x - c[4] * y;
  next = after + c[1] * x - c[3] * y;
  if (sos->steps.rounding == EMLC_SOS_ROUND_FEEDBACK) next += emlc_sos_half(&sos->steps);
  if (sos->arithmetic->sample_bits == 16) {
    state[0] = (uint32_t)next;
    state[1] = (uint32_t)after;
  } else {
    state[0] = (uint32_t)next;
    state[1] = (uint32_t)((uint64_t)next >> 32);
    state[2] = (uint32_t)after;
    state[3] = (uint32_t)((uint64_t)after >> 32);
  }
}

/** The next sample of a filter in integers. @param is_begun  0: it is the first one */
EMLC_CALLED int64_t emlc_signal_filter_integer(const uint8_t* data, uint32_t* state, int is_begun, int64_t value) {
  const emlc_tmdl_sos_fixed sos = emlc_signal_sos_at(data);
  const int is_short = sos.arithmetic->sample_bits == 16;
  const uint32_t bits = (uint32_t)value << emlc_signal_sos_shift(data);
  int32_t wide = emlc_signed_i32(bits) & -((int32_t)1 << sos.steps.unused_inputs);
  int16_t narrow = (int16_t)bits;
  for (size_t i = 0; i < sos.n_sections; ++i) {
    if (is_short) {
      const int16_t* rows = (const int16_t*)(const void*)sos.rows + 5 * i;
      if (!is_begun) emlc_signal_begin_section(&sos, i, state, narrow);
      emlc_sos_section_q15(&sos.steps, rows, state, &narrow, &narrow, 1);
    } else {
      const int32_t* rows = (const int32_t*)(const void*)sos.rows + 5 * i;
      if (!is_begun) emlc_signal_begin_section(&sos, i, state, wide);
      emlc_sos_section_q31(&sos.steps, rows, state, &wide, &wide, 1);
    }
    state += is_short ? EMLC_SOS_STATE_Q15 : EMLC_SOS_STATE_Q31;
  }
  if (sos.steps.lift != 0 && is_short) emlc_sos_lift_q15(sos.steps.lift, &narrow, 1);
  if (sos.steps.lift != 0 && !is_short) emlc_sos_lift_q31(sos.steps.lift, &wide, 1);
  return is_short ? narrow : wide;
}

/** The next sample of a filter in float; data as EMLC_SOS_F32 has it. */
EMLC_CALLED float emlc_signal_filter_f32(const uint8_t* data, float* state, int is_begun, float x) {
  const uint32_t n = emlc_load_u32(data);
  const float* c = (const float*)(const void*)(data + 4);
  const float* words = c + 5 * (size_t)n;
  const float first = x;
  for (uint32_t i = 0; i < n; ++i, c += 5, words += 2, state += 2) {
    float y;
    if (!is_begun) {
      state[0] = emlc_load_f32(words) * first;
      state[1] = emlc_load_f32(words + 1) * first;
    }
    y = emlc_unjoined(emlc_load_f32(c) * x) + state[0];
    state[0] = (emlc_unjoined(emlc_load_f32(c + 1) * x) + state[1]) - emlc_unjoined(emlc_load_f32(c + 3) * y);
    state[1] = emlc_unjoined(emlc_load_f32(c + 2) * x) - emlc_unjoined(emlc_load_f32(c + 4) * y);
    x = y;
  }
  return x;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_SOS_H */
