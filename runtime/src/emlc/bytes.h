/**
 * Numbers out of bytes, for data that is read in place. C99 and C++11; libc: memcpy.
 *
 * emlc_read_*: little-endian, any alignment, any machine. Compilers make one load of it where the machine allows.
 */
#ifndef EMLC_BYTES_H
#define EMLC_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* 1 where float operations are functions of libgcc: integers do what they can do exactly, and one copy of a loop does
   for many. */
#ifndef EMLC_FLOAT_IS_SLOW
#if defined(__AVR__) || (defined(__riscv) && !defined(__riscv_flen)) || (defined(__thumb__) && !defined(__ARM_FP))
#define EMLC_FLOAT_IS_SLOW 1
#else
#define EMLC_FLOAT_IS_SLOW 0
#endif
#endif

/* EMLC_SMALL: bytes count more than time. Plain loops in place of those that are for speed; what they compute is the
   same to the bit. */
#ifdef EMLC_SMALL
#define EMLC_IS_SMALL 1
#else
#define EMLC_IS_SMALL 0
#endif

/* CALLED: functions that stay functions, one copy for all who call them. CONSTANT: functions that get some of their
   arguments as constants, a copy of their code for each. CALLED_IF_SLOW: functions around a few operations of float,
   which a call hardly makes slower where these are calls too. */
#if defined(__GNUC__)
#define EMLC_CALLED static __attribute__((noinline, unused))
#define EMLC_CONSTANT static inline __attribute__((always_inline))
#else
#define EMLC_CALLED static inline
#define EMLC_CONSTANT static inline
#endif

#if EMLC_FLOAT_IS_SLOW || EMLC_IS_SMALL
#define EMLC_CALLED_IF_SLOW EMLC_CALLED
#else
#define EMLC_CALLED_IF_SLOW static inline
#endif

#ifdef __cplusplus
extern "C" {
#endif

static inline uint16_t emlc_read_u16(const uint8_t* bytes) { return (uint16_t)(bytes[0] | ((unsigned)bytes[1] << 8)); }

static inline uint32_t emlc_read_u32(const uint8_t* bytes) {
  return (uint32_t)bytes[0] | ((uint32_t)bytes[1] << 8) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[3] << 24);
}

/** The bits of a float, and the float of these bits. */
static inline uint32_t emlc_bits_f32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
static inline float emlc_float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/** The number that has these bits in two's complement. */
static inline int32_t emlc_signed_i32(uint32_t bits) {
  int32_t value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline int32_t emlc_read_i32(const uint8_t* bytes) { return emlc_signed_i32(emlc_read_u32(bytes)); }

static inline float emlc_read_f32(const uint8_t* bytes) { return emlc_float_of(emlc_read_u32(bytes)); }

/**
 * The float at `address`, in the machine's own byte order; `address` is aligned for a float.
 * Weights lie in arrays of float or inside a blob, which is an array of bytes: memcpy keeps both within C's aliasing
 * rules, and the promise about the alignment makes one load of it.
 */
static inline float emlc_load_f32(const float* address) {
  float value;
#if defined(__GNUC__)
  memcpy(&value, __builtin_assume_aligned(address, sizeof(float)), sizeof value);
#else
  memcpy(&value, address, sizeof value);
#endif
  return value;
}

/** As emlc_load_f32: the number at an address that is aligned for it, on a little-endian machine that of a blob. */
static inline uint32_t emlc_load_u32(const uint8_t* address) {
#if defined(__GNUC__) && !defined(__AVR__)
  uint32_t value;
  memcpy(&value, __builtin_assume_aligned(address, 4), sizeof value);
  return value;
#else
  return emlc_read_u32(address); /* bytes are what such a machine loads */
#endif
}

/** As emlc_load_u32. */
static inline float emlc_f32_at(const uint8_t* address) { return emlc_float_of(emlc_load_u32(address)); }

/** As emlc_load_u32. */
static inline uint16_t emlc_load_u16(const uint8_t* address) {
#if defined(__GNUC__) && !defined(__AVR__)
  uint16_t value;
  memcpy(&value, __builtin_assume_aligned(address, 2), sizeof value);
  return value;
#else
  return emlc_read_u16(address);
#endif
}

/** 1 where floats in memory have the byte order of a blob, so that its weights can be used in place. */
static inline int emlc_is_little_endian(void) {
  const uint16_t one = 1;
  uint8_t first;
  memcpy(&first, &one, 1);
  return first;
}

/** The CRC-32 of what `crc` is of and then `size` bytes, before the last complement; it starts as 0xFFFFFFFF. */
static inline uint32_t emlc_crc32_add(uint32_t crc, const uint8_t* bytes, size_t size) {
  /* Bit by bit: a table would cost more flash than the check once at start-up is worth. */
  for (size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1U)));
  }
  return crc;
}

/** CRC-32 as zlib and IEEE 802.3 have it (polynomial 0xEDB88320, reflected, complemented before and after). */
static inline uint32_t emlc_crc32(const uint8_t* bytes, size_t size) {
  return ~emlc_crc32_add(0xFFFFFFFFU, bytes, size);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_BYTES_H */
