/**
 * Activations of dense layers and post-transforms of whole models, in float, in place. C99 and C++11.
 *
 * Needs libm (expf, logf, tanhf). Define EMLC_NO_MATH before the first include to do without: then what needs libm
 * is not compiled, and emlc_has_activation and emlc_has_post_transform answer 0 for it.
 */
#ifndef EMLC_ACTIVATIONS_H
#define EMLC_ACTIVATIONS_H

#include <stddef.h>

#include "bytes.h"
#ifndef EMLC_NO_MATH
#include <math.h>
#define EMLC_LN_2 0.693147181F /* 2^y = exp(y * ln 2) */
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The numbers are those of .tmdl blobs and never change. */
typedef enum emlc_activation {
  EMLC_IDENTITY = 0,
  EMLC_RELU = 1,       /* max(y, 0) */
  EMLC_RELU6 = 2,      /* min(max(y, 0), 6) */
  EMLC_LEAKY_RELU = 3, /* y, below 0 alpha * y */
  EMLC_TANH = 4,
  EMLC_LOGISTIC = 5, /* 1 / (1 + exp(-y)) */
  EMLC_SOFTMAX = 6,  /* over all y, the maximum is subtracted first */
  EMLC_SOFTPLUS = 7, /* log(1 + exp(y)) */
  EMLC_ELU = 8       /* y, below 0 alpha * (exp(y) - 1) */
} emlc_activation;

/** What turns the raw outputs y of a model into its answer; y is multiplied by `scale` first. Numbers as above. */
typedef enum emlc_post_transform_kind {
  EMLC_POST_IDENTITY = 0,
  EMLC_POST_SIGMOID = 1, /* 1 / (1 + exp(-y)) */
  EMLC_POST_SOFTMAX = 2, /* over all y, the maximum is subtracted first */
  EMLC_POST_EXP = 3,
  EMLC_POST_HINGE = 4,         /* 1 if y > 0, else 0 */
  EMLC_POST_SIGNED_SQUARE = 5, /* sign(y) * y * y */
  EMLC_POST_LOG1P_EXP = 6,     /* log(1 + exp(y)) */
  EMLC_POST_NORMALIZE = 7,     /* each y divided by the sum of all */
  EMLC_POST_ISOLATION = 8,     /* -2^(-y / denominator) - offset */
  EMLC_POST_LOG_SOFTMAX = 9    /* the logarithm of softmax */
} emlc_post_transform_kind;

typedef struct emlc_post_transform {
  emlc_post_transform_kind kind;
  float scale;
  float denominator; /* isolation only, not 0 */
  float offset;      /* isolation only */
} emlc_post_transform;

/** 1 if `code` is an activation that this build computes. */
static inline int emlc_has_activation(unsigned code) {
#ifdef EMLC_NO_MATH
  return code <= EMLC_LEAKY_RELU;
#else
  return code <= EMLC_ELU;
#endif
}

/** 1 if `code` is a post-transform that this build computes. */
static inline int emlc_has_post_transform(unsigned code) {
#ifdef EMLC_NO_MATH
  return code == EMLC_POST_IDENTITY || code == EMLC_POST_HINGE || code == EMLC_POST_SIGNED_SQUARE ||
         code == EMLC_POST_NORMALIZE;
#else
  return code <= EMLC_POST_LOG_SOFTMAX;
#endif
}

/** The index of the first largest of y[n], 0 where y[0] is NaN. */
EMLC_CALLED size_t emlc_first_largest_f32(const float* y, size_t n) {
  size_t best = 0;
  for (size_t i = 1; i < n; ++i) {
    if (y[i] > y[best]) best = i;
  }
  return best;
}

/** Limit y to low..high, both included; NaN stays NaN. */
EMLC_CALLED float emlc_limited_f32(float y, float low, float high) {
  if (y < low) y = low;
  return y > high ? high : y;
}

/** Divide each of y[n] by the sum of all. */
static inline void emlc_normalize_f32(float* y, size_t n) {
  float sum = 0.0F;
  for (size_t i = 0; i < n; ++i) sum += y[i];
  for (size_t i = 0; i < n; ++i) y[i] /= sum;
}

#ifndef EMLC_NO_MATH
/* Three functions of libm and no more: avr-libc has no other in float, and its three are macros for double. */
static inline float emlc_exp_f32(float y) { return (float)expf(y); }
static inline float emlc_log_f32(float y) { return (float)logf(y); }
static inline float emlc_tanh_f32(float y) { return (float)tanhf(y); }

/** exp(y) - 1. What exp loses near 1 is in its logarithm too, so the quotient puts it right (Kahan). */
static inline float emlc_expm1_f32(float y) {
  const float power = emlc_exp_f32(y);
  const float less_one = power - 1.0F;
  if (less_one == 0.0F) return y;
  if (less_one <= -1.0F || less_one > 1.0F) return less_one;
  return less_one * y / emlc_log_f32(power);
}

/** log(1 + y) for y >= 0, in the same way. */
static inline float emlc_log1p_f32(float y) {
  const float one_more = 1.0F + y;
  if (one_more - 1.0F == 0.0F) return y;
  return emlc_log_f32(one_more) * (y / (one_more - 1.0F));
}

EMLC_CALLED float emlc_logistic_f32(float y) { return 1.0F / (1.0F + emlc_exp_f32(-y)); }

