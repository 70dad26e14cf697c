/**
 * Arithmetic on the bits of floats, for Cortex-M0 and RISC-V without a unit: libgcc's cannot be moved on the first, and
 * takes four times as much on both. IEEE 754: rounded to nearest even, with denormal numbers, infinities and NaN;
 * tests/micropython/soft_float_test.c compares it with a floating-point unit. And a division for Cortex-M0, where
 * libgcc's is 266 bytes of speed.
 */
#ifndef EMLC_MP_SOFT_FLOAT_H
#define EMLC_MP_SOFT_FLOAT_H

#include <stdint.h>

/* What is called by the names that compilers know: those of Arm's ABI, or libgcc's own. */
#ifndef EMLC_SOFT
#define EMLC_SOFT(name) EMLC_SOFT_##name
#ifdef __arm__
#define EMLC_SOFT_fadd __aeabi_fadd
#define EMLC_SOFT_fsub __aeabi_fsub
#define EMLC_SOFT_fmul __aeabi_fmul
#define EMLC_SOFT_fdiv __aeabi_fdiv
#define EMLC_SOFT_ui2f __aeabi_ui2f
#define EMLC_SOFT_i2f __aeabi_i2f
#define EMLC_SOFT_f2iz __aeabi_f2iz
#define EMLC_SOFT_fcmpeq __aeabi_fcmpeq
#define EMLC_SOFT_fcmplt __aeabi_fcmplt
#define EMLC_SOFT_fcmple __aeabi_fcmple
#define EMLC_SOFT_fcmpgt __aeabi_fcmpgt
#define EMLC_SOFT_fcmpge __aeabi_fcmpge
#define EMLC_SOFT_uidivmod __aeabi_uidivmod
#define EMLC_SOFT_uidiv __aeabi_uidiv
#else
#define EMLC_SOFT_fadd __addsf3
#define EMLC_SOFT_fsub __subsf3
#define EMLC_SOFT_fmul __mulsf3
#define EMLC_SOFT_fdiv __divsf3
#define EMLC_SOFT_ui2f __floatunsisf
#define EMLC_SOFT_i2f __floatsisf
#define EMLC_SOFT_f2iz __fixsfsi
#define EMLC_SOFT_less __lesf2
#define EMLC_SOFT_more __gesf2
#endif
#endif
#define EMLC_SOFT_CALLED __attribute__((visibility("hidden"), used))
#define EMLC_SOFT_PART static __attribute__((noinline))

#define EMLC_SOFT_SIGN 0x80000000U
#define EMLC_SOFT_INFINITY 0x7F800000U
#define EMLC_SOFT_NAN 0x7FC00000U

/** A number other than infinity and NaN: significand * 2^(exponent - 150). */
typedef struct emlc_soft_parts {
  uint32_t significand; /* 2^23 to 2^24 - 1, or 0 */
  int32_t exponent;
} emlc_soft_parts;

EMLC_SOFT_PART emlc_soft_parts emlc_soft_unpack(uint32_t bits) {
  emlc_soft_parts parts = {bits & 0x7FFFFFU, (int32_t)(bits >> 23 & 0xFF)};
  if (parts.exponent != 0) {
    parts.significand |= 0x800000U;
    return parts;
  }
  for (parts.exponent = 1; parts.significand != 0 && parts.significand < 0x800000U; --parts.exponent) {
    parts.significand *= 2;
  }
  return parts;
}

/** Shifts right, and keeps whether something was lost in the lowest bit. */
static inline uint32_t emlc_soft_shift(uint32_t value, uint32_t shift) {
  if (shift > 31) return value != 0;
  return value >> shift | ((value & ((1U << shift) - 1)) != 0);
}

