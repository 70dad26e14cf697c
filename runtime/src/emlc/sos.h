/**
 * Filters as cascades of second-order sections, in float. C99 and C++11; libc: memcpy.
 */
#ifndef EMLC_SOS_H
#define EMLC_SOS_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  EMLC_SOS_COEFFICIENTS = 5,    /* floats of one section in `sos` */
  EMLC_SOS_STATE = 2,           /* floats of one section in `state` */
  EMLC_SOS_STRUCTURES_STATE = 4 /* the same where sections have different structures */
};

/* How a section computes. All but the first compute in d = z - 1, with
   f0 = b0, f1 = 2 b0 + b1, f2 = b0 + b1 + b2, e1 = 2 + a1, e2 = 1 + a1 + a2 in place of b0 b1 b2 a1 a2. */
typedef enum emlc_sos_structure {
  EMLC_SOS_DIRECT = 0,      /* transposed direct form II; state z1 z2 */
  EMLC_SOS_DELTA = 1,       /* for poles near z = 1; state s1 s2 */
  EMLC_SOS_COMPENSATED = 2, /* keeps what the sum s2 rounds off; state s1 s2 c2 */
  EMLC_SOS_PAIRS = 3        /* keeps it of both sums; state s1 s2 c2 c1 */
} emlc_sos_structure;

/* A compiler that reorders sums takes out what they round off. */
#if !defined(EMLC_NO_COMPENSATED_SUMS) && \
    (defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(_M_FP_FAST))
#define EMLC_NO_COMPENSATED_SUMS
#endif

/** 1 if this build can run the structure; there is none of another number. */
static inline int emlc_has_sos_structure(unsigned structure) {
#ifdef EMLC_NO_COMPENSATED_SUMS
  return structure <= EMLC_SOS_DELTA;
#else
  return structure <= EMLC_SOS_PAIRS;
#endif
}

/** Moves what fits from `rest` into `sum`. */
static inline void emlc_sos_put_together(float* sum, float* rest) {
  const float next = *sum + *rest;
  *rest -= next - *sum;
  *sum = next;
}

/** What a section knows between two samples: z1 z2, or s1 s2 c2 c1; s1 + c1 and s2 + c2 stand for s1 and s2. */
typedef struct emlc_sos_sums {
  float s1, s2, c2, c1;
} emlc_sos_sums;

/** One sample through a section with the coefficients c. */
EMLC_CONSTANT float emlc_sos_sample_f32(unsigned structure, const float c[5], emlc_sos_sums* z, float in) {
#ifndef EMLC_NO_COMPENSATED_SUMS
  const float s1 = structure == EMLC_SOS_PAIRS ? z->s1 + z->c1 : z->s1;
  const float s2 = structure >= EMLC_SOS_COMPENSATED ? z->s2 + z->c2 : z->s2;
#else
  const float s1 = z->s1, s2 = z->s2;
#endif
  const float out = c[0] * in + s1;
  const float x1 = c[1] * in, x2 = c[2] * in, y1 = c[3] * out, y2 = c[4] * out;
  if (structure == EMLC_SOS_DIRECT) {
    z->s1 = x1 - y1 + s2;
    z->s2 = x2 - y2;
    return out;
  }
#ifndef EMLC_NO_COMPENSATED_SUMS
  if (structure != EMLC_SOS_DELTA) {
    if (structure == EMLC_SOS_PAIRS) {
      z->c1 = ((z->c1 + s2) + x1) - y1;
      emlc_sos_put_together(&z->s1, &z->c1);
    } else {
      z->s1 += (x1 + s2) - y1;
    }
    z->c2 = (x2 + z->c2) - y2;
    emlc_sos_put_together(&z->s2, &z->c2);
    return out;
  }
#endif
  z->s1 += (x1 + s2) - y1;
  z->s2 += x2 - y2;
  return out;
}

/**
 * One section over a block; `x` and `y` may be the same array.
 *
 * @param structure  EMLC_SOS_DIRECT: transposed direct form II; others: in d = z - 1
 * @param state      [n_sums] 2 of the structures direct and delta, else 4
 */
EMLC_CONSTANT void emlc_sos_block_f32(unsigned structure, const float* sos, float* state, size_t n_sums, const float* x,
                                      float* y, size_t n_samples) {
  const float c[EMLC_SOS_COEFFICIENTS] = {emlc_load_f32(sos), emlc_load_f32(sos + 1), emlc_load_f32(sos + 2),
                                          emlc_load_f32(sos + 3), emlc_load_f32(sos + 4)};
  emlc_sos_sums z = {state[0], state[1], 0.0F, 0.0F};
  if (n_sums > 2) {
    z.c2 = state[2];
    z.c1 = state[3];
  }
  for (size_t n = 0; n < n_samples; ++n) y[n] = emlc_sos_sample_f32(structure, c, &z, x[n]);
  state[0] = z.s1;
  state[1] = z.s2;
  if (n_sums > 2) {
    state[2] = z.c2;
    state[3] = z.c1;
  }
}

