/**
 * Lines and fields of a CSV that arrives in pieces, and the kinds of records that a form has.
 * C99 and C++11; libc: memcpy, memcmp, memset, strlen.
 */
#ifndef EMLC_CSV_TEXT_H
#define EMLC_CSV_TEXT_H

#include "csv_number.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What ends a field besides the end of the line. */
typedef enum emlc_csv_separator {
  EMLC_CSV_COMMAS, /* of records */
  EMLC_CSV_ANY     /* commas, semicolons and runs of blanks, of cells */
} emlc_csv_separator;

/** Where the text is: the field that is being read, and its place. */
typedef struct emlc_csv_text {
  char field[EMLC_CSV_DIGITS]; /* longer fields are names, which the device does not need: they are cut */
  uint8_t length;              /* of the field; EMLC_CSV_DIGITS + 1 when it was cut */
  uint8_t is_after_blank;      /* blanks at the end of a field are dropped, unless something follows */
  emlc_csv_separator separator;
  uint32_t seen;   /* a bit for each kind of record that has been and is single */
  uint16_t column; /* of the field in its line, the kind of the record is 0 */
  uint32_t line;   /* 1 is the first; where loading failed, if it did */
} emlc_csv_text;

/** One kind of record. */
typedef struct emlc_csv_kind {
  const char* name;
  uint16_t least, most; /* fields after the kind */
  uint8_t is_single;    /* a second one is refused */
} emlc_csv_kind;

/** What a form does with a field, and with the end of a line. */
typedef emlc_status (*emlc_csv_on_field)(void* loader);
typedef emlc_status (*emlc_csv_on_line)(void* loader);

static inline int emlc_csv_field_is(const emlc_csv_text* text, const char* word) {
  return strlen(word) == text->length && memcmp(word, text->field, text->length) == 0;
}

static inline emlc_status emlc_csv_field_f32(const emlc_csv_text* text, float* value) {
  return emlc_csv_parse_f32(text->field, text->length, value);
}

static inline emlc_status emlc_csv_field_i32(const emlc_csv_text* text, int32_t lowest, int32_t highest,
                                             int32_t* value) {
  return emlc_csv_parse_i32(text->field, text->length, lowest, highest, value);
}

/** A count into 16 bits. */
static inline emlc_status emlc_csv_field_u16(const emlc_csv_text* text, int32_t lowest, int32_t highest,
                                             uint16_t* value) {
  int32_t number = 0;
  const emlc_status status = emlc_csv_field_i32(text, lowest, highest, &number);
  if (status == EMLC_OK) *value = (uint16_t)number;
  return status;
}

/** The index of the word in `words`, EMLC_ERR_FORMAT (negative) when it is not there. */
static inline int emlc_csv_field_word(const emlc_csv_text* text, const char* const* words, int n_words) {
  int i;
  for (i = 0; i < n_words; ++i) {
    if (emlc_csv_field_is(text, words[i])) return i;
  }
  return EMLC_ERR_FORMAT;
}

/** 1 for a name of a column: something that begins neither like a number nor is what others write for one. */
static inline int emlc_csv_is_word(const char* text, size_t length) {
  static const char* const numbers[] = {"nan", "NaN", "NAN", "inf", "Inf", "INF", "infinity", "Infinity", "INFINITY"};
  size_t i;
  if (length == 0 || text[0] == '+' || text[0] == '-' || text[0] == '.') return 0;
  for (i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
    if (strlen(numbers[i]) == length && memcmp(numbers[i], text, length) == 0) return 0;
  }
  return text[0] < '0' || text[0] > '9';
}

static inline emlc_status emlc_csv_end_field(emlc_csv_text* text, emlc_csv_on_field on_field, void* loader) {
  const emlc_status status = on_field(loader);
  text->length = 0;
  text->is_after_blank = 0;
  if (text->column < UINT16_MAX) ++text->column;
  return status;
}

