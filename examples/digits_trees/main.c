/* Handwritten digits: ten trees vote on images of 8x8 pixels with values from 0 to 16. */
#include <stdio.h>

#include "digits.h"
#include "rows.h"

/* What the majority of the ten trees gets right, counted with scikit-learn's trees. */
enum { EXPECTED_RIGHT = 501, EXPECTED_ROWS = 540 };

int main(void) {
  FILE* images = open_rows(DATA_DIR "/X_test.csv");
  FILE* labels = open_rows(DATA_DIR "/y_test.csv");
  float row[DIGITS_N_FEATURES];
  int n_rows = 0, n_right = 0;
  while (read_row(images, row, DIGITS_N_FEATURES)) {
    digits_feature x[DIGITS_N_FEATURES];
    for (int i = 0; i < DIGITS_N_FEATURES; ++i) x[i] = (digits_feature)row[i];
    n_right += digits_predict(x) == (int)read_value(labels);
    ++n_rows;
  }
  fclose(images);
  fclose(labels);
  printf("%d of %d digits right: accuracy %.4f\n", n_right, n_rows, (double)n_right / n_rows);
  return n_rows == EXPECTED_ROWS && n_right == EXPECTED_RIGHT ? 0 : 1;
}
