/**
 * Filters as cascades of second-order sections, in integers of 16 and 32 bits. C99 and C++11; needs no libc.
 *
 * Every section computes, in exact sums of products,
 *   sum  = rest + b0*x[n] + b1*x[n-1] + b2*x[n-2] - a1*y[n-1] - a2*y[n-2]
 *   y[n] = saturate(sum >> shift) << guard
 * bit for bit as headers made with `emlc convert --arithmetic` do; docs/headers.md says what each arithmetic is for.
 */
#ifndef EMLC_SOS_FIXED_H
#define EMLC_SOS_FIXED_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

#if - 1 >> 1 != -1
#error "filters in integers need a compiler whose >> keeps the sign"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What becomes of the bits that are shifted out of a sum. */
enum {
  EMLC_SOS_ROUND_DOWN = 0,    /* they are dropped */
  EMLC_SOS_ROUND_NEAREST = 1, /* half a step is added to every sum first */
  EMLC_SOS_ROUND_FEEDBACK = 2 /* they are added to the next sum, which starts with half a step */
};

enum {
  EMLC_SOS_STATE_Q15 = 2, /* words of state of one section with samples of 16 bits */
  EMLC_SOS_STATE_Q31 = 4  /* and of 32 bits */
};

/** How all sections of a cascade compute. */
typedef struct emlc_sos_steps {
  uint8_t shift;         /* 1 to 28: a sum counts samples in steps of 2^-shift */
  uint8_t guard;         /* 0 to 4: so many low bits of a sample are 0; 16 bits: 0 */
  uint8_t rounding;      /* EMLC_SOS_ROUND_... */
  uint8_t lift;          /* 0 to 15: the output of the last section is shifted up so far, and saturates */
  uint8_t unused_inputs; /* 0 or 1: low bits of x that count as 0; 16 bits: 0 */
} emlc_sos_steps;

static inline int64_t emlc_sos_half(const emlc_sos_steps* steps) { return (int64_t)1 << (steps->shift - 1); }

/** Before the first sample: silence, with the first rest of error feedback. */
static inline void emlc_sos_start(const emlc_sos_steps* steps, uint32_t* state, size_t n_sections, size_t n_words) {
  for (size_t i = 0; i < n_sections * n_words; ++i) state[i] = 0;
  if (steps->rounding != EMLC_SOS_ROUND_FEEDBACK) return;
  for (size_t i = 0; i < n_sections; ++i) state[i * n_words] = (uint32_t)emlc_sos_half(steps);
}

/** One section over a block, direct form I transposed: the state is what is known of the next two sums. */
static inline void emlc_sos_section_q15(const emlc_sos_steps* steps, const int16_t* sos, uint32_t* state,
                                        const int16_t* x, int16_t* y, size_t n_samples) {
  const int16_t b0 = sos[0], b1 = sos[1], b2 = sos[2], a1 = sos[3], a2 = sos[4];
  const int32_t half = steps->rounding == EMLC_SOS_ROUND_NEAREST ? (int32_t)emlc_sos_half(steps) : 0;
  const int32_t kept = steps->rounding == EMLC_SOS_ROUND_FEEDBACK ? (int32_t)(2 * emlc_sos_half(steps) - 1) : 0;
  int32_t next = (int32_t)state[0], after = (int32_t)state[1];
  for (size_t n = 0; n < n_samples; ++n) {
    const int16_t in = x[n];
    const int32_t sum = next + (int32_t)b0 * in + half, floor = sum >> steps->shift;
    const int16_t out = (int16_t)(floor > INT16_MAX ? INT16_MAX : (floor < INT16_MIN ? INT16_MIN : floor));
    next = after + (int32_t)b1 * in - (int32_t)a1 * out + (sum & kept);
    after = (int32_t)b2 * in - (int32_t)a2 * out;
    y[n] = out;
  }
  state[0] = (uint32_t)next;
  state[1] = (uint32_t)after;
}

/** The same with sums of 64 bits, each in two words of the state, the low one first. */
static inline void emlc_sos_section_q31(const emlc_sos_steps* steps, const int32_t* sos, uint32_t* state,
                                        const int32_t* x, int32_t* y, size_t n_samples) {
  const int64_t b0 = sos[0], b1 = sos[1], b2 = sos[2], a1 = sos[3], a2 = sos[4];
  const int64_t half = steps->rounding == EMLC_SOS_ROUND_NEAREST ? emlc_sos_half(steps) : 0;
  const int64_t kept = steps->rounding == EMLC_SOS_ROUND_FEEDBACK ? 2 * emlc_sos_half(steps) - 1 : 0;
  const int64_t limit = INT32_MAX >> steps->guard;
  const int32_t used = -((int32_t)1 << steps->unused_inputs), unit = (int32_t)1 << steps->guard;
  int64_t next = (int64_t)((uint64_t)state[1] << 32 | state[0]), after = (int64_t)((uint64_t)state[3] << 32 | state[2]);
  for (size_t n = 0; n < n_samples; ++n) {
    const int32_t in = x[n] & used;
    const int64_t sum = next + b0 * in + half;
    int64_t floor = sum >> steps->shift;
    if (floor > limit) floor = limit;
    if (floor < -limit - 1) floor = -limit - 1;
    const int32_t out = (int32_t)floor * unit;
    next = after + b1 * in - a1 * out + (sum & kept);
    after = b2 * in - a2 * out;
    y[n] = out;
  }
  state[0] = (uint32_t)next;
  state[1] = (uint32_t)((uint64_t)next >> 32);
  state[2] = (uint32_t)after;
  state[3] = (uint32_t)((uint64_t)after >> 32);
}

