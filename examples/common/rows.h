/* Reading the data sets of the examples: text files with one row of numbers per line, separated by commas. */
#ifndef EXAMPLES_ROWS_H
#define EXAMPLES_ROWS_H

#include <stdio.h>
#include <stdlib.h>

/* Opens a file or ends the program with a message. */
static inline FILE* open_rows(const char* path) {
  FILE* file = fopen(path, "r");
  if (file != NULL) return file;
  perror(path);
  exit(EXIT_FAILURE);
}

/* The next row of n numbers; 0 at the end of the file or when the row is not one of n numbers. */
static inline int read_row(FILE* file, float* row, int n) {
  for (int i = 0; i < n; ++i) {
    if (fscanf(file, i == 0 ? "%f" : ",%f", &row[i]) != 1) return 0;
  }
  return 1;
}

/* The next number of a file that has one per line. */
static inline float read_value(FILE* file) {
  float value = 0.0F;
  if (!read_row(file, &value, 1)) {
    fputs("there are fewer labels than rows\n", stderr);
    exit(EXIT_FAILURE);
  }
  return value;
}

#endif
