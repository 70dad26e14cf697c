#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <sstream>

#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/runtime/blob.hpp"

/// The test vectors of docs/tmdl.md are what the writer writes, and they answer as the page says.
namespace {

using namespace emlc;
using namespace emlc::test;

/// The blocks ```hex NAME of the page as bytes.
std::map<std::string, Blob> read_vectors() {
  std::ifstream in(std::filesystem::path(EMLC_SOURCE_DIR) / "docs/tmdl.md");
  REQUIRE(in.good());
  std::map<std::string, Blob> vectors;
  std::string name;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      name = line.starts_with("```hex ") ? line.substr(7) : "";
    } else if (!name.empty()) {
      std::istringstream words(line.substr(line.find(':') + 1));
      for (std::string word; words >> word;) {
        for (std::size_t i = 0; i < word.size(); i += 2) {
          vectors[name].push_back(static_cast<std::uint8_t>(std::stoi(word.substr(i, 2), nullptr, 16)));
        }
      }
    }
  }
  return vectors;
}

}  // namespace

TEST_CASE("docs/tmdl.md: the test vectors are what emlc writes") {
  const auto vectors = read_vectors();
  CHECK(vectors.size() == 5);
  CHECK((vectors.at("relu_network") == to_blob(formats::write_tmdl(relu_network()).bytes)));
  CHECK((vectors.at("filter") == to_blob(formats::write_tmdl(filter()).bytes)));
  CHECK((vectors.at("integer_filter") ==
         to_blob(formats::write_tmdl(integer_filter({.arithmetic = model::Arithmetic::q15, .lift = 1})).bytes)));
  CHECK((vectors.at("trees") == to_blob(formats::write_tmdl(trees()).bytes)));
  CHECK((vectors.at("linked_trees") ==
         to_blob(formats::write_tmdl(proportions(), {.trees = layout::TmdlTrees::linked}).bytes)));
  CHECK((vectors.at("steps") == to_blob(formats::write_tmdl(products_of_filled()).bytes)));
}

TEST_CASE("docs/tmdl.md: the test vectors answer as the page says") {
  const auto vectors = read_vectors();
  const auto near = [](const std::vector<float>& found, const std::vector<double>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(std::abs(static_cast<double>(found[i]) - expected[i]) <= 1e-6);
    }
  };
  near(run(vectors.at("relu_network"), {0.0F, 0.0F}), {0.874076307, 0.12592189});
  near(run(vectors.at("relu_network"), {-1.0F, 2.0F}), {0.76629287, 0.233705595});
  near(run(vectors.at("trees"), {0.0F, 0.0F}), {1.0 / (1.0 + std::exp(-1.125)), 1.0 / (1.0 + std::exp(0.625))});
  near(run(vectors.at("linked_trees"), {6.0F, 20.0F}), {0.25, 0.0, 0.75});
  near(run(vectors.at("linked_trees"), {0.0F, -301.0F}), {0.75, 0.25, 0.0});
  near(run(vectors.at("steps"), {std::nanf(""), 2.0F}), {1.5, 3.0});
  const Blob& integers = vectors.at("integer_filter");
  emlc_model fixed;
  REQUIRE(emlc_tmdl_open(integers.data(), integers.size(), &fixed) == EMLC_OK);
  std::vector<std::uint32_t> words(fixed.work_size / 4);
  std::vector<std::int16_t> samples = {16384, 16384, -16384, 0};
  CHECK(emlc_filter_reset_fixed(&fixed, words.data()) == EMLC_OK);
  CHECK(emlc_filter_q15(&fixed, words.data(), samples.data(), samples.data(), 4) == EMLC_OK);
  CHECK(samples == std::vector<std::int16_t>{12288, 32766, 32766, 27584});
  const Blob& blob = vectors.at("filter");
  emlc_model model;
  REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
  std::vector<float> state(4), y = {1.0F, -0.5F, 0.25F};
  REQUIRE(emlc_filter_reset(&model, state.data()) == EMLC_OK);
  REQUIRE(emlc_filter(&model, state.data(), y.data(), y.data(), y.size()) == EMLC_OK);
  CHECK(y == std::vector<float>{1.0F, 0.75F, 0.25F});
}
