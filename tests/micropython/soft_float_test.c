/**
 * The float arithmetic of the MicroPython module for Cortex-M0 against a floating-point unit, bit for bit: numbers of
 * all kinds in pairs, and pairs at random.
 *
 *     soft_float_test [PAIRS [SEED]]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMLC_SOFT(name) soft_##name
#define EMLC_SOFT_TESTED
#define EMLC_SOFT_fcmpeq
#define EMLC_SOFT_less
#include "soft_float.h"

static uint32_t random_state = 1;

static uint32_t random_bits(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return random_state;
}

static float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return value != value ? EMLC_SOFT_NAN : bits;
}

static void expect(const char* what, uint32_t a, uint32_t b, uint32_t found, uint32_t expected) {
  if (found == expected) return;
  printf("%s of %08x and %08x: %08x, the unit says %08x\n", what, a, b, found, expected);
  exit(1);
}

static uint32_t whole(float value) {
  if (value >= 2147483648.0F) return INT32_MAX;
  return value < -2147483648.0F ? (uint32_t)INT32_MIN : (uint32_t)(int32_t)value;
}

static void check(uint32_t a, uint32_t b) {
  const volatile float x = float_of(a), y = float_of(b);
  expect("sum", a, b, soft_fadd(a, b), bits_of(x + y));
  expect("difference", a, b, soft_fsub(a, b), bits_of(x - y));
  expect("product", a, b, soft_fmul(a, b), bits_of(x * y));
  expect("quotient", a, b, soft_fdiv(a, b), bits_of(x / y));
  expect("==", a, b, (uint32_t)soft_fcmpeq(a, b), x == y);
  expect("<", a, b, (uint32_t)soft_fcmplt(a, b), x < y);
  expect("<=", a, b, (uint32_t)soft_fcmple(a, b), x <= y);
  expect(">", a, b, (uint32_t)soft_fcmpgt(a, b), x > y);
  expect(">=", a, b, (uint32_t)soft_fcmpge(a, b), x >= y);
  expect("below 0", a, b, soft_less(a, b) < 0, x < y);
  expect("not above 0", a, b, soft_less(a, b) <= 0, x <= y);
  expect("0", a, b, soft_less(a, b) == 0, x == y);
  expect("above 0", a, b, soft_more(a, b) > 0, x > y);
  expect("not below 0", a, b, soft_more(a, b) >= 0, x >= y);
  if (b != 0) {
    expect("integer quotient", a, b, soft_uidiv(a, b), a / b);
    expect("rest", a, b, (uint32_t)(soft_uidivmod(a, b) >> 32), a % b);
  }
  expect("float of int", a, b, soft_i2f((int32_t)a), bits_of((float)(int32_t)a));
  expect("float of unsigned", a, b, soft_ui2f(a), bits_of((float)a));
  if (x == x) expect("int of float", a, b, (uint32_t)soft_f2iz(a), whole(x));
}

/** Exponents that meet: both ends, and near each other. */
static uint32_t near(uint32_t other) {
  const uint32_t exponent = (other >> 23) + random_bits() % 61 - 30;
  return (random_bits() & 0x807FFFFFU) | (exponent & 0xFF) << 23;
}

int main(int argc, char** argv) {
  static const uint32_t ends[] = {0,          1,          2,          0x7FFFFF,   0x800000,   0x800001,
                                  0x3F800000, 0x3F800001, 0x3F7FFFFF, 0x40000000, 0x4B000000, 0x4B7FFFFF,
                                  0x4EFFFFFF, 0x4F000000, 0x4F000001, 0x7F7FFFFF, 0x7F800000, 0x7F800001,
                                  0x7FC00000, 0x34000000, 0x33800000, 0x33800001, 0x00400000, 0x7F000000};
  const int n = (int)(sizeof ends / sizeof *ends);
  const long pairs = argc > 1 ? atol(argv[1]) : 2000000;
  if (argc > 2) random_state = (uint32_t)atol(argv[2]) | 1;
  for (int i = 0; i < 4 * n * n; ++i) {
    check(ends[i % n] | (uint32_t)(i / n / n % 2) << 31, ends[i / n % n] | (uint32_t)(i / n / n / 2) << 31);
  }
  for (long i = 0; i < pairs; ++i) {
    const uint32_t a = random_bits();
    check(a, i % 2 == 0 ? random_bits() : near(a));
  }
  printf("%d pairs of ends and %ld at random: as the floating-point unit\n", 4 * n * n, pairs);
  return 0;
}
