/**
 * Opening the signal of a .tmdl blob: everything is checked here, once, so that no sample needs a check. Part of
 * signal.h.
 */
#ifndef EMLC_SIGNAL_OPEN_H
#define EMLC_SIGNAL_OPEN_H

#include <stddef.h>
#include <stdint.h>

#include "signal_check.h"
#include "signal_layer.h"
#include "status.h"
#include "tmdl_open.h"
#include "tmdl_typed.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where the layer of the signal begins in an opened blob; 0: it has none. */
static inline uint32_t emlc_signal_place(const emlc_model* model) {
  const uint8_t* blob = model->blob;
  uint32_t at = EMLC_TMDL_HEADER_SIZE;
  if (emlc_load_u32(blob + EMLC_AT_MAGIC) != EMLC_TMDL_MAGIC) return 0;
  if ((emlc_load_u16(blob + EMLC_AT_FLAGS) & EMLC_FLAGS_SIGNAL) == 0) return 0;
  for (uint32_t i = 0; i < model->n_layers; ++i) at += emlc_load_u32(blob + at + EMLC_LAYER_AT_SIZE);
  return model->targets == 0 ? at : at + emlc_round_to_8(2U + 2U * (uint32_t)model->n_targets);
}

/** The type of samples, the window, the counts. */
static inline emlc_status emlc_signal_check_head(const emlc_tmdl_layer* layer, emlc_signal* signal) {
  const uint8_t type = layer->bytes[EMLC_SIGNAL_AT_TYPE];
  if (layer->type != EMLC_LAYER_SIGNAL || layer->is_out != 0) return EMLC_ERR_FORMAT;
  if (layer->size < EMLC_SIGNAL_AT_DATA) return EMLC_ERR_SIZE;
  if (layer->bytes[EMLC_SIGNAL_AT_VERSION] != EMLC_SIGNAL_VERSION) return EMLC_ERR_VERSION;
  if (type > EMLC_TYPE_I32 || type == EMLC_TYPE_F32 + 1) return EMLC_ERR_UNSUPPORTED;
  signal->sample_type = type;
  signal->n_channels = layer->n_in;
  signal->n_signals = emlc_load_u16(layer->bytes + EMLC_SIGNAL_AT_N_SIGNALS);
  signal->length = emlc_load_u32(layer->bytes + EMLC_SIGNAL_AT_LENGTH);
  signal->hop = emlc_load_u32(layer->bytes + EMLC_SIGNAL_AT_HOP);
  if (signal->n_channels == 0 || signal->n_signals < signal->n_channels) return EMLC_ERR_SIZE;
  if (layer->n_out != signal->model->n_features || signal->model->n_sections != 0) return EMLC_ERR_FORMAT;
  if (signal->length - 1U >= EMLC_SIGNAL_MOST_FRAMES || signal->hop - 1U >= EMLC_SIGNAL_MOST_FRAMES) {
    return EMLC_ERR_RANGE;
  }
  return EMLC_OK;
}

/** The classes that votes are for; 0: there is no decision, or it is one for each of several targets. */
static inline uint16_t emlc_signal_classes(const emlc_model* model) {
  if (model->rule == EMLC_RULE_NONE || model->n_targets != 1) return 0;
  return emlc_rule_compares(model->rule) ? 2 : model->n_outputs;
}

/** What becomes of the votes of windows. */
static inline emlc_status emlc_signal_check_decision(emlc_signal* signal, emlc_signal_chain* chain) {
  const uint8_t* layer = signal->layer;
  const uint8_t smoothing = layer[EMLC_SIGNAL_AT_SMOOTHING], n_votes = layer[EMLC_SIGNAL_AT_N_VOTES];
  const uint32_t reject = emlc_load_u32(layer + EMLC_SIGNAL_AT_REJECT);
  emlc_status status = EMLC_OK;
  if (smoothing > EMLC_SMOOTHING_EXPONENTIAL) return EMLC_ERR_UNSUPPORTED;
  if ((smoothing != EMLC_SMOOTHING_NONE) != (n_votes != 0)) return EMLC_ERR_FORMAT;
  if (reject >= 0x7F800000U) return EMLC_ERR_RANGE; /* negative, infinite or NaN */
  signal->n_classes = emlc_signal_classes(signal->model);
  const int has_filter = smoothing != EMLC_SMOOTHING_NONE || reject != 0 || layer[EMLC_SIGNAL_AT_HOLD] != 0 ||
                         layer[EMLC_SIGNAL_AT_HOLD + 1] != 0;
  if (has_filter && signal->n_classes == 0) return EMLC_ERR_FORMAT;
  signal->votes = chain->at;
  if (smoothing == EMLC_SMOOTHING_MAJORITY) status = emlc_signal_take(chain, 0, n_votes, 1);
  signal->weights = chain->at;
  if (status == EMLC_OK && smoothing != EMLC_SMOOTHING_NONE) {
    status = emlc_signal_take(chain, 0, (uint32_t)signal->n_classes + 1U, 2);
  }
  return status;
}

