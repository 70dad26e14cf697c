/**
 * load_csv(file): emlearn's trees with hard votes (docs/formats.md), line by line, into a blob of trees laid out for speed:
 * from there on it is a model like any other, and opening it checks it.
 */
#ifndef EMLC_MP_CSV_H
#define EMLC_MP_CSV_H

#include <emlc/linked_trees_body.h>

#include "open.h"

enum {
  EMLC_MP_CSV_FIELDS = 5,
  EMLC_MP_CSV_BODY = EMLC_TMDL_HEADER_SIZE + EMLC_LAYER_HEADER_SIZE, /* where the layer begins that is written */
  EMLC_MP_CSV_RECORD = 8                                             /* bytes of a split */
};

/** What is known of a file. All memory is the collector's. */
typedef struct emlc_mp_csv {
  uint8_t* blob;
  uint8_t* leaves; /* [n_leaves] the class of each */
  size_t used, room;
  uint32_t n_leaves, n_trees, line;
  uint32_t n_features, n_classes; /* 0: not yet */
  uint32_t splits;                /* where they begin in the blob; 0: not yet */
} emlc_mp_csv;

static EMLC_MP_NO_RETURN void emlc_mp_csv_refuse(const emlc_mp_csv* csv, const char* sentence) {
  emlc_mp_refuse_number(sentence, (mp_int_t)csv->line);
}

/** Room for `more` bytes behind what is used. */
static uint8_t* emlc_mp_csv_take(emlc_mp_csv* csv, size_t more) {
  const size_t at = csv->used;
  csv->used += more;
  if (csv->used > csv->room) {
    const size_t room = csv->used + csv->used / 2;
    csv->blob = m_renew(uint8_t, csv->blob, csv->room, room);
    csv->room = room;
  }
  return memset(csv->blob + at, 0, more);
}

static void emlc_mp_put_u16(uint8_t* at, uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
}

static void emlc_mp_put_u32(uint8_t* at, uint32_t value) { memcpy(at, &value, sizeof value); }

static void emlc_mp_put_f32(uint8_t* at, float value) { memcpy(at, &value, sizeof value); }

/**
 * The integer that a field stands for. With a point it is a threshold of scikit-learn, x <= t, and means the first integer
 * above t.
 */
static const char* emlc_mp_csv_number(const emlc_mp_csv* csv, const char* at, const char* end, int32_t* number) {
  int32_t sign = 1, has_point = 0, has_fraction = 0, value = 0;
  const char* first;
  while (at != end && *at == ' ') ++at;
  if (at != end && *at == '-') {
    sign = -1;
    ++at;
  }
  for (first = at; at != end; ++at) {
    if (*at == '.' && !has_point) {
      has_point = 1;
    } else if (*at < '0' || *at > '9') {
      break;
    } else if (has_point) {
      if (*at != '0') has_fraction = 1;
    } else {
      value = value * 10 + (*at - '0');
      if (value > 65536) break;
    }
  }
  if (at == first || (at != end && *at != ',' && *at > ' ')) emlc_mp_csv_refuse(csv, "line %d: not a number, or too large");
  *number = sign * value + (has_point && !(sign < 0 && has_fraction));
  while (at != end && *at != ',') ++at;
  return at;
}

/** A number from `least` on that is below `end`. */
static uint32_t emlc_mp_csv_range(const emlc_mp_csv* csv, int32_t number, uint32_t least, uint32_t end) {
  if (number < (int32_t)least || number >= (int32_t)end) emlc_mp_csv_refuse(csv, "line %d: a number is out of range");
  return (uint32_t)number;
}

/** A link in units of 4 bytes: a jump in splits, or, below 0, a leaf. */
static uint32_t emlc_mp_csv_link(const emlc_mp_csv* csv, int32_t child) {
  const uint32_t first_leaf = 65536U - csv->n_classes;
  if (child < 0) return first_leaf + csv->leaves[emlc_mp_csv_range(csv, -1 - child, 0, csv->n_leaves)];
  return emlc_mp_csv_range(csv, child, 1, first_leaf / 2) * (EMLC_MP_CSV_RECORD / EMLC_LINKED_UNIT);
}

