/*
 * avr_runner ELF ROW_ADDRESS ROW_BYTES RESULT_ADDRESS RESULT_BYTES ANSWERS <rows
 *
 * Runs a program on an ATmega328P in simavr until it asks for more rows than there are. Addresses are hexadecimal, of
 * data memory. ANSWERS is the file to write; simavr has stdout for itself. On stderr: `cycles`, `instructions` per
 * counted stretch (mean) and `stack`, the bytes that the stack grew in them. Exit code 1: the program crashed or hung.
 */
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <simavr/sim_io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board_avr.h"

enum { SP_LOW = 0x5D, SP_HIGH = 0x5E, MOST_CYCLES_PER_ROW = 200 * 1000 * 1000 };

/* A part of the data memory that is exchanged with the program. */
struct window {
  unsigned address, bytes;
};

struct run {
  avr_t* avr;
  FILE* answers;
  struct window row, result;
  int message; /* what the program told last, 0: nothing */
  int is_counting;
  avr_cycle_count_t cycles, begin, asked;
  unsigned long long instructions, stretches;
  unsigned stack_at_begin, deepest;
};

static void on_message(avr_t* avr, avr_io_addr_t address, uint8_t value, void* param) {
  (void)avr;
  (void)address;
  ((struct run*)param)->message = value;
}

static unsigned stack_pointer(const avr_t* avr) { return avr->data[SP_LOW] | (unsigned)(avr->data[SP_HIGH] << 8); }

static struct window parse_window(char** arguments) {
  const struct window window = {(unsigned)strtoul(arguments[0], NULL, 16) & 0xFFFF,
                                (unsigned)strtoul(arguments[1], NULL, 10)};
  return window;
}

static avr_t* load(const char* path) {
  elf_firmware_t firmware;
  memset(&firmware, 0, sizeof firmware);
  if (elf_read_firmware(path, &firmware) != 0) return NULL;
  avr_t* avr = avr_make_mcu_by_name("atmega328p");
  if (avr == NULL) return NULL;
  avr_init(avr);
  avr->log = LOG_NONE;
  avr_load_firmware(avr, &firmware);
  return avr;
}

static void begin_counting(struct run* run) {
  run->begin = run->avr->cycle;
  run->stack_at_begin = stack_pointer(run->avr);
  run->is_counting = 1;
}

static void end_counting(struct run* run) {
  run->cycles += run->avr->cycle - run->begin;
  run->stretches++;
  run->is_counting = 0;
}

/* Gives 0 when there are no more rows. */
static int heed(struct run* run) {
  const int message = run->message;
  run->message = 0;
  if (message == BOARD_NEXT_ROW) {
    run->asked = run->avr->cycle;
    return fread(run->avr->data + run->row.address, run->row.bytes, 1, stdin) == 1;
  }
  if (message == BOARD_BEGIN) begin_counting(run);
  if (message == BOARD_END) end_counting(run);
  if (message == BOARD_ANSWER) fwrite(run->avr->data + run->result.address, run->result.bytes, 1, run->answers);
  return 1;
}

static int step(struct run* run) {
  const int state = avr_run(run->avr);
  if (state == cpu_Done || state == cpu_Crashed || run->avr->cycle - run->asked > MOST_CYCLES_PER_ROW) {
    fprintf(stderr, "the program crashed or hangs at pc 0x%x\n", (unsigned)run->avr->pc);
    exit(1);
  }
  if (run->is_counting) {
    run->instructions++;
    const unsigned now = run->stack_at_begin - stack_pointer(run->avr);
    if (now < 0x8000 && now > run->deepest) run->deepest = now;
  }
  return heed(run);
}

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  struct run run = {.avr = load(argv[1]),
                    .answers = fopen(argv[6], "wb"),
                    .row = parse_window(argv + 2),
                    .result = parse_window(argv + 4)};
  if (run.avr == NULL || run.answers == NULL) return 2;
  avr_register_io_write(run.avr, BOARD_REGISTER, on_message, &run);
  while (step(&run)) {
  }
  const double n = run.stretches == 0 ? 1.0 : (double)run.stretches;
  fprintf(stderr, "cycles %.3f\ninstructions %.3f\nstack %u\n", (double)run.cycles / n, (double)run.instructions / n,
          run.deepest);
  return fclose(run.answers) == 0 ? 0 : 1;
}
