#include <doctest/doctest.h>
#include <emlc/csv.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "tests/runtime/csv/files.hpp"

using namespace csv_files;

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("csv trees: emlearn's form votes, from float and integer inputs") {
  Trees trees(5, 2, 3, 16);
  REQUIRE(trees.load(forest) == EMLC_OK);
  CHECK(trees.predict({50, 30, 10, 2}) == Row{1, 0, 0});
  CHECK(trees.predict({56, 30, 28, 18}) == Row{0.5, 0.5, 0});
  CHECK(trees.predict({55.5, 30, 28.5, 0}) == Row{1, 0, 0});
  const std::int16_t x16[] = {62, 30, 29, 18};
  const std::int32_t x32[] = {62, 30, 29, 18};
  Row out(3), wide(3);
  CHECK(emlc_csv_trees_predict_i16(&trees.model, x16, out.data()) == EMLC_OK);
  CHECK(out == Row{0, 0, 1});
  CHECK(emlc_csv_trees_predict_i32(&trees.model, x32, wide.data()) == EMLC_OK);
  CHECK(wide == out);
  std::int32_t classes[1] = {-1};
  CHECK(emlc_csv_decide(&trees.model.head, out.data(), classes) == EMLC_OK);
  CHECK(classes[0] == 2);
  const float tie[] = {0.25F, 0.5F, 0.5F};
  CHECK(emlc_csv_decide(&trees.model.head, tie, classes) == EMLC_OK);
  CHECK(classes[0] == 1);
}

TEST_CASE("csv trees: the extended form with base scores, missing values and infinite thresholds") {
  Trees trees(2, 2, 6, 32);
  REQUIRE(trees.load(boosted) == EMLC_OK);
  // sum / 2 * 4 + base
  CHECK(trees.predict({5, 0.1F}) == Row{2.5, 0});
  CHECK(trees.predict({5, std::nextafter(0.1F, 0.0F)}) == Row{4.5, 0});
  CHECK(trees.predict({infinity, 0}) == Row{6.5, 0});
  CHECK(trees.predict({0, missing}) == Row{4.5, 0});
  CHECK(trees.predict({missing, -missing}) == Row{6.5, 0});
  CHECK(trees.predict({0, -0.0F}) == Row{4.5, 0});
  std::int32_t classes[2] = {-1, -1};
  const float out[] = {0.5F, 0.75F};
  CHECK(emlc_csv_decide(&trees.model.head, out, classes) == EMLC_OK);
  CHECK(classes[0] == 0);
  CHECK(classes[1] == 1);
  const std::int16_t x[] = {1, 2};
  Row ignored(2);
  CHECK(emlc_csv_trees_predict_i16(&trees.model, x, ignored.data()) == EMLC_ERR_UNSUPPORTED);
  CHECK(trees.load(replaced(boosted, "greater,", "greater_equal,")) == EMLC_OK);
  CHECK(emlc_csv_decide(&trees.model.head, out, classes) == EMLC_OK);
  CHECK(classes[0] == 1);
  CHECK(trees.load(replaced(boosted, "base,end", "base,start")) == EMLC_OK);
  CHECK(trees.predict({5, 0.1F}) == Row{3, -0.5});
}

TEST_CASE("csv trees: thresholds of int32 are exact for integers and floats") {
  const std::string text =
      "emlc,trees,1\ninput,int32,1\noutput,regression,1\ntarget,1\ndecision,none\ntrees,1\nleaves,2,1\nsplits,1\n"
      "l,1\nl,2\nr,0\nn,0,16777217,-1,-2\nend\n";
  Trees trees(1, 1, 2, 32);
  REQUIRE(trees.load(text) == EMLC_OK);
  const auto at = [&](std::int32_t x) {
    float out = 0;
    CHECK(emlc_csv_trees_predict_i32(&trees.model, &x, &out) == EMLC_OK);
    return out;
  };
  CHECK(at(16777216) == 1);
  CHECK(at(16777217) == 2);
  CHECK(at(INT32_MIN) == 1);
  CHECK(at(INT32_MAX) == 2);
  CHECK(trees.predict({16777216.0F}) == Row{1});
  CHECK(trees.predict({16777218.0F}) == Row{2});
  CHECK(trees.predict({1e30F}) == Row{2});
  CHECK(trees.predict({-infinity}) == Row{1});
  REQUIRE(trees.load(replaced(text, "16777217", "-3")) == EMLC_OK);
  CHECK(trees.predict({-3.5F}) == Row{1});
  CHECK(trees.predict({-3.0F}) == Row{2});
  CHECK(trees.predict({-2.5F}) == Row{2});
}

