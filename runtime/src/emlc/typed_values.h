/**
 * Features in the type that a blob declares. C99 and C++11; needs no libc. Part of tmdl_typed.h.
 */
#ifndef EMLC_TYPED_VALUES_H
#define EMLC_TYPED_VALUES_H

#include <stdint.h>

#include "bytes.h"
#include "tmdl_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Value `index` of x, whose type is EMLC_TYPE_... of integers; a constant where it is asked for. */
EMLC_CONSTANT int32_t emlc_integer_of(const void* x, uint8_t type, uint32_t index) {
  if (type == EMLC_TYPE_U8) return ((const uint8_t*)x)[index];
  if (type == EMLC_TYPE_I8) return ((const int8_t*)x)[index];
  if (type == EMLC_TYPE_I16) return ((const int16_t*)x)[index];
  return ((const int32_t*)x)[index];
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_TYPED_VALUES_H */
