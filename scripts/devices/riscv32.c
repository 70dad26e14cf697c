/* Start of a program on QEMU's riscv32 `virt` board, without firmware. */
#include <string.h>

#include "board_semihosting.h"

extern uint32_t board_bss_start[], board_bss_end[];

/* The sequence that QEMU takes for a semihosting call: three uncompressed instructions in a row. */
__attribute__((naked, noinline, aligned(16))) uintptr_t board_semihosting(__attribute__((unused)) uintptr_t operation,
                                                                          __attribute__((unused)) uintptr_t argument) {
  __asm__ volatile(
      ".option push\n\t"
      ".option norvc\n\t"
      "slli zero, zero, 0x1f\n\t"
      "ebreak\n\t"
      "srai zero, zero, 7\n\t"
      ".option pop\n\t"
      "ret");
}

__attribute__((used)) static void on_trap(void) { board_exit(SEMIHOSTING_FAILED); }

__attribute__((used)) static void start(void) {
  memset(board_bss_start, 0, (size_t)((char*)board_bss_end - (char*)board_bss_start));
  (void)main();
  board_exit(SEMIHOSTING_FINISHED);
}

/* mstatus.FS = 1 switches the FPU on where there is one; tp points to what libc keeps per thread (errno). */
__attribute__((naked, section(".text.reset"), used)) static void on_reset(void) {
  __asm__ volatile(
      ".option push\n\t"
      ".option arch, +zicsr\n\t"
      "la sp, board_stack_top\n\t"
      "la tp, board_thread_start\n\t"
      "la t0, on_trap\n\t"
      "csrw mtvec, t0\n\t"
      "li t0, 0x2000\n\t"
      "csrs mstatus, t0\n\t"
      ".option pop\n\t"
      "tail start");
}