TEST_CASE("csv trees: pieces may end anywhere") {
  for (const std::string& text : {forest, boosted}) {
    for (std::size_t size = 1; size < 20; ++size) {
      Trees trees(5, 2, 6, 32);
      emlc_csv_trees_loader loader;
      REQUIRE(emlc_csv_trees_begin(&loader, &trees.model, &trees.memory) == EMLC_OK);
      for (std::size_t at = 0; at < text.size(); at += size) {
        const std::string_view piece = std::string_view(text).substr(at, size);
        REQUIRE(emlc_csv_trees_feed(&loader, piece.data(), piece.size()) == EMLC_OK);
      }
      CHECK(emlc_csv_trees_end(&loader) == EMLC_OK);
      CHECK(trees.model.n_trees == 2);
    }
  }
}

TEST_CASE("csv trees: what is wrong is refused with its line") {
  struct Bad {
    std::string text;
    emlc_status status;
    std::uint32_t line;
  };
  for (const Bad& bad : {
           Bad{replaced(forest, "f,4", "f,0"), EMLC_ERR_RANGE, 1},
           Bad{replaced(forest, "lb,0", "lb,32"), EMLC_ERR_UNSUPPORTED, 3},
           Bad{replaced(forest, "l,2", "l,1 1"), EMLC_ERR_SIZE, 6},
           Bad{replaced(forest, "l,2", "l,[1"), EMLC_ERR_FORMAT, 6},
           Bad{replaced(forest, "l,2", "l,3"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "l,2", "l,1.5"), EMLC_ERR_FORMAT, 6},
           Bad{replaced(forest, "56", "56.0"), EMLC_ERR_FORMAT, 9},
           Bad{replaced(forest, "56", "32768"), EMLC_ERR_RANGE, 9},
           Bad{replaced(forest, "56,1", "56,0"), EMLC_ERR_RANGE, 9},
           Bad{replaced(forest, "56,1", "56,5"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "28,-1,-2", "28,-1,-4"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "n,3", "n,4"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "n,3,18,-1,-3", "n,3,18,-1"), EMLC_ERR_FORMAT, 13},
           Bad{replaced(forest, "n,3,18,-1,-3", "n,3,18,-1,-3,1"), EMLC_ERR_FORMAT, 13},
           Bad{replaced(forest, "r,3", "r,5"), EMLC_ERR_RANGE, 14},
           Bad{replaced(forest, "r,3", "r,-1"), EMLC_ERR_RANGE, 8},
           Bad{replaced(forest, "c,3\r\n", ""), EMLC_ERR_SIZE, 13},
           Bad{"f,1\nc,1\n", EMLC_ERR_SIZE, 3},
           Bad{replaced(boosted, "trees,1", "trees,2"), EMLC_ERR_VERSION, 1},
           Bad{replaced(boosted, "emlc,trees", "emlc,mlp"), EMLC_ERR_FORMAT, 1},
           Bad{replaced(boosted, "input", "inputs"), EMLC_ERR_FORMAT, 2},
           Bad{replaced(boosted, "float32", "float64"), EMLC_ERR_FORMAT, 2},
           Bad{replaced(boosted, "trees,2", "trees,3"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "leaves,4", "leaves,5"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "splits,2", "splits,3"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "leaves,4,1", "leaves,4,2"), EMLC_ERR_SIZE, 15},
           Bad{replaced(boosted, "l,1\n", "leaves,4,1\nl,1\n"), EMLC_ERR_FORMAT, 15},
           Bad{replaced(boosted, "0.5,-0.5", "0.5"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "l,2\n", "base,end,1,2\nl,2\n"), EMLC_ERR_FORMAT, 16},
           Bad{replaced(boosted, "divide,2", "divide,0"), EMLC_ERR_RANGE, 13},
           Bad{replaced(boosted, "r,-4,1", "r,-5,1"), EMLC_ERR_RANGE, 24},
           Bad{replaced(boosted, "r,-4,1", "r,-4,2"), EMLC_ERR_RANGE, 24},
           Bad{replaced(boosted, "inf", "nan"), EMLC_ERR_FORMAT, 22},
           Bad{replaced(boosted, "end\n", ""), EMLC_ERR_SIZE, 23},
           Bad{replaced(boosted, "end\n", "end\nl,1\n"), EMLC_ERR_FORMAT, 24},
           Bad{replaced(boosted, "target,1\n", "target,2\n"), EMLC_ERR_SIZE, 24},
           Bad{replaced(boosted, "target,1\ndecision", "decision"), EMLC_ERR_SIZE, 23},
       }) {
    CAPTURE(bad.text);
    Trees trees(5, 2, 6, 32);
    emlc_csv_trees_loader loader;
    REQUIRE(emlc_csv_trees_begin(&loader, &trees.model, &trees.memory) == EMLC_OK);
    (void)emlc_csv_trees_feed(&loader, bad.text.data(), bad.text.size());
    CHECK(emlc_csv_trees_end(&loader) == bad.status);
    CHECK(emlc_csv_trees_end(&loader) == bad.status);
    CHECK(loader.text.line == bad.line);
  }
}

