#include <doctest/doctest.h>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// Converts `content` over an existing output, which has to stay as it is unless all is well.
emlc::cli::Finished convert_over(const Scratch& scratch, const std::string& file, const std::string& content,
                                 std::vector<std::string> options = {}) {
  put(scratch / file, content);
  put(scratch / "out.h", "as it was");
  std::vector<std::string> arguments = {"convert", file, "-o", "out.h", "--quiet"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  auto finished = run_emlc(arguments, {}, scratch.path());
  CHECK(finished.out.empty());
  if (finished.exit_code != 0) CHECK(read_file(scratch / "out.h") == "as it was");
  CHECK(scratch.names().size() == 2);  // no temporary file is left
  return finished;
}

}  // namespace

TEST_CASE("bad model: exit code 2, one located sentence, the old output stays") {
  struct Bad {
    std::string_view part, replacement, message;
  };
  const std::vector<Bad> cases = {
      {" \"atol\": 0, \"rtol\": 0}}\n", "",
       "m.json:9: test_vectors.labels: the file ends in the middle of the JSON document"},
      {"[0.5, 2.5,", "[NaN, 2.5,", "m.json:6: model.trees[0].threshold[0]: not valid JSON: unexpected 'NaN'"},
      {"[0.5, 2.5,", "[null, 2.5,", "m.json:6: model.trees[0].threshold[0]: expected a number, found null"},
      {"[0.5, 2.5,", "[\"nan\", 2.5,", "m.json:6: model.trees[0].threshold[0]: expected a number, found 'nan'"},
      {"\"left\": [1, 2", "\"left\": [1, 9",
       "m.json:6: model.trees[0].left[1]: child 9 is out of range, the tree has 5 nodes"},
      {"\"left\": [1, 2", "\"left\": [1, 0",
       "m.json:6: model.trees[0].left[1]: node 0 is reached a second time, every node has one parent"},
      {"\"feature\": [1, 0", "\"feature\": [1, 2",
       "m.json:6: model.trees[0].feature[1]: feature 2 is out of range, the model has 2"},
      {"[0, 1], [0.25", "[0, 1, 2], [0.25",
       "m.json:7: model.trees[0].value[3]: has 3 numbers, the model has 2 outputs"},
      {"\"leaf\": \"vector\"", "\"leef\": \"vector\"",
       "m.json:5: model.leef: unknown key 'leef', did you mean 'leaf'?"},
      {"\"leaf\": \"vector\"", "\"leaf\": \"vector\", \"leaf\": \"vector\"",
       "m.json:5: model.leaf: the key is there twice"},
      {"[0.25, 0.75]],\n  \"labels\"", "[0.25, 0.76]],\n  \"labels\"",
       "m.json:8: test_vectors.outputs[2][1]: the trainer's answer is 0.76, the model as read computes 0.75"},
      {"\"labels\": [0, 1, 1]", "\"labels\": [0, 0, 1]",
       "m.json:9: test_vectors.labels[1]: the trainer's label is '0', the model as read decides '1'"},
  };
  const Scratch scratch("bad_model");
  for (const Bad& bad : cases) {
    CAPTURE(bad.message);
    const auto finished = convert_over(scratch, "m.json", with(tiny_model, bad.part, bad.replacement));
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "emlc: error: " + std::string(bad.message) + "\n");
  }
}

TEST_CASE("bad model: files of other kinds") {
  const Scratch scratch("bad_file");
  struct Bad {
    std::string content, message;
  };
  for (const Bad& bad : {
           Bad{"1,0,0,1,0\n", "model:1: a section has 6 coefficients, this line has 5"},
           Bad{"", "model: the file is empty"},
           Bad{"hello\n", "model: the format is not recognised; name it with --from (emlc list formats)"},
       }) {
    CAPTURE(bad.message);
    const auto finished = convert_over(scratch, "model", bad.content);
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "emlc: error: " + bad.message + "\n");
  }
}

TEST_CASE("bad options: a name that is no identifier, budgets that are too small") {
  const Scratch scratch("bad_options");
  const std::string model(tiny_model);
  for (const std::string name : {"9x", "int", "a-b", "tiny model"}) {
    const auto finished = convert_over(scratch, "m.json", model, {"--name", name});
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "emlc: error: --name: expected a C identifier that is no keyword, found '" + name + "'\n");
  }
  const auto flash = convert_over(scratch, "m.json", model, {"--max-flash", "0"});
  CHECK(flash.exit_code == 1);
  CHECK(flash.err.starts_with("emlc: error: flash is "));
  CHECK(flash.err.ends_with(" more than --max-flash 0 allows; nothing was written\n"));
}

TEST_CASE("bad options: a budget names the bytes that are too many") {
  const Scratch scratch("budget");
  put(scratch / "m.csv", "1,0,0,1,0,0\n");
  const auto finished = run_emlc({"convert", "m.csv", "-o", "o.h", "--max-ram", "5", "-q"}, {}, scratch.path());
  CHECK(finished.exit_code == 1);  // a section has a state of two floats, calls have frames of 68 bytes
  CHECK(finished.err == "emlc: error: RAM is 76 bytes, 71 more than --max-ram 5 allows; nothing was written\n");
  CHECK(run_emlc({"convert", "m.csv", "-o", "o.h", "--max-ram", "76 B", "-q"}, {}, scratch.path()).exit_code == 0);
}

