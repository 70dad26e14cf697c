#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/compile/banner.hpp"
#include "cli/console/files.hpp"
#include "cli/console/sha256.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

TEST_CASE("convert: stdin to stdout gives the bytes that files do") {
  const Scratch scratch("pipe");
  put(scratch / "m.json", std::string(tiny_model));
  for (const std::string output : {"c", "cpp", "csv", "tmdl", "py"}) {
    CAPTURE(output);
    const auto to_file = run_emlc({"convert", "m.json", "--to", output, "-o", "file", "-q"}, {}, scratch.path());
    REQUIRE(to_file.exit_code == 0);
    const auto piped = run_emlc({"convert", "-", "--to", output, "-o", "-", "-q"}, std::string(tiny_model));
    CHECK(piped.exit_code == 0);
    CHECK(piped.out == read_file(scratch / "file"));
  }
}

TEST_CASE("convert: the same input and options give the same bytes, in any locale and directory") {
  const Scratch here("deterministic"), there("deterministic_too");
  put(here / "m.json", std::string(tiny_model));
  for (const std::string extension : {"h", "hpp", "csv", "tmdl", "c", "py"}) {
    const std::vector<std::string> options = {"--leaf-clusters", "2", "--leaf-bits", "4"};
    std::vector<std::string> first = {"convert", "m.json", "-o", "out." + extension, "-q"};
    std::vector<std::string> second = {"convert", here / "m.json", "-o", there / ("out." + extension), "-q"};
    first.insert(first.end(), options.begin(), options.end());
    second.insert(second.end(), options.begin(), options.end());
    REQUIRE(run_emlc(first, {}, here.path()).exit_code == 0);
    REQUIRE(run_emlc(second, {}, "/", {"LC_ALL=de_DE.UTF-8", "LANG=de_DE.UTF-8", "TZ=Asia/Tokyo"}).exit_code == 0);
    CHECK(read_file(here / ("out." + extension)) == read_file(there / ("out." + extension)));
  }
}

TEST_CASE("convert: says so where changed leaves take more flash than the exact ones") {
  const Scratch scratch("leaf_costs");
  const std::string model = model_file("digits_rf10/model.json");
  const auto flash_with = [&](std::vector<std::string> options, std::string& messages) {
    options.insert(options.begin(), {"convert", model, "-o", "o.h", "--size-report", "sizes.json"});
    const auto finished = run_emlc(options, {}, scratch.path());
    REQUIRE(finished.exit_code == 0);
    messages = finished.err;
    return nlohmann::json::parse(read_file(scratch / "sizes.json"))["flash"].get<int>();
  };
  std::string messages;
  const int exact = flash_with({}, messages);
  CHECK(messages.find("exact leaves") == std::string::npos);
  const int rounded = flash_with({"--leaf-bits", "8"}, messages);
  REQUIRE(rounded > exact);
  CHECK(messages.find(fmt::format("with --leaf-bits 8 the model takes {} bytes of flash, with its exact leaves {}\n",
                                  rounded, exact)) != std::string::npos);
  REQUIRE(flash_with({"--leaf-clusters", "16", "--leaf-bits", "8"}, messages) < exact);
  CHECK(messages.find("exact leaves") == std::string::npos);
}

TEST_CASE("convert: the banner has the hash of the model and the options, but no path") {
  const Scratch scratch("banner");
  put(scratch / "m.json", std::string(tiny_model));
  put(scratch / "rows.csv", "1,2\n3,4\n");
  REQUIRE(run_emlc({"convert", scratch / "m.json", "-o", "o.h", "-q", "--name", "other", "--voting", "hard", "--data",
                    scratch / "rows.csv"},
                   {}, scratch.path())
              .exit_code == 0);
  const std::string header = read_file(scratch / "o.h");
  CHECK(header.find(scratch.path()) == std::string::npos);
  const auto banner = emlc::cli::read_banner(header);
  REQUIRE(banner);
  CHECK(banner->name == "other");
  CHECK(banner->model_hash == emlc::cli::sha256(tiny_model));
  CHECK(banner->options == "--voting hard --data sha256:" + emlc::cli::sha256("1,2\n3,4\n").substr(0, 16));
  CHECK_FALSE(emlc::cli::read_banner("int main(void) { return 0; }\n"));
}

