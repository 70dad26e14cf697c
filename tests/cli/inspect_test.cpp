#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;

TEST_CASE("inspect: the facts of a model, counted by hand") {
  const auto finished = run_emlc({"inspect", "-", "--json"}, std::string(tiny_model));
  REQUIRE(finished.exit_code == 0);
  const auto facts = nlohmann::json::parse(finished.out);
  CHECK(facts["schema"] == "emlc.inspect/1");
  CHECK(facts["input"]["n_features"] == 2);
  CHECK(facts["tree_ensemble"]["splits"] == 2);
  CHECK(facts["tree_ensemble"]["leaves"] == 3);
  CHECK(facts["tree_ensemble"]["depth"] == 2);
  CHECK(facts["tree_ensemble"]["comparisons_worst"] == 2);
  CHECK(facts["test_vectors_replayed"] == 3);
  // A guess of the code for each target; a lone small tree is code without a table.
  REQUIRE(facts["c_header"].size() == 3);
  CHECK(facts["c_header"][0]["part"] == "code (estimate), Cortex-M0+");
  CHECK(facts["c_header"][0]["bytes"] > 0);
}

TEST_CASE("inspect: the text says what the JSON says, and --verbose lists the features") {
  const auto brief = run_emlc({"inspect", "-"}, std::string(tiny_model));
  CHECK(brief.exit_code == 0);
  CHECK(brief.out.find("  splits               2\n") != std::string::npos);
  CHECK(brief.err.empty());
  const auto verbose = run_emlc({"inspect", "-", "--verbose"}, std::string(tiny_model));
  CHECK(verbose.exit_code == 0);
  CHECK(verbose.out.size() > brief.out.size());
}

TEST_CASE("inspect: with --json an input that is wrong is told in JSON") {
  const auto finished = run_emlc({"inspect", "-", "--json"}, with(tiny_model, "0.5", "NaN"));
  CHECK(finished.exit_code == 2);
  const auto answer = nlohmann::json::parse(finished.out);
  CHECK(answer["schema"] == "emlc.inspect/1");
  CHECK(answer["error"].get<std::string>().starts_with("stdin:6: "));
}

TEST_CASE("inspect: every bundled model, in text and JSON") {
  for (const auto& entry : std::filesystem::directory_iterator(model_file(""))) {
    const std::string model = entry.path() / "model.json";
    CAPTURE(model);
    CHECK(run_emlc({"inspect", model}).exit_code == 0);
    const auto json = run_emlc({"inspect", model, "--json"});
    CHECK(json.exit_code == 0);
    CHECK(nlohmann::json::accept(json.out));
  }
}
