/*
 * Counts what a call costs on a board of QEMU. With `-icount shift=0` an instruction takes one nanosecond, so a tick of
 * the 25 MHz timer of Cortex-M boards is 40 instructions; RISC-V counts instructions itself. The loop is run with an
 * empty function first, which gives what is not the model's. Answers: ticks of the empty loop, ticks of the loop, bytes
 * of stack, then every result.
 */
#include <string.h>

#include "board.h"
#include "subject_call.h"

enum { MOST_ROWS = 4096, MOST_STACK = 0x40000, WATCHED_ROWS = 64 };
static const uint32_t paint = 0xDEADBEEF;

#ifdef __riscv
static void start_timer(void) {}

static uint32_t elapsed(void) {
  uint32_t count;
  __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrr %0, minstret\n\t.option pop" : "=r"(count));
  return count;
}
#else
static volatile uint32_t* const timer = (volatile uint32_t*)0x40000000; /* control, value, reload */

static void start_timer(void) {
  timer[2] = timer[1] = UINT32_MAX;
  timer[0] = 1;
}

static uint32_t elapsed(void) { return 0U - timer[1]; } /* it counts down */
#endif

static const feature_t* rows[MOST_ROWS];
static result_t results[MOST_ROWS];

__attribute__((noinline)) static result_t call_nothing(const feature_t* features) {
  KEEP(features);
  return 0;
}

__attribute__((noinline)) static uint32_t ticks_of(int n_rows, result_t (*volatile function)(const feature_t*)) {
  const uint32_t begin = elapsed();
  for (int i = 0; i < n_rows; ++i) results[i] = function(rows[i]);
  return elapsed() - begin;
}

static inline __attribute__((always_inline)) uint32_t* stack_pointer(void) {
  uint32_t* sp;
#ifdef __riscv
  __asm__ volatile("mv %0, sp" : "=r"(sp));
#else
  __asm__ volatile("mov %0, sp" : "=r"(sp));
#endif
  return sp;
}

__attribute__((noinline)) static void paint_stack(void) {
  volatile uint32_t* const end = stack_pointer();
  for (volatile uint32_t* word = end - MOST_STACK / 4; word < end; ++word) *word = paint;
}

/* The stack pointer where the call is made. */
__attribute__((noinline)) static uint32_t* call_watched(const feature_t* features) {
  uint32_t* const sp = stack_pointer();
  results[0] = call_subject(features);
  return sp;
}

static uint32_t stack_bytes(int n_rows) {
  uint32_t* sp = NULL;
  paint_stack();
  for (int i = 0; i < n_rows && i < WATCHED_ROWS; ++i) sp = call_watched(rows[i]);
  const volatile uint32_t* lowest = sp - MOST_STACK / 4 + 64;
  while (lowest < sp && *lowest == paint) ++lowest;
  return (uint32_t)((const volatile char*)sp - (const volatile char*)lowest);
}

int main(void) {
  int n_rows = 0;
  const feature_t* row;
  while ((row = (const feature_t*)board_next_row(sizeof(feature_t) * N_FEATURES)) != NULL) rows[n_rows++] = row;
  PREPARE();
  start_timer();
  uint32_t counts[3];
  counts[0] = ticks_of(n_rows, call_nothing);
  counts[1] = ticks_of(n_rows, call_subject);
  static result_t kept[MOST_ROWS];
  memcpy(kept, results, sizeof kept);
  counts[2] = stack_bytes(n_rows);
  board_answer(counts, sizeof counts);
  board_answer(kept, (size_t)n_rows * sizeof *kept);
  return 0;
}
