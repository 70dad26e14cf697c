/* Has avr_runner count the cycles of a call, row by row. Answers: the results. */
#include "board_avr.h"
#include "subject_call.h"

volatile feature_t board_row[N_FEATURES];
volatile result_t board_result;

int main(void) {
  for (;;) {
    BOARD_TELL(BOARD_NEXT_ROW);
    KEEP(board_row);
    BOARD_TELL(BOARD_BEGIN);
    const result_t result = call_subject((const feature_t*)board_row);
    board_result = result;
    BOARD_TELL(BOARD_END);
    BOARD_TELL(BOARD_ANSWER);
  }
}
