/**
 * What a function of the emlc runtime answers: EMLC_OK or a negative code. C99 and C++11, needs nothing.
 */
#ifndef EMLC_STATUS_H
#define EMLC_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emlc_status {
  EMLC_OK = 0,
  EMLC_ERR_NULL = -1,        /* a pointer is NULL */
  EMLC_ERR_SIZE = -2,        /* a size or a count is 0, or does not fit its data */
  EMLC_ERR_FORMAT = -3,      /* the data is not what its format says */
  EMLC_ERR_VERSION = -4,     /* the data has a version that this runtime does not know */
  EMLC_ERR_RANGE = -5,       /* an index, an offset or a number is out of its range */
  EMLC_ERR_MEMORY = -6,      /* the model needs more memory than the caller or the machine has */
  EMLC_ERR_UNSUPPORTED = -7, /* valid, but this runtime, or this function, does not do it */
  EMLC_ERR_CHECKSUM = -8,    /* the data was changed after it was written */
  EMLC_ERR_ALIGN = -9        /* an address or an offset is not aligned as it has to be */
} emlc_status;

/** One lower-case sentence for `status`; never NULL, static storage. */
static inline const char* emlc_status_text(emlc_status status) {
  switch (status) {
    case EMLC_OK:
      return "no error";
    case EMLC_ERR_NULL:
      return "a pointer is NULL";
    case EMLC_ERR_SIZE:
      return "a size or a count is 0, or does not fit its data";
    case EMLC_ERR_FORMAT:
      return "the data is not what its format says";
    case EMLC_ERR_VERSION:
      return "the data has a version that this runtime does not know";
    case EMLC_ERR_RANGE:
      return "an index, an offset or a number is out of its range";
    case EMLC_ERR_MEMORY:
      return "the model needs more memory than there is";
    case EMLC_ERR_UNSUPPORTED:
      return "the model is valid, but this runtime does not do what it asks for";
    case EMLC_ERR_CHECKSUM:
      return "the data was changed after it was written";
    case EMLC_ERR_ALIGN:
      return "an address or an offset is not aligned as it has to be";
  }
  return "an unknown status";
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_STATUS_H */
