#include <doctest/doctest.h>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// A directory with the model and `artifact` made from it.
Scratch converted(const std::string& name, const std::string& artifact) {
  Scratch scratch(name);
  put(scratch / "m.json", std::string(tiny_model));
  REQUIRE(run_emlc({"convert", "m.json", "-o", artifact, "-q"}, {}, scratch.path()).exit_code == 0);
  return scratch;
}

}  // namespace

TEST_CASE("verify: what convert writes is faithful, and trees are proved") {
  for (const std::string extension : {"h", "hpp", "csv", "tmdl", "c"}) {
    CAPTURE(extension);
    const Scratch scratch = converted("verify_" + extension, "o." + extension);
    const auto finished = run_emlc({"verify", "m.json", "o." + extension}, {}, scratch.path());
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.ends_with("faithful\n"));
    CHECK(contains(finished.out, "proved: every float32 input reaches the same leaf in each of 1 tree"));
    CHECK(contains(finished.out, "leaves reached: 3 of 3\n"));
  }
}

TEST_CASE("verify: a MicroPython module is run, and compared word by word") {
  const Scratch scratch = converted("verify_module", "o.py");
  const auto finished = run_emlc({"verify", "m.json", "o.py"}, {}, scratch.path());
  CHECK(finished.exit_code == 0);
  CHECK(finished.out.ends_with("faithful\n"));
  CHECK(contains(finished.out, "measured, not proved: a module, which is word for word what convert writes\n"));
  put(scratch / "o.py", with(read_file(scratch / "o.py"), "N_OUTPUTS = 2", "N_OUTPUTS = 3"));
  const auto changed = run_emlc({"verify", "m.json", "o.py"}, {}, scratch.path());
  CHECK(changed.exit_code == 1);
  CHECK(contains(changed.out, "refuted: line "));
  put(scratch / "o.py", "N_OUTPUTS = 2\n");
  const auto other = run_emlc({"verify", "m.json", "o.py"}, {}, scratch.path());
  CHECK(other.exit_code == 2);
  CHECK(other.err == "emlc: error: o.py: does not begin as a module of emlc does\n");
}

TEST_CASE("verify: one float32 beside the threshold is found") {
  const Scratch scratch = converted("verify_threshold", "o.h");
  put(scratch / "o.h", with(read_file(scratch / "o.h"), "x[0] < 2.5000002f", "x[0] < 2.5f"));
  const auto header = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(header.exit_code == 1);
  CHECK(header.out.ends_with("not faithful\n"));
  CHECK(contains(header.err, "emlc: error: o.h: around thresholds: row "));
  CHECK(contains(header.out, "refuted: "));

  REQUIRE(run_emlc({"convert", "m.json", "-o", "o.csv", "-q"}, {}, scratch.path()).exit_code == 0);
  put(scratch / "o.csv", with(read_file(scratch / "o.csv"), "2.5000002", "2.5"));
  const auto csv = run_emlc({"verify", "m.json", "o.csv"}, {}, scratch.path());
  CHECK(csv.exit_code == 1);
  CHECK(contains(csv.out, "refuted: not the same trees: tree 0, output 0: 1 in one, 0 in the other, for x = "));
}

TEST_CASE("verify: a swapped leaf is found") {
  const Scratch scratch = converted("verify_leaf", "o.csv");
  put(scratch / "o.csv", with(read_file(scratch / "o.csv"), "l,1 0\nl,0 1\n", "l,0 1\nl,1 0\n"));
  CHECK(run_emlc({"verify", "m.json", "o.csv"}, {}, scratch.path()).exit_code == 1);
}

TEST_CASE("verify: a header of another model, or that emlc did not write") {
  const Scratch scratch = converted("verify_other", "o.h");
  put(scratch / "m.json", with(tiny_model, "2.5,", "2.25,"));
  const auto other = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(other.exit_code == 1);
  CHECK(contains(other.err, "emlc: warning: o.h was not made from m.json, by its banner\n"));
  put(scratch / "o.h", "int main(void) { return 0; }\n");
  const auto foreign = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(foreign.exit_code == 2);
  CHECK(foreign.err == "emlc: error: o.h: does not begin as a header of emlc does\n");
}

TEST_CASE("verify: approximate passes are compared after them, and against the trained model for information") {
  const Scratch scratch = converted("verify_approximate", "unused.h");
  REQUIRE(run_emlc({"convert", "m.json", "-o", "o.h", "-q", "--voting", "hard"}, {}, scratch.path()).exit_code == 0);
  const auto finished = run_emlc({"verify", "m.json", "o.h", "--voting", "hard"}, {}, scratch.path());
  CHECK(finished.exit_code == 0);
  CHECK(contains(finished.out, "after its approximate passes"));
  CHECK(contains(finished.out, "against the model as trained"));
}

