/* Replacing the model of a running device: two slots in flash, each with a record of what is in it.

   The record is programmed last, when the blob beside it has been opened in full, and erased first, before anything of
   the blob is. So a slot with a valid record holds a whole model, whenever the power fails; the newer of two is run. */
#ifndef FIELD_UPDATE_UPDATE_H
#define FIELD_UPDATE_UPDATE_H

#include <emlc/tmdl.h>

#include "flash.h"

enum {
  UPDATE_SLOTS = 2,
  UPDATE_SLOT_BYTES = FLASH_BYTES / UPDATE_SLOTS,
  UPDATE_LARGEST = UPDATE_SLOT_BYTES - FLASH_PAGE, /* a page for the record */
  UPDATE_RECORD_BYTES = 24
};

/* What the program around the model is made for; a model that asks for anything else is refused. */
typedef struct update_wanted {
  uint16_t n_features, n_classes;
  uint16_t n_outputs; /* values that there is room for */
  uint32_t work_size; /* bytes that there is room for */
} update_wanted;

/* The model that runs. */
typedef struct update_running {
  emlc_model model;
  uint32_t slot, sequence;
} update_running;

/* An update on its way, piece by piece. */
typedef struct update_transfer {
  uint32_t slot, sequence, size, received;
  uint8_t head[EMLC_TMDL_HEADER_SIZE]; /* kept until it is complete: it says what comes */
  uint8_t word[FLASH_WORD];
} update_transfer;

/* Opens the newest model that is whole; EMLC_ERR_FORMAT: there is none. */
emlc_status update_boot(update_running* running);

/* An update that replaces what runs; `running` is NULL where nothing does. The model that runs stays as it is. */
void update_begin(update_transfer* transfer, const update_running* running);

/* The next bytes of the blob, as they come. EMLC_OK, or why the update is refused: the first 64 bytes say that already
   of a model of another shape or size (EMLC_ERR_UNSUPPORTED, EMLC_ERR_SIZE, EMLC_ERR_MEMORY, EMLC_ERR_VERSION), before
   anything is erased. EMLC_ERR_RANGE: the flash is worn out. */
emlc_status update_write(update_transfer* transfer, const update_wanted* wanted, const uint8_t* bytes, size_t size);

/* All bytes are there: opens the blob in full, and only then makes it the one that update_boot takes. */
emlc_status update_commit(update_transfer* transfer);

#endif
