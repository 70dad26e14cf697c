/* Handwritten digits with a small network, twice: compiled in as a header, and loaded at run time as a .tmdl blob. */
#include <emlc/tmdl.h>
#include <stdint.h>
#include <stdio.h>

#include "digits.h"
#include "rows.h"

enum { EXPECTED_ROWS = 540, MAX_BLOB = 64 * 1024, MAX_WORK = 1024 };

/* On a device the blob lies in flash; here it is read from its file. uint64_t: a blob is aligned to 8 bytes. */
static uint64_t blob[MAX_BLOB / 8];
static float work[MAX_WORK / sizeof(float)];

static emlc_status load(const char* path, emlc_model* model) {
  FILE* file = open_rows(path);
  const size_t size = fread(blob, 1, sizeof blob, file);
  fclose(file);
  const emlc_status status = emlc_tmdl_open(blob, size, model);
  if (status != EMLC_OK) return status;
  if (model->n_features != DIGITS_N_FEATURES || model->n_outputs != DIGITS_N_CLASSES) return EMLC_ERR_SIZE;
  printf("blob: %lu bytes, %lu bytes of working memory\n", (unsigned long)size, (unsigned long)model->work_size);
  return model->work_size <= sizeof work ? EMLC_OK : EMLC_ERR_MEMORY;
}

int main(void) {
  emlc_model model;
  const emlc_status status = load(BLOB, &model);
  if (status != EMLC_OK) {
    fprintf(stderr, "%s: %s\n", BLOB, emlc_status_text(status));
    return 1;
  }
  FILE* images = open_rows(DATA_DIR "/X_test.csv");
  FILE* labels = open_rows(DATA_DIR "/y_test.csv");
  FILE* predictions = open_rows(DATA_DIR "/y_pred.csv"); /* scikit-learn's own */
  float x[DIGITS_N_FEATURES], y[DIGITS_N_CLASSES];
  int n_rows = 0, n_right = 0, n_header = 0, n_blob = 0;
  while (read_row(images, x, DIGITS_N_FEATURES)) {
    const int expected = (int)read_value(predictions), answer = digits_predict(x);
    n_header += answer == expected;
    n_blob += emlc_run(&model, x, y, work) == EMLC_OK && emlc_predict_class(&model, y) == expected;
    n_right += answer == (int)read_value(labels);
    ++n_rows;
  }
  fclose(images);
  fclose(labels);
  fclose(predictions);
  printf("%d of %d digits right: accuracy %.4f\n", n_right, n_rows, (double)n_right / n_rows);
  printf("as scikit-learn predicts: header %d, blob %d of %d\n", n_header, n_blob, n_rows);
  return n_rows == EXPECTED_ROWS && n_header == n_rows && n_blob == n_rows ? 0 : 1;
}
