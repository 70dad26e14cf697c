/* The outputs of a .tmdl blob, rows of float from stdin to stdout, for tinymaix_random_test.py. */
#include <emlc/tmdl.h>
#include <stdio.h>

enum { MOST_BYTES = 1 << 16, MOST_VALUES = 256, WORK_BYTES = 4096 };

static double blob[MOST_BYTES / sizeof(double)], work[WORK_BYTES / sizeof(double)]; /* aligned to 8 bytes */

int main(int n, char** arguments) {
  float x[MOST_VALUES], y[MOST_VALUES];
  emlc_model model;
  FILE* file = n == 2 ? fopen(arguments[1], "rb") : NULL;
  if (file == NULL) return 2;
  if (emlc_tmdl_open(blob, fread(blob, 1, sizeof blob, file), &model) != EMLC_OK) return 3;
  if (model.n_features > MOST_VALUES || model.n_outputs > MOST_VALUES || model.work_size > sizeof work) return 4;
  while (fread(x, sizeof *x, model.n_features, stdin) == model.n_features) {
    if (emlc_run(&model, x, y, work) != EMLC_OK) return 5;
    fwrite(y, sizeof *y, model.n_outputs, stdout);
  }
  return 0;
}
