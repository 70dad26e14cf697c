/* A recording goes through the header as samples come from a sensor, a few at a time: what is decided, and when. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gesture.h"

enum { BLOCK = 10, SAMPLE_RATE = 100, MOST_FRAMES = 4000 };

static gesture_sample frames[MOST_FRAMES * GESTURE_N_CHANNELS];

/* The frames of an NPY file of int16, as `numpy.save` writes it on this kind of computer; 0: it is none. */
static size_t read_frames(const char* path) {
  unsigned char head[10];
  size_t n = 0;
  FILE* file = fopen(path, "rb");
  if (file == NULL) return 0;
  if (fread(head, 1, sizeof head, file) == sizeof head && head[0] == 0x93 &&
      fseek(file, head[8] + 256L * head[9], SEEK_CUR) == 0) {
    n = fread(frames, sizeof frames[0] * GESTURE_N_CHANNELS, MOST_FRAMES, file);
  }
  fclose(file);
  return n;
}

static void print_decision(size_t frame, int decision) {
  printf("%6.2f s  %s\n", (double)frame / SAMPLE_RATE, decision < 0 ? "-" : gesture_class_name(decision));
}

/* Prints each decision that is another one than before. */
static void replay(size_t n_frames) {
  static gesture_state state;
  int last = -2;
  gesture_init(&state);
  for (size_t first = 0; first < n_frames; first += BLOCK) {
    const size_t block = n_frames - first < BLOCK ? n_frames - first : BLOCK;
    for (size_t taken = 0; taken < block;) {
      taken += gesture_push(&state, frames + (first + taken) * GESTURE_N_CHANNELS, block - taken);
      if (!gesture_is_complete(&state)) continue;
      const int decision = gesture_decide(&state);
      if (decision != last) print_decision(first + taken, decision);
      last = decision;
    }
  }
}

int main(int argc, char** argv) {
  static const char* const held_back[] = {
      DATA_DIR "/2025-06-15T192803_snake.npy", DATA_DIR "/2025-06-15T192839_updown.npy",
      DATA_DIR "/2025-06-15T192927_wave.npy", DATA_DIR "/2025-06-15T193716_idle.npy"};
  const size_t n_held_back = sizeof held_back / sizeof held_back[0];
  const size_t n_files = argc > 1 ? (size_t)argc - 1 : n_held_back;
  for (size_t i = 0; i < n_files; ++i) {
    const char* path = argc > 1 ? argv[i + 1] : held_back[i];
    const size_t n = read_frames(path);
    if (n == 0) {
      fprintf(stderr, "%s is no recording of int16\n", path);
      return EXIT_FAILURE;
    }
    const char* slash = strrchr(path, '/');
    printf("%s\n", slash == NULL ? path : slash + 1);
    replay(n);
  }
  return EXIT_SUCCESS;
}
