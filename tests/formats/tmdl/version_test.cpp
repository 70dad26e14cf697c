#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

/// Both versions of the container are read; what the checksum of each covers.
namespace {

using namespace emlc;
using namespace emlc::test;

std::string text_of(const Blob& blob) { return {blob.begin(), blob.end()}; }

/// The message that the reader refuses a blob with, empty when it reads it.
std::string refusal(const Blob& blob) {
  try {
    formats::read_tmdl(text_of(blob), "m.tmdl");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("tmdl version 1: blobs of before still open, and are what is written for such a runtime") {
  struct Row {
    const char* name;
    model::Model model;
  };
  for (const Row& row :
       {Row{"relu_network_v1", relu_network()}, Row{"filter_v1", filter()}, Row{"trees_v1", trees()}}) {
    CAPTURE(row.name);
    const Blob blob = read_blob(row.name);
    CHECK(open(blob) == EMLC_OK);
    CHECK(refusal(blob).empty());
    CHECK((blob == to_blob(formats::write_tmdl(row.model, {.version = layout::TmdlVersion::first}).bytes)));
  }
}

TEST_CASE("tmdl: the versions differ in two fields of the header and in nothing else") {
  for (const model::Model& model : all_models()) {
    Blob first = to_blob(formats::write_tmdl(model, {.version = layout::TmdlVersion::first}).bytes);
    const Blob second = to_blob(formats::write_tmdl(model).bytes);
    CHECK(first.at(EMLC_AT_VERSION) == 1);
    CHECK(second.at(EMLC_AT_VERSION) == 2);
    CHECK(emlc_read_u32(&first[EMLC_AT_CRC]) == emlc_crc32(&first[64], first.size() - 64));
    CHECK(emlc_read_u32(&first[EMLC_AT_CRC]) != emlc_read_u32(&second[EMLC_AT_CRC]));
    put_u16(first, EMLC_AT_VERSION, 2);
    put_u32(first, EMLC_AT_CRC, emlc_read_u32(&second[EMLC_AT_CRC]));
    CHECK((first == second));
  }
}

TEST_CASE("tmdl: every bit of the checksum counts, in both versions") {
  for (const layout::TmdlVersion version : {layout::TmdlVersion::first, layout::TmdlVersion::second}) {
    const Blob plain = to_blob(formats::write_tmdl(trees(), {.version = version}).bytes);
    for (unsigned bit = 0; bit < 32; ++bit) {
      CAPTURE(bit);
      Blob blob = plain;
      const std::uint32_t crc = emlc_read_u32(&plain[EMLC_AT_CRC]);
      put_u32(blob, EMLC_AT_CRC, crc ^ (std::uint32_t{1} << bit));
      CHECK(open(blob) == EMLC_ERR_CHECKSUM);
      CHECK(refusal(blob) ==
            fmt::format(
                "m.tmdl: byte 48 (crc): the checksum is 0x{:08x}, that of the bytes 0x{:08x}: the file was changed",
                crc ^ (std::uint32_t{1} << bit), crc));
    }
  }
}

TEST_CASE("tmdl version 2: no other value of any byte of the header opens, though it runs when it is sealed") {
  Blob plain = to_blob(formats::write_tmdl(tanh_network()).bytes);
  int n_sealed = 0;
  for (std::size_t at = 0; at < EMLC_TMDL_HEADER_SIZE; ++at) {
    for (unsigned change = 1; change < 256; ++change) {
      Blob blob = plain;
      blob[at] = static_cast<std::uint8_t>(blob[at] ^ change);
      if (open(blob) == EMLC_OK || refusal(blob).empty()) FAIL_CHECK("byte ", at, " xor ", change, " opens");
      reseal(blob);
      n_sealed += open(blob) == EMLC_OK ? 1 : 0;
    }
  }
  CHECK(n_sealed > 200);  // other thresholds: only the checksum can tell
}

TEST_CASE("tmdl: versions before and after are refused") {
  for (const unsigned version : {0U, 3U, 256U, 65535U}) {
    Blob blob = to_blob(formats::write_tmdl(trees()).bytes);
    put_u16(blob, EMLC_AT_VERSION, static_cast<std::uint16_t>(version));
    reseal(blob);
    CHECK(open(blob) == EMLC_ERR_VERSION);
    CHECK(refusal(blob) == fmt::format("m.tmdl: byte 40 (version): expected 1 or 2, found {}", version));
  }
}

TEST_CASE("tmdl: what the runtime and the reader make of wrong bytes is the same") {
  for (const model::Model& model : all_models()) {
    const Blob plain = to_blob(formats::write_tmdl(model).bytes);
    if (std::holds_alternative<model::SosCascade>(model.predictor) || plain[EMLC_AT_MDL_TYPE] == EMLC_TMDL_I8) continue;
    int n_read = 0;
    for (std::size_t at = EMLC_TMDL_HEADER_SIZE; at < plain.size(); ++at) {
      for (const unsigned change : {1U, 2U, 16U, 64U, 128U, 255U}) {
        Blob blob = plain;
        blob[at] = static_cast<std::uint8_t>(blob[at] ^ change);
        reseal(blob);
        if (!refusal(blob).empty()) continue;
        ++n_read;
        REQUIRE(open(blob) == EMLC_OK);
        const model::Model changed = formats::read_tmdl(text_of(blob), "m.tmdl");
        const std::vector<float> y =
            run(blob, std::vector<float>(static_cast<std::size_t>(changed.input.n_features), 0.25F));
        const std::vector<double> expected =
            model::predict(changed, std::vector<double>(static_cast<std::size_t>(changed.input.n_features), 0.25));
        for (std::size_t i = 0; i < y.size(); ++i) {
          const double scale = 1.0 + std::abs(expected[i]);
          if (std::isfinite(expected[i]) && std::abs(static_cast<double>(y[i]) - expected[i]) > 1e-4 * scale) {
            FAIL_CHECK("byte ", at, " xor ", change, ": the device answers ", y[i], ", the model ", expected[i]);
          }
        }
      }
    }
    CHECK(n_read > 20);
  }
}

TEST_CASE("tmdl: a declared range beyond 24 bits is refused where values are computed with") {
  model::Model model = relu_network();
  model.input.type = model::NumberType::int32;
  model.input.minimum = {-16777216.0, 0.0};
  model.input.maximum = {16777216.0, 1.0};
  CHECK_NOTHROW(formats::write_tmdl(model));
  model.input.maximum[1] = 16777217.0;
  CHECK_THROWS_WITH_AS(
      formats::write_tmdl(model),
      "input.feature_max[1]: 16777217 needs more than 24 bits, and a .tmdl takes its inputs as float32; "
      "declare float32 inputs if that is precise enough, or write c or cpp",
      Error);
}

TEST_CASE("tmdl: infinite inputs at splits that only tell missing from present go as in the interpreter") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double largest = static_cast<double>(std::numeric_limits<float>::max());
  for (const double threshold : {-infinity, infinity, largest, -largest}) {
    for (const model::NodeId default_child : {1, 2}) {
      model::Model model = trees();
      auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
      for (model::Tree& tree : ensemble.trees) {
        auto& split = std::get<model::Split>(tree.nodes[0]);
        split.threshold = threshold;
        split.default_child = default_child;
      }
      const Blob blob = to_blob(formats::write_tmdl(model).bytes);
      for (const double x : {-infinity, -largest, 0.0, largest, infinity, std::nan("")}) {
        const std::vector<float> y = run(blob, {static_cast<float>(x), static_cast<float>(x)});
        const std::vector<double> expected = model::predict(model, std::vector<double>{x, x});
        CAPTURE(threshold);
        CAPTURE(x);
        for (std::size_t i = 0; i < 2; ++i) CHECK(std::abs(static_cast<double>(y[i]) - expected[i]) < 1e-6);
      }
    }
  }
}
