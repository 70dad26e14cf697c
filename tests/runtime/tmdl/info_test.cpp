#include <emlc/tmdl_info.h>

#include <vector>

#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

/// What emlc_tmdl_info tells of a blob, against the model that was written.
namespace {

using namespace emlc;
using namespace emlc::test;

emlc_tmdl_facts facts_of(const Blob& blob, std::size_t size) {
  emlc_tmdl_facts facts;
  REQUIRE(emlc_tmdl_info(blob.data(), size, &facts) == EMLC_OK);
  return facts;
}

emlc_tmdl_facts facts_of(const Blob& blob) { return facts_of(blob, blob.size()); }

emlc_status info(const Blob& blob) {
  emlc_tmdl_facts facts;
  return emlc_tmdl_info(blob.data(), blob.size(), &facts);
}

Blob blob_of(const model::Model& model) { return to_blob(formats::write_tmdl(model).bytes); }

struct Told {
  model::Model model;
  unsigned kind, task, n_targets, n_classes;
};

std::vector<Told> told() {
  return {{relu_network(), EMLC_KIND_NETWORK, EMLC_TASK_CLASSIFICATION, 1, 2},
          {tanh_network(), EMLC_KIND_NETWORK, EMLC_TASK_CLASSIFICATION, 1, 2},
          {two_targets(), EMLC_KIND_NETWORK, EMLC_TASK_CLASSIFICATION, 2, 2},
          {filter(), EMLC_KIND_FILTER, EMLC_TASK_FILTER, 1, 0},
          {mixed_filter(), EMLC_KIND_FILTER, EMLC_TASK_FILTER, 1, 0},
          {integer_filter({.arithmetic = model::Arithmetic::q15}), EMLC_KIND_FILTER_FIXED, EMLC_TASK_FILTER, 1, 0},
          {trees(), EMLC_KIND_TREES, EMLC_TASK_REGRESSION, 2, 0},
          {scalers(), EMLC_KIND_SCALER, EMLC_TASK_TRANSFORM, 1, 0},
          {int8_network(), EMLC_KIND_NETWORK_I8, EMLC_TASK_CLASSIFICATION, 1, 2},
          {votes(), EMLC_KIND_TREES, EMLC_TASK_CLASSIFICATION, 1, 3}};
}

}  // namespace

TEST_CASE("info: kind, task, sizes and classes are those of the model that was written") {
  for (const Told& row : told()) {
    CAPTURE(row.kind);
    for (const auto version : {layout::TmdlVersion::first, layout::TmdlVersion::second}) {
      const layout::Artifact written = formats::write_tmdl(row.model, {.version = version});
      const Blob blob = to_blob(written.bytes);
      const emlc_tmdl_facts facts = facts_of(blob);
      CHECK(facts.kind == row.kind);
      CHECK(facts.task == row.task);
      CHECK(facts.n_features == row.model.input.n_features);
      CHECK(facts.n_outputs == row.model.output.n_outputs);
      CHECK(facts.n_classes == row.n_classes);
      if (row.task == EMLC_TASK_CLASSIFICATION) CHECK(facts.n_targets == row.n_targets);
      CHECK(facts.total_size == blob.size());
      CHECK(facts.work_size == written.ram);
      CHECK(facts.version == static_cast<unsigned>(version));
      CHECK(facts.crc == emlc_read_u32(&blob[EMLC_AT_CRC]));
    }
  }
}

TEST_CASE("info: the first 64 bytes tell all but kind and table of targets, at any address") {
  for (const Told& row : told()) {
    Blob blob = blob_of(row.model);
    const emlc_tmdl_facts whole = facts_of(blob), head = facts_of(blob, EMLC_TMDL_HEADER_SIZE);
    CHECK(head.kind == EMLC_KIND_UNKNOWN);
    CHECK(head.total_size == whole.total_size);
    CHECK(head.n_features == whole.n_features);
    CHECK(head.task == whole.task);
    const bool has_table = emlc_read_u32(&blob[EMLC_AT_TARGETS]) != 0;
    CHECK(head.n_targets == (has_table ? 0 : whole.n_targets));
    CHECK(head.n_classes == (has_table ? 0 : whole.n_classes));
    blob.insert(blob.begin(), 0);
    emlc_tmdl_facts shifted;
    REQUIRE(emlc_tmdl_info(blob.data() + 1, blob.size() - 1, &shifted) == EMLC_OK);
    CHECK(shifted.kind == whole.kind);
  }
}

TEST_CASE("info: a file of TinyMaix says what its layers say") {
  for (const auto& [name, kind] :
       {std::pair{"mlp_2_3_2_f32", EMLC_KIND_NETWORK}, std::pair{"mlp_2_3_2_i8", EMLC_KIND_NETWORK_I8}}) {
    const Blob blob = read_blob(name);
    const emlc_tmdl_facts facts = facts_of(blob);
    CHECK(facts.kind == kind);
    CHECK(facts.version == 0);
    CHECK(facts.crc == 0);
    CHECK(facts.work_size == 0);
    CHECK(facts.total_size == blob.size());
    CHECK(facts.n_features == 2);
    CHECK(facts.n_outputs == 2);
    CHECK(facts.rule == EMLC_RULE_ARGMAX);
    CHECK(facts.task == EMLC_TASK_CLASSIFICATION);
    CHECK(facts.n_classes == 2);
    const emlc_tmdl_facts cut = facts_of(blob, blob.size() - 8);
    CHECK(cut.total_size == 0);
    CHECK(cut.n_classes == 0);
  }
}

TEST_CASE("info: what is no blob is refused with a status") {
  const Blob good = blob_of(votes());
  emlc_tmdl_facts facts;
  CHECK(emlc_tmdl_info(nullptr, 64, &facts) == EMLC_ERR_NULL);
  CHECK(emlc_tmdl_info(good.data(), good.size(), nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_tmdl_info(good.data(), 63, &facts) == EMLC_ERR_SIZE);
  const auto changed = [&](std::size_t at, std::uint16_t value) {
    Blob blob = good;
    put_u16(blob, at, value);
    return blob;
  };
  CHECK(info(changed(EMLC_AT_MAIX, 0)) == EMLC_ERR_FORMAT);
  CHECK(info(changed(EMLC_AT_MAGIC, 0)) == EMLC_ERR_UNSUPPORTED);  // emlc's layers without emlc's header
  CHECK(info(changed(EMLC_AT_FLAGS, 0x8000)) == EMLC_ERR_VERSION);
  CHECK(info(changed(EMLC_AT_LAYER_CNT, 0)) == EMLC_ERR_SIZE);
  CHECK(info(changed(EMLC_AT_IN_DIMS + 6, 0)) == EMLC_ERR_SIZE);
  CHECK(info(changed(std::size_t{EMLC_TMDL_HEADER_SIZE} + EMLC_LAYER_AT_SIZE, 12)) == EMLC_ERR_SIZE);
  const Blob newer = changed(EMLC_AT_VERSION, EMLC_TMDL_VERSION + 1);
  CHECK(emlc_tmdl_info(newer.data(), newer.size(), &facts) == EMLC_ERR_VERSION);
  CHECK(facts.version == EMLC_TMDL_VERSION + 1);
  CHECK(facts_of(changed(EMLC_TMDL_HEADER_SIZE, 99)).kind == EMLC_KIND_UNKNOWN);  // a layer of an emlc to come
  Blob reserved = read_blob("mlp_2_3_2_f32");
  reserved[EMLC_AT_TARGETS] = 1;
  CHECK(info(reserved) == EMLC_ERR_FORMAT);
}
