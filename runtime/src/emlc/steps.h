/**
 * What steps in front of a model make of a column, in float. C99 and C++11; libc: memcpy; libm: expf, logf, sqrtf.
 *
 * Define EMLC_NO_MATH before the first include to do without libm: then what needs it is not compiled, and
 * emlc_has_step answers 0 for it.
 */
#ifndef EMLC_STEPS_H
#define EMLC_STEPS_H

#include <stddef.h>
#include <stdint.h>

#include "activations.h"
#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The numbers are those of .tmdl blobs and never change. What is before one_hot makes each column of itself. */
typedef enum emlc_step_kind {
  EMLC_STEP_SCALER = 0,
  EMLC_STEP_IMPUTE = 1,
  EMLC_STEP_MISSING_INDICATOR = 2,
  EMLC_STEP_BINARIZE = 3,
  EMLC_STEP_FUNCTION = 4,
  EMLC_STEP_POWER = 5,
  EMLC_STEP_QUANTILE = 6,
  EMLC_STEP_BINS = 7,
  EMLC_STEP_LOOKUP = 8,
  EMLC_STEP_NORMALIZE = 9,
  EMLC_STEP_ONE_HOT = 10,
  EMLC_STEP_PRODUCTS = 11,
  EMLC_STEP_LINEAR = 12
} emlc_step_kind;

/* What kinds have variants of. Those of a scaler are bits: EMLC_SCALER_MULTIPLY_ADD, and this one. */
enum { EMLC_STEP_CLIPS = 2 };
enum {
  EMLC_STEP_LOG = 0,
  EMLC_STEP_LOG1P = 1,
  EMLC_STEP_LOG2 = 2,
  EMLC_STEP_LOG10 = 3,
  EMLC_STEP_EXP = 4,
  EMLC_STEP_EXPM1 = 5,
  EMLC_STEP_SQRT = 6,
  EMLC_STEP_SQUARE = 7, /* from here on without libm */
  EMLC_STEP_ABS = 8,
  EMLC_STEP_RECIPROCAL = 9
};
enum { EMLC_STEP_YEO_JOHNSON = 0, EMLC_STEP_BOX_COX = 1 };
enum { EMLC_STEP_UNIFORM = 0, EMLC_STEP_NORMAL = 1 };
enum { EMLC_STEP_L1 = 0, EMLC_STEP_L2 = 1, EMLC_STEP_MAX = 2 };

/** A one-hot column with so many numbers is the column itself. */
#define EMLC_STEP_PASSES 0xFFFFU

/** 1 if this build computes the variant of the kind. */
static inline int emlc_has_step(unsigned kind, unsigned variant) {
  static const uint8_t n_variants[] = {4, 1, 1, 1, 10, 2, 2, 1, 1, 3, 1, 1, 1};
  if (kind >= sizeof n_variants || variant >= n_variants[kind]) return 0;
#ifdef EMLC_NO_MATH
  if (kind == EMLC_STEP_FUNCTION) return variant >= EMLC_STEP_SQUARE;
  if (kind == EMLC_STEP_QUANTILE) return variant == EMLC_STEP_UNIFORM;
  if (kind == EMLC_STEP_NORMALIZE) return variant != EMLC_STEP_L2;
  return kind != EMLC_STEP_POWER;
#else
  return 1;
#endif
}

/** What all columns of a step have in common. */
typedef struct emlc_column_step {
  uint8_t kind, variant;
  uint16_t n_references; /* quantile, at least 1 */
  float low, high; /* scaler: the clip. impute, missing_indicator: low stands for a missing value, NaN: NaN does */
  const float* references; /* quantile: [n_references], the shares of the quantiles */
} emlc_column_step;

#ifndef EMLC_NO_MATH
static inline float emlc_sqrt_f32(float y) { return (float)sqrtf(y); }

/** log(1 + y) of any y. */
static inline float emlc_step_log1p(float y) { return y < 1e7F ? emlc_log1p_f32(y) : emlc_log_f32(1.0F + y); }

/** The power transforms of Box and Cox, which is NaN below 0, and of Yeo and Johnson. */
static inline float emlc_step_power(unsigned method, float lambda, float z) {
  const int is_mirrored = method == EMLC_STEP_YEO_JOHNSON && z < 0.0F;
  float y;
  if (is_mirrored) {
    lambda = 2.0F - lambda;
    z = -z;
  }
  y = method == EMLC_STEP_BOX_COX ? emlc_log_f32(z) : emlc_step_log1p(z);
  /* A power so near to 0 that nothing is left of its square is the logarithm. */
  if (lambda * lambda != 0.0F) y = emlc_expm1_f32(lambda * y) / lambda;
  return is_mirrored ? -y : y;
}

