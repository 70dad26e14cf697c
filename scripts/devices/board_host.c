/* This computer as a board: inputs from stdin, answers to stdout. */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>

const void* board_next_row(size_t bytes) {
  static void* row;
  if (row == NULL) row = malloc(bytes);
  return row != NULL && fread(row, 1, bytes, stdin) == bytes ? row : NULL;
}

void board_answer(const void* answer, size_t bytes) {
  if (fwrite(answer, 1, bytes, stdout) != bytes) exit(1);
}