/** The float nearest to significand * 2^(exponent - 157), with the sign of `sign`. */
EMLC_SOFT_PART uint32_t emlc_soft_pack(uint32_t sign, int32_t exponent, uint32_t significand) {
  sign &= EMLC_SOFT_SIGN;
  if (significand == 0) return sign;
  if (significand & EMLC_SOFT_SIGN) {
    significand = emlc_soft_shift(significand, 1);
    ++exponent;
  }
  for (; significand < 0x40000000U; --exponent) significand *= 2;
  if (exponent <= 0) {
    significand = emlc_soft_shift(significand, (uint32_t)(1 - exponent));
    exponent = 1;
  }
  significand = (significand + 63 + (significand >> 7 & 1)) >> 7; /* halves to the even one */
  if (exponent > 254) return sign | EMLC_SOFT_INFINITY;
  return sign | (((uint32_t)(exponent - 1) << 23) + significand);
}

static inline int emlc_soft_is_finite(uint32_t bits) { return bits << 1 < 0xFF000000U; }

EMLC_SOFT_CALLED uint32_t EMLC_SOFT(fadd)(uint32_t a, uint32_t b) {
  emlc_soft_parts left, right;
  uint32_t addend;
  if (a << 1 < b << 1) {
    const uint32_t smaller = a;
    a = b;
    b = smaller;
  }
  /* a has the larger magnitude, so that it is what is not finite. */
  if (!emlc_soft_is_finite(a)) return a << 1 > 0xFF000000U || a == (b ^ EMLC_SOFT_SIGN) ? EMLC_SOFT_NAN : a;
  left = emlc_soft_unpack(a);
  right = emlc_soft_unpack(b);
  addend = emlc_soft_shift(right.significand << 7, (uint32_t)(left.exponent - right.exponent));
  left.significand <<= 7;
  if (((a ^ b) & EMLC_SOFT_SIGN) == 0) return emlc_soft_pack(a, left.exponent, left.significand + addend);
  if (left.significand == addend) return 0;
  return emlc_soft_pack(a, left.exponent, left.significand - addend);
}

EMLC_SOFT_CALLED uint32_t EMLC_SOFT(fsub)(uint32_t a, uint32_t b) { return EMLC_SOFT(fadd)(a, b ^ EMLC_SOFT_SIGN); }

EMLC_SOFT_CALLED uint32_t EMLC_SOFT(fmul)(uint32_t a, uint32_t b) {
  const emlc_soft_parts left = emlc_soft_unpack(a), right = emlc_soft_unpack(b);
  uint64_t product;
  if (!emlc_soft_is_finite(a) || !emlc_soft_is_finite(b)) {
    const int is_nan = a << 1 > 0xFF000000U || b << 1 > 0xFF000000U || a << 1 == 0 || b << 1 == 0;
    return is_nan ? EMLC_SOFT_NAN : ((a ^ b) & EMLC_SOFT_SIGN) | EMLC_SOFT_INFINITY;
  }
  product = (uint64_t)(left.significand << 8) * (right.significand << 7);
  return emlc_soft_pack(a ^ b, left.exponent + right.exponent - 126,
                        (uint32_t)(product >> 32) | ((uint32_t)product != 0));
}

EMLC_SOFT_CALLED uint32_t EMLC_SOFT(fdiv)(uint32_t a, uint32_t b) {
  emlc_soft_parts left = emlc_soft_unpack(a);
  const emlc_soft_parts right = emlc_soft_unpack(b);
  const uint32_t sign = (a ^ b) & EMLC_SOFT_SIGN;
  const int a_is_finite = emlc_soft_is_finite(a), b_is_finite = emlc_soft_is_finite(b);
  uint32_t quotient = 0;
  if (a << 1 > 0xFF000000U || b << 1 > 0xFF000000U || (!a_is_finite && !b_is_finite)) return EMLC_SOFT_NAN;
  if (!b_is_finite) return sign;
  if (right.significand == 0 && left.significand == 0) return EMLC_SOFT_NAN;
  if (right.significand == 0 || !a_is_finite) return sign | EMLC_SOFT_INFINITY;
  for (int bit = 0; bit < 31; ++bit) {
    quotient *= 2;
    if (left.significand >= right.significand) {
      left.significand -= right.significand;
      ++quotient;
    }
    left.significand *= 2;
  }
  return emlc_soft_pack(sign, left.exponent - right.exponent + 127, quotient | (left.significand != 0));
}

EMLC_SOFT_CALLED uint32_t EMLC_SOFT(ui2f)(uint32_t value) { return emlc_soft_pack(0, 157, value); }

