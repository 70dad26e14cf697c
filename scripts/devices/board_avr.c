/* The board in simavr: avr_runner.c fills board_row when asked for the next, and takes board_result after an answer. */
#include "board.h"

#include <string.h>

#include "board_avr.h"

volatile uint8_t board_row[BOARD_ROW_BYTES];
volatile uint8_t board_result[BOARD_ANSWER_BYTES];

const void* board_next_row(size_t bytes) {
  (void)bytes;
  BOARD_TELL(BOARD_NEXT_ROW); /* after the last row the runner ends the simulation */
  return (const void*)board_row;
}

void board_answer(const void* answer, size_t bytes) {
  memcpy((void*)board_result, answer, bytes);
  BOARD_TELL(BOARD_ANSWER);
}
