// emlc fit: what it writes, that each point's own command makes the same bytes, and what it says to nonsense.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "cli/console/sha256.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;
using Json = nlohmann::json;

namespace {

std::vector<std::string> fit_arguments(const std::string& model, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"fit",      model_file(model + "/model.json"),
                                        "--data",   model_file(model + "/X_test.csv"),
                                        "--labels", model_file(model + "/y_test.csv")};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Json found_by(const std::vector<std::string>& arguments, int code = 0) {
  const auto done = run_emlc(arguments);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == code);
  return Json::parse(done.out);
}

/// The arguments of `convert` that a point names, as a project would have them.
std::vector<std::string> convert_arguments(const std::string& model, const Json& point, const std::string& output) {
  std::vector<std::string> arguments = {"convert", model_file(model + "/model.json"), "-o", output, "--quiet"};
  for (const auto& [key, value] : point["options"].items()) {
    arguments.push_back(value.is_boolean() ? "--" + key : fmt::format("--{}={}", key, value.get<std::string>()));
  }
  return arguments;
}

}  // namespace

TEST_CASE("fit: the command of each point makes the bytes that it names") {
  const Scratch scratch("fit-commands");
  for (const char* model : {"cancer_gbc", "digits_mlp"}) {
    const Json found = found_by(fit_arguments(model, {"--json", "--trials", "24", "--quiet"}));
    CHECK(found["points"].size() > 1);
    for (const Json& point : found["points"]) {
      CAPTURE(point["command"].get<std::string>());
      const auto done = run_emlc(convert_arguments(model, point, scratch / "model.h"));
      CHECK_MESSAGE(done.exit_code == 0, done.err);
      CHECK(emlc::cli::sha256(read_file(scratch / "model.h")) == point["sha256"].get<std::string>());
    }
  }
}

