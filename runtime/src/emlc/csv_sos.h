/**
 * Load filters from SOS CSV, one row b0,b1,b2,a0,a1,a2 per second-order section. C99 and C++11; libc: memcpy, memcmp,
 * memset, strlen.
 *
 *     float sos[3 * EMLC_SOS_COEFFICIENTS], state[3 * EMLC_SOS_STATE];
 *     emlc_csv_sos_begin(&loader, sos, 3);
 *     while ((n = read(file, block, sizeof block)) > 0) emlc_csv_sos_feed(&loader, block, n);
 *     if (emlc_csv_sos_end(&loader, &n_sections) != EMLC_OK) ...  // loader.text.line says where
 *     emlc_sos_reset_f32(state, n_sections, NULL);
 *     emlc_sos_filter_f32(sos, state, n_sections, x, y, n_samples);
 */
#ifndef EMLC_CSV_SOS_H
#define EMLC_CSV_SOS_H

#include "csv_text.h"
#include "sos.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { EMLC_CSV_SOS_COLUMNS = 6 };

/** The state of loading. */
typedef struct emlc_csv_sos_loader {
  emlc_csv_text text; /* text.line is where loading failed */
  emlc_status status;
  float* sos;
  size_t max_sections, n_sections;
  float row[EMLC_CSV_SOS_COLUMNS];
  uint8_t is_comment, is_header; /* this line */
  uint8_t has_begun;             /* the first line that is no comment has ended */
} emlc_csv_sos_loader;

static inline emlc_status emlc_csv_sos_on_field(void* context) {
  emlc_csv_sos_loader* loader = (emlc_csv_sos_loader*)context;
  const emlc_csv_text* text = &loader->text;
  if (text->column == 0) {
    loader->is_comment = text->length != 0 && text->field[0] == '#';
    loader->is_header = !loader->is_comment && !loader->has_begun && emlc_csv_is_word(text->field, text->length);
  }
  /* Rows of integers in another order, with a scale: docs/formats.md. */
  if (loader->is_comment) return emlc_csv_field_is(text, "emlearn_iir_q15") ? EMLC_ERR_UNSUPPORTED : EMLC_OK;
  if (loader->is_header)
    return text->length == 0 || emlc_csv_is_word(text->field, text->length) ? EMLC_OK : EMLC_ERR_FORMAT;
  if (text->column >= EMLC_CSV_SOS_COLUMNS) return EMLC_ERR_SIZE;
  return emlc_csv_field_f32(text, loader->row + text->column);
}

static inline emlc_status emlc_csv_sos_on_line(void* context) {
  emlc_csv_sos_loader* loader = (emlc_csv_sos_loader*)context;
  const float* row = loader->row;
  float* section = loader->sos + loader->n_sections * EMLC_SOS_COEFFICIENTS;
  int i;
  if (loader->is_comment) return EMLC_OK;
  loader->has_begun = 1;
  if (loader->is_header) return EMLC_OK;
  if (loader->text.column != EMLC_CSV_SOS_COLUMNS) return EMLC_ERR_SIZE;
  if (row[3] == 0.0F) return EMLC_ERR_RANGE;
  if (loader->n_sections == loader->max_sections) return EMLC_ERR_MEMORY;
  ++loader->n_sections;
  for (i = 0; i < EMLC_SOS_COEFFICIENTS; ++i) {
    section[i] = row[i < 3 ? i : i + 1] / row[3];
    if (section[i] - section[i] != 0.0F) return EMLC_ERR_RANGE; /* infinite */
  }
  return EMLC_OK;
}

/**
 * Begin to load a filter.
 *
 * @param loader  any memory; set up here
 * @param sos     [max_sections][5] for b0 b1 b2 a1 a2, divided by a0, as emlc_sos_filter_f32 takes them
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL
 */
static inline emlc_status emlc_csv_sos_begin(emlc_csv_sos_loader* loader, float* sos, size_t max_sections) {
  if (loader == NULL || sos == NULL) return EMLC_ERR_NULL;
  memset(loader, 0, sizeof *loader);
  loader->text.line = 1;
  loader->text.separator = EMLC_CSV_ANY;
  loader->sos = sos;
  loader->max_sections = max_sections;
  return EMLC_OK;
}

/**
 * Load the next piece: a line, a block of the file, all of it; a piece may end anywhere. Lines that start with # are
 * skipped, and so is a first line of words, a header.
 *
 * @return EMLC_OK, or what is wrong, the same again on every later call: EMLC_ERR_FORMAT not a number;
 *         EMLC_ERR_UNSUPPORTED the integers of emlearn_iir_q15;
 *         EMLC_ERR_RANGE a number too large for float32, also divided by a0, or a0 is 0; EMLC_ERR_SIZE a row that has
 * not 6 numbers; EMLC_ERR_MEMORY more than max_sections; EMLC_ERR_NULL a pointer is NULL
 */
static inline emlc_status emlc_csv_sos_feed(emlc_csv_sos_loader* loader, const char* piece, size_t size) {
  if (loader == NULL || (piece == NULL && size != 0)) return EMLC_ERR_NULL;
  if (loader->status == EMLC_OK) {
    loader->status = emlc_csv_cut(&loader->text, piece, size, emlc_csv_sos_on_field, emlc_csv_sos_on_line, loader);
  }
  return loader->status;
}

/**
 * End loading.
 *
 * @param n_sections  how many there are
 * @return EMLC_OK, or: what emlc_csv_sos_feed returned; EMLC_ERR_SIZE there is no section; EMLC_ERR_NULL a pointer is
 *         NULL
 */
static inline emlc_status emlc_csv_sos_end(emlc_csv_sos_loader* loader, size_t* n_sections) {
  emlc_status status;
  if (loader == NULL || n_sections == NULL) return EMLC_ERR_NULL;
  status = emlc_csv_sos_feed(loader, "\n", emlc_csv_has_open_line(&loader->text));
  if (status != EMLC_OK) return status;
  *n_sections = loader->n_sections;
  return loader->n_sections == 0 ? EMLC_ERR_SIZE : EMLC_OK;
}

/** Load a whole file that is in memory; the errors are those of begin, feed and end. */
static inline emlc_status emlc_csv_sos_load(float* sos, size_t max_sections, size_t* n_sections, const char* text,
                                            size_t size) {
  emlc_csv_sos_loader loader;
  const emlc_status status = emlc_csv_sos_begin(&loader, sos, max_sections);
  if (status != EMLC_OK) return status;
  if (text == NULL) return EMLC_ERR_NULL;
  (void)emlc_csv_sos_feed(&loader, text, size);
  return emlc_csv_sos_end(&loader, n_sections);
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_SOS_H */
