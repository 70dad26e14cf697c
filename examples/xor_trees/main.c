/* The smallest model: one tree of three splits that computes the exclusive or of two integers. */
#include <stdio.h>

#include "xor_tree.h"

int main(void) {
  int n_wrong = 0;
  puts("a b  a xor b");
  for (int a = 0; a < 2; ++a) {
    for (int b = 0; b < 2; ++b) {
      const xor_tree_feature x[XOR_TREE_N_FEATURES] = {(xor_tree_feature)a, (xor_tree_feature)b};
      const int answer = xor_tree_predict(x);
      printf("%d %d  %d\n", a, b, answer);
      n_wrong += answer != (a ^ b);
    }
  }
  return n_wrong == 0 ? 0 : 1;
}
