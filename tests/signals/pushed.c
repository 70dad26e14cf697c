/* pushed BLOB N < FRAMES: frames go through the signal of a blob in blocks of N; out come, for each window, the
   features as float and the decision (-1: none), also as float, of a model without one the outputs. Exit code 3: the
   blob is refused. */
#include <emlc/signal.h>
#include <stdio.h>
#include <stdlib.h>

static int put(float value) { return fwrite(&value, sizeof value, 1, stdout) != 1; }

static int put_window(const emlc_signal* signal, void* state) {
  const float* x = emlc_signal_features(signal, state);
  int32_t decision = -1, again = -1;
  float y[256];
  int wrong = x == NULL;
  for (uint32_t i = 0; !wrong && i < signal->model->n_features; ++i) wrong = put(x[i]);
  if (emlc_signal_decide(signal, state, &decision) == EMLC_OK) {
    wrong |= emlc_signal_decide(signal, state, &again) != EMLC_OK || again != decision;
    return wrong | put((float)decision);
  }
  if (signal->model->n_outputs > 256 || emlc_signal_predict(signal, state, y) != EMLC_OK) return 1;
  for (uint32_t i = 0; i < signal->model->n_outputs; ++i) wrong |= put(y[i]);
  return wrong;
}

static int push_all(const emlc_signal* signal, void* state, size_t block) {
  const size_t size = signal->n_channels * emlc_signal_sample_size(emlc_signal_sample_type(signal));
  uint8_t* frames = (uint8_t*)malloc(block * size);
  int wrong = frames == NULL;
  for (size_t n; !wrong && (n = fread(frames, size, block, stdin)) > 0;) {
    for (size_t taken = 0; !wrong && taken < n;) {
      taken += emlc_signal_push(signal, state, frames + taken * size, n - taken);
      if (emlc_signal_is_complete(state)) wrong = put_window(signal, state);
    }
    wrong |= emlc_signal_push(signal, state, frames, 0) != 0;
  }
  free(frames);
  return wrong;
}

int main(int n_words, char** words) {
  static uint64_t blob[1 << 17];
  emlc_model model;
  emlc_signal signal;
  FILE* file = n_words == 3 ? fopen(words[1], "rb") : NULL;
  if (file == NULL) return 2;
  const size_t size = fread(blob, 1, sizeof blob, file);
  fclose(file);
  if (emlc_tmdl_open(blob, size, &model) != EMLC_OK) return 3;
  if (emlc_signal_open(&model, &signal) != EMLC_OK) return 3;
  void* state = malloc(emlc_signal_state_size(&signal));
  int wrong = state == NULL || emlc_signal_reset(&signal, state) != EMLC_OK;
  if (!wrong) wrong = push_all(&signal, state, (size_t)atoi(words[2]));
  free(state);
  return wrong ? 4 : 0;
}