/** f, c, l, r, n: one record. Others are skipped, as emlearn does. */
static void emlc_mp_csv_record(emlc_mp_csv* csv, char kind, const int32_t* fields) {
  uint8_t* at;
  if (kind == 'f') {
    csv->n_features = emlc_mp_csv_range(csv, fields[0], 1, 32768);
  } else if (kind == 'c') {
    csv->n_classes = emlc_mp_csv_range(csv, fields[0], 1, 256);
    /* Behind factors and bases comes where the trees begin. */
    (void)emlc_mp_csv_take(csv, EMLC_MP_CSV_BODY + EMLC_LINKED_AT_DATA + 8 * csv->n_classes - csv->used);
  } else if (kind == 'l') {
    csv->leaves = m_renew(uint8_t, csv->leaves, csv->n_leaves, csv->n_leaves + 1);
    csv->leaves[csv->n_leaves] = (uint8_t)emlc_mp_csv_range(csv, fields[0], 0, csv->n_classes);
    ++csv->n_leaves;
  } else if (kind == 'r') {
    emlc_mp_put_u32(emlc_mp_csv_take(csv, 8), EMLC_MP_CSV_RECORD * emlc_mp_csv_range(csv, fields[0], 0, 65536));
    ++csv->n_trees;
  } else {
    if (csv->splits == 0) { /* where the last tree ends is known at the end */
      (void)emlc_mp_csv_take(csv, 8);
      csv->splits = (uint32_t)csv->used;
    }
    at = emlc_mp_csv_take(csv, EMLC_MP_CSV_RECORD);
    emlc_mp_put_u16(at, emlc_mp_csv_range(csv, fields[1] + 32768, 0, 65536));
    emlc_mp_put_u16(at + 2, emlc_mp_csv_range(csv, fields[0], 0, csv->n_features));
    emlc_mp_put_u16(at + 4, emlc_mp_csv_link(csv, fields[2]));
    emlc_mp_put_u16(at + 6, emlc_mp_csv_link(csv, fields[3]));
  }
}

static void emlc_mp_csv_line(emlc_mp_csv* csv, const char* text, size_t length) {
  const char *at = text + 1, *end = text + length;
  const char kind = length > 1 && text[1] == ',' ? text[0] : '\0';
  int32_t fields[EMLC_MP_CSV_FIELDS] = {0, 0, 0, 0, 0};
  uint32_t n = 0;
  if (length > 3 && text[0] == 'l' && text[1] == 'b' && text[3] != '0') {
    emlc_mp_csv_refuse(csv, "line %d: not hard votes: emlc convert makes a .tmdl of it");
  }
  if (kind != 'f' && kind != 'c' && kind != 'l' && kind != 'r' && kind != 'n') return;
  while (at != end && *at == ',' && n < EMLC_MP_CSV_FIELDS) at = emlc_mp_csv_number(csv, at + 1, end, fields + n++);
  if (n != (kind == 'n' ? 4U : 1U)) emlc_mp_csv_refuse(csv, "line %d: the wrong number of fields");
  /* The order in which emlearn writes: f, c, l, r, n. */
  if ((kind == 'f' || kind == 'c' ? csv->n_classes != 0 : csv->n_classes == 0) ||
      (kind == 'l' && csv->n_trees != 0) || (kind == 'r' && csv->splits != 0) || (kind == 'n' && csv->n_trees == 0)) {
    emlc_mp_csv_refuse(csv, "line %d: a record out of order");
  }
  emlc_mp_csv_record(csv, kind, fields);
}

