#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
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

namespace {

using Json = nlohmann::json;

const std::string low_pass = model_file("butter4_1k_16k/model.json");

double gain_at(const Json& response, double frequency) {
  for (const Json& row : response) {
    if (row["frequency"] == frequency) return row["gain_db"];
  }
  return NAN;
}

}  // namespace

TEST_CASE("inspect: --arithmetic shows the coefficients that the header has, and what their response is") {
  const Scratch scratch("inspect_arithmetic");
  const Json filter = Json::parse(run_emlc({"inspect", low_pass, "--arithmetic", "q15", "--json"}).out)["sos_filter"];
  const Json integers = filter["integers"];
  CHECK(integers["arithmetic"] == "q15");
  CHECK(integers["sample_bits"] == 16);
  REQUIRE(run_emlc({"convert", low_pass, "--arithmetic", "q15", "-o", "f.h", "-q"}, {}, scratch.path()).exit_code == 0);
  const std::string header = emlc::cli::read_file(scratch / "f.h");
  const double one = std::ldexp(1.0, integers["fraction_bits"].get<int>());
  REQUIRE(integers["coefficients"].size() == 2);
  double dc_gain = 1.0;
  for (const Json& row : integers["coefficients"]) {
    for (const char* name : {"b0", "a1", "a2"}) {
      CAPTURE(row[name].get<long>());
      CHECK(header.find(std::to_string(std::abs(row[name].get<long>()))) != std::string::npos);
    }
    const double numerator = row["b0"].get<double>() + row["b1"].get<double>() + row["b2"].get<double>();
    dc_gain *= numerator / (one + row["a1"].get<double>() + row["a2"].get<double>());
    // The radius of a pair of poles is the root of a2.
    bool has_pair = false;
    for (const Json& root : integers["roots"]) {
      const bool is_pole = root["section"] == row["section"] && root["kind"] == "pole";
      has_pair = has_pair ||
                 (is_pole && std::abs(root["radius"].get<double>() - std::sqrt(row["a2"].get<double>() / one)) < 1e-9);
    }
    CHECK(has_pair);
  }
  CHECK(gain_at(integers["response"], 0.0) == doctest::Approx(20.0 * std::log10(dc_gain)).epsilon(1e-5));
  for (const Json& row : integers["response"]) {
    if (row["deviation_db"].is_null()) continue;
    const double expected = row["gain_db"].get<double>() - gain_at(filter["response"], row["frequency"]);
    CHECK(std::abs(row["deviation_db"].get<double>() - expected) < 3e-6);
  }
}

TEST_CASE("inspect: a blob of a filter in integers shows what it has, and is what it was made of with --headroom") {
  const Scratch scratch("inspect_integer_blob");
  REQUIRE(run_emlc({"convert", low_pass, "--arithmetic", "q31", "--headroom", "2", "-o", "f.tmdl", "-q"}, {},
                   scratch.path())
              .exit_code == 0);
  const auto integers = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {"inspect", "--json"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return Json::parse(run_emlc(command, {}, scratch.path()).out)["sos_filter"]["integers"];
  };
  const Json blob = integers({"f.tmdl"}), model = integers({low_pass, "--arithmetic", "q31", "--headroom", "2"});
  for (const char* key :
       {"arithmetic", "sample_bits", "fraction_bits", "rounding", "lift_bits", "headroom_bits", "coefficients"}) {
    CAPTURE(key);
    CHECK(blob[key] == model[key]);
  }
  CHECK(model["headroom_bits"] == 2);
  CHECK(model["rounding"] == "error feedback");
  CHECK(std::abs(gain_at(model["response"], 0.0)) < 1e-3);  // of what the samples stand for
}

TEST_CASE("inspect: --arithmetic in text, with a plot and without one") {
  const Scratch scratch("inspect_plot");
  const auto text = run_emlc({"inspect", low_pass, "--arithmetic", "q15"});
  CHECK(text.out.find("\nintegers: coefficients\n  section   b0    b1   b2      a1     a2\n") != std::string::npos);
  CHECK(text.out.find("\nintegers: response\n") != std::string::npos);
  const auto plotted = run_emlc({"inspect", low_pass, "--arithmetic", "q15", "--plot", scratch / "f.svg"});
  CHECK(plotted.out == text.out);
  const std::string svg = emlc::cli::read_file(scratch / "f.svg");
  CHECK(svg.find(">butter4_1k_16k</text>") != std::string::npos);
  CHECK(svg.find(">rounded for q15</text>") != std::string::npos);
  CHECK(run_emlc({"inspect", low_pass}).out.find("integers") == std::string::npos);
}

TEST_CASE("inspect: --arithmetic is for filters, and refused as convert does it") {
  const auto trees = run_emlc({"inspect", "-", "--arithmetic", "q31"}, std::string(tiny_model));
  CHECK(trees.exit_code == 2);
  CHECK(trees.err == "emlc: error: --arithmetic: needs a filter, the model is a tree ensemble\n");
  const std::vector<std::string> options = {model_file("aweight_16k/model.json"), "--arithmetic", "q15"};
  std::vector<std::string> inspected = {"inspect"}, converted = {"convert", "-o", "unwritten.h"};
  inspected.insert(inspected.end(), options.begin(), options.end());
  converted.insert(converted.end(), options.begin(), options.end());
  const auto refused = run_emlc(inspected);
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.empty());
  CHECK(refused.err.find("q15 is not good enough") != std::string::npos);
  CHECK(refused.err == run_emlc(converted).err);
}
