/* Opens the blob of case.h and answers the status. */
#include "board.h"
#include "case.h"

int main(void) {
  const int32_t status = emlc_tmdl_open(blob, sizeof blob, &model);
  board_answer(&status, sizeof status);
  return 0;
}
