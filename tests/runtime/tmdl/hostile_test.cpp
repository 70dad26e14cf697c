#include <emlc/tmdl_info.h>
#include <emlc/tmdl_typed.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

/// Compiled with the address and undefined-behaviour sanitizers: a blob with wrong bytes is refused, or runs inside
/// its own bytes and the memory that it asked for.
namespace {

using namespace emlc;
using namespace emlc::test;

std::vector<Blob> all_blobs() {
  std::vector<Blob> blobs;
  for (const char* name : {"mlp_2_3_2_f32", "mlp_2_3_2_i8", "relu_network_v1", "filter_v1", "trees_v1"}) {
    blobs.push_back(read_blob(name));
  }
  for (const auto& model : all_models()) {
    blobs.push_back(to_blob(formats::write_tmdl(model).bytes));
  }
  for (const auto& model : {trees(), votes(), proportions()}) {
    blobs.push_back(to_blob(formats::write_tmdl(model, {.trees = layout::TmdlTrees::linked}).bytes));
  }
  return blobs;
}

void filter_with(const emlc_model& model) {
  const std::vector<float> x = {1.0F, -INFINITY, std::nanf(""), 1e30F};
  std::vector<float> state(model.work_size / sizeof(float)), y(x.size());
  CHECK(emlc_filter_reset(&model, state.data()) == EMLC_OK);
  CHECK(emlc_filter(&model, state.data(), x.data(), y.data(), x.size()) == EMLC_OK);
}

template <class Sample>
void filter_integers_with(const emlc_model& model,
                          emlc_status (*run)(const emlc_model*, std::uint32_t*, const Sample*, Sample*, std::size_t)) {
  constexpr Sample lowest = std::numeric_limits<Sample>::min(), highest = std::numeric_limits<Sample>::max();
  std::vector<Sample> x;
  for (int i = 0; i < 24; ++i) x.push_back(i % 5 == 0 ? lowest : (i % 3 == 0 ? Sample{1} : highest));
  std::vector<std::uint32_t> state(model.work_size / sizeof(std::uint32_t));
  std::vector<Sample> y(x.size());
  CHECK(emlc_filter_reset_fixed(&model, state.data()) == EMLC_OK);
  CHECK(run(&model, state.data(), x.data(), y.data(), x.size()) == EMLC_OK);
}

template <class Value>
void decide_with(const emlc_model& model, std::int32_t (*decide)(const emlc_model*, const Value*, void*),
                 emlc_status (*run)(const emlc_model*, const Value*, float*, void*)) {
  for (const Value value : {std::numeric_limits<Value>::lowest(), Value{0}, std::numeric_limits<Value>::max()}) {
    const std::vector<Value> x(model.n_features, value);
    std::vector<float> y(model.n_outputs), work(emlc_decide_work_size(&model) / 4);
    const std::int32_t decided = decide(&model, x.data(), work.data());
    if (decided < -9 || decided >= std::max<std::int32_t>(model.n_outputs, 2)) FAIL("a class out of range");
    const emlc_status status = run(&model, x.data(), y.data(), work.data());
    if (status != EMLC_OK && status != EMLC_ERR_UNSUPPORTED) FAIL("what was opened does not run");
  }
}

void decide_in_types(const emlc_model& model) {
  decide_with<std::int8_t>(model, emlc_decide_i8, emlc_run_i8);
  decide_with<std::uint8_t>(model, emlc_decide_u8, emlc_run_u8);
  decide_with<std::int16_t>(model, emlc_decide_i16, emlc_run_i16);
  decide_with<std::int32_t>(model, emlc_decide_i32, emlc_run_i32);
}

void predict_with(const emlc_model& model, float value) {
  const std::vector<float> x(model.n_features, value);
  std::vector<float> y(model.n_outputs), work((model.work_size + 3) / 4);
  CHECK(emlc_run(&model, x.data(), y.data(), work.data()) == EMLC_OK);
  for (std::uint32_t target = 0; target < model.n_targets; ++target) {
    const std::int32_t decided = emlc_predict_target(&model, y.data(), target);
    if (decided < -9 || decided >= std::max<std::int32_t>(model.n_outputs, 2)) FAIL("a class out of range");
  }
}

/// The facts of a blob that opens are those of the opened model; of any other bytes they stay inside these.
void try_info(const Blob& blob, const emlc_model* opened) {
  emlc_tmdl_facts facts;
  const emlc_status status = emlc_tmdl_info(blob.data(), blob.size(), &facts);
  if (opened == nullptr) return;
  const bool is_same =
      status == EMLC_OK && facts.n_features == opened->n_features && facts.n_outputs == opened->n_outputs &&
      facts.n_layers == opened->n_layers && facts.n_targets == opened->n_targets && facts.rule == opened->rule &&
      facts.kind != EMLC_KIND_UNKNOWN && (facts.version == 0 || facts.work_size == opened->work_size) &&
      (facts.version != 0 || facts.total_size == blob.size() || facts.total_size == 0);
  if (!is_same) FAIL("facts that are not those of the opened model");
}

bool is_of_trees(const Blob& blob) {
  const std::uint16_t type = emlc_tmdl_first_type(blob.data());
  return type == EMLC_LAYER_LINKED_TREES || type == EMLC_LAYER_TREES;
}

/// Opens a copy of exactly the blob's size and runs it if the runtime accepts it. Returns whether it did.
bool try_blob(const Blob& blob) {
  const Blob exact(blob);
  emlc_model model;
  const bool opens = emlc_tmdl_open(exact.data(), exact.size(), &model) == EMLC_OK;
  try_info(exact, opens ? &model : nullptr);
  if (!opens) return false;
  // A corrupted buffer size can ask for 4 GiB; the device would say no, and so does this test.
  if (model.work_size > 1U << 20U) return true;
  if (model.sample_bits == 16) {
    filter_integers_with<std::int16_t>(model, emlc_filter_q15);
  } else if (model.sample_bits == 32) {
    filter_integers_with<std::int32_t>(model, emlc_filter_q31);
  } else if (model.n_sections != 0) {
    filter_with(model);
  } else {
    for (const float value : {0.0F, -1e30F, INFINITY, std::nanf("")}) predict_with(model, value);
    decide_with<float>(model, emlc_decide, emlc_run);
    if (is_of_trees(exact)) decide_in_types(model);
  }
  return true;
}

bool is_own(const Blob& blob) { return emlc_read_u32(&blob[EMLC_AT_MAGIC]) == EMLC_TMDL_MAGIC; }

/// Is a change of byte `at` under the checksum? That of version 1 leaves out the header.
bool is_covered(const Blob& blob, std::size_t at) {
  return is_own(blob) && (at >= EMLC_TMDL_HEADER_SIZE || emlc_read_u16(&blob[EMLC_AT_VERSION]) != 1);
}

/// Every other value of every byte, as it is and with the checksum put right.
void try_all_bytes(const Blob& plain) {
  for (std::size_t at = 0; at < plain.size(); ++at) {
    Blob blob = plain;
    for (unsigned change = 1; change < 256; ++change) {
      blob[at] = static_cast<std::uint8_t>(plain[at] ^ change);
      const bool runs = try_blob(blob);
      if (runs && is_covered(plain, at)) FAIL_CHECK("byte ", at, " xor ", change, " opens, but the checksum knows");
      if (!is_own(blob)) continue;
      Blob sealed = blob;
      reseal(sealed);
      try_blob(sealed);
    }
  }
}

}  // namespace

