/* Start of a program on QEMU's Cortex-M boards mps2-an385, an386 and an500. Built for any core from Cortex-M0+ up. */
#include <string.h>

#include "board_semihosting.h"

extern uint32_t board_stack_top[], board_data_start[], board_data_end[], board_bss_start[], board_bss_end[];
extern const uint32_t board_data_image[];

uintptr_t board_semihosting(uintptr_t operation, uintptr_t argument) {
  register uintptr_t r0 __asm__("r0") = operation;
  register uintptr_t r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void on_reset(void) {
  volatile uint32_t* const coprocessor_access = (volatile uint32_t*)0xE000ED88;
  *coprocessor_access |= 0xFU << 20; /* the FPU, where there is one */
  __asm__ volatile("dsb\n\tisb" ::: "memory");
  memcpy(board_data_start, board_data_image, (size_t)((char*)board_data_end - (char*)board_data_start));
  memset(board_bss_start, 0, (size_t)((char*)board_bss_end - (char*)board_bss_start));
  (void)main();
  board_exit(SEMIHOSTING_FINISHED);
}

/* A fault, or an interrupt that nobody asked for. */
static void on_fault(void) { board_exit(SEMIHOSTING_FAILED); }

typedef void (*handler)(void);

__attribute__((section(".vectors"), used)) static const struct {
  uint32_t* stack;
  handler handlers[15];
} vectors = {board_stack_top,
             {on_reset, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
              on_fault, on_fault, on_fault, on_fault, on_fault}};