TEST_CASE("verify: options come from the banner, those of the command line go first") {
  const Scratch scratch = converted("verify_banner", "unused.h");
  const auto convert = [&](const std::string& artifact) {
    const std::vector<std::string> command = {"convert", "m.json", "-o", artifact, "-q", "--voting", "hard"};
    REQUIRE(run_emlc(command, {}, scratch.path()).exit_code == 0);
  };
  convert("o.h");
  const auto taken = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(taken.exit_code == 0);
  CHECK(taken.err.empty());
  CHECK(contains(taken.out, "after its approximate passes"));
  const auto other = run_emlc({"verify", "m.json", "o.h", "--voting", "soft"}, {}, scratch.path());
  CHECK(contains(other.err,
                 "emlc: warning: o.h was made with '--voting hard', by its banner; here the options are "
                 "'--voting soft'\n"));
  put(scratch / "o.h", with(read_file(scratch / "o.h"), "emlc " EMLC_VERSION, "emlc 0.0.1"));
  const auto old = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(old.exit_code == 0);
  CHECK(contains(old.err, "emlc: warning: o.h was made by emlc 0.0.1, by its banner; this is " EMLC_VERSION "\n"));
}

TEST_CASE("verify: a CSV of a filter in integers shows that it was made so") {
  const Scratch scratch("verify_q15");
  const std::string model = model_file("butter4_1k_16k/model.json");
  const std::vector<std::string> command = {"convert", model, "-o", "o.csv", "-q", "--arithmetic", "q15-cmsis"};
  REQUIRE(run_emlc(command, {}, scratch.path()).exit_code == 0);
  for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--arithmetic", "q15-cmsis"}}) {
    std::vector<std::string> verify = {"verify", model, "o.csv"};
    verify.insert(verify.end(), options.begin(), options.end());
    const auto finished = run_emlc(verify, {}, scratch.path());
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.ends_with("faithful\n"));
  }
}

TEST_CASE("verify: a blob of a filter in integers shows how it was made, and every bit of it counts") {
  const Scratch scratch("verify_integer_blob");
  const std::string model = model_file("highpass_50_16k/model.json");
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--arithmetic", "q15"}, {"--arithmetic", "q31", "--headroom", "1"}}) {
    std::vector<std::string> convert = {"convert", model, "-o", "o.tmdl", "-q"};
    convert.insert(convert.end(), options.begin(), options.end());
    REQUIRE(run_emlc(convert, {}, scratch.path()).exit_code == 0);
    const auto finished = run_emlc({"verify", model, "o.tmdl"}, {}, scratch.path());
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.ends_with("faithful\n"));
    const auto emitted = run_emlc({"run", "o.tmdl", "-i", "-"}, "0.5\n-0.25\n", scratch.path());
    std::vector<std::string> as_emitted = {"run", model, "--as-emitted", "--to", "tmdl", "-i", "-"};
    as_emitted.insert(as_emitted.end(), options.begin(), options.end());
    CHECK(emitted.out == run_emlc(as_emitted, "0.5\n-0.25\n", scratch.path()).out);
    CHECK(!emitted.out.empty());
    std::vector<std::string> other = {"verify", model, "o.tmdl", "--arithmetic", "mixed"};
    CHECK(run_emlc(other, {}, scratch.path()).exit_code == 1);
  }
}

TEST_CASE("verify: code that is not as convert writes it is an error, or with another banner measured only") {
  const Scratch scratch = converted("verify_words", "o.h");
  const std::string header = read_file(scratch / "o.h");
  put(scratch / "o.h", with(header, "static inline", "static  /* here */\ninline"));
  CHECK(run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path()).exit_code == 0);
  put(scratch / "o.h", with(header, "#endif /*", "extern int unused;\n#endif /*"));
  const auto strange = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(strange.exit_code == 1);
  CHECK(contains(strange.err, "has 'extern', where convert writes '#'"));
  put(scratch / "o.h", with(read_file(scratch / "o.h"), "emlc " EMLC_VERSION, "emlc 0.0.1"));
  const auto old = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(old.exit_code == 0);
  CHECK(contains(old.out, "measured, not proved: line "));
}

