#include <doctest/doctest.h>

#include <filesystem>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// x0 < 0.5: 2, else 1; the margin starts at 0.
constexpr std::string_view dump = R"([{"nodeid":0,"split":"f0","split_condition":0.5,"yes":1,"no":2,"missing":1,
"children":[{"nodeid":1,"leaf":2},{"nodeid":2,"leaf":-1}]}])";

constexpr std::string_view project = R"({"schema": "emlc.project/1", "models": [{"model": "d.json",
"objective": "binary:logistic", "base_score": 0.5, "output": "d.h"}]})";

Scratch with_dump(const std::string& name) {
  Scratch scratch(name);
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "d.json", std::string(dump)},
                                                            {scratch / "x.csv", "0\n1\n"},
                                                            {scratch / "emlc.json", std::string(project)}});
  return scratch;
}

const std::vector<std::string> told = {"--objective", "binary:logistic", "--base-score", "0.5"};

std::vector<std::string> with_told(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), told.begin(), told.end());
  return arguments;
}

/// A model of TensorFlow.js with its weights beside it.
Scratch with_model(const std::string& name) {
  Scratch scratch(name);
  const auto from = std::filesystem::path(EMLC_SOURCE_DIR) / "tests/data/networks/tfjs-4.22.0/bn_leaky_reg";
  for (const char* file : {"model.json", "group1-shard1of1.bin", "X.npy"}) {
    std::filesystem::copy_file(from / file, scratch / file);
  }
  return scratch;
}

constexpr const char* weights = "group1-shard1of1.bin";

}  // namespace

TEST_CASE("a dump of XGBoost: every command takes what it leaves out, and warns what it cannot know") {
  const Scratch scratch = with_dump("dump");
  const std::string warning =
      "emlc: warning: d.json: a dump does not say how many features there are, 1 are taken, up to the last one that is "
      "asked for\n";
  const auto labels = run_emlc(with_told({"run", "d.json", "-i", "x.csv", "--outputs", "labels"}), {}, scratch.path());
  CHECK(labels.out == "label\n1\n0\n");
  CHECK(labels.err == warning);
  CHECK(run_emlc(with_told({"inspect", "d.json"}), {}, scratch.path()).exit_code == 0);
  CHECK(run_emlc(with_told({"convert", "d.json", "-o", "d.h"}), {}, scratch.path()).exit_code == 0);
  CHECK(run_emlc(with_told({"verify", "d.json", "d.h"}), {}, scratch.path()).exit_code == 0);
  CHECK(run_emlc(with_told({"check", "d.json"}), {}, scratch.path()).exit_code == 0);
  const auto untold = run_emlc({"convert", "d.json", "-o", "e.h"}, {}, scratch.path());
  CHECK(untold.exit_code == 2);
  CHECK(untold.err ==
        "emlc: error: d.json: --objective: is missing, a dump of XGBoost has trees alone; or save the model with "
        "save_model\n");
  CHECK(scratch.names() == std::vector<std::string>{"d.h", "d.json", "emlc.json", "x.csv"});
}

TEST_CASE("a dump of XGBoost: a project says what it leaves out") {
  const Scratch scratch = with_dump("dump_project");
  CHECK(run_emlc({"convert", "--all"}, {}, scratch.path()).exit_code == 0);
  CHECK(scratch.names() == std::vector<std::string>{"d.h", "d.json", "emlc.json", "x.csv"});
}

TEST_CASE("what is said about a file that says all itself is refused") {
  const Scratch scratch = with_dump("dump_refused");
  const auto refused = run_emlc(with_told({"run", "x.csv", "-i", "x.csv", "--from", "sos-csv"}), {}, scratch.path());
  CHECK(refused.exit_code == 2);
  CHECK(refused.err == "emlc: error: x.csv: --objective: is for dumps of XGBoost alone, this file has its own\n");
  const auto number = run_emlc(
      {"run", "d.json", "-i", "x.csv", "--objective", "binary:logistic", "--base-score", "0.5,x"}, {}, scratch.path());
  CHECK(number.exit_code == 2);
  CHECK(number.err.starts_with("emlc: error: --base-score: not a finite number: 'x'"));
}

