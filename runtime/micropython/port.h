/**
 * What the module needs of MicroPython and of libc, as a native module (.mpy, which links against nothing) and as a
 * user C module of a firmware.
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
/** Where MicroPython's functions are: a call is shorter than what finds the place in code that can be moved. */
static __attribute__((noinline, const)) const mp_fun_table_t* emlc_mp_functions(void) { return &mp_fun_table; }
#define mp_fun_table (*emlc_mp_functions())

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
#if !defined(EMLC_NO_STEPS) || !defined(EMLC_MP_NO_SIGNALS)
static float emlc_mp_sqrtf(float x);
#define sqrtf emlc_mp_sqrtf
#endif
#endif

/**
 * What is refused, and in which words: REFUSAL(NAME, sentence). Those up to EMLC_MP_REFUSED_SAMPLES are TypeErrors, the
 * others ValueErrors, but for what needs too much memory. Those of a status of the runtime are in the order of their
 * numbers. One with a %d or %c is for emlc_mp_refuse_with.
 */
#define EMLC_MP_REFUSALS(REFUSAL)                                                     \
  REFUSAL(NO_ARRAY, "expected an array of b, B, h, H, i or f, bytes or a memoryview") \
  REFUSAL(NOT_WRITABLE, "expected a writable array")                                  \
  REFUSAL(NO_BYTES, "expected bytes")                                                 \
  REFUSAL(TYPE, "expected an array of %c")                                            \
  REFUSAL(TYPES, "expected an array of h or %c")                                      \
  REFUSAL(SAMPLES, "expected an array of h, i or f")                                  \
  REFUSAL(STATUS, "no blob")                                                          \
  REFUSAL(SIZE, "a size or a count is wrong")                                         \
  REFUSAL(FORMAT, "not what the format says")                                         \
  REFUSAL(VERSION, "an unknown version")                                              \
  REFUSAL(RANGE, "a number is out of range")                                          \
  REFUSAL(MEMORY, "not enough memory")                                                \
  REFUSAL(UNSUPPORTED, "not in this module")                                          \
  REFUSAL(CHECKSUM, "changed after it was written")                                   \
  REFUSAL(ALIGN, "not aligned")                                                       \
  REFUSAL(COUNT, "expected %d values")                                                \
  REFUSAL(TARGET, "no such target")                                                   \
  REFUSAL(FILTER, "a filter: filter(samples)")                                        \
  REFUSAL(NO_FILTER, "no filter: predict(x)")                                         \
  EMLC_MP_SIGNAL_REFUSALS(REFUSAL)                                                    \
  EMLC_MP_LEVEL_REFUSALS(REFUSAL)                                                     \
  EMLC_MP_CSV_REFUSALS(REFUSAL)

#ifdef EMLC_MP_NO_SIGNALS
#define EMLC_MP_SIGNAL_REFUSALS(REFUSAL)
#else
#define EMLC_MP_SIGNAL_REFUSALS(REFUSAL)            \
  REFUSAL(NO_SIGNAL, "no signal in it: predict(x)") \
  REFUSAL(FRAMES, "expected frames of %d samples")
#endif

#ifdef EMLC_MP_NO_LEVEL
#define EMLC_MP_LEVEL_REFUSALS(REFUSAL)
#else
#define EMLC_MP_LEVEL_REFUSALS(REFUSAL)                 \
  REFUSAL(RATE, "sample_rate: expected 4000 to 400000") \
  REFUSAL(TIME, "time: expected a sample to 1000 s")    \
  REFUSAL(WEIGHTING, "weighting: expected A, C or Z")
#endif

#ifdef EMLC_MP_NO_CSV
#define EMLC_MP_CSV_REFUSALS(REFUSAL)
#else
#define EMLC_MP_CSV_REFUSALS(REFUSAL)                               \
  REFUSAL(LINE_RANGE, "line %d: a number is wrong or out of range") \
  REFUSAL(LINE_COUNT, "line %d: the wrong number of fields")        \
  REFUSAL(LINE_ORDER, "line %d: out of order")                      \
  REFUSAL(LINE_SOFT, "line %d: not hard votes, make a .tmdl of it") \
  REFUSAL(LINE_NO_TREES, "line %d: the end, and no trees")
#endif

#define EMLC_MP_REFUSAL_CODE(name, sentence) EMLC_MP_REFUSED_##name,
#define EMLC_MP_REFUSAL_SENTENCE(name, sentence) sentence "\0"

typedef enum emlc_mp_refusal { EMLC_MP_REFUSALS(EMLC_MP_REFUSAL_CODE) } emlc_mp_refusal;

/** Word `index` of a list in which a 0 follows each. */
EMLC_MP_CALLED mp_obj_t emlc_mp_word(const char* words, uint32_t index) {
  size_t length;
  for (;; --index) {
    for (length = 0; words[length] != '\0'; ++length) {
    }
    if (index == 0) return mp_obj_new_str(words, length);
    words += length + 1;
  }
}

/** Raises the exception; with `number` in the sentence, below 0 for sentences without one. */
static EMLC_MP_NO_RETURN void emlc_mp_refuse_with(emlc_mp_refusal refusal, mp_int_t number) {
  mp_obj_t text = emlc_mp_word(EMLC_MP_REFUSALS(EMLC_MP_REFUSAL_SENTENCE), refusal);
  qstr type = MP_QSTR_ValueError;
  if (number >= 0) text = mp_binary_op(MP_BINARY_OP_MODULO, text, MP_OBJ_NEW_SMALL_INT(number));
  if (refusal <= EMLC_MP_REFUSED_SAMPLES) type = MP_QSTR_TypeError;
  if (refusal == EMLC_MP_REFUSED_MEMORY) type = MP_QSTR_MemoryError;
  mp_raise_type_arg((const mp_obj_type_t*)MP_OBJ_TO_PTR(mp_load_global(type)), text);
}

static EMLC_MP_NO_RETURN void emlc_mp_refuse(emlc_mp_refusal refusal) { emlc_mp_refuse_with(refusal, -1); }

/** Memory of the collector of `size` bytes, with what `old`, of `old_size` or NULL, has in it. */
EMLC_MP_CALLED void* emlc_mp_renew(void* old, size_t old_size, size_t size) {
#if EMLC_MP_NATIVE
  (void)old_size;
  old = mp_fun_table.realloc_(old, size, true);
  if (old == NULL) emlc_mp_refuse(EMLC_MP_REFUSED_MEMORY);
  return old;
#else
  return m_renew(uint8_t, old, old_size, size);
#endif
}

#endif /* EMLC_MP_PORT_H */
