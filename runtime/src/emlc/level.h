/**
 * The level of a signal of integers in decibel, in integers: mean square, time weighting and logarithm. C99 and C++11;
 * libc: nothing.
 *
 *     emlc_level level;
 *     emlc_level_reset(&level);
 *     while (...) emlc_level_add_i32(&level, block, n);   // a second of samples, for example
 *     emlc_level_decibel(&level)                          // -301: a sine of full scale has 3.01 dB less than a square
 */
#ifndef EMLC_LEVEL_H
#define EMLC_LEVEL_H

#include <stddef.h>
#include <stdint.h>

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EMLC_LEVEL_SILENCE = -20000 }; /* what emlc_level_decibel gives when all samples were 0 */

/** Energy so far; one for each level that is shown. Room for 2^26 - 1 samples of full scale, 69 minutes at 16 kHz. */
typedef struct emlc_level {
  uint64_t sum_of_squares; /* of samples with 20 bits */
  uint32_t n_samples;
} emlc_level;

static inline void emlc_level_reset(emlc_level* level) {
  level->sum_of_squares = 0;
  level->n_samples = 0;
}

/** The square of a sample of 20 bits. */
static inline uint64_t emlc_level_square(int32_t sample) {
  const uint32_t magnitude = sample < 0 ? 0u - (uint32_t)sample : (uint32_t)sample;
  return (uint64_t)magnitude * magnitude;
}

/** EMLC_OK where n more samples of full scale fit. */
static inline emlc_status emlc_level_check(const emlc_level* level, const void* samples, size_t n) {
  if (level == NULL || (samples == NULL && n != 0)) return EMLC_ERR_NULL;
  if (n > UINT32_MAX - level->n_samples || n > (UINT64_MAX - level->sum_of_squares) >> 38) return EMLC_ERR_RANGE;
  return EMLC_OK;
}

/**
 * Adds n samples of 16 bits.
 *
 * @return EMLC_OK, or with the level untouched: EMLC_ERR_NULL a pointer is NULL (samples may be when n is 0);
 *         EMLC_ERR_RANGE there is no room for n more samples of full scale
 */
static inline emlc_status emlc_level_add_i16(emlc_level* level, const int16_t* samples, size_t n) {
  const emlc_status status = emlc_level_check(level, samples, n);
  if (status != EMLC_OK) return status;
  for (size_t i = 0; i < n; ++i) level->sum_of_squares += emlc_level_square((int32_t)samples[i] * 16);
  level->n_samples += (uint32_t)n;
  return EMLC_OK;
}

/** Adds n samples of 32 bits; the upper 20 count. Answers as above. */
static inline emlc_status emlc_level_add_i32(emlc_level* level, const int32_t* samples, size_t n) {
  const emlc_status status = emlc_level_check(level, samples, n);
  if (status != EMLC_OK) return status;
  for (size_t i = 0; i < n; ++i) level->sum_of_squares += emlc_level_square(samples[i] / 4096);
  level->n_samples += (uint32_t)n;
  return EMLC_OK;
}

/** Exponential time weighting: of n samples that were just added, keeps 1 - 2^-shift of all energy. With n samples at
 *  a time the time constant is 2^shift * n samples: `fast` (125 ms) is 16 blocks of 125 samples at 16 kHz, shift 4.
 *  Shift 0 keeps nothing. From 32 on everything stays: 2^-32 of the samples is less than one. */
static inline void emlc_level_decay(emlc_level* level, unsigned shift) {
  if (shift >= 32) return;
  level->sum_of_squares -= level->sum_of_squares >> shift;
  level->n_samples -= level->n_samples >> shift;
}

/** log2(value) * 65536, rounded down; value is not 0. */
static inline int32_t emlc_level_log2(uint64_t value) {
  int32_t result = 31 * 65536;
  uint64_t mantissa = value; /* becomes 2^31 to 2^32 - 1 */
  while (mantissa >> 32 != 0) {
    mantissa >>= 1;
    result += 65536;
  }
  while (mantissa >> 31 == 0) {
    mantissa <<= 1;
    result -= 65536;
  }
  for (int32_t bit = 32768; bit != 0; bit /= 2) {
    mantissa = (mantissa * mantissa) >> 31;
    if (mantissa >> 32 == 0) continue;
    mantissa >>= 1;
    result += bit;
  }
  return result;
}

/**
 * The mean square in hundredths of a decibel, relative to that of a square wave of full scale; a sine of full scale has
 * -301. Within 0.01 dB. EMLC_LEVEL_SILENCE when no sample was other than 0, or there was none.
 */
static inline int32_t emlc_level_decibel(const emlc_level* level) {
  const int32_t full_scale = 2 * 19 * 65536, rounding = 32768;
  int64_t scaled;
  if (level->sum_of_squares == 0 || level->n_samples == 0) return EMLC_LEVEL_SILENCE; /* 0 has no logarithm */
  scaled = emlc_level_log2(level->sum_of_squares) - emlc_level_log2(level->n_samples) - full_scale;
  scaled = (scaled * 30103 + (scaled < 0 ? -50 * (int64_t)rounding : 50 * (int64_t)rounding)) / 100;
  return (int32_t)(scaled / 65536);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_LEVEL_H */