TEST_CASE("verify: a header that includes the runtime, from a directory named from here") {
  const Scratch scratch("verify_include");
  std::filesystem::create_directory_symlink(EMLC_SOURCE_DIR "/runtime/src", scratch / "runtime");
  const std::string model = model_file("digits_mlp/model.json");
  REQUIRE(run_emlc({"convert", model, "-o", "o.h", "-q", "--use-runtime"}, {}, scratch.path()).exit_code == 0);
  const std::vector<std::string> verify = {"verify", model, "o.h", "--use-runtime"};
  const auto without = run_emlc(verify, {}, scratch.path());
  CHECK(without.exit_code == 2);
  CHECK(contains(without.err, "emlc: error: o.h: does not compile: "));
  CHECK(contains(without.err, "emlc/dense.h"));
  std::vector<std::string> with_runtime = verify;
  with_runtime.insert(with_runtime.end(), {"--include", "runtime"});
  CHECK(run_emlc(with_runtime, {}, scratch.path()).exit_code == 0);
}

namespace {

/// The mean of two trees of three outputs in units of very different size; a scaler that clips before a tree.
constexpr std::string_view mixed_model =
    R"({"format": "emlc-model", "version": 1, "name": "m", "input": {"n_features": 1},
 "output": {"task": "regression", "n_outputs": 2, "targets": [{"size": 1}, {"size": 1}]},
 "model": {"kind": "tree_ensemble", "compare": "<=", "leaf": "vector", "aggregate": "mean", "trees": [
  {"feature": [0, -1, -1], "threshold": [0.5, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1],
   "value": [null, [101325.1, -0.0021], [99800.3, 0.0088]]},
  {"feature": [0, -1, -1], "threshold": [0.5, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1],
   "value": [null, [101325.1, -0.0021], [99800.3, 0.0088]]}]}})";
constexpr std::string_view clipped_model =
    R"({"format": "emlc-model", "version": 1, "name": "s", "input": {"n_features": 1},
 "output": {"task": "classification", "n_outputs": 2},
 "model": {"kind": "pipeline", "steps": [
  {"kind": "scaler", "op": "subtract_divide", "offset": [0], "scale": [2], "clip": [-0.5, 0.5]},
  {"kind": "tree_ensemble", "compare": "<=", "leaf": "class_index", "aggregate": "mean", "trees": [
   {"feature": [0, -1, -1], "threshold": [0.6, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1],
    "value": [null, 0, 1]}]}]}})";

}  // namespace

TEST_CASE("verify: a small column of numbers has to be right too") {
  const Scratch scratch("verify_columns");
  put(scratch / "m.json", std::string(mixed_model));
  for (const std::string file : {"o.h", "o.hpp", "o.csv", "o.tmdl"}) {
    CAPTURE(file);
    REQUIRE(run_emlc({"convert", "m.json", "-o", file, "-q"}, {}, scratch.path()).exit_code == 0);
    CHECK(run_emlc({"verify", "m.json", file}, {}, scratch.path()).exit_code == 0);
  }
  put(scratch / "o.csv", with(read_file(scratch / "o.csv"), "-0.0021", "0"));
  const auto wrong = run_emlc({"verify", "m.json", "o.csv"}, {}, scratch.path());
  CHECK(wrong.exit_code == 1);
  CHECK(contains(wrong.err, "output 1 is "));
  CHECK(contains(wrong.out, "refuted: not the same trees: tree 0, output 1: "));
}

TEST_CASE("verify: a scaler that clips all inputs to one side is no false alarm") {
  const Scratch scratch("verify_clip");
  put(scratch / "m.json", std::string(clipped_model));
  REQUIRE(run_emlc({"convert", "m.json", "-o", "o.tmdl", "-q"}, {}, scratch.path()).exit_code == 0);
  CHECK(run_emlc({"verify", "m.json", "o.tmdl"}, {}, scratch.path()).exit_code == 0);
}

TEST_CASE("verify: of a blob with steps in front of trees the trees are compared, and the steps on inputs") {
  const Scratch scratch("verify_steps");
  const std::string sum = R"({"kind": "linear", "weights": [[2]], "bias": [0.25]})";
  const std::string clip =
      R"({"kind": "scaler", "op": "subtract_divide", "offset": [0], "scale": [2], "clip": [-0.5, 0.5]})";
  put(scratch / "m.json", with(std::string(clipped_model), clip, sum));
  REQUIRE(run_emlc({"convert", "m.json", "-o", "o.tmdl", "-q"}, {}, scratch.path()).exit_code == 0);
  const auto done = run_emlc({"verify", "m.json", "o.tmdl"}, {}, scratch.path());
  CHECK(done.exit_code == 0);
  CHECK(contains(done.out, "measured, not proved: the same trees, behind steps that are computed"));
}