/** factor times the quotient of two polynomials of r, whose coefficients are c[0] to c[3] and c[4] to c[7], the highest
 * first. */
EMLC_CALLED float emlc_quotient_f32(float factor, const float* c, float r) {
  float above = c[0], below = c[4];
  for (int i = 1; i < 4; ++i) {
    above = above * r + c[i];
    below = below * r + c[4 + i];
  }
  return factor * above / below;
}

/** The quantile of the standard normal distribution at p (M. J. Wichura, Algorithm AS 241, PPND7). */
static inline float emlc_normal_quantile_f32(float p) {
  static const float middle[8] = {59.10937472F, 159.29113202F, 50.434271938F, 3.3871327179F,
                                  67.1875636F,  78.757757664F, 17.895169469F, 1.0F};
  static const float side[8] = {0.17023821103F, 1.3067284816F,  2.756815390F,  1.4234372777F,
                                0.0F,           0.12021132975F, 0.7370016425F, 1.0F};
  static const float end[8] = {0.017337203997F, 0.42868294337F, 3.081226386F, 6.6579051150F, 0.0F,
                               0.012258202635F, 0.24197894225F, 1.0F};
  const float q = p - 0.5F;
  float r = q < 0.0F ? p : 1.0F - p, size;
  if (q >= -0.425F && q <= 0.425F) return emlc_quotient_f32(q, middle, 0.180625F - q * q);
  if (r < 1e-8F) r = 1e-8F; /* 0 and 1 once they are rounded: beyond what the caller limits answers to */
  r = emlc_sqrt_f32(-emlc_log_f32(r));
  size = r <= 5.0F ? emlc_quotient_f32(1.0F, side, r - 1.6F) : emlc_quotient_f32(1.0F, end, r - 5.0F);
  return q < 0.0F ? -size : size;
}
#endif

static inline float emlc_step_function(unsigned function, float z) {
  switch (function) {
#ifndef EMLC_NO_MATH
    case EMLC_STEP_LOG:
      return emlc_log_f32(z);
    case EMLC_STEP_LOG1P:
      return emlc_step_log1p(z);
    case EMLC_STEP_LOG2:
    case EMLC_STEP_LOG10:
      return emlc_log_f32(z) * (function == EMLC_STEP_LOG2 ? 1.442695F : 0.4342945F);
    case EMLC_STEP_EXP:
      return emlc_exp_f32(z);
    case EMLC_STEP_EXPM1:
      return emlc_expm1_f32(z);
    case EMLC_STEP_SQRT:
      return emlc_sqrt_f32(z);
#endif
    case EMLC_STEP_SQUARE:
      return z * z;
    case EMLC_STEP_ABS:
      return z < 0.0F ? -z : z;
    default:
      return 1.0F / (z + 0.0F); /* of both zeros infinity */
  }
}

/** The share at z, which lies between the first of n quantiles and the last; `q` need not ascend to keep inside. */
static inline float emlc_step_interpolated(const float* q, const float* r, size_t n, float z) {
  size_t low = 0, high = n - 1;
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    if (emlc_load_f32(q + middle) <= z) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const float at = emlc_load_f32(q + low), share = emlc_load_f32(r + low);
  if (z == at) { /* equal quantiles: the mean of both ends */
    for (high = low; low > 0 && emlc_load_f32(q + low - 1) == z;) --low;
    return 0.5F * (emlc_load_f32(r + low) + emlc_load_f32(r + high));
  }
  return share + (z - at) * ((emlc_load_f32(r + high) - share) / (emlc_load_f32(q + high) - at));
}

/** The share of the column below z, or the quantile of the normal distribution there. */
static inline float emlc_step_quantile(const emlc_column_step* step, const float* q, float z) {
  const size_t n = step->n_references;
  const float first = emlc_load_f32(q), last = emlc_load_f32(q + n - 1);
  float y = 0.0F;
  if (z != z) return z;
  if (z > first) y = z >= last ? 1.0F : emlc_step_interpolated(q, step->references, n, z);
#ifndef EMLC_NO_MATH
  if (step->variant == EMLC_STEP_NORMAL) {
    /* The quantile at 1e-7. Next to its ends a distribution counts as beyond them. */
    const float end = 5.19933758F, margin = 1e-7F;
    if (z < first + margin) return -end;
    if (z > last - margin) return end;
    y = emlc_normal_quantile_f32(y);
    return emlc_limited_f32(y, -end, end);
  }
#endif
  return y;
}