EMLC_CALLED float emlc_softplus_f32(float y) {
  /* exp(-|y|) cannot overflow. */
  return (y > 0.0F ? y : 0.0F) + emlc_log1p_f32(emlc_exp_f32(y > 0.0F ? -y : y));
}

/** The softmax of y[n], n not 0, in place, or its logarithm; `shift` is taken off every numerator. */
EMLC_CALLED void emlc_shifted_softmax_f32(emlc_post_transform_kind kind, float shift, float* y, size_t n) {
  const float largest = y[emlc_first_largest_f32(y, n)];
  float sum = 0.0F;
  for (size_t i = 0; i < n; ++i) {
    const float power = emlc_exp_f32(y[i] - largest);
    sum += power;
    y[i] = kind == EMLC_POST_SOFTMAX ? power - shift : y[i] - largest;
  }
  if (kind != EMLC_POST_SOFTMAX) sum = emlc_log_f32(sum);
  for (size_t i = 0; i < n; ++i) y[i] = kind == EMLC_POST_SOFTMAX ? y[i] / sum : y[i] - sum;
}

#endif

/** One output on its own, so not softmax. NaN stays NaN: every comparison with it is false. */
EMLC_CALLED_IF_SLOW float emlc_activate_one_f32(emlc_activation activation, float alpha, float y) {
  switch (activation) {
    case EMLC_RELU:
      return y < 0.0F ? 0.0F : y;
    case EMLC_RELU6:
      return emlc_limited_f32(y, 0.0F, 6.0F);
    case EMLC_LEAKY_RELU:
      return y < 0.0F ? alpha * y : y;
#ifndef EMLC_NO_MATH
    case EMLC_TANH:
      return emlc_tanh_f32(y);
    case EMLC_LOGISTIC:
      return emlc_logistic_f32(y);
    case EMLC_SOFTPLUS:
      return emlc_softplus_f32(y);
    case EMLC_ELU:
      return y < 0.0F ? alpha * emlc_expm1_f32(y) : y;
#endif
    default:
      return y;
  }
}

/**
 * Apply an activation in place.
 *
 * @param activation  one that emlc_has_activation knows; any other changes nothing
 * @param alpha       for leaky_relu and elu, else ignored
 * @param y           [n]; NaN gives NaN, in a softmax for all
 */
static inline void emlc_activate_f32(emlc_activation activation, float alpha, float* y, size_t n) {
  if (activation == EMLC_IDENTITY) return;
#ifndef EMLC_NO_MATH
  if (activation == EMLC_SOFTMAX) {
    if (n != 0) emlc_shifted_softmax_f32(EMLC_POST_SOFTMAX, 0.0F, y, n);
    return;
  }
#endif
#if !EMLC_FLOAT_IS_SLOW && !EMLC_IS_SMALL
  if (activation == EMLC_RELU) { /* what most layers have: a loop of its own */
    for (size_t i = 0; i < n; ++i) y[i] = emlc_activate_one_f32(EMLC_RELU, 0.0F, y[i]);
    return;
  }
#endif
  for (size_t i = 0; i < n; ++i) y[i] = emlc_activate_one_f32(activation, alpha, y[i]);
}

/** One output on its own, already multiplied by the scale. */
EMLC_CALLED_IF_SLOW float emlc_post_transform_one_f32(const emlc_post_transform* transform, float y) {
  switch (transform->kind) {
    case EMLC_POST_HINGE:
      return y > 0.0F ? 1.0F : 0.0F;
    case EMLC_POST_SIGNED_SQUARE:
      return y < 0.0F ? -(y * y) : y * y;
#ifndef EMLC_NO_MATH
    case EMLC_POST_SIGMOID:
      return emlc_logistic_f32(y);
    case EMLC_POST_EXP:
      return emlc_exp_f32(y);
    case EMLC_POST_LOG1P_EXP:
      return emlc_softplus_f32(y);
    case EMLC_POST_ISOLATION:
      return -emlc_exp_f32(-y / transform->denominator * EMLC_LN_2) - transform->offset;
#endif
    default:
      return y;
  }
}

/**
 * Apply a post-transform in place.
 *
 * @param transform  its kind is one that emlc_has_post_transform knows; any other only multiplies by the scale
 * @param y          [n]; NaN gives NaN, but a hinge 0
 */
static inline void emlc_post_transform_f32(const emlc_post_transform* transform, float* y, size_t n) {
  for (size_t i = 0; i < n; ++i) y[i] = emlc_post_transform_one_f32(transform, y[i] * transform->scale);
  if (transform->kind == EMLC_POST_NORMALIZE) emlc_normalize_f32(y, n);
#ifndef EMLC_NO_MATH
  if (n != 0 && (transform->kind == EMLC_POST_SOFTMAX || transform->kind == EMLC_POST_LOG_SOFTMAX)) {
    emlc_shifted_softmax_f32(transform->kind, 0.0F, y, n);
  }
#endif
}

/** The same with scale, denominator and offset as they lie in a blob, at an address that is a multiple of 4. */
EMLC_CALLED void emlc_post_transform_at(unsigned kind, const uint8_t* numbers, float* y, size_t n) {
  emlc_post_transform transform;
  transform.kind = (emlc_post_transform_kind)kind;
  transform.scale = emlc_f32_at(numbers);
  transform.denominator = emlc_f32_at(numbers + 4);
  transform.offset = emlc_f32_at(numbers + 8);
  emlc_post_transform_f32(&transform, y, n);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_ACTIVATIONS_H */
