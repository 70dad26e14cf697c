/**
 * The call that is measured, from the generated subject.h:
 *   feature_t, result_t, N_FEATURES, and SUBJECT(features), an expression: the model's answer, or 0 without the model.
 */
#ifndef SUBJECT_CALL_H
#define SUBJECT_CALL_H

#include "subject.h"

/* What a program does once, before the first call. */
#ifndef PREPARE
#define PREPARE() ((void)0)
#endif

/* What `p` points to may have been read and written: nothing around the call can be computed beforehand or left out. */
#define KEEP(p) __asm__ volatile("" ::"r"(p) : "memory")

/* Not static: the compiler has to keep to the calling convention, as in a program of several files. */
__attribute__((noinline)) result_t call_subject(const feature_t* features) {
  KEEP(features);
  return (result_t)(SUBJECT(features));
}

#endif /* SUBJECT_CALL_H */