TEST_CASE("convert: the name is --name, else the model's, else made of the file's") {
  const Scratch scratch("name");
  const std::string nameless = with(tiny_model, R"(, "name": "tiny")", "");
  put(scratch / "2nd-model.v1.json", nameless);
  const auto name_of = [&](const std::vector<std::string>& arguments, const std::string& input = {}) {
    const auto finished = run_emlc(arguments, input, scratch.path());
    const auto banner = emlc::cli::read_banner(finished.out);
    return banner ? banner->name : finished.err;
  };
  CHECK(name_of({"convert", "2nd-model.v1.json", "--to", "c", "-o", "-", "-q"}) == "model_2nd_model_v1");
  CHECK(name_of({"convert", "-", "--to", "c", "-o", "-", "-q"}, std::string(tiny_model)) == "tiny");
  CHECK(name_of({"convert", "-", "--to", "c", "-o", "-", "-q", "--name", "x"}, std::string(tiny_model)) == "x");
}

TEST_CASE("convert: the depfile escapes blanks, # and $") {
  const Scratch scratch("depfile");
  put(scratch / "a model#1.json", std::string(tiny_model));
  put(scratch / "rows.csv", "1,2\n");
  REQUIRE(run_emlc({"convert", "a model#1.json", "-o", "out $x.h", "--depfile", "d", "--data", "rows.csv", "-q"}, {},
                   scratch.path())
              .exit_code == 0);
  CHECK(read_file(scratch / "d") == "out\\ $$x.h: a\\ model\\#1.json rows.csv\n");
}

TEST_CASE("convert: next to an absolute target the depfile names absolute files") {
  const Scratch scratch("depfile_absolute");
  put(scratch / "m.json", std::string(tiny_model));
  put(scratch / "rows.csv", "1,2\n");
  REQUIRE(run_emlc({"convert", scratch / "m.json", "-o", scratch / "o.h", "--depfile", "d", "--data", "rows.csv", "-q"},
                   {}, scratch.path())
              .exit_code == 0);
  CHECK(read_file(scratch / "d") ==
        scratch / "o.h" + (": " + (scratch / "m.json")) + " " + (scratch / "rows.csv") + "\n");
}

TEST_CASE("convert: the size report has what the summary prints, and no path") {
  const Scratch scratch("size_report");
  put(scratch / "m.json", std::string(tiny_model));
  const auto finished =
      run_emlc({"convert", "m.json", "-o", "o.csv", "--size-report", "s.json", "--voting", "hard"}, {}, scratch.path());
  REQUIRE(finished.exit_code == 0);
  const auto report = nlohmann::json::parse(read_file(scratch / "s.json"));
  CHECK(report["schema"] == "emlc.size/1");
  CHECK(report["model_sha256"] == emlc::cli::sha256(tiny_model));
  CHECK(report["output"] == "csv");
  CHECK(report["options"] == "--voting hard");
  std::size_t sum = 0;
  for (const auto& part : report["parts"]) sum += part["bytes"].get<std::size_t>();
  CHECK(report["flash"] == sum);
  std::istringstream words(finished.err.substr(finished.err.find("total flash") + 11));
  std::size_t flash = 0, ram = 0;
  std::string label;
  words >> flash >> label >> ram;
  CHECK(report["flash"] == flash);
  CHECK(report["ram"] == ram);
  const auto refused = run_emlc({"convert", "m.json", "-o", "p.h", "--size-report", "p.json", "--max-flash", "1", "-q"},
                                {}, scratch.path());
  CHECK(refused.exit_code == 1);
  CHECK(scratch.names() == std::vector<std::string>{"m.json", "o.csv", "s.json"});
}