TEST_CASE("hostile: the blobs themselves run") {
  for (const Blob& blob : all_blobs()) CHECK(try_blob(blob));
}

TEST_CASE("hostile: any single wrong byte is refused or does no harm") {
  for (const Blob& plain : all_blobs()) try_all_bytes(plain);
}

TEST_CASE("hostile: a blob cut at any byte is refused, also when it says so itself") {
  for (const Blob& plain : all_blobs()) {
    for (std::size_t size = 0; size < plain.size(); ++size) {
      Blob cut(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(size));
      if (try_blob(cut)) FAIL_CHECK("cut to ", size, " of ", plain.size(), " bytes it opens");
      if (!is_own(plain) || size < EMLC_TMDL_HEADER_SIZE) continue;
      put_u32(cut, EMLC_AT_TOTAL_SIZE, static_cast<std::uint32_t>(size));
      reseal(cut);
      if (try_blob(cut)) FAIL_CHECK("shortened to ", size, " of ", plain.size(), " bytes it opens");
    }
  }
}

TEST_CASE("hostile: a layer of any type that ends with its header is refused, and nothing behind it is read") {
  for (const std::uint8_t mdl_type : {EMLC_TMDL_I8, EMLC_TMDL_F32, EMLC_TMDL_EMLC}) {
    for (std::uint16_t type = 0; type < 80; ++type) {
      constexpr std::size_t layer = EMLC_TMDL_HEADER_SIZE;
      Blob blob = to_blob(formats::write_tmdl(filter()).bytes);
      blob.resize(layer + EMLC_LAYER_HEADER_SIZE);
      blob[EMLC_AT_MDL_TYPE] = mdl_type;
      put_u32(blob, EMLC_AT_TOTAL_SIZE, static_cast<std::uint32_t>(blob.size()));
      put_u16(blob, layer + EMLC_LAYER_AT_TYPE, type);
      put_u32(blob, layer + EMLC_LAYER_AT_SIZE, EMLC_LAYER_HEADER_SIZE);
      reseal(blob);
      CAPTURE(type);
      // SOFTMAX and RESHAPE have no body, but do not fit this header.
      CHECK(open(blob) != EMLC_OK);
    }
  }
}

TEST_CASE("hostile: several wrong bytes under a right checksum are refused or do no harm") {
  std::mt19937 random(7);
  for (const Blob& plain : all_blobs()) {
    int n_run = 0;
    for (int round = 0; round < 4000; ++round) {
      Blob blob = plain;
      for (std::uint32_t n = 1 + random() % 4; n > 0; --n) {
        // Small numbers pass more checks than large ones, and so get further.
        const std::uint32_t value = random() % 2 == 0 ? random() % 16 : random() % 256;
        blob[random() % blob.size()] = static_cast<std::uint8_t>(value);
      }
      if (is_own(blob)) reseal(blob);
      n_run += try_blob(blob) ? 1 : 0;
    }
    CHECK(n_run > 0);
    CHECK(n_run < 4000);
  }
}
