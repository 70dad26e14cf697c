/* Stands in for Arduino's: Serial prints to stdout, and main runs setup once. */
#pragma once
#include <stdio.h>

struct SerialPort {
  void begin(long) {}
  void print(int number) { printf("%d", number); }
  void print(const char* text) { fputs(text, stdout); }
  void println(int number) { printf("%d\n", number); }
  void println(const char* text) { puts(text); }
};
static SerialPort Serial;
void setup();
void loop();
int main() {
  setup();
  loop();
}
