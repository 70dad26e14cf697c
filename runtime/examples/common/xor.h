/* The exclusive or of two bits, computed by the decision tree in xor_model.h. */
#ifndef XOR_H
#define XOR_H

/* A tree as convert packs it needs nothing else of the runtime, nor libm. */
#define EMLC_NO_DENSE
#define EMLC_NO_FILTERS
#define EMLC_NO_LINKED_TREES
#define EMLC_NO_SCALERS
#define EMLC_NO_STEPS
#define EMLC_NO_MATH
#include <emlc.h>

#include "xor_model.h"

static emlc_status xor_open(emlc_model* model) {
  const emlc_status status = emlc_tmdl_open(xor_model, sizeof xor_model, model);
  if (status != EMLC_OK) return status;
  return model->n_features == 2 && model->n_outputs == 2 && model->work_size == 0 ? EMLC_OK : EMLC_ERR_SIZE;
}

/* 0 or 1; negative: an emlc_status. */
static int xor_of(const emlc_model* model, int a, int b) {
  const float x[2] = {(float)a, (float)b};
  float y[2];
  const emlc_status status = emlc_run(model, x, y, NULL);
  return status == EMLC_OK ? (int)emlc_predict_class(model, y) : (int)status;
}

#endif /* XOR_H */
