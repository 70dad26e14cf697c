/**
 * Sums of products of int8, four rows at a time: what an int8 layer spends its time on. C99 and C++11; needs no libc.
 *
 * Every way here gives the same integers. Cortex-M has it in assembly, because the four sums, the places of the rows
 * and what is multiplied take every register, and compilers put some of that on the stack. A Cortex-M0+ loads signed
 * bytes only with an index, and adds to its upper registers. The DSP extension multiplies and adds two pairs of numbers
 * of 16 bits in one instruction: the even and the odd bytes of a word. On AVR, which has three pointers, one row goes
 * after the other.
 */
#ifndef EMLC_DOT_I8_H
#define EMLC_DOT_I8_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Rows that share one walk over x. */
enum { EMLC_DOT_ROWS = 4 };

/*
 * emlc_dot_rows_i8(first, stride, x, n, sums): for the four k from 0
 *   sums[k] = the sum of first[k * stride + i] * x[i] over i < n, modulo 2^32
 *
 * first   four rows of [n], of any alignment; stride 0 makes one row of them
 * x       [n], of any alignment
 * n       not 0
 *
 * In assembly the arguments are in r0 to r4; r7 and r11, one of which may be the frame pointer, cannot be named as
 * changed and are put back instead.
 */
#if defined(__GNUC__) && defined(__thumb__) && !EMLC_IS_SMALL
#define EMLC_DOT_ARGUMENTS                         \
  register const int8_t* r0 __asm__("r0") = first; \
  register size_t r1 __asm__("r1") = stride;       \
  register const int8_t* r2 __asm__("r2") = x;     \
  register size_t r3 __asm__("r3") = n;            \
  register uint32_t* r4 __asm__("r4") = sums
#define EMLC_DOT_CHANGES                             \
  : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r4)                     \
  :                                                                      \
  : "r5", "r6", "r8", "r9", "r10", "r12", "cc", "memory"
#endif

#if defined(__GNUC__) && defined(__thumb2__) && !EMLC_IS_SMALL
#ifdef __ARM_FEATURE_DSP
/* A word of a row, already in r7, times the word of x whose bytes are in r5 and r6. */
#define EMLC_DOT_WORD(sum)                          \
  "sxtb16 r12, r7\n\t smlad " sum ", r12, r5, " sum \
  "\n\t"                                            \
  "sxtb16 r7, r7, ror #8\n\t smlad " sum ", r7, r6, " sum "\n\t"
#define EMLC_DOT_WORDS \
  "bics r6, r3, #3\n\t beq 2f\n\t add r11, r2, r6\n"        \
  "1: ldr r6, [r2], #4\n\t"                                \
  "sxtb16 r5, r6\n\t sxtb16 r6, r6, ror #8\n\t"            \
  "ldr r7, [r0, r1]\n\t" EMLC_DOT_WORD("r9")               \
  "ldr r7, [r0, r1, lsl #1]\n\t" EMLC_DOT_WORD("r10")      \
  "ldr r7, [r0, r4]\n\t" EMLC_DOT_WORD("lr")               \
  "ldr r7, [r0], #4\n\t" EMLC_DOT_WORD("r8")               \
  "cmp r2, r11\n\t bne 1b\n"                               \
  "2: ands r3, r3, #3\n\t beq 4f\n\t"
#else
#define EMLC_DOT_WORDS ""
#endif
EMLC_CALLED void emlc_dot_rows_i8(const int8_t* first, size_t stride, const int8_t* x, size_t n, uint32_t* sums) {
  EMLC_DOT_ARGUMENTS;
  __asm__ volatile(
      "push {r4, r7, r11, lr}\n\t"
      "add r4, r1, r1, lsl #1\n\t"
      "mov r8, #0\n\t mov r9, #0\n\t mov r10, #0\n\t mov lr, #0\n\t" EMLC_DOT_WORDS
      "add r11, r2, r3\n"
      "3: ldrsb r6, [r2], #1\n\t"
      "ldrsb r7, [r0, r1]\n\t mla r9, r7, r6, r9\n\t"
      "ldrsb r7, [r0, r1, lsl #1]\n\t mla r10, r7, r6, r10\n\t"
      "ldrsb r7, [r0, r4]\n\t mla lr, r7, r6, lr\n\t"
      "ldrsb r7, [r0], #1\n\t mla r8, r7, r6, r8\n\t"
      "cmp r2, r11\n\t bne 3b\n"
      "4: mov r12, lr\n\t"
      "pop {r4, r7, r11, lr}\n\t"
      "stmia r4!, {r8, r9, r10, r12}" EMLC_DOT_CHANGES);
}
#elif defined(__GNUC__) && defined(__thumb__) && !EMLC_IS_SMALL
#define EMLC_DOT_BYTE(row, sum) "ldrsb r7, [" row ", r5]\n\t muls r7, r6, r7\n\t add " sum ", r7\n\t"
EMLC_CALLED void emlc_dot_rows_i8(const int8_t* first, size_t stride, const int8_t* x, size_t n, uint32_t* sums) {
  EMLC_DOT_ARGUMENTS;
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4, r7}\n\t"
      "movs r5, #0\n\t mov r8, r5\n\t mov r9, r5\n\t mov r10, r5\n\t mov r12, r5\n\t"
      "subs r5, r5, r3\n\t" /* from -n up, before the ends */
      "adds r4, r2, r3\n\t"
      "adds r0, r0, r3\n\t adds r2, r0, r1\n\t adds r3, r2, r1\n\t adds r1, r3, r1\n"
      "1: ldrsb r6, [r4, r5]\n\t"                            //
      EMLC_DOT_BYTE("r0", "r8") EMLC_DOT_BYTE("r2", "r9")    //
      EMLC_DOT_BYTE("r3", "r10") EMLC_DOT_BYTE("r1", "r12")  //
      "adds r5, r5, #1\n\t bne 1b\n\t"
      "pop {r4, r7}\n\t"
      "mov r0, r8\n\t mov r1, r9\n\t mov r2, r10\n\t mov r3, r12\n\t"
      "stmia r4!, {r0, r1, r2, r3}" EMLC_DOT_CHANGES);
}
#elif defined(__AVR__) || EMLC_IS_SMALL
EMLC_CALLED void emlc_dot_rows_i8(const int8_t* first, size_t stride, const int8_t* x, size_t n, uint32_t* sums) {
  for (int k = 0; k < EMLC_DOT_ROWS; ++k, first += stride) {
    uint32_t sum = 0;
    for (size_t i = 0; i < n; ++i) sum += (uint32_t)(int32_t)((int16_t)first[i] * x[i]);
    sums[k] = sum;
  }
}
#else
EMLC_CALLED void emlc_dot_rows_i8(const int8_t* first, size_t stride, const int8_t* x, size_t n, uint32_t* sums) {
  const int8_t *row0 = first, *row1 = row0 + stride, *row2 = row1 + stride, *row3 = row2 + stride;
  uint32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
  for (size_t i = 0; i < n; ++i) {
    const int32_t value = x[i];
    sum0 += (uint32_t)(row0[i] * value);
    sum1 += (uint32_t)(row1[i] * value);
    sum2 += (uint32_t)(row2[i] * value);
    sum3 += (uint32_t)(row3[i] * value);
  }
  sums[0] = sum0;
  sums[1] = sum1;
  sums[2] = sum2;
  sums[3] = sum3;
}
#endif

#ifdef __cplusplus
}
#endif

#endif /* EMLC_DOT_I8_H */
