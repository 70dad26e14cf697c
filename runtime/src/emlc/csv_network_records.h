/**
 * A network from CSV in the arrays of the caller, and its records, field by field. Part of csv_network.h.
 */
#ifndef EMLC_CSV_NETWORK_RECORDS_H
#define EMLC_CSV_NETWORK_RECORDS_H

#include "csv_head.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emlc_csv_step_kind {
  EMLC_CSV_SUBTRACT_DIVIDE, /* (x - offset) / scale */
  EMLC_CSV_MULTIPLY_ADD,    /* x * scale + offset */
  EMLC_CSV_DENSE            /* activation(weights * x + bias) */
} emlc_csv_step_kind;

/** A scaler or a layer. */
typedef struct emlc_csv_step {
  size_t first; /* index in values of offset [n_in], scale [n_in]; or of weights [n_out][n_in], bias [n_out] */
  float low, high, alpha;
  uint16_t n_in, n_out;
  emlc_csv_step_kind kind;
  emlc_activation activation;
  uint8_t has_clip;
} emlc_csv_step;

/** The arrays that the caller gives; they belong to the network as long as it is used. */
typedef struct emlc_csv_network_memory {
  emlc_csv_step* steps; /* [max_steps] */
  size_t max_steps;
  float* values; /* [max_values] */
  size_t max_values;
  uint16_t* target_sizes; /* [max_targets], or NULL when there is one target */
  uint16_t max_targets;
} emlc_csv_network_memory;

/** A loaded network: read it, leave it as it is. */
typedef struct emlc_csv_network {
  emlc_csv_head head;
  emlc_csv_network_memory memory;
  size_t n_steps;
  emlc_post_transform post;
} emlc_csv_network;

/** The record that has to come next. */
typedef enum emlc_csv_next {
  EMLC_CSV_NEXT_FORM,
  EMLC_CSV_NEXT_STEP, /* or anything that is not inside a scaler or a layer */
  EMLC_CSV_NEXT_OFFSET,
  EMLC_CSV_NEXT_SCALE,
  EMLC_CSV_NEXT_WEIGHTS,
  EMLC_CSV_NEXT_BIAS
} emlc_csv_next;

/** The state of loading; not needed after emlc_csv_network_end. */
typedef struct emlc_csv_network_loader {
  emlc_csv_text text; /* text.line is where loading failed */
  emlc_csv_network* model;
  emlc_status status;
  int kind; /* of this line */
  emlc_csv_next next;
  size_t n_values; /* used of memory.values */
  uint16_t width;  /* of what comes out of the last step */
  uint16_t n_rows; /* weights of this layer that have been read */
  uint16_t n_layers, said_scalers, said_layers;
  uint8_t has_ended;
} emlc_csv_network_loader;

enum {
  EMLC_CSV_NETWORK_FORM = EMLC_CSV_N_HEAD_KINDS,
  EMLC_CSV_NETWORK_SIZE,
  EMLC_CSV_NETWORK_SCALER,
  EMLC_CSV_NETWORK_OFFSET,
  EMLC_CSV_NETWORK_SCALE,
  EMLC_CSV_NETWORK_LAYER,
  EMLC_CSV_NETWORK_WEIGHTS,
  EMLC_CSV_NETWORK_BIAS,
  EMLC_CSV_NETWORK_POST,
  EMLC_CSV_N_NETWORK_KINDS
};

static inline const emlc_csv_kind* emlc_csv_network_kinds(void) {
  static const emlc_csv_kind kinds[EMLC_CSV_N_NETWORK_KINDS] = {
      EMLC_CSV_HEAD_KINDS,          {"emlc", 2, 2, 1},
      {"network", 2, 2, 1},         {"scaler", 1, 3, 0},
      {"offset", 1, UINT16_MAX, 0}, {"scale", 1, UINT16_MAX, 0},
      {"layer", 3, 4, 0},           {"w", 1, UINT16_MAX, 0},
      {"b", 1, UINT16_MAX, 0},      {"post", 1, 4, 1}};
  return kinds;
}

/** The record that may stand where `kind` does, and nowhere else. */
static inline emlc_csv_next emlc_csv_network_place(int kind) {
  switch (kind) {
    case EMLC_CSV_NETWORK_FORM:
      return EMLC_CSV_NEXT_FORM;
    case EMLC_CSV_NETWORK_OFFSET:
      return EMLC_CSV_NEXT_OFFSET;
    case EMLC_CSV_NETWORK_SCALE:
      return EMLC_CSV_NEXT_SCALE;
    case EMLC_CSV_NETWORK_WEIGHTS:
      return EMLC_CSV_NEXT_WEIGHTS;
    case EMLC_CSV_NETWORK_BIAS:
      return EMLC_CSV_NEXT_BIAS;
    default:
      return EMLC_CSV_NEXT_STEP;
  }
}

