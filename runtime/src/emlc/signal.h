/**
 * From the samples of a sensor to the decision of a .tmdl blob that has a signal: channels, derived signals, windows,
 * features, the model, and what becomes of its answers. C99 and C++11; libc: memcpy, memset; libm: sqrtf, and as
 * activations.h says.
 *
 *   emlc_model model;
 *   emlc_signal signal;
 *   emlc_status status = emlc_tmdl_open(blob, sizeof blob, &model);
 *   if (status == EMLC_OK) status = emlc_signal_open(&model, &signal);
 *   if (status == EMLC_OK) status = emlc_signal_reset(&signal, state);      emlc_signal_state_size(&signal) bytes
 *   ...
 *   for (size_t taken = 0; taken < n;) {
 *     taken += emlc_signal_push(&signal, state, frames + taken * n_channels, n - taken);
 *     if (emlc_signal_is_complete(state)) emlc_signal_decide(&signal, state, &decision);
 *   }
 *
 * How frames are cut into blocks makes no difference. Features have the bits of `emlc features`, as float32, on every
 * machine. emlc_run and emlc_decide run the model of such a blob with features of the caller's, as ever. A program that
 * does not include this header has none of its code.
 */
#ifndef EMLC_SIGNAL_H
#define EMLC_SIGNAL_H

#ifdef EMLC_NO_SIGNALS
#error "EMLC_NO_SIGNALS leaves out what this header is for"
#endif

#include <stddef.h>
#include <stdint.h>

#include "signal_decision.h"
#include "signal_layer.h"
#include "signal_open.h"
#include "signal_stream.h"
#include "signal_window.h"
#include "status.h"
#include "tmdl.h"
#include "tmdl_typed.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the state of one stream of samples. */
static inline uint32_t emlc_signal_state_size(const emlc_signal* signal) { return signal->state_size; }

/** The type of the samples of a frame, EMLC_TYPE_...: int8_t, uint8_t, int16_t, int32_t or float. */
static inline uint8_t emlc_signal_sample_type(const emlc_signal* signal) { return signal->sample_type; }

static inline emlc_signal_head emlc_signal_head_of(const void* state) {
  emlc_signal_head head;
  memcpy(&head, state, sizeof head);
  return head;
}

/**
 * Before the first frame.
 *
 * @param state  state_size bytes, aligned to 8; then owned by these functions
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_ALIGN the state is not aligned
 */
static inline emlc_status emlc_signal_reset(const emlc_signal* signal, void* state) {
  emlc_signal_head head;
  if (signal == NULL || state == NULL) return EMLC_ERR_NULL;
  if ((uintptr_t)state % EMLC_TMDL_ALIGN != 0) return EMLC_ERR_ALIGN;
  memset(state, 0, (size_t)signal->state_size);
  memset(&head, 0, sizeof head);
  head.left = signal->length;
  head.held = emlc_load_u16(signal->layer + EMLC_SIGNAL_AT_HOLD); /* any class may come at once */
  head.decision = -1;
  memcpy(state, &head, sizeof head);
  return EMLC_OK;
}

/**
 * Take frames, up to and with the one that completes a window.
 *
 * @param state   set by emlc_signal_reset before the first frame; one per stream
 * @param frames  [n_frames][n_channels] samples of the type of the signal, at any address
 * @return how many it took: as long as these are fewer than n_frames, the next call takes the rest
 */
static inline size_t emlc_signal_push(const emlc_signal* signal, void* state, const void* frames, size_t n_frames) {
  emlc_signal_head head = emlc_signal_head_of(state);
  emlc_signal_frame frame;
  const uint8_t* samples = (const uint8_t*)frames;
  const size_t frame_size = signal->n_channels * emlc_signal_sample_size(signal->sample_type);
  size_t taken = 0;
  if (n_frames != 0 && head.left == 0) {
    head.left = signal->hop;
    head.has_values = head.is_settled = 0;
  }
  frame.signal = signal;
  frame.state = (uint8_t*)state;
  frame.now = (int64_t*)(void*)(frame.state + EMLC_SIGNAL_HEAD_SIZE);
  for (; taken < n_frames && head.left != 0; ++taken) {
    frame.is_begun = head.is_begun;
    emlc_signal_take_frame(&frame, samples + taken * frame_size, head.phase);
    head.is_begun = 1;
    head.phase = head.phase + 1 == signal->hop ? 0 : head.phase + 1;
    --head.left;
  }
  memcpy(state, &head, sizeof head);
  return taken;
}