static inline void emlc_sos_section_f32(unsigned structure, const float* sos, float* state, const float* x, float* y,
                                        size_t n_samples) {
#if EMLC_FLOAT_IS_SLOW
  emlc_sos_block_f32(structure, sos, state, structure <= EMLC_SOS_DELTA ? 2 : 4, x, y, n_samples);
#else /* a loop for each */
  switch (structure) {
    case EMLC_SOS_DELTA:
      emlc_sos_block_f32(EMLC_SOS_DELTA, sos, state, 2, x, y, n_samples);
      return;
#ifndef EMLC_NO_COMPENSATED_SUMS
    case EMLC_SOS_COMPENSATED:
      emlc_sos_block_f32(EMLC_SOS_COMPENSATED, sos, state, 4, x, y, n_samples);
      return;
    case EMLC_SOS_PAIRS:
      emlc_sos_block_f32(EMLC_SOS_PAIRS, sos, state, 4, x, y, n_samples);
      return;
#endif
    default:
      emlc_sos_block_f32(EMLC_SOS_DIRECT, sos, state, 2, x, y, n_samples);
      return;
  }
#endif
}

/** A cascade whose arguments have been checked; structures: NULL where all sections are direct. */
static inline void emlc_sos_cascade_f32(const uint8_t* structures, const float* sos, float* state, size_t n_sections,
                                        const float* x, float* y, size_t n_samples) {
  const size_t n_sums = structures == NULL ? (size_t)EMLC_SOS_STATE : (size_t)EMLC_SOS_STRUCTURES_STATE;
  for (size_t i = 0; i < n_sections; ++i, sos += EMLC_SOS_COEFFICIENTS, state += n_sums) {
    emlc_sos_section_f32(structures == NULL ? (unsigned)EMLC_SOS_DIRECT : structures[i], sos, state, x, y, n_samples);
    x = y;
  }
}

/**
 * Filter a block of samples through a cascade of second-order sections (biquads).
 *
 * Per section: y[n] = b0*x[n] + b1*x[n-1] + b2*x[n-2] - a1*y[n-1] - a2*y[n-2]
 *
 * @param sos        [n_sections][5] rows of b0 b1 b2 a1 a2, a0 == 1, signs as in the line above
 * @param state      [n_sections][2] set by emlc_sos_reset_f32 before the first block, then owned by this function
 * @param x          [n_samples] input, any unit
 * @param y          [n_samples] output, unit of x; may be the same array as x
 * @return EMLC_OK, or with y and state untouched:
 *         EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_SIZE n_sections is 0
 * How a signal is cut into blocks makes no difference. One state array per signal makes it re-entrant.
 */
static inline emlc_status emlc_sos_filter_f32(const float* sos, float* state, size_t n_sections, const float* x,
                                              float* y, size_t n_samples) {
  if (sos == NULL || state == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  emlc_sos_cascade_f32(NULL, sos, state, n_sections, x, y, n_samples);
  return EMLC_OK;
}

/**
 * Set the state to what it is before the first sample.
 *
 * @param state    [n_sections][2]
 * @param initial  [n_sections][2] z1 z2 per section (scipy's `zi`), or NULL for all 0
 * @return EMLC_OK; EMLC_ERR_NULL state is NULL; EMLC_ERR_SIZE n_sections is 0
 */
static inline emlc_status emlc_sos_reset_f32(float* state, size_t n_sections, const float* initial) {
  if (state == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  for (size_t i = 0; i < n_sections * EMLC_SOS_STATE; ++i)
    state[i] = initial == NULL ? 0.0F : emlc_load_f32(initial + i);
  return EMLC_OK;
}

/**
 * Filter a block of samples through sections with a structure each, as emlc chooses them for low corners.
 *
 * @param structures  [n_sections] an emlc_sos_structure each, one that emlc_has_sos_structure
 * @param sos         [n_sections][5] rows of b0 b1 b2 a1 a2 or f0 f1 f2 e1 e2, see there
 * @param state       [n_sections][4] set by emlc_sos_reset_structures_f32 before the first block, then owned by this
 * function The other parameters, and what is returned, are those of emlc_sos_filter_f32; besides, with y and state
 * untouched, EMLC_ERR_UNSUPPORTED for a structure that this build cannot run.
 */
static inline emlc_status emlc_sos_filter_structures_f32(const uint8_t* structures, const float* sos, float* state,
                                                         size_t n_sections, const float* x, float* y,
                                                         size_t n_samples) {
  if (structures == NULL || sos == NULL || state == NULL || x == NULL || y == NULL) return EMLC_ERR_NULL;
  if (n_sections == 0) return EMLC_ERR_SIZE;
  for (size_t section = 0; section < n_sections; ++section) {
    if (!emlc_has_sos_structure(structures[section])) return EMLC_ERR_UNSUPPORTED;
  }
  emlc_sos_cascade_f32(structures, sos, state, n_sections, x, y, n_samples);
  return EMLC_OK;
}

/**
 * Set the state to what it is before the first sample.
 *
 * @param state    [n_sections][4]
 * @param initial  [n_sections][4] as the structures have it, or NULL for all 0
 * @return EMLC_OK; EMLC_ERR_NULL state is NULL; EMLC_ERR_SIZE n_sections is 0
 */
static inline emlc_status emlc_sos_reset_structures_f32(float* state, size_t n_sections, const float* initial) {
  return emlc_sos_reset_f32(state, n_sections * (EMLC_SOS_STRUCTURES_STATE / EMLC_SOS_STATE), initial);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SOS_H */
