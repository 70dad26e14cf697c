/* A device gets another model while it is in use, and its power fails: at every single operation of the flash, within
   it and right behind it. After each cut it has to start with the old model or the new one, whole, and decide as that
   one; and the update that comes again has to succeed. */
#include <emlc/tmdl.h>
#include <stdio.h>
#include <string.h>

#include "flash.h"
#include "new_model.h"
#include "old_model.h"
#include "rows.h"
#include "update.h"

enum { N_FEATURES = OLD_MODEL_BLOB_N_FEATURES, N_CLASSES = 2, N_ROWS = 171, N_CHECKED = 8, NOBODY = 2 };
enum { MOST_OUTPUTS = 2, WORK_BYTES = 256, PIECE_BYTES = 100 };

/* A model as it comes by radio, and what scikit-learn predicts with it. */
typedef struct candidate {
  const char* name;
  const uint8_t* blob;
  size_t size;
  const char* predictions_file;
  int predictions[N_ROWS];
} candidate;

static candidate candidates[2] = {
    {"random forest", old_model_blob, OLD_MODEL_BLOB_BYTES, OLD_DATA "/y_pred.csv", {0}},
    {"gradient boosting", new_model_blob, NEW_MODEL_BLOB_BYTES, NEW_DATA "/y_pred.csv", {0}},
};
static const update_wanted wanted = {N_FEATURES, N_CLASSES, MOST_OUTPUTS, WORK_BYTES};
static float rows[N_ROWS][N_FEATURES], work[WORK_BYTES / sizeof(float)];
static int checked_rows[N_CHECKED]; /* those that the models decide differently are among them */
static uint8_t before[FLASH_BYTES];

static void fail(const char* what) {
  fprintf(stderr, "failed: %s\n", what);
  exit(EXIT_FAILURE);
}

static void read_data(void) {
  FILE* patients = open_rows(OLD_DATA "/X_test.csv"); /* the other model has the same test set */
  for (int row = 0; row < N_ROWS; ++row) {
    if (!read_row(patients, rows[row], N_FEATURES)) fail("there are too few rows");
  }
  fclose(patients);
  for (int i = 0; i < 2; ++i) {
    FILE* predictions = open_rows(candidates[i].predictions_file);
    for (int row = 0; row < N_ROWS; ++row) candidates[i].predictions[row] = (int)read_value(predictions);
    fclose(predictions);
  }
  int n = 0;
  for (int differing = 1; differing >= 0; --differing) {
    for (int row = 0; row < N_ROWS && n < N_CHECKED; ++row) {
      if ((candidates[0].predictions[row] != candidates[1].predictions[row]) == differing) checked_rows[n++] = row;
    }
  }
}

static int decides_as(const candidate* expected, const emlc_model* model, int row) {
  float y[MOST_OUTPUTS];
  return emlc_run(model, rows[row], y, work) == EMLC_OK && emlc_predict_class(model, y) == expected->predictions[row];
}

/* The index of the candidate that runs after a start, every byte of it; NOBODY when nothing does, or wrongly. */
static int start(update_running* running) {
  if (update_boot(running) != EMLC_OK) return NOBODY;
  for (int i = 0; i < 2; ++i) {
    if (memcmp(running->model.blob, candidates[i].blob, candidates[i].size) != 0) continue;
    for (int n = 0; n < N_CHECKED; ++n) {
      if (!decides_as(&candidates[i], &running->model, checked_rows[n])) return NOBODY;
    }
    return i;
  }
  return NOBODY;
}

static emlc_status install(const update_running* running, const uint8_t* blob, size_t size) {
  update_transfer transfer;
  emlc_status status = EMLC_OK;
  update_begin(&transfer, running);
  for (size_t at = 0; status == EMLC_OK && at < size; at += PIECE_BYTES) {
    status = update_write(&transfer, &wanted, blob + at, size - at < PIECE_BYTES ? size - at : PIECE_BYTES);
  }
  return status == EMLC_OK ? update_commit(&transfer) : status;
}

/* From the flash as it is to one that has `to`; the power may fail on the way. 1 if it did. */
static int update(int to, uint32_t cut, enum flash_cut where) {
  update_running running;
  if (start(&running) == NOBODY) fail("there is no model to begin with");
  flash_cut_at(cut, where);
  if (setjmp(flash_power) != 0) {
    flash_cut_at(0, where);
    return 1;
  }
  if (install(&running, candidates[to].blob, candidates[to].size) != EMLC_OK) fail("a good update was refused");
  return 0;
}

/* The operations of an update, in order. */
typedef struct phase {
  const char* name;
  uint32_t n_steps;
} phase;

typedef struct counts {
  uint32_t old_model, new_model;
} counts;