EMLC_SOFT_CALLED uint32_t EMLC_SOFT(i2f)(int32_t value) {
  return emlc_soft_pack((uint32_t)value, 157, value < 0 ? 0U - (uint32_t)value : (uint32_t)value);
}

/** Toward 0; beyond int32 its nearest end. */
EMLC_SOFT_CALLED int32_t EMLC_SOFT(f2iz)(uint32_t bits) {
  const uint32_t exponent = bits >> 23 & 0xFF;
  uint32_t whole = (bits << 8) | EMLC_SOFT_SIGN;
  if (exponent < 127) return 0;
  if (exponent > 157) return bits & EMLC_SOFT_SIGN ? INT32_MIN : INT32_MAX;
  whole >>= 158 - exponent;
  return bits & EMLC_SOFT_SIGN ? -(int32_t)whole : (int32_t)whole;
}

/** Below 0, 0, above 0: a is less, equal, more. 2 where one of them is NaN. */
EMLC_SOFT_PART int emlc_soft_compare(uint32_t a, uint32_t b) {
  int32_t left = (int32_t)a, right = (int32_t)b;
  if (a << 1 > 0xFF000000U || b << 1 > 0xFF000000U) return 2;
  if (left < 0) left = INT32_MIN - left;
  if (right < 0) right = INT32_MIN - right;
  return (left > right) - (left < right);
}

#ifdef EMLC_SOFT_fcmpeq
EMLC_SOFT_CALLED int EMLC_SOFT(fcmpeq)(uint32_t a, uint32_t b) { return emlc_soft_compare(a, b) == 0; }
EMLC_SOFT_CALLED int EMLC_SOFT(fcmplt)(uint32_t a, uint32_t b) { return emlc_soft_compare(a, b) < 0; }
EMLC_SOFT_CALLED int EMLC_SOFT(fcmple)(uint32_t a, uint32_t b) { return emlc_soft_compare(a, b) <= 0; }
EMLC_SOFT_CALLED int EMLC_SOFT(fcmpgt)(uint32_t a, uint32_t b) { return emlc_soft_compare(a, b) == 1; }
EMLC_SOFT_CALLED int EMLC_SOFT(fcmpge)(uint32_t a, uint32_t b) { return emlc_soft_compare(b, a) <= 0; }

/** a / b in the lower half, and what is left of a in the upper one; b is not 0. */
EMLC_SOFT_CALLED uint64_t EMLC_SOFT(uidivmod)(uint32_t a, uint32_t b) {
  uint32_t rest = 0;
  for (int bit = 0; bit < 32; ++bit) {
    const uint32_t carry = rest >> 31;
    rest = rest << 1 | a >> 31;
    a <<= 1;
    if (carry || rest >= b) {
      rest -= b;
      ++a;
    }
  }
  return (uint64_t)rest << 32 | a;
}

EMLC_SOFT_CALLED uint32_t EMLC_SOFT(uidiv)(uint32_t a, uint32_t b) { return (uint32_t)EMLC_SOFT(uidivmod)(a, b); }
#endif

#ifdef EMLC_SOFT_less
/* Below 0, 0, above 0, as the comparison is; of NaN above it, or below it. */
EMLC_SOFT_CALLED int EMLC_SOFT(less)(uint32_t a, uint32_t b) { return emlc_soft_compare(a, b); }
EMLC_SOFT_CALLED int EMLC_SOFT(more)(uint32_t a, uint32_t b) { return -emlc_soft_compare(b, a); }
#ifndef EMLC_SOFT_TESTED
#define EMLC_SOFT_ALIAS(name, of) EMLC_SOFT_CALLED int name(uint32_t a, uint32_t b) __attribute__((alias(#of)))
EMLC_SOFT_ALIAS(__ltsf2, __lesf2);
EMLC_SOFT_ALIAS(__eqsf2, __lesf2);
EMLC_SOFT_ALIAS(__nesf2, __lesf2);
EMLC_SOFT_ALIAS(__gtsf2, __gesf2);
#endif
#endif

#endif /* EMLC_MP_SOFT_FLOAT_H */
