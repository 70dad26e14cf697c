/**
 * What a program on any board, simulated or real, gets its inputs from and gives its answers to.
 *
 *   const feature_t* x;
 *   while ((x = (const feature_t*)board_next_row(sizeof(feature_t) * N_FEATURES)) != NULL) { ... board_answer(&y, 4); }
 *
 * board_semihosting.c implements it for boards in QEMU, board_avr.c for simavr, board_host.c for this computer.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/** The next input, `bytes` long, aligned for its numbers; NULL after the last. Valid until the next call. */
const void* board_next_row(size_t bytes);

/** Appends `bytes` to the answers. */
void board_answer(const void* answer, size_t bytes);

#endif /* BOARD_H */