TEST_CASE("bad options: over a budget, options that would fit are named with what they take") {
  const Scratch scratch("fitting");
  const auto small = [&](std::vector<std::string> options) {
    std::vector<std::string> arguments = {"convert", emlc::cli_test::model_file("digits_rf10/model.json"), "-o", "o.h"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_emlc(arguments, {}, scratch.path());
  };
  const auto finished = small({"--max-flash", "5000"});
  CHECK(finished.exit_code == 1);
  const std::string start = "would fit: --voting hard (";
  const std::size_t at = finished.err.find(start);
  REQUIRE(at != std::string::npos);
  // With the option, and the bytes that were named as the budget, it does fit.
  const std::string bytes =
      finished.err.substr(at + start.size(), finished.err.find(' ', at + start.size()) - at - start.size());
  CHECK(small({"--voting", "hard", "--max-flash", bytes, "-q"}).exit_code == 0);
  CHECK(small({"--voting", "hard", "--max-flash", std::to_string(std::stoul(bytes) - 1), "-q"}).exit_code == 1);
  CHECK(finished.err.find("--weights") == std::string::npos);
  CHECK(small({"--max-flash", "10"}).err.find("would fit") == std::string::npos);
}

TEST_CASE("bad options: over a budget on a target, and in check, options that would fit are named too") {
  const Scratch scratch("fitting_targets");
  const std::string model = emlc::cli_test::model_file("digits_rf10/model.json");
  const auto small = [&](std::vector<std::string> arguments, const std::vector<std::string>& options) {
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_emlc(arguments, {}, scratch.path());
  };
  const std::vector<std::string> convert = {"convert", model, "-o", "o.h"}, check = {"check", model};
  const std::vector<std::string> targets = {"--target", "cortex-m0plus,atmega328p"};
  const auto on_targets = [&](std::vector<std::string> options) {
    options.insert(options.end(), targets.begin(), targets.end());
    return options;
  };
  for (const auto& [command, options, start] :
       {std::tuple{convert, on_targets({"--max-flash", "5000"}), "would fit: --voting hard ("},
        std::tuple{check, std::vector<std::string>{"--max-flash", "5000"}, ": would fit: --voting hard ("},
        std::tuple{check, on_targets({"--max-flash", "5000"}), ": would fit: --voting hard ("}}) {
    const auto finished = small(command, options);
    CHECK(finished.exit_code == 1);
    const std::size_t at = finished.err.find(start);
    REQUIRE_MESSAGE(at != std::string::npos, finished.err);
    const std::string line = finished.err.substr(at, finished.err.find('\n', at) - at);
    const bool has_targets = options.size() > 2;
    CHECK((line.find(" of RAM on cortex-m0plus, ") != std::string::npos) == has_targets);
    CHECK((line.find(" of RAM on atmega328p; approximate)") != std::string::npos) == has_targets);
    // With the option it does fit, and what fits is not told more.
    std::vector<std::string> fitting = options;
    fitting.insert(fitting.end(), {"--voting", "hard"});
    const auto fits = small(command, fitting);
    CHECK(fits.exit_code == 0);
    CHECK(fits.err.find("would fit") == std::string::npos);
    fitting = options;
    fitting.emplace_back("--quiet");
    CHECK(small(command, fitting).err.find("would fit") == std::string::npos);
  }
}

TEST_CASE("bad options: only filters are drawn, and not over the model") {
  const Scratch scratch("plot");
  put(scratch / "m.json", std::string(tiny_model));
  put(scratch / "f.csv", "0.5,0.5,0,1,0,0\n");
  const auto plot = [&](const char* model, const char* file) {
    return run_emlc({"inspect", model, "--plot", file}, {}, scratch.path());
  };
  CHECK(plot("m.json", "m.svg").err ==
        "emlc: error: --plot: draws the response of a filter, the model is a tree ensemble\n");
  CHECK(plot("f.csv", "f.csv").err == "emlc: error: f.csv: this file is read and cannot be the output too\n");
  CHECK(plot("f.csv", "f.svg").exit_code == 0);
  CHECK(read_file(scratch / "f.svg").starts_with("<svg"));
}

TEST_CASE("bad .tmdl: a blob that is cut anywhere is refused") {
  const Scratch scratch("cut_blob");
  put(scratch / "m.json", std::string(tiny_model));
  REQUIRE(run_emlc({"convert", "m.json", "-o", "whole.tmdl", "-q"}, {}, scratch.path()).exit_code == 0);
  const std::string blob = read_file(scratch / "whole.tmdl");
  CHECK(run_emlc({"inspect", "whole.tmdl"}, {}, scratch.path()).exit_code == 0);
  for (std::size_t size = 1; size < blob.size(); size += 7) {
    CAPTURE(size);
    put(scratch / "cut.tmdl", blob.substr(0, size));
    const auto finished = run_emlc({"inspect", "cut.tmdl"}, {}, scratch.path());
    CHECK(finished.exit_code == 2);
    CHECK(finished.err.starts_with("emlc: error: cut.tmdl: "));
    CHECK(finished.out.empty());
  }
}
