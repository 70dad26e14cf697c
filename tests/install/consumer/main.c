/* Both models compute the exclusive or of two integers. */
#include "emlc.h"
#include "first.h"
#include "second.h"

int main(void) {
  int n_wrong = 0;
  for (int i = 0; i < 4; ++i) {
    const int a = i & 1, b = i >> 1;
    const first_feature x[FIRST_N_FEATURES] = {(first_feature)a, (first_feature)b};
    const second_feature y[SECOND_N_FEATURES] = {(second_feature)a, (second_feature)b};
    n_wrong += (first_predict(x) != (a ^ b)) + (second_predict(y) != (a ^ b));
  }
  return n_wrong;
}
