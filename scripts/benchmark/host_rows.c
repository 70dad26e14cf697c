/* Turns rows into other rows on this computer: subject.h says how, convert_row(x, y) and row_t y[N_VALUES]. */
#include "board.h"
#include "subject.h"

int main(void) {
  static row_t y[N_VALUES];
  const feature_t* x;
  while ((x = (const feature_t*)board_next_row(sizeof(feature_t) * N_FEATURES)) != NULL) {
    convert_row(x, y);
    board_answer(y, sizeof y);
  }
  return 0;
}
