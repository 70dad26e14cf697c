#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

const std::string iris = model_file("iris_dt/model.json"), rows = model_file("iris_dt/X_test.csv");

using Words = std::vector<std::string>;
Words joined(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST_CASE("--feature-scale: the header has a grid that says what it is, and verify needs no data to know it") {
  const Scratch scratch("feature_scale");
  for (const std::string file : {"m.h", "m.hpp"}) {
    for (const std::string scale : {"auto", "per-feature", "10", "8,16,8,32"}) {
      CAPTURE(file);
      CAPTURE(scale);
      const auto converted = run_emlc(
          {"convert", iris, "-o", file, "--name", "m", "--features", "int16", "--feature-scale", scale, "--data", rows},
          {}, scratch.path());
      REQUIRE(converted.exit_code == 0);
      CHECK(contains(converted.err, "% of decisions changed, on"));
      CHECK(contains(converted.err, "values saturate"));
      const std::string text = read_file(scratch / file);
      CHECK_FALSE(contains(text, "--feature-scale auto"));
      CHECK_FALSE(contains(text, "--feature-scale per-feature"));
      const auto verified = run_emlc({"verify", iris, file}, {}, scratch.path());
      CHECK(verified.exit_code == 0);
      CHECK(contains(verified.out, "proved: every int16 input reaches the same leaf"));
      CHECK(contains(verified.out, "against the model as trained"));
    }
  }
}

TEST_CASE("--feature-scale: every output answers to the values of the caller, as scikit-learn does") {
  const std::string labels = "label\n" + read_file(model_file("iris_dt/y_pred.csv"));
  for (const std::string to : {"c", "cpp", "csv", "tmdl", "py"}) {
    CAPTURE(to);
    const auto found = run_emlc({"run", iris, "-i", rows, "--outputs", "labels", "--as-emitted", "--to", to,
                                 "--features", "int16", "--feature-scale", "auto"});
    CHECK(found.exit_code == 0);
    CHECK(found.out == labels);
  }
}

TEST_CASE("--feature-scale: a CSV of codes is the form that emlearn-micropython loads") {
  const Scratch scratch("feature_scale_csv");
  const Words options = {"--features", "int16", "--feature-scale", "10", "--voting", "hard"};
  REQUIRE(run_emlc(joined({"convert", iris, "-o", "m.csv", "-q"}, options), {}, scratch.path()).exit_code == 0);
  CHECK(read_file(scratch / "m.csv").starts_with("f,"));
  CHECK(run_emlc(joined({"verify", iris, "m.csv"}, options), {}, scratch.path()).exit_code == 0);
}

TEST_CASE("--feature-scale: what it is not for is refused, and nothing is written") {
  const Scratch scratch("feature_scale_refused");
  struct Row {
    std::string model;
    Words options;
    std::string message;
  };
  for (const Row& row : {
           Row{"iris_dt",
               {"--feature-scale", "auto"},
               "--feature-scale: makes integers of features: needs --features int8, int16 or uint8"},
           Row{"iris_dt",
               {"--feature-scale", "auto", "--features", "double"},
               "--feature-scale: makes integers of features: needs --features int8, int16 or uint8"},
           Row{"aweight_16k",
               {"--feature-scale", "2", "--features", "int16"},
               "--feature-scale: is for features, a filter has samples"},
           Row{"digits_rf10",
               {"--feature-scale", "2", "--features", "int16"},
               "--feature-scale: the features of the model are uint8 already"},
           Row{"diabetes_mlpr",
               {"--feature-scale", "auto", "--features", "int16", "--weights", "int8"},
               "--feature-scale: networks in integers make codes of their features themselves, leave it out"},
           Row{"iris_dt",
               {"--feature-scale", "1,2", "--features", "int16"},
               "--feature-scale: has 2 factors, the model has 4 features"},
           Row{"iris_dt",
               {"--feature-scale", "-1", "--features", "int16"},
               "--feature-scale: expected auto, per-feature or factors above 0, found '-1'"},
           Row{"iris_dt", {"--feature-scale", "x", "--features", "int16"}, "--feature-scale: not a finite number: 'x'"},
       }) {
    const auto refused = run_emlc(joined({"convert", model_file(row.model + "/model.json"), "-o", "m.h"}, row.options),
                                  {}, scratch.path());
    CHECK(refused.exit_code == 2);
    CHECK(refused.err == "emlc: error: " + row.message + "\n");
    CHECK_FALSE(std::filesystem::exists(scratch / "m.h"));
  }
}
