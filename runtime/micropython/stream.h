/**
 * Streams: the samples of a sensor go into a model that has a signal; and what filters and they begin anew with.
 */
#ifndef EMLC_MP_STREAM_H
#define EMLC_MP_STREAM_H

#include "filter.h"
#include "model.h"

#ifndef EMLC_MP_NO_SIGNALS
/** The signal of a blob that has one, with memory for its stream; else NULL. `model` is where it stays. */
static emlc_mp_stream* emlc_mp_new_stream(const emlc_model* model, uint32_t* ram) {
  emlc_signal signal;
  emlc_mp_stream* stream;
  emlc_status status;
  if (emlc_signal_place(model) == 0) return NULL;
  status = emlc_signal_open(model, &signal);
  if (status != EMLC_OK) emlc_mp_refuse((emlc_mp_refusal)(EMLC_MP_REFUSED_STATUS - 1 - (int)status));
  stream = emlc_mp_renew(NULL, 0, sizeof(emlc_mp_stream) + signal.state_size);
  stream->signal = signal;
  *ram += (uint32_t)sizeof(emlc_mp_stream) + signal.state_size;
  (void)emlc_signal_reset(&signal, stream->state);
  return stream;
}

/** What the model says about the complete window; a decision, or of a model without one the class or the output 0. */
static mp_obj_t emlc_mp_answer(emlc_mp_model* self) {
  const emlc_signal* signal = &self->stream->signal;
  const void* x = emlc_signal_features(signal, self->stream->state);
  int32_t vote;
#ifndef EMLC_NO_LINKED_TREES
  if (self->linked != NULL) {
    emlc_linked_keys(self->linked, x, (int32_t*)(void*)self->x);
    x = self->x;
  }
#endif
  vote = emlc_mp_class_of(self, x, 0);
  if (self->model.rule == EMLC_RULE_NONE) return mp_obj_new_float_from_f(self->y[0]);
  if (signal->n_classes == 0) return MP_OBJ_NEW_SMALL_INT(vote);
  if (emlc_load_u32(signal->layer + EMLC_SIGNAL_AT_REJECT) != 0) {
    emlc_mp_run(self, x);
    if (!emlc_signal_is_sure(signal, self->y)) vote = -1;
  }
  if (vote >= (int32_t)signal->n_classes) vote = -1; /* of trees whose rule is not the blob's */
  return MP_OBJ_NEW_SMALL_INT(emlc_signal_take_vote(signal, self->stream->state, vote));
}

/** push(samples): what is decided behind the last window that they complete, -1 for no class; None: they complete none.
 */
static mp_obj_t emlc_mp_push(mp_obj_t self_in, mp_obj_t samples) {
  static const char codes[] = "f?bBhi"; /* of EMLC_TYPE_... */
  emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
  emlc_mp_stream* stream = self->stream;
  mp_obj_t answer = mp_const_none;
  emlc_mp_values values;
  size_t n, size;
  emlc_mp_values_of(samples, EMLC_MP_READ, &values);
  if (stream == NULL) emlc_mp_refuse(EMLC_MP_REFUSED_NO_SIGNAL);
  if (values.code != (unsigned)codes[stream->signal.sample_type]) {
    emlc_mp_refuse_with(EMLC_MP_REFUSED_TYPE, codes[stream->signal.sample_type]);
  }
  n = values.n / stream->signal.n_channels;
  if (n * stream->signal.n_channels != values.n) {
    emlc_mp_refuse_with(EMLC_MP_REFUSED_FRAMES, stream->signal.n_channels);
  }
  size = stream->signal.n_channels * emlc_signal_sample_size(stream->signal.sample_type);
  for (const uint8_t* at = values.at; n != 0;) {
    const size_t taken = emlc_signal_push(&stream->signal, stream->state, at, n);
    at += taken * size;
    n -= taken;
    if (emlc_signal_is_complete(stream->state)) answer = emlc_mp_answer(self);
  }
  return answer;
}
static MP_DEFINE_CONST_FUN_OBJ_2(emlc_mp_push_object, emlc_mp_push);
#endif

#if !defined(EMLC_NO_FILTERS) || !defined(EMLC_MP_NO_SIGNALS)
#define EMLC_MP_HAS_RESET
/** Begins anew: what a filter has heard, or a stream, is forgotten. */
static mp_obj_t emlc_mp_reset(mp_obj_t self_in) {
  emlc_mp_model* self = MP_OBJ_TO_PTR(self_in);
#ifndef EMLC_MP_NO_SIGNALS
  if (self->stream != NULL) (void)emlc_signal_reset(&self->stream->signal, self->stream->state);
#endif
#ifndef EMLC_NO_FIXED
  (void)emlc_filter_reset_fixed(&self->model, (uint32_t*)(void*)self->work);
#endif
#ifndef EMLC_NO_FILTERS
  (void)emlc_filter_reset(&self->model, (float*)(void*)self->work);
#endif
  return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(emlc_mp_reset_object, emlc_mp_reset);
#endif

#endif /* EMLC_MP_STREAM_H */
