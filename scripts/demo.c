/* Reads handwritten digits with the generated header: demo X_TEST.csv Y_TEST.csv Y_PRED.csv */
#include <stdio.h>

#include "digits.h"

static int read_row(FILE* file, digits_feature x[DIGITS_N_FEATURES]) {
  for (int i = 0; i < DIGITS_N_FEATURES; ++i) {
    int value;
    if (fscanf(file, i == 0 ? "%d" : ",%d", &value) != 1) return 0;
    x[i] = (digits_feature)value;
  }
  return 1;
}

int main(int argc, char** argv) {
  FILE* inputs = argc == 4 ? fopen(argv[1], "r") : NULL;
  FILE* truth = argc == 4 ? fopen(argv[2], "r") : NULL;
  FILE* trainer = argc == 4 ? fopen(argv[3], "r") : NULL;
  if (inputs == NULL || truth == NULL || trainer == NULL) {
    fprintf(stderr, "usage: demo X_TEST.csv Y_TEST.csv Y_PRED.csv\n");
    return 2;
  }
  int n = 0, n_right = 0, n_as_trained = 0, digit, predicted;
  digits_feature x[DIGITS_N_FEATURES];
  while (read_row(inputs, x) && fscanf(truth, "%d", &digit) == 1 && fscanf(trainer, "%d", &predicted) == 1) {
    const int answer = digits_predict(x);
    ++n;
    n_right += answer == digit;
    n_as_trained += answer == predicted;
  }
  printf("images      %d\n", n);
  printf("accuracy    %.2f %%\n", 100.0 * n_right / n);
  printf("as trained  %.2f %%  (same answer as scikit-learn)\n", 100.0 * n_as_trained / n);
  return n != 0 && n == n_as_trained ? 0 : 1;
}
