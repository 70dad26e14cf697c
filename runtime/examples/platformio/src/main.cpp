/* Prints the truth table of the exclusive or, computed by a decision tree. */
#include <Arduino.h>

#include "xor.h"

static emlc_model model;

void setup() {
  Serial.begin(115200);
  if (xor_open(&model) != EMLC_OK) Serial.println("the model cannot be opened");
  for (int i = 0; i < 4; ++i) {
    Serial.print(i >> 1);
    Serial.print(" ");
    Serial.print(i & 1);
    Serial.print(" ");
    Serial.println(xor_of(&model, i >> 1, i & 1));
  }
}

void loop() {}