/** A scaler or a layer begins: its step, filled by the fields that follow. */
static inline emlc_status emlc_csv_network_add_step(emlc_csv_network_loader* loader) {
  emlc_csv_network* model = loader->model;
  emlc_csv_step* step;
  if (model->head.n_features == 0) return EMLC_ERR_FORMAT; /* the record input comes first */
  if (model->n_steps == model->memory.max_steps) return EMLC_ERR_MEMORY;
  step = model->memory.steps + model->n_steps;
  memset(step, 0, sizeof *step);
  step->first = loader->n_values;
  step->n_in = step->n_out = model->n_steps == 0 ? model->head.n_features : loader->width;
  ++model->n_steps;
  return EMLC_OK;
}

/** The first field of a line. */
static inline emlc_status emlc_csv_network_begin_line(emlc_csv_network_loader* loader) {
  loader->kind = emlc_csv_find_kind(emlc_csv_network_kinds(), EMLC_CSV_N_NETWORK_KINDS, &loader->text);
  if (loader->kind < 0 || loader->has_ended) return EMLC_ERR_FORMAT;
  if (loader->next != emlc_csv_network_place(loader->kind)) return EMLC_ERR_FORMAT;
  if (emlc_csv_note_kind(emlc_csv_network_kinds(), loader->kind, &loader->text) != EMLC_OK) return EMLC_ERR_FORMAT;
  if (loader->kind == EMLC_CSV_NETWORK_SCALER) {
    return loader->n_layers == 0 ? emlc_csv_network_add_step(loader) : EMLC_ERR_FORMAT;
  }
  return loader->kind == EMLC_CSV_NETWORK_LAYER ? emlc_csv_network_add_step(loader) : EMLC_OK;
}

static inline emlc_status emlc_csv_network_read_form(const emlc_csv_text* text) {
  if (text->column == 1) return emlc_csv_field_is(text, "mlp") ? EMLC_OK : EMLC_ERR_FORMAT;
  return emlc_csv_field_is(text, "1") ? EMLC_OK : EMLC_ERR_VERSION;
}

static inline emlc_status emlc_csv_network_read_scaler(emlc_csv_network_loader* loader) {
  emlc_csv_step* step = loader->model->memory.steps + loader->model->n_steps - 1;
  emlc_status status;
  switch (loader->text.column) {
    case 1:
      step->kind = emlc_csv_field_is(&loader->text, "multiply_add") ? EMLC_CSV_MULTIPLY_ADD : EMLC_CSV_SUBTRACT_DIVIDE;
      if (step->kind == EMLC_CSV_MULTIPLY_ADD) return EMLC_OK;
      return emlc_csv_field_is(&loader->text, "subtract_divide") ? EMLC_OK : EMLC_ERR_FORMAT;
    case 2:
      return emlc_csv_field_f32(&loader->text, &step->low);
    default:
      status = emlc_csv_field_f32(&loader->text, &step->high);
      step->has_clip = 1;
      return status == EMLC_OK && step->low > step->high ? EMLC_ERR_RANGE : status;
  }
}

static inline emlc_status emlc_csv_network_read_layer(emlc_csv_network_loader* loader) {
  static const char* const activations[] = {"identity", "relu",    "relu6",    "leaky_relu", "tanh",
                                            "logistic", "softmax", "softplus", "elu"};
  emlc_csv_step* step = loader->model->memory.steps + loader->model->n_steps - 1;
  uint16_t n_in = 0;
  emlc_status status;
  int word;
  switch (loader->text.column) {
    case 1:
      step->kind = EMLC_CSV_DENSE;
      word = emlc_csv_field_word(&loader->text, activations, 9);
      if (word < 0) return EMLC_ERR_FORMAT;
      step->activation = (emlc_activation)word;
      return emlc_has_activation((unsigned)word) ? EMLC_OK : EMLC_ERR_UNSUPPORTED;
    case 2:
      status = emlc_csv_field_u16(&loader->text, 1, EMLC_CSV_MOST_FEATURES, &n_in);
      return status == EMLC_OK && n_in != step->n_in ? EMLC_ERR_SIZE : status;
    case 3:
      return emlc_csv_field_u16(&loader->text, 1, EMLC_CSV_MOST_OUTPUTS, &step->n_out);
    default:
      return emlc_csv_field_f32(&loader->text, &step->alpha);
  }
}

