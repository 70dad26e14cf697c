#include <cmath>
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
  std::vector<Blob> blobs = {read_blob("mlp_2_3_2_f32"), read_blob("mlp_2_3_2_i8")};
  for (const auto& model : {relu_network(), tanh_network(), two_targets(), filter(), trees(), scalers()}) {
    blobs.push_back(to_blob(formats::write_tmdl(model).bytes));
  }
  return blobs;
}

void filter_with(const emlc_model& model) {
  const std::vector<float> x = {1.0F, -INFINITY, std::nanf(""), 1e30F};
  std::vector<float> state(model.work_size / sizeof(float)), y(x.size());
  CHECK(emlc_filter_reset(&model, state.data()) == EMLC_OK);
  CHECK(emlc_filter(&model, state.data(), x.data(), y.data(), x.size()) == EMLC_OK);
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

/// Opens a copy of exactly the blob's size and runs it if the runtime accepts it. Returns whether it did.
bool try_blob(const Blob& blob) {
  const Blob exact(blob);
  emlc_model model;
  if (emlc_tmdl_open(exact.data(), exact.size(), &model) != EMLC_OK) return false;
  // A corrupted buffer size can ask for 4 GiB; the device would say no, and so does this test.
  if (model.work_size > 1U << 20U) return true;
  if (model.n_sections != 0) {
    filter_with(model);
  } else {
    for (const float value : {0.0F, -1e30F, INFINITY, std::nanf("")}) predict_with(model, value);
  }
  return true;
}

bool is_own(const Blob& blob) { return emlc_read_u32(&blob[EMLC_AT_MAGIC]) == EMLC_TMDL_MAGIC; }

}  // namespace

TEST_CASE("hostile: the blobs themselves run") {
  for (const Blob& blob : all_blobs()) CHECK(try_blob(blob));
}

TEST_CASE("hostile: any single wrong byte is refused or does no harm") {
  for (const Blob& plain : all_blobs()) {
    for (std::size_t at = 0; at < plain.size(); ++at) {
      for (const unsigned flip : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U, 0xFFU, 0x7FU, 0x0FU}) {
        Blob blob = plain;
        blob[at] = static_cast<std::uint8_t>(blob[at] ^ flip);
        const bool runs = try_blob(blob);
        if (!is_own(plain)) continue;
        if (at >= EMLC_TMDL_HEADER_SIZE) CHECK_FALSE(runs);  // the checksum knows
        reseal(blob);
        try_blob(blob);
      }
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