/** Did the last frame that was taken complete a window? It lasts until the next frame. */
static inline int emlc_signal_is_complete(const void* state) { return emlc_signal_head_of(state).left == 0; }

/**
 * The features of the complete window, as the model takes them.
 *
 * @return [n_features] in the state, until the next frame; NULL where no window is complete
 */
static inline const float* emlc_signal_features(const emlc_signal* signal, void* state) {
  emlc_signal_head head = emlc_signal_head_of(state);
  uint8_t* bytes = (uint8_t*)state;
  if (head.left != 0) return NULL;
  if (!head.has_values) {
    emlc_signal_make_features(signal, bytes);
    head.has_values = 1;
    memcpy(state, &head, sizeof head);
  }
  return (const float*)(const void*)(bytes + signal->values);
}

/**
 * What the model says about the complete window.
 *
 * @param y  [n_outputs] as emlc_run gives them
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_SIZE no window is complete
 */
static inline emlc_status emlc_signal_predict(const emlc_signal* signal, void* state, float* y) {
  const float* x;
  if (signal == NULL || state == NULL || y == NULL) return EMLC_ERR_NULL;
  x = emlc_signal_features(signal, state);
  return x == NULL ? EMLC_ERR_SIZE : emlc_run(signal->model, x, y, (uint8_t*)state + signal->work);
}

/** Takes the vote of the complete window, which has none yet; returns the decision. */
static inline int32_t emlc_signal_take_vote(const emlc_signal* signal, void* state, int32_t vote) {
  emlc_signal_head head = emlc_signal_head_of(state);
  head.is_settled = 1;
  emlc_signal_settle(signal, (uint8_t*)state, &head, vote);
  memcpy(state, &head, sizeof head);
  return head.decision;
}

/** The vote of the complete window: a class, or -1 where the outputs are not sure enough. Trees that decide on their
 * sums have a rule of their own, which is not believed. */
static inline int32_t emlc_signal_vote(const emlc_signal* signal, void* state) {
  const float* x = emlc_signal_features(signal, state);
  uint8_t* work = (uint8_t*)state + signal->work;
  float* y = (float*)(void*)(work + signal->model->work_size);
  int32_t vote = -1;
  if (emlc_load_u32(signal->layer + EMLC_SIGNAL_AT_REJECT) == 0) {
    vote = emlc_decide(signal->model, x, work);
  } else {
    (void)emlc_run(signal->model, x, y, work);
    if (emlc_signal_is_sure(signal, y)) vote = emlc_predict_class(signal->model, y);
  }
  return vote >= 0 && vote < (int32_t)signal->n_classes ? vote : -1;
}

/**
 * What is decided behind the complete window, from its answer and those of the windows before it. A window votes once,
 * when it is asked about first; one that is not asked about before the next frame has no vote.
 *
 * @param decision  a class, or -1 for none; where no window is complete what was decided last, -1 before the first one
 * @return EMLC_OK; EMLC_ERR_NULL a pointer is NULL; EMLC_ERR_UNSUPPORTED the model makes no decision, or several
 */
static inline emlc_status emlc_signal_decide(const emlc_signal* signal, void* state, int32_t* decision) {
  if (signal == NULL || state == NULL || decision == NULL) return EMLC_ERR_NULL;
  if (signal->n_classes == 0) return EMLC_ERR_UNSUPPORTED;
  const emlc_signal_head head = emlc_signal_head_of(state);
  const int has_vote = head.left == 0 && !head.is_settled;
  *decision = has_vote ? emlc_signal_take_vote(signal, state, emlc_signal_vote(signal, state)) : head.decision;
  return EMLC_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* EMLC_SIGNAL_H */
