/**
 * What the module needs of MicroPython and of libc, as a native module (.mpy, which links against nothing) and as a user C
 * module of a firmware.
 */
#ifndef EMLC_MP_PORT_H
#define EMLC_MP_PORT_H

#if defined(MICROPY_ENABLE_DYNRUNTIME) && MICROPY_ENABLE_DYNRUNTIME
#define EMLC_MP_NATIVE 1
#include "py/dynruntime.h"
#else
#define EMLC_MP_NATIVE 0
#include "py/binary.h"
#include "py/obj.h"
#include "py/runtime.h"
#endif

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <emlc/bytes.h>

/* Blobs are at multiples of 8 here, so that what lies at a multiple of its size in them is loaded whole; numbers at any
   address are read by other functions of bytes.h. */
#define emlc_read_u16 emlc_load_u16
#define emlc_read_u32 emlc_load_u32

#define EMLC_MP_CALLED static __attribute__((noinline))
#define EMLC_MP_NO_RETURN __attribute__((noreturn, noinline))

#if EMLC_MP_NATIVE
/* Compilers call these by name, and a native module has no libc: the function table of MicroPython has two of them. */
#define EMLC_MP_LIBC __attribute__((visibility("hidden"), used))
EMLC_MP_LIBC void* memcpy(void* to, const void* from, size_t n) { return mp_fun_table.memmove_(to, from, n); }
EMLC_MP_LIBC void* memset(void* to, int value, size_t n) { return mp_fun_table.memset_(to, value, n); }

/* libm's have writable data, or are large. */
static float emlc_mp_expf(float x);
static float emlc_mp_logf(float x);
static float emlc_mp_tanhf(float x);
#define expf emlc_mp_expf
#define logf emlc_mp_logf
#define tanhf emlc_mp_tanhf
#endif

/** strlen, which a native module has not. */
static size_t emlc_mp_length(const char* text) {
  size_t length = 0;
  while (text[length] != '\0') ++length;
  return length;
}

/** Refuses with a sentence: raises ValueError. */
static EMLC_MP_NO_RETURN void emlc_mp_refuse(const char* sentence) {
  mp_raise_msg(&mp_type_ValueError, (mp_rom_error_text_t)sentence);
}

/** The same with a TypeError. */
static EMLC_MP_NO_RETURN void emlc_mp_refuse_type(const char* sentence) {
  mp_raise_msg(&mp_type_TypeError, (mp_rom_error_text_t)sentence);
}

/** The same with a number in the sentence, where it has %d. */
static EMLC_MP_NO_RETURN void emlc_mp_refuse_number(const char* sentence, mp_int_t number) {
  mp_obj_t text = mp_obj_new_str(sentence, emlc_mp_length(sentence));
  mp_raise_type_arg(&mp_type_ValueError, mp_binary_op(MP_BINARY_OP_MODULO, text, mp_obj_new_int(number)));
}

#endif /* EMLC_MP_PORT_H */
