/* A flash memory as microcontrollers have it, simulated, with power that can fail in the middle of an operation:
   erasing a page sets all of its bits, programming a word clears bits and sets none. On a device these are calls of its
   driver, and flash_at is an address. */
#ifndef FIELD_UPDATE_FLASH_H
#define FIELD_UPDATE_FLASH_H

#include <setjmp.h>
#include <stdint.h>

enum { FLASH_PAGE = 512, FLASH_WORD = 8, FLASH_PAGES = 32, FLASH_BYTES = FLASH_PAGE * FLASH_PAGES };

/* What is at an address, to be read in place; the memory begins at a multiple of 8. */
const uint8_t* flash_at(uint32_t address);

/* 0, or -1 when the memory does not hold afterwards what it was told to. */
int flash_erase(uint32_t page_address);
int flash_program(uint32_t word_address, const uint8_t word[FLASH_WORD]);

/* --- the simulation --- */

enum flash_cut { FLASH_CUT_WITHIN, FLASH_CUT_BEHIND };

/* Where the program goes on when the power fails: as after a reset, with nothing but the flash. */
extern jmp_buf flash_power;

/* The power fails within operation `step` from now (1: the next one), which then has done a part of its work, or right
   behind it; 0: it does not fail. */
void flash_cut_at(uint32_t step, enum flash_cut where);
/* Operations since flash_cut_at. */
uint32_t flash_steps(void);

void flash_save(uint8_t copy[FLASH_BYTES]);
void flash_restore(const uint8_t copy[FLASH_BYTES]);

#endif
