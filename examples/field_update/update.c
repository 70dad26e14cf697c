#include "update.h"

#include <emlc/tmdl_info.h>
#include <string.h>

/* The record: five numbers of 32 bits, little-endian, in the order of this list. The checksum is of those before it. */
enum { AT_MAGIC = 0, AT_SEQUENCE = 4, AT_SIZE = 8, AT_BLOB_CRC = 12, AT_CRC = 16, RECORD_MAGIC = 0x314C444D };

static uint32_t record_address(uint32_t slot) { return slot * UPDATE_SLOT_BYTES; }
static uint32_t blob_address(uint32_t slot) { return record_address(slot) + FLASH_PAGE; }

static void put_u32(uint8_t* bytes, uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[i] = (uint8_t)(value >> (8 * i));
}

/* A record whose programming was cut off, or whose erasing was, has another checksum. */
static int is_committed(uint32_t slot) {
  const uint8_t* record = flash_at(record_address(slot));
  return emlc_read_u32(record + AT_MAGIC) == RECORD_MAGIC && emlc_read_u32(record + AT_SIZE) <= UPDATE_LARGEST &&
         emlc_crc32(record, AT_CRC) == emlc_read_u32(record + AT_CRC);
}

/* The blob is the one that the record was written for, and opens. */
static emlc_status open_slot(uint32_t slot, update_running* running) {
  const uint8_t *record = flash_at(record_address(slot)), *blob = flash_at(blob_address(slot));
  const uint32_t size = emlc_read_u32(record + AT_SIZE);
  emlc_tmdl_facts facts;
  if (!is_committed(slot)) return EMLC_ERR_FORMAT;
  const emlc_status status = emlc_tmdl_info(blob, size, &facts);
  if (status != EMLC_OK) return status;
  if (facts.total_size != size || facts.crc != emlc_read_u32(record + AT_BLOB_CRC)) return EMLC_ERR_CHECKSUM;
  running->slot = slot;
  running->sequence = emlc_read_u32(record + AT_SEQUENCE);
  return emlc_tmdl_open(blob, size, &running->model);
}

/* 1 if slot 1 has the newer of two records; sequence numbers may run over. */
static uint32_t newer_slot(void) {
  const uint32_t first = emlc_read_u32(flash_at(record_address(0)) + AT_SEQUENCE);
  const uint32_t second = emlc_read_u32(flash_at(record_address(1)) + AT_SEQUENCE);
  if (!is_committed(0) || !is_committed(1)) return is_committed(1) ? 1 : 0;
  return second - first < UINT32_MAX / 2 ? 1 : 0;
}

emlc_status update_boot(update_running* running) {
  const uint32_t newer = newer_slot();
  if (open_slot(newer, running) == EMLC_OK) return EMLC_OK;
  return open_slot(1 - newer, running); /* a bit of the newer one has gone: better the one before than none */
}

void update_begin(update_transfer* transfer, const update_running* running) {
  memset(transfer, 0, sizeof *transfer);
  transfer->slot = running == NULL ? 0 : 1 - running->slot;
  transfer->sequence = running == NULL ? 1 : running->sequence + 1;
}

/* What the first 64 bytes say: fit for this program and for the slot? */
static emlc_status check_head(update_transfer* transfer, const update_wanted* wanted) {
  emlc_tmdl_facts facts;
  const emlc_status status = emlc_tmdl_info(transfer->head, sizeof transfer->head, &facts);
  if (status != EMLC_OK) return status;
  if (facts.version == 0) return EMLC_ERR_UNSUPPORTED; /* a file of TinyMaix has no checksum */
  if (facts.n_features != wanted->n_features || facts.n_classes != wanted->n_classes || facts.n_targets != 1) {
    return EMLC_ERR_UNSUPPORTED;
  }
  if (facts.total_size > UPDATE_LARGEST) return EMLC_ERR_SIZE;
  if (facts.n_outputs > wanted->n_outputs || facts.work_size > wanted->work_size) return EMLC_ERR_MEMORY;
  transfer->size = facts.total_size;
  return EMLC_OK;
}

/* The record first: from here on the slot holds nothing, and says so. */
static int erase_slot(const update_transfer* transfer) {
  if (flash_erase(record_address(transfer->slot)) != 0) return -1;
  for (uint32_t at = 0; at < transfer->size; at += FLASH_PAGE) {
    if (flash_erase(blob_address(transfer->slot) + at) != 0) return -1;
  }
  return 0;
}

/* Blobs are multiples of 8 bytes long, as words of this flash are. */
static emlc_status add_byte(update_transfer* transfer, uint8_t byte) {
  const uint32_t at = transfer->received++;
  transfer->word[at % FLASH_WORD] = byte;
  if (at % FLASH_WORD != FLASH_WORD - 1) return EMLC_OK;
  return flash_program(blob_address(transfer->slot) + at / FLASH_WORD * FLASH_WORD, transfer->word) == 0
             ? EMLC_OK
             : EMLC_ERR_RANGE;
}

/* Collects the first 64 bytes, and when they are there and good, makes room and programs them. */
static emlc_status add_to_head(update_transfer* transfer, const update_wanted* wanted, uint8_t byte) {
  transfer->head[transfer->received++] = byte;
  if (transfer->received < sizeof transfer->head) return EMLC_OK;
  emlc_status status = check_head(transfer, wanted);
  if (status == EMLC_OK && erase_slot(transfer) != 0) status = EMLC_ERR_RANGE;
  transfer->received = 0;
  for (size_t i = 0; status == EMLC_OK && i < sizeof transfer->head; ++i) {
    status = add_byte(transfer, transfer->head[i]);
  }
  return status;
}

emlc_status update_write(update_transfer* transfer, const update_wanted* wanted, const uint8_t* bytes, size_t size) {
  emlc_status status = EMLC_OK;
  for (size_t i = 0; status == EMLC_OK && i < size; ++i) {
    if (transfer->size == 0) {
      status = add_to_head(transfer, wanted, bytes[i]);
    } else if (transfer->received == transfer->size) {
      status = EMLC_ERR_SIZE;
    } else {
      status = add_byte(transfer, bytes[i]);
    }
  }
  return status;
}

emlc_status update_commit(update_transfer* transfer) {
  const uint8_t* blob = flash_at(blob_address(transfer->slot));
  uint8_t record[UPDATE_RECORD_BYTES] = {0};
  emlc_model model;
  if (transfer->size == 0 || transfer->received != transfer->size) return EMLC_ERR_SIZE;
  const emlc_status status = emlc_tmdl_open(blob, transfer->size, &model);
  if (status != EMLC_OK) return status;
  put_u32(record + AT_MAGIC, RECORD_MAGIC);
  put_u32(record + AT_SEQUENCE, transfer->sequence);
  put_u32(record + AT_SIZE, transfer->size);
  put_u32(record + AT_BLOB_CRC, emlc_read_u32(blob + EMLC_AT_CRC));
  put_u32(record + AT_CRC, emlc_crc32(record, AT_CRC));
  for (uint32_t at = 0; at < sizeof record; at += FLASH_WORD) {
    if (flash_program(record_address(transfer->slot) + at, record + at) != 0) return EMLC_ERR_RANGE;
  }
  return EMLC_OK;
}
