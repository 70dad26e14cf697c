/**
 * What checks of data that is read in place have in common: parts that lie one behind the other. C99 and C++11; libc:
 * memcpy. Part of tmdl.h.
 */
#ifndef EMLC_PARTS_H
#define EMLC_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where the next part begins. */
typedef struct emlc_parts {
  const uint8_t* at;
  size_t left;  /* bytes that are there */
  int is_short; /* 1: a part did not fit; nothing is looked at from then on */
} emlc_parts;

/** The next part, of `count` items of `bytes` bytes, which is not 0 as long as all have fitted. */
EMLC_CALLED const uint8_t* emlc_next_part(emlc_parts* parts, uint32_t count, size_t bytes) {
  const uint8_t* part = parts->at;
  if (parts->is_short || count > parts->left / bytes) {
    parts->is_short = 1;
  } else {
    bytes *= count;
    parts->at += bytes;
    parts->left -= bytes;
  }
  return part;
}

/** 1 if all parts fit, and fill what was there but for padding to 8 bytes. */
static inline int emlc_parts_fill(const emlc_parts* parts) { return !parts->is_short && parts->left < 8; }

#ifdef __cplusplus
}
#endif

#endif /* EMLC_PARTS_H */
