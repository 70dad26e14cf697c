/* A whole program around the model, for its size: linked with and without the model, the difference is the model's. */
#include "subject_call.h"

volatile feature_t given[N_FEATURES];
volatile result_t taken;

int main(void) {
  feature_t features[N_FEATURES];
  for (int i = 0; i < N_FEATURES; ++i) features[i] = given[i];
  PREPARE();
  KEEP(features);
  taken = call_subject(features);
  return 0;
}
