// Functions of a header that say something else than the others.
#include <doctest/doctest.h>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

TEST_CASE("verify: both probabilities of one output are looked at") {
  const Scratch scratch("verify_probabilities");
  put(scratch / "m.json", R"({"format": "emlc-model", "version": 1, "name": "m",
    "input": {"n_features": 1, "dtype": "float32"},
    "output": {"task": "classification", "n_outputs": 1, "decision": {"rule": "greater", "threshold": 0.5}},
    "model": {"kind": "mlp", "layers": [{"weights": [[1]], "bias": [0], "activation": "logistic"}]},
    "test_vectors": {"inputs": [[0]], "outputs": [[0.5]], "labels": ["0"], "atol": 0, "rtol": 1e-6}})");
  for (const std::string file : {"o.h", "o.hpp"}) {
    CAPTURE(file);
    REQUIRE(run_emlc({"convert", "m.json", "-o", file, "-q"}, {}, scratch.path()).exit_code == 0);
    CHECK(run_emlc({"verify", "m.json", file}, {}, scratch.path()).exit_code == 0);
    put(scratch / file, with(read_file(scratch / file), "1.0f - ", "0.5f - "));
    const auto wrong = run_emlc({"verify", "m.json", file}, {}, scratch.path());
    CHECK(wrong.exit_code == 2);
    CHECK(
        contains(wrong.err,
                 file + ": its functions contradict each other: predict_proba and score, or predict_q and predict\n"));
  }
}
