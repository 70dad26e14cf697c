/* From reset to main: the vector table, variables, and a stack that shows how deep it was used. */
#include "startup.h"

#include <stddef.h>
#include <string.h>

#include "semihosting.h"

extern uint32_t stack_top[], data_in_flash[], data_begin[], data_end[], bss_begin[], bss_end[]; /* the linker's */

int main(void);
void on_reset(void);

enum { UNUSED_STACK = 0x5A5A5A5A };

static void on_fault(void) {
  semihosting_write("fault\n");
  semihosting_exit(1);
}

__attribute__((section(".vectors"), used)) static const struct {
  uint32_t* stack;
  void (*handlers[15])(void);
} vectors = {stack_top,
             {on_reset, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
              on_fault, on_fault, on_fault, on_fault, on_fault}};

void stack_mark(void) {
  uint32_t* top; /* what is below belongs to nobody: there are no interrupts */
  __asm__ volatile("mov %0, sp" : "=r"(top));
  for (volatile uint32_t* word = bss_end; word < top; ++word) *word = UNUSED_STACK;
}

uint32_t stack_used(void) {
  const volatile uint32_t* word = bss_end;
  while (word < stack_top && *word == UNUSED_STACK) ++word;
  return (uint32_t)((uintptr_t)stack_top - (uintptr_t)word);
}

static size_t bytes_between(const uint32_t* begin, const uint32_t* end) { return (uintptr_t)end - (uintptr_t)begin; }

void on_reset(void) {
  memcpy(data_begin, data_in_flash, bytes_between(data_begin, data_end));
  memset(bss_begin, 0, bytes_between(bss_begin, bss_end));
  semihosting_exit(main());
}