namespace {

/// One tree on float32: `transform` of `low` for x <= 0.5, else of 1; `first` is a step before the tree, or nothing.
std::string stump_model(const std::string& first, const std::string& low, const std::string& transform) {
  return R"({"format": "emlc-model", "version": 1, "name": "m", "input": {"n_features": 1},
 "output": {"task": "regression", "n_outputs": 1}, "model": {"kind": "pipeline", "steps": [)" +
         first + R"({"kind": "tree_ensemble", "compare": "<=", "leaf": "scalar", "aggregate": "sum",
   "post_transform": {"name": ")" +
         transform + R"("}, "trees": [{"feature": [0, -1, -1], "threshold": [0.5, 0, 0],
    "left": [1, -1, -1], "right": [2, -1, -1], "value": [null, )" +
         low + R"(, 1]}]}]}})";
}

/// The network of layers, as JSON, on one feature.
std::string network_model(const std::string& dtype, const std::string& steps) {
  return R"({"format": "emlc-model", "version": 1, "name": "m", "input": {"n_features": 1, "dtype": ")" + dtype +
         R"("}, "output": {"task": "regression", "n_outputs": 1}, "model": {"kind": "pipeline", "steps": [)" + steps +
         "]}}";
}

std::string verified(const Scratch& scratch, const std::string& model, const std::string& file) {
  put(scratch / "m.json", model);
  REQUIRE(run_emlc({"convert", "m.json", "-o", file, "-q"}, {}, scratch.path()).exit_code == 0);
  return run_emlc({"verify", "m.json", file}, {}, scratch.path()).out;
}

}  // namespace

TEST_CASE("verify: what float32 cannot say, and scalers that give one number for all, are no false alarms") {
  const Scratch scratch("verify_float32");
  for (const std::string& model : {
           stump_model("", "500", "exp"),   // 1.4e217, infinity on the device
           stump_model("", "-140", "exp"),  // 1.6e-61, 0 on the device
           stump_model("", "9000", "log1p_exp"),
           stump_model(R"({"kind": "scaler", "op": "multiply_add", "offset": [0], "scale": [0]}, )", "2", "identity"),
       }) {
    for (const std::string file : {"o.h", "o.csv", "o.tmdl"}) {
      CAPTURE(model);
      CAPTURE(file);
      CHECK(verified(scratch, model, file).ends_with("\nfaithful\n"));
    }
  }
}

TEST_CASE("verify: a network whose terms cancel is off by what float32 takes of the terms, and by no more") {
  const Scratch scratch("verify_cancelling");
  // 10000 (3.3 x + 0.1) - 30000 (1.1 x + 0.7) + 20000 is 0 for every x.
  const std::string model = network_model("float32", R"({"kind": "mlp", "layers": [
    {"weights": [[3.3], [1.1]], "bias": [0.1, 0.7], "activation": "identity"},
    {"weights": [[10000, -30000]], "bias": [20000], "activation": "identity"}]})");
  for (const std::string file : {"o.h", "o.csv", "o.tmdl"}) {
    CAPTURE(file);
    CHECK(verified(scratch, model, file).ends_with("\nfaithful\n"));
  }
  REQUIRE(verified(scratch, model, "o.csv").ends_with("\nfaithful\n"));
  using Change = std::pair<const char*, const char*>;
  for (const Change& change : {Change{"3.3", "3.3001"}, {"1.1", "1.1001"}, {"20000", "20001"}}) {
    CAPTURE(change.first);
    put(scratch / "changed.csv", with(read_file(scratch / "o.csv"), change.first, change.second));
    CHECK(run_emlc({"verify", "m.json", "changed.csv"}, {}, scratch.path()).exit_code == 1);
  }
}

TEST_CASE("verify: features of 8 bits have all their values where nothing says which") {
  const Scratch scratch("verify_narrow");
  // The second unit says something for x > 200 only; the scaler takes 10 to 22 to -3 to 3.
  const std::string network = R"({"kind": "mlp", "layers": [
    {"weights": [[1], [1]], "bias": [0, BIAS], "activation": "relu"},
    {"weights": [[1, 1]], "bias": [0], "activation": "identity"}]})";
  const std::string scaler = R"({"kind": "scaler", "op": "subtract_divide", "offset": [16], "scale": [2]}, )";
  for (const auto& [steps, bias] : {std::pair{network, "-200"}, {scaler + network, "-92"}}) {
    REQUIRE(verified(scratch, network_model("uint8", with(steps, "BIAS", bias)), "o.csv").ends_with("faithful\n"));
    put(scratch / "changed.json", network_model("uint8", with(steps, "BIAS", "-9999")));
    REQUIRE(run_emlc({"convert", "changed.json", "-o", "o.csv", "-q"}, {}, scratch.path()).exit_code == 0);
    CHECK(run_emlc({"verify", "m.json", "o.csv"}, {}, scratch.path()).exit_code == 1);
  }
}