EMLC_CALLED float emlc_step_scaled(const emlc_column_step* step, float offset, float scale, float z) {
  z = step->variant & 1U ? z * scale + offset : (z - offset) / scale;
  return step->variant & EMLC_STEP_CLIPS ? emlc_limited_f32(z, step->low, step->high) : z;
}

static inline int emlc_step_is_missing(const emlc_column_step* step, float z) {
  return step->low != step->low ? z != z : z == step->low;
}

/** How many of the edges, which ascend, are <= z. */
static inline float emlc_step_bins(const float* edges, size_t n, float z) {
  size_t n_below = 0;
  if (z != z) return z;
  for (size_t i = 0; i < n; ++i) n_below += emlc_load_f32(edges + i) <= z ? 1U : 0U;
  return (float)n_below;
}

/** The index of the first of n numbers that z is, or n. */
static inline size_t emlc_step_find(const float* numbers, size_t n, float z) {
  size_t i = 0;
  while (i < n && emlc_load_f32(numbers + i) != z) ++i;
  return i;
}

/**
 * What a step makes of one column.
 *
 * @param step     of a kind and variant that emlc_has_step knows, and that makes columns of one column
 * @param numbers  [n] those of the column, as docs/tmdl.md has them
 * @param z        the column; NaN is a missing value
 */
static inline float emlc_step_value(const emlc_column_step* step, const float* numbers, size_t n, float z) {
  switch (step->kind) {
    case EMLC_STEP_SCALER:
      return emlc_step_scaled(step, emlc_load_f32(numbers), emlc_load_f32(numbers + 1), z);
    case EMLC_STEP_IMPUTE: {
      const float value = emlc_load_f32(numbers); /* NaN: the column stays as it is */
      return value == value && emlc_step_is_missing(step, z) ? value : z;
    }
    case EMLC_STEP_MISSING_INDICATOR:
      return emlc_step_is_missing(step, z) ? 1.0F : 0.0F;
    case EMLC_STEP_BINARIZE:
      return z > emlc_load_f32(numbers) ? 1.0F : 0.0F;
    case EMLC_STEP_FUNCTION:
      return emlc_step_function(step->variant, z);
#ifndef EMLC_NO_MATH
    case EMLC_STEP_POWER:
      return emlc_step_power(step->variant, emlc_load_f32(numbers), z);
#endif
    case EMLC_STEP_QUANTILE:
      return emlc_step_quantile(step, numbers, z);
    case EMLC_STEP_BINS:
      return emlc_step_bins(numbers, n, z);
    case EMLC_STEP_LOOKUP:
      /* n / 2 that z may be, what each of them becomes, what others become */
      return z != z ? z : emlc_load_f32(numbers + n / 2 + emlc_step_find(numbers, n / 2, z));
    default:
      if (n == EMLC_STEP_PASSES) return z;
      return emlc_step_find(numbers, n, z) < n ? 1.0F : 0.0F;
  }
}

/**
 * y = x / norm; where the norm is 0, y = x
 *
 * @param norm  EMLC_STEP_L1, EMLC_STEP_L2 or EMLC_STEP_MAX, the largest magnitude
 * @param x, y  [n], may be the same array; a NaN makes all of them NaN
 */
static inline void emlc_step_normalize(unsigned norm, size_t n, const float* x, float* y) {
  float size = 0.0F;
  for (size_t i = 0; i < n; ++i) {
    const float z = x[i] < 0.0F ? -x[i] : x[i];
    if (norm == EMLC_STEP_MAX) {
      if (z > size || z != z) size = z;
    } else {
      size += norm == EMLC_STEP_L2 ? z * z : z;
    }
  }
#ifndef EMLC_NO_MATH
  if (norm == EMLC_STEP_L2) size = emlc_sqrt_f32(size);
#endif
  if (size == 0.0F) size = 1.0F;
  for (size_t i = 0; i < n; ++i) y[i] = x[i] / size;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_STEPS_H */
