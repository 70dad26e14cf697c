/**
 * Decimal numbers out of short texts, without strtod: locale-free, no heap, float only. C99 and C++11; libc: memcpy.
 */
#ifndef EMLC_CSV_NUMBER_H
#define EMLC_CSV_NUMBER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "csv_limits.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EMLC_CSV_LIMBS = 8 }; /* 256 bits: 40 digits, or the quotient by 5^86 with 56 bits to spare */

/* A whole number of 256 bits, least significant limb first. */
typedef struct emlc_csv_big {
  uint32_t limb[EMLC_CSV_LIMBS];
} emlc_csv_big;

/** big = big * factor + addend; the caller keeps it below 2^256. */
static inline void emlc_csv_multiply_add(emlc_csv_big* big, uint32_t factor, uint32_t addend) {
  uint64_t carry = addend;
  int i;
  for (i = 0; i < EMLC_CSV_LIMBS; ++i) {
    carry += (uint64_t)big->limb[i] * factor;
    big->limb[i] = (uint32_t)carry;
    carry >>= 32;
  }
}

/** big = floor(big / divisor); 1 if something is left over, else 0. */
static inline int emlc_csv_divide(emlc_csv_big* big, uint32_t divisor) {
  uint64_t rest = 0;
  int i;
  for (i = EMLC_CSV_LIMBS - 1; i >= 0; --i) {
    rest = (rest << 32) | big->limb[i];
    big->limb[i] = (uint32_t)(rest / divisor);
    rest %= divisor;
  }
  return rest != 0;
}

/** The number of bits up to the highest 1; 0 for 0. */
static inline int emlc_csv_bits(const emlc_csv_big* big) {
  int i = EMLC_CSV_LIMBS - 1;
  int bits;
  while (i > 0 && big->limb[i] == 0) --i;
  for (bits = 32; bits > 0 && (big->limb[i] >> (bits - 1)) == 0; --bits) {
  }
  return 32 * i + bits;
}

static inline uint32_t emlc_csv_bit(const emlc_csv_big* big, int i) { return (big->limb[i / 32] >> (i % 32)) & 1U; }

/** big = big * 2^shift; the caller keeps it below 2^256. */
static inline void emlc_csv_shift_left(emlc_csv_big* big, int shift) {
  const int limbs = shift / 32, bits = shift % 32;
  int i;
  for (i = EMLC_CSV_LIMBS - 1; i >= 0; --i) {
    const uint32_t high = i >= limbs ? big->limb[i - limbs] : 0;
    const uint32_t low = i > limbs ? big->limb[i - limbs - 1] : 0;
    big->limb[i] = bits == 0 ? high : (high << bits) | (low >> (32 - bits));
  }
}

/** big = big * 5^power or, for a negative power, floor(big / 5^-power); 1 if something is left over, else 0. */
static inline int emlc_csv_scale_by_5(emlc_csv_big* big, int power) {
  int left_over = 0;
  int rest = power < 0 ? -power : power;
  while (rest > 0) {
    const int step = rest < 13 ? rest : 13; /* 5^13 < 2^32 */
    uint32_t factor = 1;
    int i;
    for (i = 0; i < step; ++i) factor *= 5U;
    if (power < 0) {
      left_over |= emlc_csv_divide(big, factor);
    } else {
      emlc_csv_multiply_add(big, factor, 0);
    }
    rest -= step;
  }
  return left_over;
}

/**
 * The bits of the float32 nearest to big * 2^exponent, ties to even; what the divisions left over makes it a little
 * more. 0x7F800000 (infinity) when it is too large. big is not 0.
 */
static inline uint32_t emlc_csv_round(const emlc_csv_big* big, int exponent, int left_over) {
  const int top = emlc_csv_bits(big) - 1;
  const int power = top + exponent;                       /* 2^power <= value < 2^(power + 1) */
  const int precision = power >= -126 ? 24 : power + 150; /* fewer bits for a subnormal number */
  uint32_t bits = 0;
  int i = top;
  if (power > 127) return 0x7F800000U;
  if (precision < 0) return 0;
  for (; i > top - precision; --i) bits = (bits << 1) | (i >= 0 ? emlc_csv_bit(big, i) : 0U);
  if (power >= -126) bits += (uint32_t)(power + 126) << 23; /* the leading 1 adds one to the exponent */
  if (i < 0 || emlc_csv_bit(big, i) == 0) return bits;
  for (--i; i >= 0; --i) left_over |= (int)emlc_csv_bit(big, i);
  return bits + ((left_over != 0 || (bits & 1U) != 0) ? 1U : 0U);
}

