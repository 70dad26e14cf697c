#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

const std::string forest = model_file("cancer_rf_i16/model.json"), rows = model_file("cancer_rf_i16/X_test.csv"),
                  labels = model_file("cancer_rf_i16/y_test.csv"), network = model_file("digits_mlp/model.json");

void check_refused(const std::vector<std::string>& options, const std::string& message) {
  const Scratch scratch("refused_reductions");
  std::vector<std::string> words = {"convert", forest, "-o", "m.h"};
  words.insert(words.end(), options.begin(), options.end());
  const auto found = run_emlc(words, {}, scratch.path());
  CHECK(found.exit_code == 2);
  CHECK(found.err == "emlc: error: " + message + "\n");
  CHECK(scratch.names().empty());
}

}  // namespace

TEST_CASE("reductions: what was left out, and what that does by the labels, is said and verified") {
  const Scratch scratch("reductions");
  const std::vector<std::string> data = {"--data", rows, "--data-labels", labels};
  std::vector<std::string> words = {
      "convert",         forest, "-o", "m.h", "--name", "m", "--keep-trees", "10", "--prune", "1%", "--refine-leaves",
      "--leaf-clusters", "8"};
  words.insert(words.end(), data.begin(), data.end());
  const auto converted = run_emlc(words, {}, scratch.path());
  REQUIRE(converted.exit_code == 0);
  for (const char* found : {"drop-trees: 10 of 30 trees are left; ", "prune-subtrees: ",
                            "decisions right by the labels", "decisions right by the model before", "of 171 "}) {
    CHECK(contains(converted.err, found));
  }
  const std::string text = read_file(scratch / "m.h");
  CHECK(contains(text, "--keep-trees 10 --prune 1% --refine-leaves"));
  CHECK(contains(text, "--data-labels sha256:"));
  const auto verified =
      run_emlc({"verify", forest, "m.h", "--data", rows, "--data-labels", labels}, {}, scratch.path());
  CHECK(verified.exit_code == 0);
  CHECK(contains(verified.out, "proved: every int16 input reaches the same leaf in each of 10 trees"));
}

TEST_CASE("reductions: a network with fewer units") {
  const Scratch scratch("fewer_units");
  const auto converted =
      run_emlc({"convert", network, "-o", "m.h", "--keep-units", "40", "--weights", "int8"}, {}, scratch.path());
  REQUIRE(converted.exit_code == 0);
  CHECK(contains(converted.err, "drop-units: 40 of 48 hidden units are left; "));
  CHECK(run_emlc({"verify", network, "m.h"}, {}, scratch.path()).exit_code == 0);
}

TEST_CASE("reductions: what does not suit is refused") {
  check_refused({"--refine-leaves", "--data", rows},
                "--refine-leaves: fits leaf values to labels: needs --data-labels");
  check_refused({"--keep-trees", "0"}, "--keep-trees: expected an integer from 1 to 2147483647, found '0'");
  check_refused({"--prune", "1.5"}, "--prune: expected a share from 0 to 1 or a percentage, found '1.5'");
  check_refused({"--keep-splits", "0"}, "--keep-splits: must be a share above 0 up to 1, found 0");
  check_refused({"--keep-splits", "-1"}, "--keep-splits: expected a share from 0 to 1 or a percentage, found '-1'");
  check_refused({"--threshold-clusters", "0"},
                "--threshold-clusters: expected an integer from 1 to 2147483647, found '0'");
  check_refused({"--data-labels", labels}, "--data-labels: needs --data, whose rows have these labels");
  check_refused({"--keep-units", "3"}, "--keep-units: needs a dense network, the model is a tree ensemble");
  check_refused({"--data", rows, "--data-labels", model_file("iris_dt/y_test.csv")},
                model_file("iris_dt/y_test.csv") + ": 45 labels, --data has 171 rows");
}