static inline emlc_status emlc_csv_end_line(emlc_csv_text* text, emlc_csv_on_field on_field, emlc_csv_on_line on_line,
                                            void* loader) {
  emlc_status status = EMLC_OK;
  if (text->column != 0 || text->length != 0) { /* else it is blank */
    status = emlc_csv_end_field(text, on_field, loader);
    if (status == EMLC_OK) status = on_line(loader);
  }
  if (status == EMLC_OK) {
    text->column = 0;
    text->is_after_blank = 0;
    ++text->line;
  }
  return status;
}

static inline void emlc_csv_append(emlc_csv_text* text, char c) {
  static const char byte_order_mark[] = "\xEF\xBB\xBF";
  if (text->length < EMLC_CSV_DIGITS) text->field[text->length] = c;
  if (text->length <= EMLC_CSV_DIGITS) ++text->length;
  if (text->line == 1 && text->column == 0 && emlc_csv_field_is(text, byte_order_mark)) text->length = 0;
}

/** Something that is neither blank nor an end. A blank before it ends the field, or belongs to it. */
static inline emlc_status emlc_csv_add_character(emlc_csv_text* text, char c, emlc_csv_on_field on_field,
                                                 void* loader) {
  emlc_status status = EMLC_OK;
  if (text->is_after_blank && text->length != 0) {
    if (text->separator == EMLC_CSV_ANY) {
      status = emlc_csv_end_field(text, on_field, loader);
    } else {
      emlc_csv_append(text, ' ');
    }
  }
  text->is_after_blank = 0;
  emlc_csv_append(text, c);
  return status;
}

/** Cut the next piece of a text into fields. Blanks (a carriage return is one) around them are dropped. */
static inline emlc_status emlc_csv_cut(emlc_csv_text* text, const char* piece, size_t size, emlc_csv_on_field on_field,
                                       emlc_csv_on_line on_line, void* loader) {
  emlc_status status = EMLC_OK;
  size_t i;
  for (i = 0; i < size && status == EMLC_OK; ++i) {
    const char c = piece[i];
    if (c == '\n') {
      status = emlc_csv_end_line(text, on_field, on_line, loader);
    } else if (c == ',' || (c == ';' && text->separator == EMLC_CSV_ANY)) {
      status = emlc_csv_end_field(text, on_field, loader);
    } else if (c == ' ' || c == '\t' || c == '\r') {
      text->is_after_blank = 1;
    } else {
      status = emlc_csv_add_character(text, c, on_field, loader);
    }
  }
  return status;
}

/** 1 when the last line has begun and not ended, else 0. */
static inline size_t emlc_csv_has_open_line(const emlc_csv_text* text) {
  return text->column != 0 || text->length != 0;
}

/** The kind that the first field of a line names, EMLC_ERR_FORMAT when there is none. */
static inline int emlc_csv_find_kind(const emlc_csv_kind* kinds, int n_kinds, const emlc_csv_text* text) {
  int i;
  for (i = 0; i < n_kinds; ++i) {
    if (emlc_csv_field_is(text, kinds[i].name)) return i;
  }
  return EMLC_ERR_FORMAT;
}

/** A record of this kind begins. EMLC_ERR_FORMAT where it is the second and there is but one. */
static inline emlc_status emlc_csv_note_kind(const emlc_csv_kind* kinds, int kind, emlc_csv_text* text) {
  const uint32_t bit = (uint32_t)1 << kind;
  if (!kinds[kind].is_single) return EMLC_OK;
  if ((text->seen & bit) != 0) return EMLC_ERR_FORMAT;
  text->seen |= bit;
  return EMLC_OK;
}

/** At the end of a line: had the record as many fields as its kind has? */
static inline emlc_status emlc_csv_check_fields(const emlc_csv_kind* kind, const emlc_csv_text* text) {
  const uint16_t n_fields = (uint16_t)(text->column - 1U);
  return n_fields >= kind->least && n_fields <= kind->most ? EMLC_OK : EMLC_ERR_FORMAT;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_TEXT_H */
