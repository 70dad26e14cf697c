/* What a Cortex-M asks of the debugger, or of QEMU with -semihosting: a breakpoint with a number in r0. */
#ifndef BARE_METAL_SEMIHOSTING_H
#define BARE_METAL_SEMIHOSTING_H

/* Prints a text on the computer. */
void semihosting_write(const char* text);

/* Ends the simulation; 0 is success. Does not return. */
__attribute__((noreturn)) void semihosting_exit(int code);

#endif
