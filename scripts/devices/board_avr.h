/** What a program tells avr_runner.c, by writing to a register that has no other use. */
#ifndef BOARD_AVR_H
#define BOARD_AVR_H

#define BOARD_REGISTER 0x3E /* GPIOR0 of the ATmega328P, an address of data memory */

#define BOARD_NEXT_ROW 1 /* put the next input into board_row */
#define BOARD_BEGIN 2    /* from here on instructions are counted */
#define BOARD_END 3      /* up to here */
#define BOARD_ANSWER 4   /* board_result has an answer */

#define BOARD_TELL(message)                         \
  do {                                              \
    __asm__ volatile("" ::: "memory");              \
    *(volatile uint8_t*)BOARD_REGISTER = (message); \
    __asm__ volatile("" ::: "memory");              \
  } while (0)

#endif /* BOARD_AVR_H */
