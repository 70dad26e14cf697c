#include <doctest/doctest.h>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// A directory with the model and three inputs, whose answers the model's own test vectors tell.
Scratch with_inputs(const std::string& name) {
  Scratch scratch(name);
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "m.json", std::string(tiny_model)},
                                                            {scratch / "x.csv", "2,0\n3,0\n0,1\n"}});
  return scratch;
}

constexpr const char* answers = "label,output_0,output_1\n0,1,0\n1,0,1\n1,0.25,0.75\n";

}  // namespace

TEST_CASE("run: answers as CSV, to stdout or a file") {
  const Scratch scratch = with_inputs("run");
  CHECK(run_emlc({"run", "m.json", "-i", "x.csv"}, {}, scratch.path()).out == answers);
  const auto to_file = run_emlc({"run", "m.json", "-i", "x.csv", "-o", "y.csv"}, {}, scratch.path());
  CHECK(to_file.exit_code == 0);
  CHECK(to_file.out.empty());
  CHECK(read_file(scratch / "y.csv") == answers);
  CHECK(run_emlc({"run", "m.json", "-i", "x.csv", "--outputs", "labels"}, {}, scratch.path()).out ==
        "label\n0\n1\n1\n");
}

TEST_CASE("run: every output as it would be emitted") {
  const Scratch scratch = with_inputs("run_emitted");
  for (const std::string output : {"c", "cpp", "csv", "tmdl", "tmdl-c", "py"}) {
    CAPTURE(output);
    const auto finished =
        run_emlc({"run", "m.json", "-i", "x.csv", "--as-emitted", "--to", output}, {}, scratch.path());
    CHECK(finished.exit_code == 0);
    CHECK(finished.out == answers);
  }
  // The first leaf of class 1 has a vote of a quarter for class 0, which hard voting does not count.
  CHECK(run_emlc({"run", "m.json", "-i", "x.csv", "--as-emitted", "--voting", "hard"}, {}, scratch.path()).out ==
        "label,output_0,output_1\n0,1,0\n1,0,1\n1,0,1\n");
}

TEST_CASE("run: stdin is the model or the inputs, not both") {
  const Scratch scratch = with_inputs("run_stdin");
  CHECK(run_emlc({"run", "-", "-i", "x.csv"}, std::string(tiny_model), scratch.path()).out == answers);
  CHECK(run_emlc({"run", "m.json", "-i", "-"}, "2,0\n3,0\n0,1\n", scratch.path()).out == answers);
  const auto both = run_emlc({"run", "-", "-i", "-"}, std::string(tiny_model), scratch.path());
  CHECK(both.exit_code == 2);
  CHECK(both.err == "emlc: error: -: the model and its inputs cannot both be stdin\n");
}

TEST_CASE("run: writes over nothing that it reads, under whatever name") {
  const Scratch scratch = with_inputs("run_over");
  std::filesystem::create_symlink("m.json", scratch / "link");
  for (const std::string output : {"m.json", "./x.csv", "link"}) {
    CAPTURE(output);
    const auto finished = run_emlc({"run", "m.json", "-i", "x.csv", "-o", output}, {}, scratch.path());
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "emlc: error: " + output + ": this file is read and cannot be the output too\n");
    CHECK(emlc::cli::read_file(scratch / "m.json") == tiny_model);
    CHECK(run_emlc({"run", "m.json", "-i", "x.csv"}, {}, scratch.path()).out == answers);
  }
}

TEST_CASE("run: inputs that do not fit the model") {
  const Scratch scratch = with_inputs("run_bad");
  for (const auto& [input, message] : std::vector<std::pair<std::string, std::string>>{
           {"1,2,3\n", "emlc: error: stdin:1: row 0: 3 values, the model has 2 features\n"},
           {"1,2\n3\n", "emlc: error: stdin:2: has 1 columns, the rows before have 2\n"},
       }) {
    const auto finished = run_emlc({"run", "m.json", "-i", "-", "-o", "y.csv"}, input, scratch.path());
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == message);
    CHECK(scratch.names() == std::vector<std::string>{"m.json", "x.csv"});
  }
}