/** The next number of a row. */
static inline emlc_status emlc_csv_network_read_value(emlc_csv_network_loader* loader) {
  const emlc_csv_network_memory* memory = &loader->model->memory;
  const emlc_csv_step* step = memory->steps + loader->model->n_steps - 1;
  float value = 0.0F;
  const emlc_status status = emlc_csv_field_f32(&loader->text, &value);
  if (status != EMLC_OK) return status;
  if (loader->n_values == memory->max_values) return EMLC_ERR_MEMORY;
  memory->values[loader->n_values++] = value;
  if (loader->kind == EMLC_CSV_NETWORK_SCALE && step->kind == EMLC_CSV_SUBTRACT_DIVIDE && value == 0.0F) {
    return EMLC_ERR_RANGE;
  }
  return EMLC_OK;
}

static inline emlc_status emlc_csv_network_read_field(emlc_csv_network_loader* loader) {
  switch (loader->kind) {
    case EMLC_CSV_NETWORK_FORM:
      return emlc_csv_network_read_form(&loader->text);
    case EMLC_CSV_NETWORK_SIZE:
      return emlc_csv_field_u16(&loader->text, 0, EMLC_CSV_MOST_STEPS,
                                loader->text.column == 1 ? &loader->said_scalers : &loader->said_layers);
    case EMLC_CSV_NETWORK_SCALER:
      return emlc_csv_network_read_scaler(loader);
    case EMLC_CSV_NETWORK_LAYER:
      return emlc_csv_network_read_layer(loader);
    case EMLC_CSV_NETWORK_OFFSET:
    case EMLC_CSV_NETWORK_SCALE:
    case EMLC_CSV_NETWORK_WEIGHTS:
    case EMLC_CSV_NETWORK_BIAS:
      return emlc_csv_network_read_value(loader);
    case EMLC_CSV_NETWORK_POST:
      return emlc_csv_read_post(&loader->model->post, &loader->text);
    default:
      return emlc_csv_read_head(&loader->model->head, loader->kind, &loader->text);
  }
}

/** At the end of a row of numbers: had it as many as the step needs? Then what comes next. */
static inline emlc_status emlc_csv_network_end_row(emlc_csv_network_loader* loader) {
  const emlc_csv_step* step = loader->model->memory.steps + loader->model->n_steps - 1;
  const uint16_t n = loader->kind == EMLC_CSV_NETWORK_BIAS ? step->n_out : step->n_in;
  if (loader->text.column - 1 != n) return EMLC_ERR_SIZE;
  switch (loader->kind) {
    case EMLC_CSV_NETWORK_OFFSET:
      loader->next = EMLC_CSV_NEXT_SCALE;
      break;
    case EMLC_CSV_NETWORK_WEIGHTS:
      if (++loader->n_rows == step->n_out) loader->next = EMLC_CSV_NEXT_BIAS;
      break;
    default: /* scale and bias are the last of their step */
      loader->next = EMLC_CSV_NEXT_STEP;
      break;
  }
  return EMLC_OK;
}

static inline emlc_status emlc_csv_network_end_line(emlc_csv_network_loader* loader) {
  emlc_csv_network* model = loader->model;
  const emlc_status status = emlc_csv_check_fields(emlc_csv_network_kinds() + loader->kind, &loader->text);
  if (status != EMLC_OK) return status;
  switch (loader->kind) {
    case EMLC_CSV_NETWORK_FORM:
      loader->next = EMLC_CSV_NEXT_STEP;
      break;
    case EMLC_CSV_NETWORK_SCALER:
      if (loader->text.column == 3) return EMLC_ERR_FORMAT; /* one limit of two */
      loader->next = EMLC_CSV_NEXT_OFFSET;
      loader->width = model->head.n_features;
      break;
    case EMLC_CSV_NETWORK_LAYER:
      loader->next = EMLC_CSV_NEXT_WEIGHTS;
      loader->width = model->memory.steps[model->n_steps - 1].n_out;
      loader->n_rows = 0;
      ++loader->n_layers;
      break;
    case EMLC_CSV_NETWORK_OFFSET:
    case EMLC_CSV_NETWORK_SCALE:
    case EMLC_CSV_NETWORK_WEIGHTS:
    case EMLC_CSV_NETWORK_BIAS:
      return emlc_csv_network_end_row(loader);
    case EMLC_CSV_END:
      loader->has_ended = 1;
      break;
    default:
      break;
  }
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_CSV_NETWORK_RECORDS_H */
