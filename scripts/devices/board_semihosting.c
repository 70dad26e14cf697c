/* Inputs are where QEMU's loader put them: their number, 12 bytes of nothing, then row after row. Answers go to the
 * file `answers` in the directory where QEMU runs. */
#include "board_semihosting.h"

#include "board.h"

extern const uint32_t board_inputs[]; /* where the linker is told */

enum { INPUTS_AT = 16, OPEN_FOR_WRITING_BYTES = 5 };

static const char answers_name[] = "answers";

static uintptr_t open_answers(void) {
  const uintptr_t request[3] = {(uintptr_t)answers_name, OPEN_FOR_WRITING_BYTES, sizeof answers_name - 1};
  return board_semihosting(SEMIHOSTING_OPEN, (uintptr_t)request);
}

const void* board_next_row(size_t bytes) {
  static uint32_t row;
  if (row == board_inputs[0]) return NULL;
  return (const uint8_t*)board_inputs + INPUTS_AT + bytes * row++;
}

void board_answer(const void* answer, size_t bytes) {
  static uintptr_t file;
  static int is_open;
  if (!is_open) file = open_answers();
  is_open = 1;
  const uintptr_t request[3] = {file, (uintptr_t)answer, bytes};
  if (board_semihosting(SEMIHOSTING_WRITE, (uintptr_t)request) != 0) board_exit(SEMIHOSTING_FAILED);
}

void board_exit(uintptr_t reason) {
  for (;;) (void)board_semihosting(SEMIHOSTING_EXIT, reason);
}
