/* All models compute the exclusive or of two integers. */
#include "emlc.h"
#include "first.h"
#include "second.h"
#include "third.h"

static float work[THIRD_BLOB_WORK_BYTES / sizeof(float) + 1];

static int third_predict(const emlc_model* model, int a, int b) {
  const float x[THIRD_BLOB_N_FEATURES] = {(float)a, (float)b};
  float y[THIRD_BLOB_N_OUTPUTS];
  return emlc_run(model, x, y, work) == EMLC_OK ? (int)emlc_predict_class(model, y) : -1;
}

int main(void) {
  emlc_model third;
  int n_wrong = emlc_tmdl_open(third_blob, third_blob_size, &third) != EMLC_OK;
  for (int i = 0; i < 4; ++i) {
    const int a = i & 1, b = i >> 1;
    const first_feature x[FIRST_N_FEATURES] = {(first_feature)a, (first_feature)b};
    const second_feature y[SECOND_N_FEATURES] = {(second_feature)a, (second_feature)b};
    n_wrong +=
        (first_predict(x) != (a ^ b)) + (second_predict(y) != (a ^ b)) + (third_predict(&third, a, b) != (a ^ b));
  }
  return n_wrong;
}
