#include "flash.h"

#include <string.h>

enum { ERASED = 0xFF };

static uint64_t memory[FLASH_BYTES / 8]; /* aligned as a blob has to be */
static uint32_t n_steps, step_of_cut, noise = 1;
static enum flash_cut kind_of_cut;
jmp_buf flash_power;

static uint8_t* byte_at(uint32_t address) { return (uint8_t*)memory + address; }

/* Bits that nobody can foretell, but the same in every run. */
static uint8_t random_bits(void) {
  noise = noise * 1664525U + 1013904223U;
  return (uint8_t)(noise >> 24);
}

/* The bits of a byte that have changed when the power fails: all, none or some. */
static uint8_t changed_part(uint8_t from, uint8_t to) {
  const uint8_t changed = (uint8_t)(random_bits() | (random_bits() & 1 ? 0xFF : 0));
  return (uint8_t)(random_bits() & 1 ? (from & ~changed) | (to & changed) : from);
}

static void change(uint32_t address, const uint8_t* to, uint32_t size) {
  const int is_last = ++n_steps == step_of_cut;
  for (uint32_t i = 0; i < size; ++i) {
    uint8_t* byte = byte_at(address + i);
    *byte = is_last && kind_of_cut == FLASH_CUT_WITHIN ? changed_part(*byte, to[i]) : to[i];
  }
  if (is_last) longjmp(flash_power, 1);
}

const uint8_t* flash_at(uint32_t address) { return byte_at(address); }

int flash_erase(uint32_t page_address) {
  uint8_t erased[FLASH_PAGE];
  if (page_address % FLASH_PAGE != 0 || page_address >= FLASH_BYTES) return -1;
  memset(erased, ERASED, sizeof erased);
  change(page_address, erased, sizeof erased);
  return 0;
}

int flash_program(uint32_t word_address, const uint8_t word[FLASH_WORD]) {
  uint8_t cleared[FLASH_WORD];
  if (word_address % FLASH_WORD != 0 || word_address >= FLASH_BYTES) return -1;
  for (int i = 0; i < FLASH_WORD; ++i) cleared[i] = (uint8_t)(*byte_at(word_address + (uint32_t)i) & word[i]);
  change(word_address, cleared, sizeof cleared);
  return memcmp(byte_at(word_address), word, FLASH_WORD) == 0 ? 0 : -1;
}

void flash_cut_at(uint32_t step, enum flash_cut where) {
  n_steps = 0;
  step_of_cut = step;
  kind_of_cut = where;
}

uint32_t flash_steps(void) { return n_steps; }

void flash_save(uint8_t copy[FLASH_BYTES]) { memcpy(copy, memory, FLASH_BYTES); }

void flash_restore(const uint8_t copy[FLASH_BYTES]) { memcpy(memory, copy, FLASH_BYTES); }
