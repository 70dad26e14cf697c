/**
 * The records that emlc's CSV forms have in common: what a model says of its inputs and outputs, and how it decides.
 * C99 and C++11; libc: memcpy, memcmp, strlen.
 */
#ifndef EMLC_CSV_HEAD_H
#define EMLC_CSV_HEAD_H

#include "activations.h"
#include "csv_text.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a model decides: see emlc_csv_decide. */
typedef enum emlc_csv_rule {
  EMLC_CSV_ARGMAX = 0,
  EMLC_CSV_GREATER = 1,
  EMLC_CSV_GREATER_EQUAL = 2,
  EMLC_CSV_NO_DECISION = 3
} emlc_csv_rule;

/** The types a feature has in the file. The interface takes float, int16 or int32 for all of them. */
typedef enum emlc_csv_type {
  EMLC_CSV_FLOAT32 = 0,
  EMLC_CSV_INT8 = 1,
  EMLC_CSV_UINT8 = 2,
  EMLC_CSV_INT16 = 3,
  EMLC_CSV_INT32 = 4
} emlc_csv_type;

/** What every model says of its inputs and outputs. */
typedef struct emlc_csv_head {
  uint16_t n_features, n_outputs, n_targets;
  uint16_t n_target_outputs; /* of all targets; n_outputs after loading */
  emlc_csv_type type;
  emlc_csv_rule rule;
  float threshold;        /* of the rules greater and greater_equal */
  uint16_t* target_sizes; /* the caller's, [max_targets]; needed for an argmax over several targets */
  uint16_t max_targets;
} emlc_csv_head;

enum { /* the first kinds of every form, in the order of EMLC_CSV_HEAD_KINDS */
       EMLC_CSV_NAME,
       EMLC_CSV_INPUT,
       EMLC_CSV_OUTPUT,
       EMLC_CSV_TARGET,
       EMLC_CSV_CLASS,
       EMLC_CSV_DECISION,
       EMLC_CSV_END,
       EMLC_CSV_N_HEAD_KINDS
};
#define EMLC_CSV_HEAD_KINDS                                                                 \
  {"name", 1, 1, 1}, {"input", 2, 2, 1}, {"output", 2, 2, 1}, {"target", 1, UINT16_MAX, 0}, \
      {"class", 1, UINT16_MAX, 0}, {"decision", 1, 2, 1}, {                                 \
    "end", 0, 0, 1                                                                          \
  }

static inline emlc_status emlc_csv_read_input(emlc_csv_head* head, const emlc_csv_text* text) {
  static const char* const types[] = {"float32", "int8", "uint8", "int16", "int32"};
  int word;
  if (text->column == 2) return emlc_csv_field_u16(text, 1, EMLC_CSV_MOST_FEATURES, &head->n_features);
  word = emlc_csv_field_word(text, types, 5);
  if (word < 0) return EMLC_ERR_FORMAT;
  head->type = (emlc_csv_type)word;
  return EMLC_OK;
}

static inline emlc_status emlc_csv_read_target(emlc_csv_head* head, const emlc_csv_text* text) {
  uint16_t size = 0;
  emlc_status status;
  if (text->column != 1) return EMLC_OK; /* its name */
  status = emlc_csv_field_u16(text, 1, EMLC_CSV_MOST_OUTPUTS, &size);
  if (status != EMLC_OK) return status;
  if (size > EMLC_CSV_MOST_OUTPUTS - head->n_target_outputs) return EMLC_ERR_RANGE;
  if (head->n_targets < head->max_targets) head->target_sizes[head->n_targets] = size;
  head->n_target_outputs = (uint16_t)(head->n_target_outputs + size);
  ++head->n_targets;
  return EMLC_OK;
}

static inline emlc_status emlc_csv_read_decision(emlc_csv_head* head, const emlc_csv_text* text) {
  static const char* const rules[] = {"argmax", "greater", "greater_equal", "none"};
  int word;
  if (text->column == 2) return emlc_csv_field_f32(text, &head->threshold);
  word = emlc_csv_field_word(text, rules, 4);
  if (word < 0) return EMLC_ERR_FORMAT;
  head->rule = (emlc_csv_rule)word;
  return EMLC_OK;
}