TEST_CASE("fit: the same trials give the same answer, whatever the cores and the time") {
  const auto run = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = fit_arguments("cancer_gbc", {"--json", "--quiet"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return found_by(arguments);
  };
  const Json one = run({"--trials", "20", "--jobs", "1"});
  CHECK(one == run({"--trials", "20", "--jobs", "3"}));
  CHECK(one["trials"] == 20);
  const Json stopped = run({"--seconds", "0.05"});
  if (stopped["ending"] == "seconds") {
    Json again = run({"--trials", std::to_string(stopped["trials"].get<int>())});
    again["ending"] = "seconds";
    CHECK(again == stopped);
  }
}

TEST_CASE(
    "fit: what -o writes is the chosen point, smaller than what convert makes, and no worse where it was not seen") {
  const Scratch scratch("fit-output");
  const Json found = found_by(fit_arguments("cancer_gbc", {"--json", "--trials", "60", "-o", scratch / "m.h",
                                                           "--max-loss", "2%", "--split-seed", "3", "-q"}));
  const Json& point = found["points"][found["chosen"].get<std::size_t>()];
  CHECK(emlc::cli::sha256(read_file(scratch / "m.h")) == point["sha256"].get<std::string>());
  CHECK(point["validation"]["loss"].get<double>() <= 0.02);
  CHECK(point["search"]["n"].get<int>() + point["validation"]["n"].get<int>() == 171);
  const auto exact = run_emlc({"convert", model_file("cancer_gbc/model.json"), "-o", scratch / "exact.h", "-q",
                               "--size-report", scratch / "size.json"});
  REQUIRE(exact.exit_code == 0);
  CHECK(point["flash"].get<double>() < Json::parse(read_file(scratch / "size.json"))["flash"].get<double>());
}

TEST_CASE("fit: where nothing fits, exit code 1 and the nearest point, and nothing is written") {
  const Scratch scratch("fit-nothing");
  const auto done =
      run_emlc(fit_arguments("cancer_gbc", {"--trials", "12", "--max-flash", "16", "-o", scratch / "m.h"}));
  CHECK(done.exit_code == 1);
  CHECK(done.err.find("nothing meets budgets and loss; the nearest is ") != std::string::npos);
  CHECK(done.err.find("more than --max-flash 16 allows") != std::string::npos);
  CHECK(scratch.names().empty());
}

TEST_CASE("fit: the page has the front, every command, and no date") {
  const Scratch scratch("fit-page");
  const auto run = [&](const std::string& page) {
    return run_emlc(fit_arguments("cancer_gbc", {"--trials", "16", "--pareto", page, "-q"}));
  };
  REQUIRE(run(scratch / "a.html").exit_code == 0);
  REQUIRE(run(scratch / "b.html").exit_code == 0);
  const std::string page = read_file(scratch / "a.html");
  CHECK(page == read_file(scratch / "b.html"));
  CHECK(page.find("<svg") != std::string::npos);
  CHECK(page.find("emlc convert ") != std::string::npos);
  CHECK(page.find("http") == std::string::npos);
}

TEST_CASE("fit: filters and models without labels are measured against the trained model") {
  const Scratch scratch("fit-unlabelled");
  const Json trees = found_by({"fit", model_file("digits_rf10/model.json"), "--data",
                               model_file("digits_rf10/X_test.csv"), "--json", "--trials", "12", "-q"});
  CHECK(trees["goal"]["measure"] == "agreement");
  for (const Json& point : trees["points"]) CHECK(point["validation"]["trained"] == 1.0);
  std::string noise = "x\n";
  std::uint32_t state = 1;
  for (int i = 0; i < 4096; ++i) {
    state = state * 1664525U + 1013904223U;
    noise += fmt::format("{}\n", static_cast<double>(state >> 8U) / 16777216.0 - 0.5);
  }
  put(scratch / "noise.csv", noise);
  const Json filter = found_by({"fit", model_file("butter4_1k_16k/model.json"), "--data", scratch / "noise.csv",
                                "--json", "--max-loss", "0.001", "-q"});
  CHECK(filter["goal"]["measure"] == "fidelity");
  CHECK(filter["points"].size() > 1);
}

TEST_CASE("fit: nonsense is refused in a sentence") {
  const Scratch scratch("fit-nonsense");
  put(scratch / "m.json", std::string(tiny_model));
  put(scratch / "x.csv", "2,0\n3,0\n0,1\n");
  put(scratch / "y.csv", "0\n1\n0\n");
  put(scratch / "one.csv", "1\n1\n1\n");
  put(scratch / "short.csv", "0\n1\n0\n1\n1\n");
  put(scratch / "group.csv", "a\na\na\n");
  put(scratch / "row.csv", "2,0\n");
  const std::string m = scratch / "m.json", x = scratch / "x.csv";
  struct Bad {
    std::vector<std::string> arguments;
    std::string message;
  };
  for (const Bad& bad : {
           Bad{{"fit", m},
               "--data: is needed: inputs, one per line, to see what a smaller model loses; best with --labels"},
           Bad{{"fit", m, "--data", x, "--labels", scratch / "short.csv"},
               scratch / "short.csv: 5 labels, --data has 3 rows"},
           Bad{{"fit", m, "--data", x, "--labels", scratch / "one.csv"},
               "--labels: all 3 rows are of the class '1': expected two classes at least"},
           Bad{{"fit", m, "--data", x, "--max-flash", "0"}, "--max-flash: nothing fits in 0; expected at least 1"},
           Bad{{"fit", m, "--data", x, "--max-ram", "0"}, "--max-ram: nothing fits in 0; expected at least 1"},
           Bad{{"fit", m, "--data", x, "--max-comparisons", "0"},
               "--max-comparisons: nothing fits in 0; expected at least 1"},
           Bad{{"fit", m, "--data", x, "--seconds", "0"}, "--seconds: expected more than 0"},
           Bad{{"fit", m, "--data", x, "--max-loss", "2"},
               "--max-loss: expected a share from 0 to 1 or a percentage, found '2'"},
           Bad{{"fit", m, "--data", x, "--pareto", "p.png"},
               "--pareto: expected a name that ends in .html, .md or .json, found 'p.png'"},
           Bad{{"fit", m, "--data", x, "--groups", scratch / "group.csv", "--split-seed", "1"},
               scratch / "group.csv: all rows are of one group: two parts need two groups at least"},
           Bad{{"fit", m, "--data", scratch / "row.csv"}, "--data: two parts need two rows at least"},
       }) {
    CAPTURE(bad.message);
    const auto done = run_emlc(bad.arguments);
    CHECK(done.exit_code == 2);
    CHECK(done.err == fmt::format("emlc: error: {}\n", bad.message));
  }
}