/* The parts of a decimal number: digits * 10^exponent. */
typedef struct emlc_csv_decimal {
  emlc_csv_big digits;
  int n_digits; /* without leading zeros */
  int exponent;
  int is_negative;
} emlc_csv_decimal;

/** `[+-]digits[.digits][(e|E)[+-]digits]` with at least one digit before the exponent, and nothing else. */
static inline emlc_status emlc_csv_split_decimal(const char* text, size_t length, emlc_csv_decimal* decimal) {
  size_t i = 0, n_seen = 0;
  int in_fraction = 0, power = 0, is_negative_power = 0;
  memset(decimal, 0, sizeof *decimal);
  if (length == 0 || length > EMLC_CSV_DIGITS) return EMLC_ERR_FORMAT;
  if (text[0] == '-' || text[0] == '+') decimal->is_negative = text[i++] == '-';
  for (; i < length && text[i] != 'e' && text[i] != 'E'; ++i) {
    if (text[i] == '.' && !in_fraction) {
      in_fraction = 1;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return EMLC_ERR_FORMAT;
    ++n_seen;
    if (in_fraction) --decimal->exponent;
    if (decimal->n_digits != 0 || text[i] != '0') ++decimal->n_digits;
    emlc_csv_multiply_add(&decimal->digits, 10, (uint32_t)(text[i] - '0'));
  }
  if (n_seen == 0) return EMLC_ERR_FORMAT;
  if (i == length) return EMLC_OK;
  ++i;
  if (i < length && (text[i] == '-' || text[i] == '+')) is_negative_power = text[i++] == '-';
  if (i == length) return EMLC_ERR_FORMAT;
  for (; i < length; ++i) {
    if (text[i] < '0' || text[i] > '9') return EMLC_ERR_FORMAT;
    if (power < 1000) power = 10 * power + (text[i] - '0'); /* beyond any float already */
  }
  decimal->exponent += is_negative_power ? -power : power;
  return EMLC_OK;
}

/**
 * The float32 nearest to a decimal number, ties to even: every text that is read is rounded right.
 *
 * @param text    [length] not terminated, no blanks; at most EMLC_CSV_DIGITS characters
 * @param value   the result; a number too small for float32 is 0 with its sign
 * @return EMLC_OK, or with value untouched: EMLC_ERR_FORMAT not such a number; EMLC_ERR_RANGE too large for float32
 */
static inline emlc_status emlc_csv_parse_f32(const char* text, size_t length, float* value) {
  emlc_csv_decimal decimal;
  uint32_t bits = 0;
  const emlc_status status = emlc_csv_split_decimal(text, length, &decimal);
  if (status != EMLC_OK) return status;
  if (decimal.n_digits != 0) {
    /* 10^magnitude is above the value and at most ten times as much; float32 reaches from 7e-46 to 3.5e38. */
    const int magnitude = decimal.n_digits + decimal.exponent;
    if (magnitude > 39) return EMLC_ERR_RANGE;
    if (magnitude >= -45) {
      int shift = 0, left_over;
      if (decimal.exponent < 0) shift = 32 * EMLC_CSV_LIMBS - emlc_csv_bits(&decimal.digits);
      emlc_csv_shift_left(&decimal.digits, shift);
      left_over = emlc_csv_scale_by_5(&decimal.digits, decimal.exponent);
      bits = emlc_csv_round(&decimal.digits, decimal.exponent - shift, left_over);
      if (bits >= 0x7F800000U) return EMLC_ERR_RANGE;
    }
  }
  if (decimal.is_negative) bits |= 0x80000000U;
  memcpy(value, &bits, sizeof *value);
  return EMLC_OK;
}

/**
 * A whole number from lowest to highest.
 *
 * @param text  [length] `[-]digits`, not terminated, no blanks; at most EMLC_CSV_DIGITS characters
 * @return EMLC_OK, or with value untouched: EMLC_ERR_FORMAT not such a number; EMLC_ERR_RANGE outside the limits
 */
static inline emlc_status emlc_csv_parse_i32(const char* text, size_t length, int32_t lowest, int32_t highest,
                                             int32_t* value) {
  const size_t first = length > 0 && text[0] == '-' ? 1 : 0;
  int64_t sum = 0;
  size_t i;
  if (length == first || length > EMLC_CSV_DIGITS) return EMLC_ERR_FORMAT;
  for (i = first; i < length; ++i) {
    if (text[i] < '0' || text[i] > '9') return EMLC_ERR_FORMAT;
    if (sum <= INT32_MAX) sum = 10 * sum + (text[i] - '0'); /* beyond any limit already */
  }
  if (first == 1) sum = -sum;
  if (sum < lowest || sum > highest) return EMLC_ERR_RANGE;
  *value = (int32_t)sum;
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_NUMBER_H */