/** What the model is for: the device does not need it. */
static inline emlc_status emlc_csv_check_task(const emlc_csv_text* text) {
  static const char* const tasks[] = {"classification", "regression", "anomaly", "transform"};
  return emlc_csv_field_word(text, tasks, 4) < 0 ? EMLC_ERR_FORMAT : EMLC_OK;
}

/** A field of one of the head's records. */
static inline emlc_status emlc_csv_read_head(emlc_csv_head* head, int kind, const emlc_csv_text* text) {
  switch (kind) {
    case EMLC_CSV_INPUT:
      return emlc_csv_read_input(head, text);
    case EMLC_CSV_OUTPUT:
      if (text->column == 1) return emlc_csv_check_task(text);
      return emlc_csv_field_u16(text, 1, EMLC_CSV_MOST_OUTPUTS, &head->n_outputs);
    case EMLC_CSV_TARGET:
      return emlc_csv_read_target(head, text);
    case EMLC_CSV_DECISION:
      return emlc_csv_read_decision(head, text);
    default:
      return EMLC_OK; /* names */
  }
}

/** A field of the record `post,<kind>[,scale[,denominator,offset]]`. */
static inline emlc_status emlc_csv_read_post(emlc_post_transform* post, const emlc_csv_text* text) {
  static const char* const kinds[] = {"identity",      "sigmoid",   "softmax",   "exp",       "hinge",
                                      "signed_square", "log1p_exp", "normalize", "isolation", "log_softmax"};
  int word;
  if (text->column == 2) return emlc_csv_field_f32(text, &post->scale);
  if (text->column == 4) return emlc_csv_field_f32(text, &post->offset);
  if (text->column == 3) {
    const emlc_status status = emlc_csv_field_f32(text, &post->denominator);
    return status == EMLC_OK && post->denominator == 0.0F ? EMLC_ERR_RANGE : status;
  }
  word = emlc_csv_field_word(text, kinds, 10);
  if (word < 0) return EMLC_ERR_FORMAT;
  if (!emlc_has_post_transform((unsigned)word)) return EMLC_ERR_UNSUPPORTED;
  post->kind = (emlc_post_transform_kind)word;
  return EMLC_OK;
}

static inline emlc_status emlc_csv_check_head(const emlc_csv_head* head) {
  if (head->n_features == 0 || head->n_outputs == 0) return EMLC_ERR_SIZE;
  if (head->n_target_outputs != head->n_outputs) return EMLC_ERR_SIZE;
  if (head->rule == EMLC_CSV_NO_DECISION) return EMLC_OK;
  if (head->rule != EMLC_CSV_ARGMAX) return head->n_targets == head->n_outputs ? EMLC_OK : EMLC_ERR_SIZE;
  return head->n_targets > 1 && head->n_targets > head->max_targets ? EMLC_ERR_MEMORY : EMLC_OK;
}

static inline int32_t emlc_csv_argmax(const float* y, uint16_t n) {
  uint16_t best = 0, i;
  for (i = 1; i < n; ++i) {
    if (y[i] > y[best]) best = i;
  }
  return (int32_t)best;
}

/**
 * The class that each target gets.
 *
 * @param out      [n_outputs] a prediction
 * @param classes  [n_targets] an index from 0; of equal outputs the first. With the rules greater and greater_equal
 *                 every output is a target, and its class is 1 when it passes the threshold
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model decides nothing (a regressor)
 */
static inline emlc_status emlc_csv_decide(const emlc_csv_head* head, const float* out, int32_t* classes) {
  uint16_t target;
  if (head == NULL || out == NULL || classes == NULL) return EMLC_ERR_NULL;
  if (head->rule == EMLC_CSV_NO_DECISION) return EMLC_ERR_UNSUPPORTED;
  if (head->rule != EMLC_CSV_ARGMAX) {
    for (target = 0; target < head->n_targets; ++target) {
      classes[target] = out[target] > head->threshold;
      if (head->rule == EMLC_CSV_GREATER_EQUAL && out[target] == head->threshold) classes[target] = 1;
    }
    return EMLC_OK;
  }
  if (head->n_targets == 1) {
    classes[0] = emlc_csv_argmax(out, head->n_outputs);
    return EMLC_OK;
  }
  for (target = 0; target < head->n_targets; ++target) {
    classes[target] = emlc_csv_argmax(out, head->target_sizes[target]);
    out += head->target_sizes[target];
  }
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_HEAD_H */
