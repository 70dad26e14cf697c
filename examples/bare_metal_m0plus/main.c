/* Handwritten digits on a bare Cortex-M0+: no operating system, no heap; of the C library memset alone. */
#include "digits.h"
#include "images.h"
#include "semihosting.h"
#include "startup.h"

enum {
  N_IMAGES = sizeof test_images / sizeof test_images[0],
  N_DRAWN = 3,
  WIDTH = 8,
  EXPECTED_RIGHT = 501 /* what the majority of the ten trees gets right, counted with scikit-learn's trees */
};

extern const char program_end[], images_end[], flash_end[], data_begin[], bss_end[]; /* addresses, by the linker */

static void print_number(uint32_t value) {
  char text[11];
  char* digit = &text[10];
  *digit = '\0';
  do {
    *--digit = (char)('0' + value % 10);
    value /= 10;
  } while (value != 0);
  semihosting_write(digit);
}

static void print_bytes(const char* what, uint32_t bytes) {
  semihosting_write(what);
  print_number(bytes);
  semihosting_write(" bytes\n");
}

static void draw(const digits_feature* image) {
  static const char shades[] = " .:-=+*#%@"; /* of pixels from 0 to 16 */
  char line[WIDTH + 2] = {0};
  line[WIDTH] = '\n';
  for (int y = 0; y < DIGITS_N_FEATURES; y += WIDTH) {
    for (int x = 0; x < WIDTH; ++x) line[x] = shades[image[y + x] * 9 / 16];
    semihosting_write(line);
  }
}

static void decide_about(int i) {
  draw(test_images[i]);
  semihosting_write("this is a ");
  print_number((uint32_t)digits_predict(test_images[i]));
  semihosting_write("\n\n");
}

int main(void) {
  stack_mark();
  uint32_t n_right = 0;
  for (int i = 0; i < N_IMAGES; ++i) n_right += digits_predict(test_images[i]) == test_labels[i];
  const uint32_t stack = stack_used();
  for (int i = 0; i < N_DRAWN; ++i) decide_about(i);
  print_number(n_right);
  semihosting_write(" of ");
  print_number(N_IMAGES);
  semihosting_write(" digits right\n");
  print_bytes("flash, without the test images: ",
              (uint32_t)(uintptr_t)flash_end - ((uint32_t)(uintptr_t)images_end - (uint32_t)(uintptr_t)program_end));
  print_bytes("variables in RAM:               ", (uint32_t)(bss_end - data_begin));
  print_bytes("stack of main and the model:    ", stack);
  return n_right == EXPECTED_RIGHT ? 0 : 1;
}