/* All that can happen when the power fails at one step: once, and again at another step of the next attempt. */
static void cut_at(uint32_t step, uint32_t n_steps, int to, counts* seen) {
  for (int where = FLASH_CUT_WITHIN; where <= FLASH_CUT_BEHIND; ++where) {
    update_running running;
    flash_restore(before);
    if (!update(to, step, (enum flash_cut)where)) fail("the power did not fail");
    const int found = start(&running);
    if (found == NOBODY) fail("after a cut no model runs, or a wrong one");
    seen->old_model += found != to;
    seen->new_model += found == to;
    (void)update(to, step * 7U % n_steps + 1U, FLASH_CUT_WITHIN);
    if (start(&running) == NOBODY) fail("after a second cut no model runs, or a wrong one");
    (void)update(to, 0, FLASH_CUT_WITHIN);
    if (start(&running) != to) fail("the update does not succeed after a cut");
  }
}

static void try_all_cuts(int to) {
  update_running running;
  const candidate *old_model = &candidates[1 - to], *new_model = &candidates[to];
  const uint32_t n_pages = ((uint32_t)new_model->size + FLASH_PAGE - 1) / FLASH_PAGE;
  const phase phases[] = {{"the slot's record is erased", 1},
                          {"its pages are erased", n_pages},
                          {"the blob is programmed", (uint32_t)new_model->size / FLASH_WORD},
                          {"the record is programmed", UPDATE_RECORD_BYTES / FLASH_WORD}};
  flash_save(before);
  (void)update(to, 0, FLASH_CUT_WITHIN);
  const uint32_t n_steps = flash_steps();
  printf("%s (%lu bytes) -> %s (%lu bytes): %lu operations\n", old_model->name, (unsigned long)old_model->size,
         new_model->name, (unsigned long)new_model->size, (unsigned long)n_steps);
  uint32_t step = 0, n_new = 0;
  for (size_t i = 0; i < sizeof phases / sizeof phases[0]; ++i) {
    counts seen = {0, 0};
    for (uint32_t n = 0; n < phases[i].n_steps; ++n) cut_at(++step, n_steps, to, &seen);
    printf("  %4lu cuts while %s: %lu start with the old model, %lu with the new one\n",
           (unsigned long)(seen.old_model + seen.new_model), phases[i].name, (unsigned long)seen.old_model,
           (unsigned long)seen.new_model);
    n_new += seen.new_model;
  }
  if (step != n_steps || n_new == 0) fail("these are not the operations of an update");
  if (start(&running) != to) fail("the update did not succeed");
}

/* An update that must not be taken: the model that runs stays, and not only until the next start. */
static void try_bad(const char* what, const uint8_t* blob, size_t size, emlc_status expected) {
  update_running running, after;
  const int found = start(&running);
  const emlc_status status = install(&running, blob, size);
  printf("refused, %s: %s\n", what, emlc_status_text(status));
  if (status != expected || start(&after) != found) fail(what);
}

static void try_bad_updates(void) {
  static uint8_t changed[OLD_MODEL_BLOB_BYTES];
  memcpy(changed, old_model_blob, sizeof changed);
  changed[sizeof changed - 5] ^= 1U;
  try_bad("a bit was lost on the way", changed, sizeof changed, EMLC_ERR_CHECKSUM);
  try_bad("the end is missing", old_model_blob, sizeof changed - 8, EMLC_ERR_SIZE);
  memcpy(changed, old_model_blob, sizeof changed);
  changed[EMLC_AT_IN_DIMS + 6] -= 1U; /* known from the first 64 bytes: nothing is erased */
  try_bad("a model of 29 features", changed, sizeof changed, EMLC_ERR_UNSUPPORTED);
  changed[EMLC_AT_VERSION] = EMLC_TMDL_VERSION + 1;
  try_bad("of a container to come", changed, sizeof changed, EMLC_ERR_VERSION);
}

/* All rows, and not only those that tell the models apart. */
static void check_all_rows(int expected) {
  update_running running;
  int n_same = 0;
  if (start(&running) != expected) fail("another model runs than was installed");
  for (int row = 0; row < N_ROWS; ++row) n_same += decides_as(&candidates[expected], &running.model, row);
  printf("%s runs, number %lu in slot %lu: %d of %d decisions are those of scikit-learn\n", candidates[expected].name,
         (unsigned long)running.sequence, (unsigned long)running.slot, n_same, N_ROWS);
  if (n_same != N_ROWS) fail("decisions");
}

int main(void) {
  read_data();
  for (uint32_t at = 0; at < FLASH_BYTES; at += FLASH_PAGE) (void)flash_erase(at);
  if (install(NULL, candidates[0].blob, candidates[0].size) != EMLC_OK) fail("the first model was refused");
  check_all_rows(0);
  try_all_cuts(1);
  check_all_rows(1);
  try_all_cuts(0); /* and back, into the other slot */
  check_all_rows(0);
  try_bad_updates();
  check_all_rows(0);
  return 0;
}
