/**
 * The errors of the MicroPython module's expf, logf and tanhf, over a million floats of each, against libm in double;
 * sqrtf is the nearest float.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static float emlc_mp_expf(float x);
static float emlc_mp_logf(float x);
static float emlc_mp_tanhf(float x);
#define expf emlc_mp_expf
#define logf emlc_mp_logf
#define tanhf emlc_mp_tanhf
#include "short_math.h"
#undef expf
#undef logf
#undef tanhf

typedef struct function {
  const char* name;
  float (*found)(float);
  double (*expected)(double);
  float least, most; /* of x, which is positive in steps of its bits, and negated too where that is in the range */
  double bound;      /* of the relative error */
} function;

static double largest_error(const function* f) {
  double largest = 0;
  for (uint32_t bits = 0; bits < 0x7F800000U; bits += 1009) {
    for (int sign = 0; sign < 2; ++sign) {
      const float x = emlc_float_of(bits | (uint32_t)sign << 31);
      if (x < f->least || x > f->most) continue;
      const double expected = f->expected(x), error = fabs(f->found(x) - expected);
      if (expected == 0 ? error != 0 : error / fabs(expected) > largest)
        largest = expected == 0 ? 1 : error / fabs(expected);
    }
  }
  return largest;
}

static void expect(int holds, const char* what) {
  if (holds) return;
  printf("%s does not hold\n", what);
  exit(1);
}

static int roots_are_nearest(void) {
  for (uint32_t bits = 0; bits < 0x7F800000U; bits += 997) {
    const float x = emlc_float_of(bits);
    if (emlc_mp_sqrtf(x) != (float)sqrt((double)x)) return 0;
  }
  return emlc_mp_sqrtf(4.0F) == 2.0F && isinf(emlc_mp_sqrtf(INFINITY)) && isnan(emlc_mp_sqrtf(NAN)) &&
         isnan(emlc_mp_sqrtf(-1.0F)) && emlc_mp_sqrtf(-0.0F) == 0.0F;
}

int main(void) {
  const function functions[] = {{"expf", emlc_mp_expf, exp, -87.0F, 88.7F, 3e-7},
                                {"logf", emlc_mp_logf, log, 1.18e-38F, 3.4e38F, 3e-7},
                                {"tanhf", emlc_mp_tanhf, tanh, -1e30F, 1e30F, 6e-7}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
    const double error = largest_error(functions + i);
    printf("%s: %.2g, bound %.2g\n", functions[i].name, error, functions[i].bound);
    expect(error <= functions[i].bound, functions[i].name);
  }
  expect(emlc_mp_expf(-200.0F) == 0.0F && isinf(emlc_mp_expf(100.0F)) && isinf(emlc_mp_expf(INFINITY)),
         "the ends of expf");
  expect(emlc_mp_expf(-INFINITY) == 0.0F && emlc_mp_expf(0.0F) == 1.0F, "e^0");
  expect(isnan(emlc_mp_expf(NAN)) && isnan(emlc_mp_logf(NAN)) && isnan(emlc_mp_tanhf(NAN)), "NaN");
  expect(isnan(emlc_mp_logf(-1.0F)) && isinf(emlc_mp_logf(0.0F)) && isinf(emlc_mp_logf(INFINITY)), "the ends of logf");
  expect(emlc_mp_logf(1.0F) == 0.0F, "the logarithm of 1");
  expect(emlc_mp_tanhf(INFINITY) == 1.0F && emlc_mp_tanhf(-INFINITY) == -1.0F, "the ends of tanhf");
  expect(roots_are_nearest(), "the nearest root");
  return 0;
}