TEST_CASE("convert: refuses to write what it reads, and anything twice or nowhere") {
  const Scratch scratch("paths");
  put(scratch / "m.json", std::string(tiny_model));
  struct Bad {
    std::vector<std::string> options;
    int exit_code;
    std::string message;
  };
  for (const Bad& bad : {
           Bad{{"-o", "m.json", "--to", "c"}, 2, "m.json: this file is read and cannot be the output too"},
           Bad{{"-o", "o.h", "--depfile", "./m.json"}, 2, "./m.json: this file is read and cannot be the output too"},
           Bad{{"-o", "o.h", "--depfile", "o.h"}, 2, "--depfile and -o name the same file"},
           Bad{{"-o", "o.h", "--size-report", "o.h"}, 2, "--size-report and -o name the same file"},
           Bad{{"-o", "o.h", "--depfile", "d", "--size-report", "d"},
               2,
               "--size-report and --depfile name the same file"},
           Bad{{"-o", "o.h", "--depfile", "./o.h"}, 2, "--depfile and -o name the same file"},
           Bad{{"-o", "o.h", "--size-report", "../paths/o.h"}, 2, "--size-report and -o name the same file"},
           Bad{{"-o", "-", "--to", "c", "--size-report", "-"}, 2, "--size-report and -o name the same file"},
           Bad{{"-o", "-", "--to", "c", "--depfile", "d"}, 2, "--depfile needs -o FILE: a rule needs a target"},
           Bad{{"-o", "-"}, 2, "with -o - the output has to be named with --to"},
           Bad{{"-o", "o.dat"},
               2,
               "--to: the name 'o.dat' does not tell what to write; give one of c, cpp, csv, tmdl, tmdl-c, py"},
           Bad{{"-o", "-", "--to", "c", "--dump-after", "dedupe-leaves"},
               2,
               "--dump-after writes to stdout, so -o has to name a file"},
           Bad{{"-o", "o.h", "--dump-after", "dedupe-leafs"},
               2,
               "unknown pass 'dedupe-leafs', did you mean 'dedupe-leaves'?"},
           Bad{{"-o", "o.h", "--depfile", "no/d"}, 3, "cannot write 'no/d': No such file or directory"},
           Bad{{"-o", "no/such/o.h"}, 3, "cannot write 'no/such/o.h': No such file or directory"},
           Bad{{"-o", "o.h", "--data", "none.csv"}, 3, "cannot read 'none.csv': No such file or directory"},
       }) {
    CAPTURE(bad.message);
    std::vector<std::string> arguments = {"convert", "m.json", "-q"};
    arguments.insert(arguments.end(), bad.options.begin(), bad.options.end());
    const auto finished = run_emlc(arguments, {}, scratch.path());
    CHECK(finished.exit_code == bad.exit_code);
    CHECK(finished.err == "emlc: error: " + bad.message + "\n");
    CHECK(finished.out.empty());
    CHECK(scratch.names() == std::vector<std::string>{"m.json"});
    CHECK(read_file(scratch / "m.json") == tiny_model);
  }
}

TEST_CASE("convert: --dump-after prints the model as the pass left it") {
  const Scratch scratch("dump");
  put(scratch / "m.json", std::string(tiny_model));
  const auto dumped = run_emlc({"convert", "m.json", "-o", "o.h", "-q", "--voting", "hard", "--dump-after=hard-vote"},
                               {}, scratch.path());
  CHECK(dumped.exit_code == 0);
  CHECK(dumped.out.starts_with("tree ensemble with 2 features of float32\ntree 0, from output 0\n  0: x[1] < "));
  CHECK(dumped.out.find("leaf rows\n  0: 1 0\n  1: 0 1\n") != std::string::npos);
  CHECK(dumped.out.find("0.25") == std::string::npos);  // 3 to 1 is a vote for 1
  const auto none = run_emlc({"convert", "m.json", "-o", "o.h", "-q", "--dump-after=hard-vote"}, {}, scratch.path());
  CHECK(none.exit_code == 2);
  CHECK(none.err ==
        "emlc: error: --dump-after: the pass hard-vote has nothing to do with this model and these options\n");
}

TEST_CASE("convert: the summary is on stderr, with errors of approximate passes and bytes") {
  const Scratch scratch("summary");
  put(scratch / "m.json", std::string(tiny_model));
  const auto finished = run_emlc({"convert", "m.json", "-o", "o.h", "--voting", "hard"}, {}, scratch.path());
  CHECK(finished.out.empty());
  CHECK(finished.err.starts_with("m.json -> o.h (c)\npasses\n"));
  // Of three vectors with two outputs each one has both wrong by 0.25.
  CHECK(finished.err.find("error largest 0.25, mean 0.0833; 0 % of decisions changed, on 3 vectors\n") !=
        std::string::npos);
  CHECK(finished.err.find("  Cortex-M0+; ") != std::string::npos);
  CHECK(finished.err.find(" Cortex-M4, ") != std::string::npos);
  CHECK(finished.err.find(" ATmega328P\n") != std::string::npos);
  CHECK(finished.err.find("total flash") != std::string::npos);
  CHECK(finished.err.find("comparisons: ") != std::string::npos);
  CHECK(finished.err.find("RAM") != std::string::npos);
  CHECK(run_emlc({"convert", "m.json", "-o", "o.h", "--quiet"}, {}, scratch.path()).err.empty());
}

TEST_CASE("convert: decisions are counted only where the model makes some") {
  const Scratch scratch("convert_no_decision");
  const auto summary = [&](const std::string& model, const std::string& option, const std::string& value) {
    return run_emlc({"convert", model_file(model + "/model.json"), "-o", "o.h", option, value}, {}, scratch.path()).err;
  };
  for (const std::string& text :
       {summary("butter4_1k_16k", "--arithmetic", "q15"), summary("diabetes_rfr", "--leaf-bits", "8"),
        summary("diabetes_mlpr", "--weights", "int8")}) {
    CAPTURE(text);
    CHECK(text.find("error largest ") != std::string::npos);
    CHECK(text.find("decision") == std::string::npos);
  }
  CHECK(summary("digits_mlp", "--weights", "int8").find(" % of decisions changed, on ") != std::string::npos);
}