TEST_CASE("csv trees: every array that is too small is refused") {
  CHECK(Trees(4, 2, 3, 16).load(forest) == EMLC_ERR_MEMORY);
  CHECK(Trees(5, 1, 3, 16).load(forest) == EMLC_ERR_MEMORY);
  CHECK(Trees(5, 2, 2, 16).load(forest) == EMLC_ERR_MEMORY);
  CHECK(Trees(2, 2, 5, 32).load(boosted) == EMLC_ERR_MEMORY);
  CHECK(Trees(2, 2, 6, 16).load(boosted) == EMLC_ERR_MEMORY);  // float thresholds need 32 bits
  Trees trees(5, 2, 3, 16);
  trees.memory.nodes = nullptr;
  CHECK(trees.load(forest) == EMLC_ERR_NULL);
  CHECK(emlc_csv_trees_load(&trees.model, nullptr, forest.data(), forest.size()) == EMLC_ERR_NULL);
  CHECK(emlc_csv_trees_predict(nullptr, nullptr, nullptr) == EMLC_ERR_NULL);
}

TEST_CASE("csv trees: no change of a file makes loading or running leave the arrays") {
  // Sanitizers watch; the arrays have exactly the size that the unchanged files need.
  std::mt19937 random(7);
  const std::string alphabet = "0123456789-.,e\n lrncfbt";
  std::size_t n_loaded = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 == 0 ? forest : boosted;
    for (unsigned change = 0; change < 1 + random() % 3; ++change) {
      const std::size_t at = random() % text.size();
      if (random() % 4 == 0) {
        text.erase(at, 1 + random() % 8);
      } else {
        text[at] = alphabet[random() % alphabet.size()];
      }
    }
    Trees trees(5, 2, 6, 32);
    if (trees.load(text) != EMLC_OK) continue;
    ++n_loaded;
    std::vector<float> x(trees.model.head.n_features, 30.0F);
    std::vector<float> out(trees.model.head.n_outputs);
    CHECK(emlc_csv_trees_predict(&trees.model, x.data(), out.data()) == EMLC_OK);
  }
  CHECK(n_loaded > 1000);
}
