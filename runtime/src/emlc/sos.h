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

/** One section over a block, transposed direct form II; `x` and `y` may be the same array. */
static inline void emlc_sos_section_f32(const float* sos, float* state, const float* x, float* y, size_t n_samples) {
  const float b0 = emlc_load_f32(sos), b1 = emlc_load_f32(sos + 1), b2 = emlc_load_f32(sos + 2);
  const float a1 = emlc_load_f32(sos + 3), a2 = emlc_load_f32(sos + 4);
  float z1 = state[0], z2 = state[1];
  for (size_t n = 0; n < n_samples; ++n) {
    const float in = x[n];
    const float out = b0 * in + z1;
    z1 = b1 * in - a1 * out + z2;
    z2 = b2 * in - a2 * out;
    y[n] = out;
  }
  state[0] = z1;
  state[1] = z2;
}

/** One section over a block in d = z - 1; `x` and `y` may be the same array. */
static inline void emlc_sos_delta_f32(const float* sos, float* state, const float* x, float* y, size_t n_samples) {
  const float f0 = emlc_load_f32(sos), f1 = emlc_load_f32(sos + 1), f2 = emlc_load_f32(sos + 2);
  const float e1 = emlc_load_f32(sos + 3), e2 = emlc_load_f32(sos + 4);
  float s1 = state[0], s2 = state[1];
  for (size_t n = 0; n < n_samples; ++n) {
    const float in = x[n];
    const float out = f0 * in + s1;
    s1 += (f1 * in + s2) - e1 * out;
    s2 += f2 * in - e2 * out;
    y[n] = out;
  }
  state[0] = s1;
  state[1] = s2;
}

/** Moves what fits from `rest` into `sum`. */
static inline void emlc_sos_put_together(float* sum, float* rest) {
  const float next = *sum + *rest;
  *rest -= next - *sum;
  *sum = next;
}

/** The same; the sum s2 + c2 stands for s2. */
static inline void emlc_sos_compensated_f32(const float* sos, float* state, const float* x, float* y,
                                            size_t n_samples) {
  const float f0 = emlc_load_f32(sos), f1 = emlc_load_f32(sos + 1), f2 = emlc_load_f32(sos + 2);
  const float e1 = emlc_load_f32(sos + 3), e2 = emlc_load_f32(sos + 4);
  float s1 = state[0], s2 = state[1], c2 = state[2];
  for (size_t n = 0; n < n_samples; ++n) {
    const float in = x[n];
    const float out = f0 * in + s1, both = s2 + c2;
    s1 += (f1 * in + both) - e1 * out;
    c2 = (f2 * in + c2) - e2 * out;
    emlc_sos_put_together(&s2, &c2);
    y[n] = out;
  }
  state[0] = s1;
  state[1] = s2;
  state[2] = c2;
}

/** The same; and s1 + c1 for s1. */
static inline void emlc_sos_pairs_f32(const float* sos, float* state, const float* x, float* y, size_t n_samples) {
  const float f0 = emlc_load_f32(sos), f1 = emlc_load_f32(sos + 1), f2 = emlc_load_f32(sos + 2);
  const float e1 = emlc_load_f32(sos + 3), e2 = emlc_load_f32(sos + 4);
  float s1 = state[0], s2 = state[1], c2 = state[2], c1 = state[3];
  for (size_t n = 0; n < n_samples; ++n) {
    const float in = x[n];
    const float out = f0 * in + (s1 + c1), both = s2 + c2;
    c1 = ((c1 + both) + f1 * in) - e1 * out;
    c2 = (f2 * in + c2) - e2 * out;
    emlc_sos_put_together(&s1, &c1);
    emlc_sos_put_together(&s2, &c2);
    y[n] = out;
  }
  state[0] = s1;
  state[1] = s2;
  state[2] = c2;
  state[3] = c1;
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
  for (size_t section = 0; section < n_sections; ++section) {
    emlc_sos_section_f32(sos + section * EMLC_SOS_COEFFICIENTS, state + section * EMLC_SOS_STATE, x, y, n_samples);
    x = y;
  }
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
  for (size_t section = 0; section < n_sections; ++section) {
    const float* row = sos + section * EMLC_SOS_COEFFICIENTS;
    float* z = state + section * EMLC_SOS_STRUCTURES_STATE;
    switch (structures[section]) {
      case EMLC_SOS_DIRECT:
        emlc_sos_section_f32(row, z, x, y, n_samples);
        break;
      case EMLC_SOS_DELTA:
        emlc_sos_delta_f32(row, z, x, y, n_samples);
        break;
#ifndef EMLC_NO_COMPENSATED_SUMS
      case EMLC_SOS_COMPENSATED:
        emlc_sos_compensated_f32(row, z, x, y, n_samples);
        break;
      case EMLC_SOS_PAIRS:
        emlc_sos_pairs_f32(row, z, x, y, n_samples);
        break;
#endif
      default: /* no other structure has come so far */
        break;
    }
    x = y;
  }
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
