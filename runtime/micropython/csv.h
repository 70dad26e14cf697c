/**
 * load_csv(file): emlearn's trees with hard votes (docs/formats.md), line by line, into trees laid out for speed, the
 * body of a blob without the blob: from there on it is a model like any other, and checked like one.
 */
#ifndef EMLC_MP_CSV_H
#define EMLC_MP_CSV_H

#include <emlc/linked_trees.h>

#include "open.h"

enum {
  EMLC_MP_CSV_FIELDS = 4, /* of the longest record, behind its letter */
  EMLC_MP_CSV_RECORD = 8  /* bytes of a split */
};

/** What is known of a file. All memory is the collector's. */
typedef struct emlc_mp_csv {
  uint8_t* body;
  uint8_t* leaves; /* [n_leaves] the class of each */
  size_t used, room;
  uint32_t n_leaves, n_trees, line;
  uint32_t n_features, n_classes; /* 0: not yet */
  uint32_t splits;                /* where they begin in the body; 0: not yet */
  uint32_t n_fields;              /* of the line */
  int32_t fields[EMLC_MP_CSV_FIELDS];
} emlc_mp_csv;

static EMLC_MP_NO_RETURN void emlc_mp_csv_refuse(const emlc_mp_csv* csv, emlc_mp_refusal refusal) {
  emlc_mp_refuse_with(refusal, (mp_int_t)csv->line);
}

/** Room for `more` bytes behind what is used, which are 0. */
EMLC_MP_CALLED uint8_t* emlc_mp_csv_take(emlc_mp_csv* csv, size_t more) {
  const size_t at = csv->used;
  csv->used += more;
  if (csv->used > csv->room) {
    const size_t room = csv->used + csv->used / 2;
    csv->body = emlc_mp_renew(csv->body, csv->room, room);
    csv->room = room;
  }
  return memset(csv->body + at, 0, more);
}

/** Numbers of a body, at multiples of their size. */
static inline void emlc_mp_put_u16(uint8_t* at, uint32_t value) { *(uint16_t*)(void*)at = (uint16_t)value; }
static inline void emlc_mp_put_u32(uint8_t* at, uint32_t value) { *(uint32_t*)(void*)at = value; }

/** What a field has had so far. */
enum {
  EMLC_MP_CSV_MINUS = 1,
  EMLC_MP_CSV_POINT = 2,
  EMLC_MP_CSV_FRACTION = 4,
  EMLC_MP_CSV_DIGIT = 8,
  EMLC_MP_CSV_END = 16
};

/**
 * The fields of a line: integers. With a point it is a threshold of scikit-learn, x <= t, and means the first integer
 * above t.
 */
static void emlc_mp_csv_read_fields(emlc_mp_csv* csv, const char* at, const char* end) {
  uint32_t seen = 0;
  int32_t value = 0;
  for (;; ++at) {
    const unsigned character = at == end ? ',' : (uint8_t)*at, digit = character - '0';
    if (digit < 10 && !(seen & EMLC_MP_CSV_END) && value <= 65536) {
      if (!(seen & EMLC_MP_CSV_POINT)) {
        value = value * 10 + (int32_t)digit;
      } else if (digit != 0) {
        seen |= EMLC_MP_CSV_FRACTION;
      }
      seen |= EMLC_MP_CSV_DIGIT;
    } else if (character <= ' ') {
      if (seen != 0) seen |= EMLC_MP_CSV_END;
    } else if (character == '-' && seen == 0) {
      seen = EMLC_MP_CSV_MINUS;
    } else if (character == '.' && (seen | EMLC_MP_CSV_MINUS) == (EMLC_MP_CSV_DIGIT | EMLC_MP_CSV_MINUS)) {
      seen |= EMLC_MP_CSV_POINT;
    } else if (character == ',' && (seen & EMLC_MP_CSV_DIGIT)) {
      if (csv->n_fields == EMLC_MP_CSV_FIELDS) emlc_mp_csv_refuse(csv, EMLC_MP_REFUSED_LINE_COUNT);
      if (seen & EMLC_MP_CSV_MINUS) value = -value;
      if ((seen & EMLC_MP_CSV_POINT) &&
          (seen & (EMLC_MP_CSV_MINUS | EMLC_MP_CSV_FRACTION)) != (EMLC_MP_CSV_MINUS | EMLC_MP_CSV_FRACTION)) {
        ++value;
      }
      csv->fields[csv->n_fields++] = value;
      if (at == end) return;
      seen = 0;
      value = 0;
    } else {
      emlc_mp_csv_refuse(csv, EMLC_MP_REFUSED_LINE_RANGE);
    }
  }
}

