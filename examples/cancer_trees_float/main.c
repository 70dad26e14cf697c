/* Breast cancer: thirty trees look at thirty measurements, all of them real numbers. */
#include <stdio.h>

#include "cancer.h"
#include "rows.h"

enum { EXPECTED_ROWS = 171 };

int main(void) {
  FILE* measurements = open_rows(DATA_DIR "/X_test.csv");
  FILE* labels = open_rows(DATA_DIR "/y_test.csv");
  FILE* predictions = open_rows(DATA_DIR "/y_pred.csv"); /* scikit-learn's own */
  float x[CANCER_N_FEATURES];
  int n_rows = 0, n_right = 0, n_agree = 0;
  while (read_row(measurements, x, CANCER_N_FEATURES)) {
    const int answer = cancer_predict(x);
    n_right += answer == (int)read_value(labels);
    n_agree += answer == (int)read_value(predictions);
    ++n_rows;
  }
  fclose(measurements);
  fclose(labels);
  fclose(predictions);
  printf("%d of %d right: accuracy %.4f\n", n_right, n_rows, (double)n_right / n_rows);
  printf("%d of %d as scikit-learn predicts\n", n_agree, n_rows);
  return n_rows == EXPECTED_ROWS && n_agree == n_rows ? 0 : 1;
}