/** Where the features are, the samples of a window, and then the model in their place. */
static inline emlc_status emlc_signal_take_rest(emlc_signal* signal, emlc_signal_chain* chain) {
  emlc_status status;
  signal->values = chain->at;
  status = emlc_signal_take(chain, 0, signal->model->n_features, 2);
  signal->samples = signal->work = chain->at;
  if (status == EMLC_OK) status = emlc_signal_take(chain, 0, chain->most_samples, 3);
  signal->others = chain->at;
  if (status == EMLC_OK && chain->has_others) status = emlc_signal_take(chain, 0, chain->most_samples, 3);
  /* A vote that may be rejected runs the model: the outputs stand behind what that works in. */
  const int runs = emlc_load_u32(signal->layer + EMLC_SIGNAL_AT_REJECT) != 0;
  const uint32_t outputs = signal->model->work_size + (uint32_t)sizeof(float) * signal->model->n_outputs;
  const uint32_t work = runs ? outputs : emlc_decide_work_size(signal->model), taken = chain->at - signal->work;
  if (status == EMLC_OK && work > taken) status = emlc_signal_take(chain, 0, work - taken, 0);
  return status;
}

/** All records, then what the state has beside them. */
static inline emlc_status emlc_signal_check_records(emlc_signal* signal, uint32_t size) {
  emlc_signal_chain chain;
  emlc_status status = EMLC_OK;
  const uint32_t rows = (uint32_t)signal->n_signals * EMLC_SIGNAL_ROW_SIZE;
  const uint32_t features = (uint32_t)signal->model->n_features * EMLC_SIGNAL_FEATURE_SIZE;
  if (rows + features > size - EMLC_SIGNAL_AT_DATA) return EMLC_ERR_RANGE;
  signal->rows = signal->layer + EMLC_SIGNAL_AT_DATA;
  signal->features = signal->rows + rows;
  chain.size = size;
  chain.data = EMLC_SIGNAL_AT_DATA + rows + features;
  chain.at = emlc_signal_first_memory(signal);
  chain.most_samples = 0;
  chain.has_others = 0;
  for (uint32_t i = 0; status == EMLC_OK && i < signal->n_signals; ++i) {
    status = emlc_signal_check_row(signal, &chain, i);
  }
  for (uint32_t i = 0; status == EMLC_OK && i < signal->model->n_features; ++i) {
    status = emlc_signal_check_feature(signal, &chain, i);
  }
  if (status == EMLC_OK) status = emlc_signal_check_decision(signal, &chain);
  if (status == EMLC_OK) status = emlc_signal_take_rest(signal, &chain);
  signal->state_size = chain.at;
  if (status != EMLC_OK) return status;
  return emlc_load_u32(signal->layer + EMLC_SIGNAL_AT_STATE_SIZE) == chain.at ? EMLC_OK : EMLC_ERR_FORMAT;
}

/**
 * Check the signal of an opened blob in full and describe it.
 *
 * @param model   opened by emlc_tmdl_open; it and the blob stay where they are while the signal is in use
 * @param signal  written only when the answer is EMLC_OK; after that emlc_signal_push and the others stay inside the
 *                blob and the state that they are given, whatever the samples
 * @return EMLC_OK, or
 *         EMLC_ERR_NULL         a pointer is NULL
 *         EMLC_ERR_UNSUPPORTED  the blob has no signal, or one with something that this build does not do
 *         EMLC_ERR_SIZE, EMLC_ERR_FORMAT, EMLC_ERR_RANGE  the layer is wrong
 *         EMLC_ERR_VERSION      a newer emlc wrote it
 *         EMLC_ERR_MEMORY       the state would take 2 GiB
 */
static inline emlc_status emlc_signal_open(const emlc_model* model, emlc_signal* signal) {
  emlc_signal opened;
  emlc_status status;
  uint32_t place, left;
  if (model == NULL || signal == NULL) return EMLC_ERR_NULL;
  place = emlc_signal_place(model);
  if (place == 0) return EMLC_ERR_UNSUPPORTED;
  memset(&opened, 0, sizeof opened);
  opened.model = model;
  opened.layer = model->blob + place;
  left = emlc_load_u32(model->blob + EMLC_AT_TOTAL_SIZE) - place;
  if (left < EMLC_LAYER_HEADER_SIZE) return EMLC_ERR_SIZE;
  const emlc_tmdl_layer layer = emlc_tmdl_layer_at(opened.layer);
  if (layer.size != left || left % EMLC_TMDL_ALIGN != 0) return EMLC_ERR_SIZE;
  status = emlc_signal_check_head(&layer, &opened);
  if (status == EMLC_OK) status = emlc_signal_check_records(&opened, left);
  if (status == EMLC_OK) *signal = opened;
  return status;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_OPEN_H */
