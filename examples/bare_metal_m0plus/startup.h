#ifndef BARE_METAL_STARTUP_H
#define BARE_METAL_STARTUP_H

#include <stdint.h>

/* Marks the stack that is free, for stack_used to see how much of it has been used since. */
void stack_mark(void);

/* Bytes of the stack from its top to the deepest word that was used. */
uint32_t stack_used(void);

#endif