static inline void emlc_sos_lift_q15(unsigned lift, int16_t* y, size_t n_samples) {
  const int32_t limit = INT16_MAX >> lift, unit = (int32_t)1 << lift;
  for (size_t n = 0; n < n_samples; ++n) {
    y[n] = (int16_t)((y[n] > limit ? limit : (y[n] < -limit - 1 ? -limit - 1 : y[n])) * unit);
  }
}

static inline void emlc_sos_lift_q31(unsigned lift, int32_t* y, size_t n_samples) {
  const int32_t limit = INT32_MAX >> lift, unit = (int32_t)1 << lift;
  for (size_t n = 0; n < n_samples; ++n) {
    y[n] = (y[n] > limit ? limit : (y[n] < -limit - 1 ? -limit - 1 : y[n])) * unit;
  }
}

/**
 * Set the state of a cascade with samples of 16 bits to silence.
 *
 * @param state  [n_sections][2]
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_SIZE n_sections is 0
 */
static inline emlc_status emlc_sos_reset_q15(const emlc_sos_steps* steps, uint32_t* state, size_t n_sections) {
  if (steps == NULL || state == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  emlc_sos_start(steps, state, n_sections, EMLC_SOS_STATE_Q15);
  return EMLC_OK;
}

/** The same for samples of 32 bits. @param state  [n_sections][4] */
static inline emlc_status emlc_sos_reset_q31(const emlc_sos_steps* steps, uint32_t* state, size_t n_sections) {
  if (steps == NULL || state == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  emlc_sos_start(steps, state, n_sections, EMLC_SOS_STATE_Q31);
  return EMLC_OK;
}

/**
 * Filter a block of samples of 16 bits.
 *
 * @param steps  what the coefficients were made for
 * @param sos    [n_sections][5] rows of b0 b1 b2 a1 a2, a0 == 2^shift, signs as in the line at the top; the sum of the
 *               magnitudes of a row times 32768, and 2^shift, is below 2^31: then no sum overflows
 * @param state  [n_sections][2] set by emlc_sos_reset_q15 before the first block, then owned by this function
 * @param x      [n_samples] input; full scale is 2^15
 * @param y      [n_samples] output; may be the same array as x
 * @return EMLC_OK, or with y and state untouched: EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_SIZE n_sections is 0
 * How a signal is cut into blocks makes no difference. One state array per signal makes it re-entrant.
 */
static inline emlc_status emlc_sos_filter_q15(const emlc_sos_steps* steps, const int16_t* sos, uint32_t* state,
                                              size_t n_sections, const int16_t* x, int16_t* y, size_t n_samples) {
  if (steps == NULL || sos == NULL || state == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  for (size_t i = 0; i < n_sections; ++i) {
    emlc_sos_section_q15(steps, sos + 5 * i, state + EMLC_SOS_STATE_Q15 * i, x, y, n_samples);
    x = y;
  }
  if (steps->lift != 0) emlc_sos_lift_q15(steps->lift, y, n_samples);
  return EMLC_OK;
}

/**
 * Filter a block of samples of 32 bits.
 *
 * @param sos    [n_sections][5] as above, a0 == 2^(shift - guard); the sum of the magnitudes of a row is below 2^28
 * @param state  [n_sections][4] set by emlc_sos_reset_q31 before the first block, then owned by this function
 * @param x      [n_samples] input; full scale is 2^31
 */
static inline emlc_status emlc_sos_filter_q31(const emlc_sos_steps* steps, const int32_t* sos, uint32_t* state,
                                              size_t n_sections, const int32_t* x, int32_t* y, size_t n_samples) {
  if (steps == NULL || sos == NULL || state == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  for (size_t i = 0; i < n_sections; ++i) {
    emlc_sos_section_q31(steps, sos + 5 * i, state + EMLC_SOS_STATE_Q31 * i, x, y, n_samples);
    x = y;
  }
  if (steps->lift != 0) emlc_sos_lift_q31(steps->lift, y, n_samples);
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SOS_FIXED_H */
