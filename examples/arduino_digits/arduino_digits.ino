/* Handwritten digits on an Uno: ten trees in flash vote on images of 8x8 pixels with values from 0 to 16. */
#include <avr/pgmspace.h>
#include <avr/sleep.h>

#include "digits.h"
#include "images.h"

static void draw(const digits_feature* image) {
  static const char shades[] = " .:-=+*#%@";
  for (int i = 0; i < DIGITS_N_FEATURES; ++i) {
    Serial.write(shades[image[i] * 9 / 16]);
    if (i % 8 == 7) Serial.println();
  }
}

/* Prints what the model says of an image of the flash, and how long it took; returns the digit. */
static int read_digit(const uint8_t* in_flash) {
  digits_feature image[DIGITS_N_FEATURES];
  memcpy_P(image, in_flash, sizeof image);
  draw(image);
  const unsigned long start = micros();
  const int digit = digits_predict(image);
  const unsigned long duration = micros() - start;
  Serial.print("this is a ");
  Serial.print(digit);
  Serial.print(", after ");
  Serial.print(duration);
  Serial.println(" us");
  return digit;
}

void setup() {
  Serial.begin(115200);
  int n_right = 0;
  for (int i = 0; i < N_IMAGES; ++i) n_right += read_digit(images[i]) == pgm_read_byte(&labels[i]);
  Serial.print(n_right);
  Serial.print(" of ");
  Serial.print(N_IMAGES);
  Serial.println(" right");
  Serial.flush();
}

/* Nothing more to do: asleep until the next reset. */
void loop() {
  noInterrupts();
  set_sleep_mode(SLEEP_MODE_PWR_DOWN);
  sleep_mode();
}