TEST_CASE("run: raw outputs are those before the post-transform, of the trained model alone") {
  const Scratch scratch = with_dump("raw");
  CHECK(run_emlc(with_told({"run", "d.json", "-i", "x.csv", "--outputs", "raw", "--quiet"}), {}, scratch.path()).out ==
        "output_0\n2\n-1\n");
  const auto emitted =
      run_emlc(with_told({"run", "d.json", "-i", "x.csv", "--outputs", "raw", "--as-emitted"}), {}, scratch.path());
  CHECK(emitted.exit_code == 2);
  CHECK(emitted.err.ends_with("emlc: error: --outputs: raw is for the trained model, not for --as-emitted\n"));
}

TEST_CASE("a model in several files: every command finds those beside it, from any directory") {
  const Scratch scratch = with_model("companions");
  CHECK(run_emlc({"run", "model.json", "-i", "X.npy"}, {}, scratch.path()).exit_code == 0);
  CHECK(run_emlc({"convert", scratch / "model.json", "-o", "m.h", "-q"}, {}, scratch.path()).exit_code == 0);
  CHECK(run_emlc({"verify", scratch / "model.json", scratch / "m.h"}).exit_code == 0);
  CHECK(run_emlc({"check", scratch / "model.json"}).exit_code == 0);
}

TEST_CASE("a model in several files: all of them are prerequisites, and what the hash in the banner is of") {
  const Scratch scratch = with_model("companions_depfile");
  const std::vector<std::string> convert = {"convert", "model.json", "-o", "m.h", "--depfile", "d", "-q"};
  REQUIRE(run_emlc(convert, {}, scratch.path()).exit_code == 0);
  CHECK(read_file(scratch / "d").starts_with("m.h: model.json group1-shard1of1.bin\n"));
  const std::string before = read_file(scratch / "m.h");
  std::string changed = read_file(scratch / weights);
  changed[0] = static_cast<char>(changed[0] ^ 1);
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / weights, changed}});
  const auto verified = run_emlc({"verify", "model.json", "m.h"}, {}, scratch.path());
  CHECK(verified.err.find("warning") != std::string::npos);
  REQUIRE(run_emlc(convert, {}, scratch.path()).exit_code == 0);
  CHECK(read_file(scratch / "m.h") != before);
}

TEST_CASE("a model in several files: none of them is written over, none comes through a pipe, none is left out") {
  const Scratch scratch = with_model("companions_refused");
  const std::string bytes = read_file(scratch / weights);
  const auto over = run_emlc({"convert", "model.json", "--to", "tmdl", "-o", weights}, {}, scratch.path());
  CHECK(over.exit_code == 2);
  CHECK(over.err.ends_with("emlc: error: group1-shard1of1.bin: this file is read and cannot be the output too\n"));
  CHECK(read_file(scratch / weights) == bytes);
  const auto piped = run_emlc({"inspect", "-"}, read_file(scratch / "model.json"), scratch.path());
  CHECK(piped.exit_code == 2);
  CHECK(piped.err ==
        "emlc: error: stdin:1: has its weights in 'group1-shard1of1.bin': name the file, so that those beside it are "
        "found\n");
  std::filesystem::remove(scratch / weights);
  const auto missing = run_emlc({"convert", "model.json", "-o", "m.h"}, {}, scratch.path());
  CHECK(missing.exit_code == 3);
  CHECK(missing.err.starts_with("emlc: error: cannot read 'group1-shard1of1.bin'"));
  CHECK(scratch.names() == std::vector<std::string>{"X.npy", "model.json"});
}

TEST_CASE("inspect: the layers as they were read, and what each became") {
  const Scratch scratch = with_model("companions_nodes");
  const std::string text = run_emlc({"inspect", "model.json"}, {}, scratch.path()).out;
  CHECK(text.find("nodes\n") != std::string::npos);
  CHECK(text.find("batch_normalization_BatchNormalization1  BatchNormalization  part of layer 0") != std::string::npos);
}