TEST_CASE("convert: what the output cannot hold is refused before the passes give advice for other outputs") {
  const auto refusal = [](const std::string& model, const std::string& option, const std::string& value,
                          const std::string& output) {
    const auto finished =
        run_emlc({"convert", model_file(model + "/model.json"), "-o", "-", "-q", "--to", output, option, value});
    CHECK(finished.exit_code == 2);
    return finished.err;
  };
  // q15 does not suit this filter, and q31 would be refused too.
  CHECK(refusal("aweight_16k", "--arithmetic", "q15", "csv") ==
        "emlc: error: --arithmetic: a CSV holds filters in float, or with q15-cmsis those of emlearn_iir_q15\n");
  CHECK(refusal("digits_mlp", "--weights", "int8", "csv") ==
        "emlc: error: --weights: a CSV holds float networks only; write a header or a .tmdl\n");
  CHECK(refusal("digits_mlp", "--weights", "int16", "tmdl") ==
        "emlc: error: --weights: int16 networks are not in the .tmdl format that TinyMaix runs; use int8\n");
  CHECK(refusal("digits_mlp", "--arithmetic", "q15", "csv") ==
        "emlc: error: --arithmetic: needs a filter, the model is a dense network\n");
}

TEST_CASE("convert: headroom is for filters in integers, and a blob keeps the integers that it has") {
  const Scratch scratch("convert_headroom");
  const std::string filter = model_file("butter4_1k_16k/model.json");
  const auto refusal = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"convert", "-o", "-", "-q", "--to", "c"});
    const auto finished = run_emlc(arguments, {}, scratch.path());
    CHECK(finished.exit_code == 2);
    return finished.err;
  };
  CHECK(refusal({filter, "--headroom", "1"}) ==
        "emlc: error: --headroom: is for filters in integers: needs --arithmetic q15, mixed, q31 or q15-cmsis\n");
  CHECK(refusal({filter, "--arithmetic", "q15", "--headroom", "16"})
            .starts_with("emlc: error: --headroom: expected an integer from 0 to 15, found"));
  CHECK(refusal({model_file("digits_mlp/model.json"), "--headroom", "1"}) ==
        "emlc: error: --headroom: needs a filter, the model is a dense network\n");
  REQUIRE(run_emlc({"convert", filter, "-o", "f.tmdl", "-q", "--arithmetic", "q15"}, {}, scratch.path()).exit_code ==
          0);
  CHECK(refusal({"f.tmdl", "--arithmetic", "q31"}) ==
        "emlc: error: --arithmetic: the model has the integers of q15 with a headroom of 0; give the filter they were "
        "made of\n");
  const auto again = run_emlc({"convert", "f.tmdl", "-o", "g.tmdl", "-q"}, {}, scratch.path());
  CHECK(again.exit_code == 0);
  CHECK(emlc::cli::read_file(scratch / "g.tmdl") == emlc::cli::read_file(scratch / "f.tmdl"));
}

TEST_CASE("convert: outputs of test vectors that float32 does not have are told of") {
  const Scratch scratch("convert_beyond");
  // exp(500) is 1.4e217.
  const std::string model = R"({"format": "emlc-model", "version": 1, "name": "m", "input": {"n_features": 1},
 "output": {"task": "regression", "n_outputs": 1},
 "model": {"kind": "tree_ensemble", "compare": "<=", "leaf": "scalar", "aggregate": "sum",
  "post_transform": {"name": "exp"}, "trees": [{"feature": [0, -1, -1], "threshold": [0.5, 0, 0],
   "left": [1, -1, -1], "right": [2, -1, -1], "value": [null, 500, 0]}]},
 "test_vectors": {"inputs": [[0], [1]], "outputs": [[1.4035922178528375e217], [1]], "atol": 0, "rtol": 1e-12}})";
  const auto warned = [&](const std::string& text) {
    emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "m.json", text}});
    const auto finished = run_emlc({"convert", "m.json", "-o", "o.h", "-q"}, {}, scratch.path());
    CHECK(finished.exit_code == 0);
    return finished.err;
  };
  CHECK(warned(model) == "emlc: warning: 1 of 2 test vectors has an output beyond float32: devices say infinity\n");
  CHECK(warned(with(with(model, "500", "88"), "1.4035922178528375e217", "1.6516362549940018e38")).empty());
}
