#include <doctest/doctest.h>

#include <filesystem>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// A network that a quantiser has been at, with its rows.
Scratch with_network(const std::string& name) {
  Scratch scratch(name);
  const auto from = std::filesystem::path(EMLC_SOURCE_DIR) / "tests/data/graphs/onnx-1.23.2/ort_qdq_uint8";
  for (const char* file : {"model.onnx", "X.npy"}) std::filesystem::copy_file(from / file, scratch / file);
  return scratch;
}

}  // namespace

TEST_CASE("a quantised network: nothing is written before somebody asks for what is left out") {
  const Scratch scratch = with_network("quantised_refused");
  for (const char* output : {"m.h", "m.hpp", "m.csv", "m.tmdl"}) {
    const auto refused = run_emlc({"convert", "model.onnx", "-o", output}, {}, scratch.path());
    CHECK(refused.exit_code == 2);
    CHECK(refused.err ==
          "emlc: error: --drop-rounding: the network rounds to the codes of a quantiser in 6 places, which no output "
          "does: give this option to leave the rounding out, or --weights int8 for integers of emlc's own; the error "
          "is measured\n");
  }
  CHECK(scratch.names() == std::vector<std::string>{"X.npy", "model.onnx"});
}

TEST_CASE("a quantised network: what leaving the rounding out costs is measured, and every output takes the rest") {
  const Scratch scratch = with_network("quantised_dropped");
  for (const char* output : {"m.h", "m.hpp", "m.csv", "m.tmdl"}) {
    const auto converted =
        run_emlc({"convert", "model.onnx", "-o", output, "--drop-rounding", "--data", "X.npy"}, {}, scratch.path());
    CHECK(converted.exit_code == 0);
    CHECK(converted.err.find("drop-rounding") != std::string::npos);
    CHECK(converted.err.find("approximate  6 changes  error largest 0.") != std::string::npos);
    CHECK(run_emlc({"verify", "model.onnx", output, "--drop-rounding", "-i", "X.npy"}, {}, scratch.path()).exit_code ==
          0);
  }
  CHECK(read_file(scratch / "m.h").find("--drop-rounding") != std::string::npos);
  CHECK(run_emlc({"verify", "model.onnx", "m.h"}, {}, scratch.path()).exit_code == 0);  // by the banner's options
  const auto integers =
      run_emlc({"convert", "model.onnx", "-o", "i.h", "--weights", "int8", "--data", "X.npy"}, {}, scratch.path());
  CHECK(integers.exit_code == 0);
  CHECK(integers.err.find("drop-rounding") != std::string::npos);
}

TEST_CASE("a quantised network: inspect says what each node became, and takes it as it is") {
  const Scratch scratch = with_network("quantised_inspected");
  const auto inspected = run_emlc({"inspect", "model.onnx"}, {}, scratch.path());
  CHECK(inspected.exit_code == 0);
  CHECK(inspected.out.find("rounded to 256 codes, ") != std::string::npos);
}