/** `number`, which is to be below `end`, and not below 0. */
EMLC_MP_CALLED uint32_t emlc_mp_csv_below(const emlc_mp_csv* csv, int32_t number, uint32_t end) {
  if ((uint32_t)number >= end) emlc_mp_csv_refuse(csv, EMLC_MP_REFUSED_LINE_RANGE);
  return (uint32_t)number;
}

/** A link in units of 4 bytes: a jump in splits, or, below 0, a leaf. */
static uint32_t emlc_mp_csv_link(const emlc_mp_csv* csv, int32_t child) {
  const uint32_t first_leaf = 65536U - csv->n_classes;
  if (child < 0) return first_leaf + csv->leaves[emlc_mp_csv_below(csv, -1 - child, csv->n_leaves)];
  return (emlc_mp_csv_below(csv, child - 1, first_leaf / 2 - 1) + 1U) * (EMLC_MP_CSV_RECORD / EMLC_LINKED_UNIT);
}

/** f, c, l, r, n: one record, in the order in which emlearn writes them. */
static void emlc_mp_csv_record(emlc_mp_csv* csv, char kind) {
  const int32_t first = csv->fields[0];
  uint8_t* at;
  const int is_late = kind == 'l' ? csv->n_trees != 0 : kind == 'r' ? csv->splits != 0 : csv->n_trees == 0;
  if (kind == 'f' || kind == 'c' ? csv->n_classes != 0 : csv->n_classes == 0 || is_late) {
    emlc_mp_csv_refuse(csv, EMLC_MP_REFUSED_LINE_ORDER);
  }
  if (kind == 'f') {
    csv->n_features = 1U + emlc_mp_csv_below(csv, first - 1, 32767);
  } else if (kind == 'c') {
    csv->n_classes = 1U + emlc_mp_csv_below(csv, first - 1, 255);
    /* Behind factors and bases comes where the trees begin. */
    (void)emlc_mp_csv_take(csv, EMLC_LINKED_AT_DATA + 8 * csv->n_classes);
  } else if (kind == 'l') {
    csv->leaves = emlc_mp_renew(csv->leaves, csv->n_leaves, csv->n_leaves + 1);
    csv->leaves[csv->n_leaves++] = (uint8_t)emlc_mp_csv_below(csv, first, csv->n_classes);
  } else if (kind == 'r') {
    emlc_mp_put_u32(emlc_mp_csv_take(csv, 8), EMLC_MP_CSV_RECORD * emlc_mp_csv_below(csv, first, 65536));
    ++csv->n_trees;
  } else {
    if (csv->splits == 0) { /* where the last tree ends is known at the end */
      (void)emlc_mp_csv_take(csv, 8);
      csv->splits = (uint32_t)csv->used;
    }
    at = emlc_mp_csv_take(csv, EMLC_MP_CSV_RECORD);
    emlc_mp_put_u16(at, emlc_mp_csv_below(csv, csv->fields[1] + 32768, 65536));
    emlc_mp_put_u16(at + 2, emlc_mp_csv_below(csv, first, csv->n_features));
    emlc_mp_put_u16(at + 4, emlc_mp_csv_link(csv, csv->fields[2]));
    emlc_mp_put_u16(at + 6, emlc_mp_csv_link(csv, csv->fields[3]));
  }
}