/** The headers of blob, layer and body, around what the lines have left. */
static void emlc_mp_csv_finish(emlc_mp_csv* csv) {
  const uint32_t outputs = csv->n_classes, splits_size = (uint32_t)csv->used - csv->splits;
  const uint32_t dims[] = {csv->n_features, outputs};
  uint8_t *blob, *layer, *body;
  (void)emlc_mp_csv_take(csv, (0U - csv->used) % EMLC_TMDL_ALIGN);
  blob = csv->blob;
  layer = blob + EMLC_TMDL_HEADER_SIZE;
  body = blob + EMLC_MP_CSV_BODY;
  emlc_mp_put_u32(blob + EMLC_AT_MAIX, EMLC_TMDL_MAIX);
  emlc_mp_put_u32(blob + EMLC_AT_MAGIC, EMLC_TMDL_MAGIC);
  blob[EMLC_AT_MDL_TYPE] = EMLC_TMDL_EMLC;
  blob[EMLC_AT_OUT_DEQ] = blob[EMLC_AT_INPUT_CNT] = blob[EMLC_AT_OUTPUT_CNT] = blob[EMLC_AT_LAYER_CNT] = 1;
  blob[EMLC_AT_VERSION] = EMLC_TMDL_VERSION;
  blob[EMLC_AT_FLAGS] = EMLC_RULE_ARGMAX;
  for (int i = 0; i < 2; ++i) {
    for (int dim = 0; dim < 6; dim += 2) {
      blob[EMLC_AT_IN_DIMS + 8 * i + dim] = layer[EMLC_LAYER_AT_IN_DIMS + 8 * i + dim] = 1;
    }
    emlc_mp_put_u16(blob + EMLC_AT_IN_DIMS + 8 * i + 6, dims[i]);
    emlc_mp_put_u16(layer + EMLC_LAYER_AT_IN_DIMS + 8 * i + 6, dims[i]);
  }
  emlc_mp_put_u32(blob + EMLC_AT_TOTAL_SIZE, (uint32_t)csv->used);
  emlc_mp_put_u32(blob + EMLC_AT_WORK_SIZE, (4 * (outputs + csv->n_features) + 7) / 8 * 8);
  layer[EMLC_LAYER_AT_TYPE] = EMLC_LAYER_LINKED_TREES;
  layer[EMLC_LAYER_AT_IS_OUT] = 1;
  emlc_mp_put_u32(layer + EMLC_LAYER_AT_SIZE, (uint32_t)csv->used - EMLC_TMDL_HEADER_SIZE);
  body[EMLC_LINKED_AT_VERSION] = EMLC_LINKED_VERSION;
  body[EMLC_LINKED_AT_FEATURE_TYPE] = EMLC_TYPE_I16;
  body[EMLC_LINKED_AT_RECORD_BYTES] = EMLC_MP_CSV_RECORD;
  body[EMLC_LINKED_AT_DECISION] = EMLC_LINKED_LARGEST;
  body[EMLC_LINKED_AT_FLAGS] = EMLC_LINKED_DIVIDES;
  emlc_mp_put_u32(body + EMLC_LINKED_AT_N_FEATURES, csv->n_features);
  emlc_mp_put_u16(body + EMLC_LINKED_AT_N_OUTPUTS, outputs);
  emlc_mp_put_u16(body + EMLC_LINKED_AT_LEAF_WIDTH, outputs);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_N_TREES, csv->n_trees);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_SPLITS_SIZE, splits_size);
  emlc_mp_put_u16(body + EMLC_LINKED_AT_FIRST_LEAF, 65536U - outputs);
  emlc_mp_put_u16(body + EMLC_LINKED_AT_N_VOTES, outputs);
  body[EMLC_LINKED_AT_WHOLE] = 1;
  emlc_mp_put_u32(body + EMLC_LINKED_AT_BOUND, csv->n_trees / 2 + 1);
  emlc_mp_put_u32(body + EMLC_LINKED_AT_BASE, (uint32_t)-32768);
  emlc_mp_put_f32(body + EMLC_LINKED_AT_POST_SCALE, 1.0F);
  for (uint32_t i = 0; i < outputs; ++i) emlc_mp_put_f32(body + EMLC_LINKED_AT_DATA + 4 * i, (float)csv->n_trees);
  emlc_mp_put_u32(blob + csv->splits - 8, splits_size);
  emlc_mp_put_u32(blob + EMLC_AT_CRC, emlc_tmdl_checksum(blob, csv->used, EMLC_TMDL_VERSION));
}

/** load_csv(file, class_names=None): of anything with readline(). */
static mp_obj_t emlc_mp_load_csv(size_t n_args, const mp_obj_t* args) {
  const mp_obj_t readline = mp_load_attr(args[0], MP_QSTR_readline);
  emlc_mp_csv csv;
  memset(&csv, 0, sizeof csv);
  for (;;) {
    size_t length;
    const mp_obj_t line = mp_call_function_n_kw(readline, 0, 0, NULL);
    const char* text = mp_obj_str_get_data(line, &length);
    if (length == 0) break;
    ++csv.line;
    emlc_mp_csv_line(&csv, text, length);
  }
  if (csv.splits == 0 || csv.n_features == 0) emlc_mp_csv_refuse(&csv, "line %d: the end of the file, and no trees");
  emlc_mp_csv_finish(&csv);
  m_del(uint8_t, csv.leaves, csv.n_leaves);
  csv.blob = m_renew(uint8_t, csv.blob, csv.room, csv.used);
  return emlc_mp_new_model(csv.blob, csv.used, MP_OBJ_FROM_PTR(csv.blob), n_args > 1 ? args[1] : mp_const_none);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(emlc_mp_load_csv_object, 1, 2, emlc_mp_load_csv);

#endif /* EMLC_MP_CSV_H */
