/* A sound level meter: A-weighting, fast and slow, Leq, in decibels, of 16-bit samples at 16 kHz. The header is made of
   meter.signal.json; this program stands in for the microphone and the display. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "meter.h"

enum { SAMPLE_RATE = 16000, BLOCK = 128 /* samples that a microphone's driver gives at once */ };

/* The sounds, one after the other: tones of an amplitude in steps of the samples, for so many eighths of a second. */
static const struct {
  const char* what;
  double hertz, amplitude;
  int eighths;
} sounds[] = {{"calibrator, 1 kHz at 94 dB", 1000, 1463.7, 16},
              {"the same at 100 Hz", 100, 1463.7, 16},
              {"a hum, 50 Hz", 50, 8000, 16},
              {"a whistle, 3 kHz", 3000, 12000, 4},
              {"silence", 1000, 0, 16}};

/* Of the sound so far: the sum of powers, for its Leq, and the largest level. */
static float leq_sum, largest;

static void show(const meter_state* state, const char* what, int eighth, int last) {
  float levels[METER_N_FEATURES];
  if (!meter_features(state, levels)) return;
  leq_sum += powf(10.0f, levels[METER_FEATURE_SQUARES_LEQ] / 10.0f);
  if (eighth == 0 || levels[METER_FEATURE_FAST_LEVEL_MAX] > largest) largest = levels[METER_FEATURE_FAST_LEVEL_MAX];
  if (eighth + 1 != last) return;
  printf("%-28s LAeq %5.1f  LAF %5.1f  LAFmax %5.1f  LAS %5.1f\n", what, 10.0 * log10((double)leq_sum / last),
         (double)levels[METER_FEATURE_FAST_LEVEL], (double)largest, (double)levels[METER_FEATURE_SLOW_LEVEL]);
  leq_sum = 0.0f;
}

int main(void) {
  const double turn = 6.283185307179586;
  static meter_state state;
  meter_init(&state);
  for (size_t sound = 0; sound < sizeof sounds / sizeof *sounds; ++sound) {
    const int n = sounds[sound].eighths * METER_WINDOW;
    for (int first = 0; first < n; first += BLOCK) {
      int16_t samples[BLOCK];
      const size_t n_here = (size_t)(n - first < BLOCK ? n - first : BLOCK);
      size_t taken = 0;
      for (size_t i = 0; i < n_here; ++i) {
        const double t = (double)(first + (int)i) / SAMPLE_RATE;
        samples[i] = (int16_t)lrint(sounds[sound].amplitude * sin(turn * sounds[sound].hertz * t));
      }
      while (taken < n_here) { /* a block may hold the end of one window and the beginning of the next */
        taken += meter_push(&state, samples + taken, n_here - taken);
        if (meter_is_complete(&state)) {
          show(&state, sounds[sound].what, (first + (int)taken) / METER_WINDOW - 1, sounds[sound].eighths);
        }
      }
    }
  }
  return 0;
}
