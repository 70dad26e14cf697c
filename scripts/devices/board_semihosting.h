/** Semihosting: how a program on a simulated board talks to the computer. Each architecture implements the call. */
#ifndef BOARD_SEMIHOSTING_H
#define BOARD_SEMIHOSTING_H

#include <stdint.h>

enum { SEMIHOSTING_OPEN = 0x01, SEMIHOSTING_CLOSE = 0x02, SEMIHOSTING_WRITE = 0x05, SEMIHOSTING_EXIT = 0x18 };
enum { SEMIHOSTING_FINISHED = 0x20026, SEMIHOSTING_FAILED = 0x20023 };

/** The request that traps to the debugger, here the simulator; gives what it answers. */
uintptr_t board_semihosting(uintptr_t operation, uintptr_t argument);

/** Ends the simulation: with exit code 0 after SEMIHOSTING_FINISHED, else with 1. */
void board_exit(uintptr_t reason);

int main(void);

#endif /* BOARD_SEMIHOSTING_H */
