/**
 * Numbers out of objects with the buffer protocol: arrays, bytes, bytearrays, memoryviews, ulab's arrays.
 */
#ifndef EMLC_MP_VALUES_H
#define EMLC_MP_VALUES_H

#include "port.h"

/** Values in the memory of an object. */
typedef struct emlc_mp_values {
  void* at;
  size_t n;
  char code; /* b B h H i f */
} emlc_mp_values;

enum { EMLC_MP_READ = MP_BUFFER_READ, EMLC_MP_WRITE = MP_BUFFER_RW };

/** The values of an object; a TypeError where there are none of a type that is known, or none that may be written to. */
EMLC_MP_CALLED emlc_mp_values emlc_mp_values_of(mp_obj_t object, mp_uint_t access) {
  mp_buffer_info_t buffer;
  emlc_mp_values values = {NULL, 0, 'B'};
  if (!mp_get_buffer(object, &buffer, access)) {
    emlc_mp_refuse_type(access == EMLC_MP_READ ? "expected an array, bytes or a memoryview" : "expected a writable array");
  }
  values.at = buffer.buf;
  values.n = buffer.len;
  if (buffer.typecode == BYTEARRAY_TYPECODE || buffer.typecode == 'B') return values;
  values.code = (char)buffer.typecode;
  if (values.code == 'b') return values;
  values.n /= 2;
  if (values.code == 'h' || values.code == 'H') return values;
  values.n /= 2;
  if (values.code != 'i' && values.code != 'f') emlc_mp_refuse_type("expected an array of b, B, h, H, i or f");
  return values;
}

/** Value `index`, which is no float. */
static inline int32_t emlc_mp_integer(const emlc_mp_values* values, size_t index) {
  switch (values->code) {
    case 'b':
      return ((const int8_t*)values->at)[index];
    case 'B':
      return ((const uint8_t*)values->at)[index];
    case 'h':
      return ((const int16_t*)values->at)[index];
    case 'H':
      return ((const uint16_t*)values->at)[index];
    default:
      return ((const int32_t*)values->at)[index];
  }
}

/** Values from `first` on as floats, times `unit`. */
EMLC_MP_CALLED void emlc_mp_to_floats(const emlc_mp_values* values, size_t first, size_t n, float unit, float* to) {
  for (size_t i = 0; i < n; ++i, ++first) {
    to[i] = (values->code == 'f' ? ((const float*)values->at)[first] : (float)emlc_mp_integer(values, first)) * unit;
  }
}

#endif /* EMLC_MP_VALUES_H */
