#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

// HistGradientBoostingClassifier on the wines of scikit-learn with 4 million added to every feature, where a step of
// float32 is 0.25 to 0.5. scikit-learn itself gives 3 of the 72 test rows another class when they are rounded to
// float32.
const std::string model = model_file("wine_hgb/model.json"), rows = model_file("wine_hgb/X_test.csv");

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// How many of the labels that the artifact gives to the rows are not those of scikit-learn.
std::size_t n_wrong(const std::vector<std::string>& options) {
  std::vector<std::string> command = {"run", model, "-i", rows, "--outputs", "labels", "--as-emitted"};
  command.insert(command.end(), options.begin(), options.end());
  const auto finished = run_emlc(command);
  REQUIRE(finished.exit_code == 0);
  const auto found = lines_of(finished.out), expected = lines_of(read_file(model_file("wine_hgb/y_pred.csv")));
  REQUIRE(found.size() == expected.size() + 1);  // a head
  std::size_t n = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) n += found[i + 1] == expected[i] ? 0U : 1U;
  return n;
}

}  // namespace

TEST_CASE("--features double: headers decide as the model does where those in float32 do not") {
  for (const std::string to : {"c", "cpp"}) {
    CHECK(n_wrong({"--to", to}) == 3);
    for (const std::string layout : {"inline", "table"}) {
      CAPTURE(layout);
      CHECK(n_wrong({"--to", to, "--features", "double", "--layout", layout}) == 0);
    }
  }
  CHECK(n_wrong({"--to", "c", "--features", "double", "--optimize", "size"}) == 0);
  CHECK(n_wrong({"--to", "csv"}) == 3);
}

TEST_CASE("--features double: convert says what rounding changes, and that there is another way") {
  const Scratch scratch("rounded");
  const auto messages = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {"convert", model, "--data", rows, "-q"};
    command.insert(command.end(), options.begin(), options.end());
    const auto finished = run_emlc(command, {}, scratch.path());
    CHECK(finished.exit_code == 0);
    return finished.err;
  };
  const std::string changed =
      "emlc: warning: rounding the features from float64 to float32 changes the decisions of 3 of 72 rows (4.2 %); ";
  CHECK(messages({"-o", "m.h"}) == changed + "--features double keeps them\n");
  CHECK(messages({"-o", "m.tmdl"}) == changed + "a header with --features double keeps them\n");
  CHECK(messages({"-o", "m.h", "--features", "double"}).empty());
  const std::string text = read_file(scratch / "m.h");
  CHECK(text.find("typedef double wine_hgb_feature;") != std::string::npos);
  CHECK(text.find("#if DBL_MANT_DIG < 53\n#error \"WINE_HGB takes double of 64 bits") != std::string::npos);
}

TEST_CASE("--features double: verify proves it for every double") {
  const Scratch scratch("proved");
  for (const std::string file : {"m.h", "m.hpp"}) {
    for (const std::string layout : {"inline", "table"}) {
      REQUIRE(
          run_emlc({"convert", model, "-o", file, "--features", "double", "--layout", layout, "-q"}, {}, scratch.path())
              .exit_code == 0);
      const auto verified = run_emlc({"verify", model, file}, {}, scratch.path());
      CHECK(verified.exit_code == 0);
      CHECK(verified.out.find("proved: every float64 input reaches the same leaf") != std::string::npos);
    }
  }
}

TEST_CASE("--features double: what has no doubles says so") {
  const Scratch scratch("no_doubles");
  struct Row {
    std::string model, file;
    std::vector<std::string> options;
    std::string message;
  };
  for (const Row& row : {
           Row{"wine_hgb", "m.csv", {}, "--features: a CSV holds no double; write c or cpp, or take --features float"},
           Row{"wine_hgb",
               "m.tmdl",
               {},
               "--features: a .tmdl holds no double; write c or cpp, or take --features float"},
           Row{"wine_hgb", "m.h", {"--fpu", "no"}, "--fpu: no is for features in float, these are double"},
           Row{"digits_mlp", "m.h", {}, "--features double: needs a tree ensemble, the model is a dense network"},
           Row{"aweight_16k", "m.h", {}, "--features double: needs a tree ensemble, the model is a sos filter"},
       }) {
    std::vector<std::string> command = {"convert", model_file(row.model + "/model.json"), "-o", row.file, "--features",
                                        "double"};
    command.insert(command.end(), row.options.begin(), row.options.end());
    const auto refused = run_emlc(command, {}, scratch.path());
    CHECK(refused.exit_code == 2);
    CHECK(refused.err == "emlc: error: " + row.message + "\n");
    CHECK_FALSE(std::filesystem::exists(scratch / row.file));
  }
}
