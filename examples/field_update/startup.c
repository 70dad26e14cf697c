/* The first words of the flash of a Cortex-M: the stack and what begins there; semihosting's _start does the rest. */
#include <stdint.h>

extern uint32_t stack_top[];
void _start(void); /* NOLINT: its name is the C library's */

static void on_fault(void) {
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const struct {
  uint32_t* stack;
  void (*handlers[15])(void);
} vectors = {stack_top,
             {_start, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
              on_fault, on_fault, on_fault, on_fault, on_fault}};
