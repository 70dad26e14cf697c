/**
 * The layer of a filter in integers: what it says, and whether it may run. Part of tmdl.h.
 */
#ifndef EMLC_TMDL_SOS_FIXED_H
#define EMLC_TMDL_SOS_FIXED_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "sos_fixed.h"
#include "status.h"
#include "tmdl_format.h"
#include "tmdl_layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What an arithmetic computes with; docs/tmdl.md has the same table. */
typedef struct emlc_tmdl_arithmetic {
  uint8_t sample_bits, fewest_fraction_bits, most_fraction_bits;
  uint8_t shift; /* of the sums; 0: as many bits as the coefficients have */
  uint8_t unused_inputs;
  uint8_t magnitude_bits; /* of a coefficient */
} emlc_tmdl_arithmetic;

/** What the layer says, decoded. */
typedef struct emlc_tmdl_sos_fixed {
  uint32_t n_sections;
  const uint8_t* rows; /* [n_sections][5] of int16_t or int32_t, in the layer */
  emlc_sos_steps steps;
  const emlc_tmdl_arithmetic* arithmetic;
  uint8_t fraction_bits;
} emlc_tmdl_sos_fixed;

/** Of an EMLC_SOS_ arithmetic; all 0 for another code. */
static inline const emlc_tmdl_arithmetic* emlc_tmdl_arithmetic_of(uint8_t code) {
  static const emlc_tmdl_arithmetic rows[] = {{0, 0, 0, 0, 0, 0},
                                              {16, 12, 15, 0, 0, 15},
                                              {32, 12, 14, 16, 1, 15},
                                              {32, 24, 26, 28, 0, 27},
                                              {16, 13, 13, 0, 0, 15}};
  return &rows[code <= EMLC_SOS_Q15_CMSIS ? code : 0];
}

/** Nothing is checked but that the arithmetic is known: sample_bits is 0 where it is not. The layer has
 * EMLC_SOS_FIXED_AT_DATA bytes. */
EMLC_CALLED emlc_tmdl_sos_fixed emlc_tmdl_sos_fixed_at(const uint8_t* layer) {
  emlc_tmdl_sos_fixed sos;
  sos.n_sections = emlc_load_u32(layer + EMLC_SOS_FIXED_AT_COUNT);
  sos.rows = layer + EMLC_SOS_FIXED_AT_DATA;
  sos.arithmetic = emlc_tmdl_arithmetic_of(layer[EMLC_SOS_FIXED_AT_ARITHMETIC]);
  sos.fraction_bits = layer[EMLC_SOS_FIXED_AT_FRACTION_BITS];
  sos.steps.shift = sos.arithmetic->shift == 0 ? sos.fraction_bits : sos.arithmetic->shift;
  sos.steps.guard = (uint8_t)(sos.steps.shift - sos.fraction_bits);
  sos.steps.rounding = layer[EMLC_SOS_FIXED_AT_ROUNDING];
  sos.steps.lift = layer[EMLC_SOS_FIXED_AT_LIFT];
  sos.steps.unused_inputs = sos.arithmetic->unused_inputs;
  return sos;
}

static inline int32_t emlc_tmdl_coefficient(const emlc_tmdl_sos_fixed* sos, size_t index) {
  return sos->arithmetic->sample_bits == 32 ? emlc_signed_i32(emlc_load_u32(sos->rows + 4 * index))
                                            : (int32_t)(int16_t)emlc_load_u16(sos->rows + 2 * index);
}

/** No sum of a section can overflow, whatever comes in. */
static inline emlc_status emlc_tmdl_check_rows(const emlc_tmdl_sos_fixed* sos) {
  const uint32_t limit = (uint32_t)1 << sos->arithmetic->magnitude_bits;
  uint32_t most = 2U * limit - 1U;
  /* The sums of 16-bit samples have 32 bits, the rest included. */
  if (sos->arithmetic->sample_bits == 16) most = ((uint32_t)INT32_MAX - ((uint32_t)1 << sos->steps.shift)) >> 15;
  for (size_t section = 0; section < sos->n_sections; ++section) {
    uint32_t sum = 0;
    for (size_t i = 0; i < 5; ++i) {
      const int32_t c = emlc_tmdl_coefficient(sos, 5 * section + i);
      const uint32_t magnitude = c < 0 ? 0U - (uint32_t)c : (uint32_t)c;
      if (magnitude >= limit || magnitude > most - sum) return EMLC_ERR_RANGE;
      sum += magnitude;
    }
  }
  return EMLC_OK;
}

/** All of the layer but its place among others, and that its sections, whose number has been checked, are in it. */
static inline emlc_status emlc_tmdl_check_sos_fixed_body(const emlc_tmdl_layer* layer, const emlc_tmdl_sos_fixed* sos) {
  const emlc_tmdl_arithmetic* arithmetic = sos->arithmetic;
  if (sos->steps.rounding > EMLC_SOS_ROUND_FEEDBACK) return EMLC_ERR_UNSUPPORTED;
  if (sos->fraction_bits < arithmetic->fewest_fraction_bits || sos->fraction_bits > arithmetic->most_fraction_bits) {
    return EMLC_ERR_RANGE;
  }
  if (sos->steps.lift > 15 || layer->bytes[EMLC_SOS_FIXED_AT_HEADROOM] > 15) return EMLC_ERR_RANGE;
  /* What is between the lift and the rows. */
  if (emlc_load_u32(layer->bytes + EMLC_SOS_FIXED_AT_LIFT) > 15) return EMLC_ERR_FORMAT;
  if (emlc_load_u32(layer->bytes + EMLC_SOS_FIXED_AT_LIFT + 4) != 0) return EMLC_ERR_FORMAT;
  return emlc_tmdl_check_rows(sos);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TMDL_SOS_FIXED_H */
