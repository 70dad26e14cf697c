// Filters in float32 on the command line: which structure they get, and what is said of it.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"

using namespace emlc::cli_test;

namespace {

using Json = nlohmann::json;

// butter(2, 2 Hz) at 48 kHz.
const std::string low_pass =
    "1.7131558368989693e-08,3.4263116737979385e-08,1.7131558368989693e-08,1,-1.9996297597593817,0.9996298282856152\n";

}  // namespace

TEST_CASE(
    "convert: a filter with a low corner says which structure it got and why; a CSV says that it cannot have it") {
  const Scratch scratch("convert_low_corner");
  const auto convert_to = [&](const std::string& output, const std::string& structure) {
    return run_emlc({"convert", "-", "--name", "f", "-o", "-", "--to", output, "--structure", structure}, low_pass,
                    scratch.path());
  };
  const auto header = convert_to("c", "auto");
  CHECK(header.exit_code == 0);
  CHECK(header.err.find("  structure-sos  exact  1 change\n") != std::string::npos);
  CHECK(header.err.find("  structure: compensated; with direct the response would be off by -4.8 dB at 0 of the sample "
                        "rate, more than 0.5 dB within 40 dB of its peak\n") != std::string::npos);
  CHECK(header.err.find("  response: off by at most ") != std::string::npos);
  CHECK(header.err.find("  rounding in float32: at most ") != std::string::npos);
  CHECK(convert_to("c", "pairs").err.find("  structure: pairs\n") != std::string::npos);
  CHECK(convert_to("tmdl", "auto").exit_code == 0);
  for (const char* structure : {"auto", "compensated"}) {
    const auto csv = convert_to("csv", structure);
    CHECK(csv.exit_code == 2);
    CHECK(csv.err.ends_with(
        "emlc: error: stdin: sections[0]: needs the structure 'compensated' in float32, readers of CSV have "
        "the direct one; write c, cpp or tmdl\n"));
  }
  const auto direct = convert_to("csv", "direct");
  CHECK(direct.exit_code == 2);
  CHECK(direct.err.find("--structure: direct is not good enough for this filter: ") != std::string::npos);
}

TEST_CASE("inspect: a filter in float32, with its structures, errors and problems") {
  const auto float32 = [](const std::vector<std::string>& more, const std::string& filter) {
    std::vector<std::string> command = {"inspect", "-", "--json"};
    command.insert(command.end(), more.begin(), more.end());
    return Json::parse(run_emlc(command, filter).out)["sos_filter"]["float32"];
  };
  const std::string smoothing = "0.25,0,0,1,-0.75,0\n", unstable = "1,0,0,1,-2.5,1\n";
  const std::string endless = "1e-9,0,0,1,-0.999999999,0\n";
  Json facts = float32({}, smoothing);
  CHECK(facts["structures"] == Json({"direct"}));
  CHECK(facts["problem"].is_null());
  CHECK(facts["problem_of_direct"].is_null());
  CHECK(facts["largest_error"] < 1e-6);
  CHECK(std::abs(facts["dc_deviation_db"].get<double>()) < 1e-6);
  facts = float32({}, low_pass);
  CHECK(facts["structures"] == Json({"compensated"}));
  CHECK(facts["problem"].is_null());
  CHECK(facts["problem_of_direct"].get<std::string>().starts_with("the response would be off by -4.8 dB at 0 of"));
  CHECK(facts["largest_error"] < 5e-5);
  CHECK(float32({"--structure", "pairs"}, low_pass)["structures"] == Json({"pairs"}));
  CHECK(float32({"--structure", "pairs"}, low_pass)["largest_error"] < 1e-6);
  // What convert refuses is shown.
  CHECK(float32({}, endless)["problem"].get<std::string>().starts_with("the output would be off by "));
  CHECK(float32({}, unstable)["problem"] == "the filter is unstable, nothing is measured");
  CHECK(run_emlc({"inspect", "-", "--structure", "direct"}, low_pass).exit_code == 2);
  CHECK(run_emlc({"inspect", "-"}, low_pass).out.find("\nfloat32\n  structures           compensated\n") !=
        std::string::npos);
}

TEST_CASE("report: a filter with structures stands beside its design, with what float32 is off by") {
  const Scratch scratch("report_structures");
  const auto report_with = [&](const std::string& structure) {
    const std::vector<std::string> command = {"convert",
                                              model_file("aweight_16k/model.json"),
                                              "-o",
                                              "o.h",
                                              "-q",
                                              "--structure",
                                              structure,
                                              "--report",
                                              structure + ".json"};
    REQUIRE(run_emlc(command, {}, scratch.path()).exit_code == 0);
    return emlc::cli::read_file(scratch / (structure + ".json"));
  };
  const std::string pairs = report_with("pairs"), direct = report_with("auto");
  for (const char* part : {"\"pairs, pairs, pairs\"", "\"in float32\"", "\"before\"", "structure: pairs",
                           "emlc inspect model.json --structure pairs"}) {
    CAPTURE(part);
    CHECK(pairs.find(part) != std::string::npos);
  }
  for (const char* part : {"\"direct, direct, direct\"", "structure: direct", "rounding in float32: at most "}) {
    CAPTURE(part);
    CHECK(direct.find(part) != std::string::npos);
  }
}
