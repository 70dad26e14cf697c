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
  unsigned code; /* b B h H i f */
} emlc_mp_values;

enum { EMLC_MP_READ = MP_BUFFER_READ, EMLC_MP_WRITE = MP_BUFFER_RW };

/** The values of an object; a TypeError where there are none of a type that is known, or none that may be written to.
 */
EMLC_MP_CALLED void emlc_mp_values_of(mp_obj_t object, mp_uint_t access, emlc_mp_values* values) {
  mp_buffer_info_t buffer;
  unsigned shift = 0;
  if (!mp_get_buffer(object, &buffer, access)) {
    emlc_mp_refuse(access == EMLC_MP_READ ? EMLC_MP_REFUSED_NO_ARRAY : EMLC_MP_REFUSED_NOT_WRITABLE);
  }
  values->code = (unsigned)buffer.typecode;
  if (values->code == BYTEARRAY_TYPECODE) values->code = 'B';
  if ((values->code | 32) == 'h') shift = 1;
  if (values->code == 'i' || values->code == 'f') shift = 2;
  if (shift == 0 && (values->code | 32) != 'b') emlc_mp_refuse(EMLC_MP_REFUSED_NO_ARRAY);
  values->at = buffer.buf;
  values->n = buffer.len >> shift;
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
  if (values->code == 'h') { /* samples, of which there are many */
    const int16_t* from = (const int16_t*)values->at + first;
    for (size_t i = 0; i < n; ++i) to[i] = (float)from[i] * unit;
    return;
  }
  for (size_t i = 0; i < n; ++i, ++first) {
    to[i] = (values->code == 'f' ? ((const float*)values->at)[first] : (float)emlc_mp_integer(values, first)) * unit;
  }
}

#endif /* EMLC_MP_VALUES_H */