/** Records of other letters are skipped, as emlearn does. */
static void emlc_mp_csv_line(emlc_mp_csv* csv, const char* text, size_t length) {
  const char kind = text[0];
  if (length > 3 && kind == 'l' && text[1] == 'b' && text[3] != '0') {
    emlc_mp_csv_refuse(csv, EMLC_MP_REFUSED_LINE_SOFT);
  }
  if (length < 2 || text[1] != ',') return;
  if (kind != 'f' && kind != 'c' && kind != 'l' && kind != 'r' && kind != 'n') return;
  csv->n_fields = 0;
  emlc_mp_csv_read_fields(csv, text + 2, text + length);
  if (csv->n_fields != (kind == 'n' ? 4U : 1U)) emlc_mp_csv_refuse(csv, EMLC_MP_REFUSED_LINE_COUNT);
  emlc_mp_csv_record(csv, kind);
}

/** The header of the body, in front of what the lines have left. */
static void emlc_mp_csv_finish(emlc_mp_csv* csv) {
  const uint32_t n = csv->n_classes, splits_size = (uint32_t)csv->used - csv->splits;
  uint8_t* body = csv->body;
  emlc_mp_put_u32(body, EMLC_LINKED_VERSION | EMLC_TYPE_I16 << 8 * EMLC_LINKED_AT_FEATURE_TYPE |
                            EMLC_MP_CSV_RECORD << 8 * EMLC_LINKED_AT_RECORD_BYTES);
  body[EMLC_LINKED_AT_DECISION] = EMLC_LINKED_LARGEST;
  body[EMLC_LINKED_AT_FLAGS] = EMLC_LINKED_DIVIDES;
  emlc_mp_put_u32(body + EMLC_LINKED_AT_N_FEATURES, csv->n_features);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_N_OUTPUTS, n | n << 16); /* and leaf_width */
  emlc_mp_put_u32(body + EMLC_LINKED_AT_N_TREES, csv->n_trees);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_SPLITS_SIZE, splits_size);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_FIRST_LEAF, (65536U - n) | n << 16); /* and n_votes */
  body[EMLC_LINKED_AT_WHOLE] = 1;
  emlc_mp_put_u32(body + EMLC_LINKED_AT_BOUND, csv->n_trees / 2 + 1);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_BASE, (uint32_t)-32768);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_POST_SCALE, 0x3F800000U); /* 1 */
  for (uint32_t i = 0; i < n; ++i) {
    emlc_mp_put_u32(body + EMLC_LINKED_AT_DATA + 4 * i, emlc_bits_f32((float)(int32_t)csv->n_trees));
  }
  emlc_mp_put_u32(body + csv->splits - 8, splits_size);
}

/** load_csv(file, class_names=None): of anything with readline(). */
static mp_obj_t emlc_mp_load_csv(size_t n_args, const mp_obj_t* args) {
  const mp_obj_t readline = mp_load_attr(args[0], MP_QSTR_readline);
  emlc_mp_csv csv;
  emlc_model model;
  emlc_status status;
  memset(&csv, 0, sizeof csv);
  for (;;) {
    size_t length;
    const mp_obj_t line = mp_call_function_n_kw(readline, 0, 0, NULL);
    const char* text = mp_obj_str_get_data(line, &length);
    if (length == 0) break;
    ++csv.line;
    emlc_mp_csv_line(&csv, text, length);
  }
  if (csv.splits == 0 || csv.n_features == 0) emlc_mp_csv_refuse(&csv, EMLC_MP_REFUSED_LINE_NO_TREES);
  emlc_mp_csv_finish(&csv);
  csv.body = emlc_mp_renew(csv.body, csv.room, csv.used);
  status = emlc_linked_trees_check(csv.body, csv.used, csv.n_features, csv.n_classes);
  if (status != EMLC_OK) emlc_mp_refuse(EMLC_MP_REFUSED_RANGE);
  memset(&model, 0, sizeof model);
  model.n_features = (uint16_t)csv.n_features;
  model.n_outputs = (uint16_t)csv.n_classes;
  model.n_targets = model.n_layers = 1;
  model.work_size = (emlc_linked_work_size(csv.body) + 7U) / 8U * 8U;
  model.mdl_type = EMLC_TMDL_EMLC;
  model.rule = EMLC_RULE_ARGMAX;
  return emlc_mp_new_model(&model, csv.body, MP_OBJ_FROM_PTR(csv.body), n_args > 1 ? args[1] : mp_const_none);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(emlc_mp_load_csv_object, 1, 2, emlc_mp_load_csv);

#endif /* EMLC_MP_CSV_H */
