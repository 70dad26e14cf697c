#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/csv/csv.hpp"
#include "formats/text/matrix.hpp"
#include "formats/writers.hpp"
#include "tests/formats/csv/device.hpp"
#include "tests/formats/csv/mutate.hpp"

namespace {

/// What reads it answers with an Error, or with a model that the rest of emlc can work with. Any other exception, and
/// any error of a sanitizer, fails the test.
bool is_read(emlc::model::Model (*read)(std::string_view, std::string_view), const std::string& text) {
  try {
    const emlc::model::Model model = read(text, "f.csv");
    emlc::model::check(model, "f.csv");
    emlc::model::predict(model, std::vector<double>(static_cast<std::size_t>(model.input.n_features), 0.5));
    emlc::formats::write_csv(model);
    return true;
  } catch (const emlc::Error&) {
    return false;
  }
}

void check_mutations(emlc::model::Model (*read)(std::string_view, std::string_view), const std::string& text) {
  std::mt19937 random(3);
  REQUIRE(is_read(read, text));
  int n_read = 0, n_refused = 0;
  for (int i = 0; i < 4000; ++i) ++(is_read(read, emlc::test::mutate(text, random)) ? n_read : n_refused);
  // Both have to come up, or the test shows nothing.
  CHECK(n_read > 20);
  CHECK(n_refused > 20);
}

}  // namespace

TEST_CASE("csv mutations: emlearn's form, new and old") {
  check_mutations(emlc::formats::read_emlearn_csv,
                  "f,4\nc,3\nlb,0\nl,1\nl,0\nl,2\nr,0\nr,3\n"
                  "n,0,55.5,1,2\nn,1,27.0,-1,-2\nn,0,61.5,-1,-3\nn,2,28,-2,1\nn,3,17.5,-1,-3\n");
  check_mutations(emlc::formats::read_emlearn_csv, "f,1\nc,2\nl,[1 2]\nl,[255\n0]\nr,0\nn,0,0.5,-1,-2\n");
  check_mutations(emlc::formats::read_emlearn_csv,
                  "r,0\nr,5\nn,1,0.25,1,4\nn,0,0.5,2,3\nn,-1,0,-1,-1\nn,-1,1,-1,-1\nn,0,0.5,3,2\nn,1,0.75,2,3\n");
}

TEST_CASE("csv mutations: the extended trees form and the MLP form") {
  check_mutations(emlc::formats::read_emlearn_csv, emlc::test::documented_csv("emlc,trees,1"));
  check_mutations(emlc::formats::read_mlp_csv, emlc::test::documented_csv("emlc,mlp,1"));
}

TEST_CASE("csv mutations: filters") {
  check_mutations(emlc::formats::read_sos_csv, emlc::test::file_text("models/butter4_1k_16k/sos.csv"));
}

TEST_CASE("csv mutations: tables of numbers") {
  std::mt19937 random(5);
  for (const std::string& whole : {emlc::test::file_text("npy/f4.npy"), emlc::test::file_text("npy/fortran_f8.npy"),
                                   std::string("a,b,c\n1,2,3\n4,,nan\n-1e3,0.5,7\n")}) {
    for (int i = 0; i < 3000; ++i) {
      const std::string text = emlc::test::mutate(whole, random);
      try {
        const auto rows = emlc::formats::read_matrix(text, "x").rows;
        REQUIRE_FALSE(rows.empty());
        for (const std::vector<double>& row : rows) CHECK(row.size() == rows.front().size());
      } catch (const emlc::Error&) {
        continue;
      }
    }
  }
}
