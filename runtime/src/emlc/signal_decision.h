/**
 * From what a model says about each window to a decision: an answer that is not sure is none, the last ones are one,
 * and what is decided stays for a while. docs/signals.md has the meaning. Part of signal.h.
 */
#ifndef EMLC_SIGNAL_DECISION_H
#define EMLC_SIGNAL_DECISION_H

#include <stddef.h>
#include <stdint.h>

#include "signal_layer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The place of a vote, -1 for none, among the weights. */
static inline uint32_t emlc_signal_weight_of(const emlc_signal* signal, int32_t vote) {
  return vote < 0 ? signal->n_classes : (uint32_t)vote;
}

/** The vote with the largest weight: of equal ones the decision that is there, else the first class. */
static inline int32_t emlc_signal_heaviest(const emlc_signal* signal, const uint32_t* weights, int32_t decision) {
  uint32_t best = 0;
  for (uint32_t i = 1; i <= signal->n_classes; ++i) {
    if (weights[i] > weights[best]) best = i;
  }
  if (weights[emlc_signal_weight_of(signal, decision)] == weights[best]) return decision;
  return best == signal->n_classes ? -1 : (int32_t)best;
}

/** The vote of this window takes the place of the oldest one. */
static inline void emlc_signal_count(const emlc_signal* signal, emlc_signal_head* head, uint16_t* votes,
                                     uint32_t* weights, int32_t vote) {
  const uint32_t most = signal->layer[EMLC_SIGNAL_AT_N_VOTES], place = emlc_signal_weight_of(signal, vote);
  if (head->n_votes == most) {
    --weights[votes[head->vote_at]];
  } else {
    ++head->n_votes;
  }
  votes[head->vote_at] = (uint16_t)place;
  ++weights[place];
  head->vote_at = head->vote_at + 1 == most ? 0 : head->vote_at + 1;
}

/** The weight of the vote moves to 32768, all others to 0, by the same share of the way. */
static inline void emlc_signal_weigh(const emlc_signal* signal, uint32_t* weights, int32_t vote) {
  const uint32_t n = (uint32_t)signal->layer[EMLC_SIGNAL_AT_N_VOTES] + 1U;
  const uint32_t step = (2U * 65536U + n / 2U) / n;
  for (uint32_t i = 0; i <= signal->n_classes; ++i) weights[i] -= weights[i] * step >> 16;
  weights[emlc_signal_weight_of(signal, vote)] += step >> 1;
}

/** Takes the vote of the next window, a class or -1 for none. */
static inline void emlc_signal_settle(const emlc_signal* signal, uint8_t* state, emlc_signal_head* head, int32_t vote) {
  const uint8_t smoothing = signal->layer[EMLC_SIGNAL_AT_SMOOTHING];
  const uint32_t hold = emlc_load_u16(signal->layer + EMLC_SIGNAL_AT_HOLD);
  uint32_t* weights = (uint32_t*)(void*)(state + signal->weights);
  if (smoothing == EMLC_SMOOTHING_MAJORITY) {
    emlc_signal_count(signal, head, (uint16_t*)(void*)(state + signal->votes), weights, vote);
  } else if (smoothing == EMLC_SMOOTHING_EXPONENTIAL) {
    emlc_signal_weigh(signal, weights, vote);
  }
  if (smoothing != EMLC_SMOOTHING_NONE) vote = emlc_signal_heaviest(signal, weights, head->decision);
  if (vote != head->decision && head->held >= hold) {
    head->decision = vote;
    head->held = 0;
  }
  if (head->held < hold) ++head->held;
}

/** 1 if the outputs are sure enough: of several the largest less the second, of one its distance to the threshold. */
static inline int emlc_signal_is_sure(const emlc_signal* signal, const float* y) {
  const float least = emlc_f32_at(signal->layer + EMLC_SIGNAL_AT_REJECT);
  const uint32_t n = signal->model->n_outputs;
  float largest = y[0], second = 0.0F;
  if (n == 1) {
    const float distance = y[0] - signal->model->threshold;
    return distance >= least || -distance >= least;
  }
  for (uint32_t i = 0; i < n; ++i) {
    if (y[i] != y[i]) return 0;
    if (i == 0) continue;
    const float smaller = y[i] < largest ? y[i] : largest;
    if (i == 1 || smaller > second) second = smaller;
    if (y[i] > largest) largest = y[i];
  }
  return largest - second >= least;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_DECISION_H */
