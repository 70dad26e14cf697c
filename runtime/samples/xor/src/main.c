/* Prints the truth table of the exclusive or, computed by a decision tree. */
#include <stdio.h>

#include "xor.h"

int main(void) {
  emlc_model model;
  if (xor_open(&model) != EMLC_OK) {
    puts("the model cannot be opened");
    return 0;
  }
  for (int i = 0; i < 4; ++i) printf("%d %d %d\n", i >> 1, i & 1, xor_of(&model, i >> 1, i & 1));
  return 0;
}
