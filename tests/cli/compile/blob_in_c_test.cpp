// --to tmdl-c: a source and its header by one name, which every command reads as the blob that is in them.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "formats/tmdl/c_array.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

constexpr const char* inputs = "2,0\n3,0\n0,1\n";

/// A directory with the model, the blob as it is in o.tmdl and in C in out/o.c and out/o.h, made with `options`.
Scratch converted(const std::string& name, const std::vector<std::string>& options = {}) {
  Scratch scratch(name);
  put(scratch / "m.json", std::string(tiny_model));
  std::filesystem::create_directories(scratch / "out");
  REQUIRE(run_emlc({"convert", "m.json", "-o", "o.tmdl", "-q"}, {}, scratch.path()).exit_code == 0);
  std::vector<std::string> command = {"convert", "m.json", "-o", "out/o.c", "-q"};
  command.insert(command.end(), options.begin(), options.end());
  REQUIRE(run_emlc(command, {}, scratch.path()).exit_code == 0);
  return scratch;
}

}  // namespace

TEST_CASE("blob in C: convert writes both files, with the options in both, and the depfile names both") {
  const Scratch scratch = converted("blob_in_c", {"--section", ".models", "--name", "m2", "--depfile", "d"});
  const std::string source = read_file(scratch / "out/o.c"), header = read_file(scratch / "out/o.h");
  CHECK(contains(source, "#include \"o.h\"\n"));
  CHECK(contains(source, "M2_BLOB_TABLE uint8_t m2_blob["));
  CHECK(contains(header, "extern const size_t m2_blob_size;\n"));
  for (const std::string& text : {source, header}) CHECK(contains(text, " with --section .models.\n"));
  CHECK(emlc::formats::blob_in(source, "o.c") == read_file(scratch / "o.tmdl"));
  CHECK(read_file(scratch / "d") == "out/o.c out/o.h: m.json\n");
}

TEST_CASE("blob in C: run, inspect, verify and convert read it as the blob") {
  const Scratch scratch = converted("blob_in_c_read");
  for (const std::string command : {"run", "inspect", "convert"}) {
    std::vector<std::string> of_source = {command, "out/o.c"}, of_blob = {command, "o.tmdl"};
    for (auto* words : {&of_source, &of_blob}) {
      if (command == "run") words->insert(words->end(), {"-i", "-"});
      if (command == "convert") words->insert(words->end(), {"--to", "csv", "-o", "-", "-q"});
    }
    const auto found = run_emlc(of_source, inputs, scratch.path()),
               expected = run_emlc(of_blob, inputs, scratch.path());
    CAPTURE(command);
    CHECK(found.exit_code == 0);
    if (command != "inspect") CHECK(found.out == expected.out);
  }
  const auto emitted = run_emlc({"run", "m.json", "-i", "-", "--as-emitted", "--to", "tmdl-c"}, inputs, scratch.path());
  CHECK(emitted.out == run_emlc({"run", "o.tmdl", "-i", "-"}, inputs, scratch.path()).out);
  const auto verified = run_emlc({"verify", "m.json", "out/o.c"}, {}, scratch.path());
  CHECK(verified.exit_code == 0);
  CHECK(verified.err.empty());
  CHECK(contains(verified.out, "out/o.c (tmdl-c) against m.json\n"));
  CHECK(contains(verified.out, "proved: "));
}

TEST_CASE("blob in C: verify takes the options of the banner, and finds a byte that was changed") {
  const Scratch scratch = converted("blob_in_c_verify", {"--voting", "hard"});
  CHECK(run_emlc({"verify", "m.json", "out/o.c"}, {}, scratch.path()).exit_code == 0);
  const std::string source = read_file(scratch / "out/o.c");
  put(scratch / "out/o.c", with(source, "0x4d, 0x41, 0x49, 0x58, 0x45", "0x4d, 0x41, 0x49, 0x58, 0x46"));
  const auto changed = run_emlc({"verify", "m.json", "out/o.c"}, {}, scratch.path());
  CHECK(changed.exit_code == 2);
  CHECK(contains(changed.err, "emlc: error: out/o.c: "));
  put(scratch / "n.json", with(tiny_model, "2.5", "2.25"));
  put(scratch / "out/o.c", source);
  const auto other = run_emlc({"verify", "n.json", "out/o.c"}, {}, scratch.path());
  CHECK(other.exit_code == 1);
  CHECK(contains(other.err, "warning: out/o.c was not made from n.json, by its banner\n"));
}

TEST_CASE("blob in C: a network of int8 is judged by its bytes") {
  const Scratch scratch("blob_in_c_int8");
  const std::string model = model_file("digits_mlp/model.json");
  REQUIRE(run_emlc({"convert", model, "-o", "o.c", "-q", "--weights", "int8"}, {}, scratch.path()).exit_code == 0);
  CHECK(run_emlc({"verify", model, "o.c"}, {}, scratch.path()).exit_code == 0);
  const auto other = run_emlc({"verify", model, "o.c", "--tmdl-version", "1"}, {}, scratch.path());
  CHECK(other.exit_code == 1);
  CHECK(contains(other.err, "is not what convert writes with these options"));
}

TEST_CASE("blob in C: projects, baselines, size reports and budgets know it") {
  const Scratch scratch("blob_in_c_project");
  put(scratch / "m.json", std::string(tiny_model));
  const std::string project = R"({"schema": "emlc.project/1", "baseline": "b.json", "models": [
  {"model": "m.json", "output": "o.c", "options": {"section": ".models"}, "max_flash": 4096}]})";
  put(scratch / "emlc.json", project);
  REQUIRE(run_emlc({"convert", "--all", "-q"}, {}, scratch.path()).exit_code == 0);
  CHECK(scratch.names() == std::vector<std::string>{"emlc.json", "m.json", "o.c", "o.h"});
  CHECK(run_emlc({"check", "--update"}, {}, scratch.path()).exit_code == 0);
  CHECK(contains(run_emlc({"check"}, {}, scratch.path()).out, "tiny (tmdl-c): unchanged, "));
  put(scratch / "emlc.json", with(project, "4096", "10"));
  CHECK(run_emlc({"convert", "--all", "-q"}, {}, scratch.path()).exit_code == 1);
  put(scratch / "emlc.json", with(project, "o.c", "sub.h\", \"to\": \"tmdl-c"));
  CHECK(contains(run_emlc({"convert", "--all"}, {}, scratch.path()).err,
                 "emlc.json:2: models[0].output: --to: a tmdl-c is a source and the header beside it: expected a name "
                 "that ends in .c, found 'sub.h'\n"));
  const auto sizes = [&](const std::string& output) {
    const auto done = run_emlc({"convert", "m.json", "-o", output, "-q", "--size-report", "-"}, {}, scratch.path());
    return nlohmann::json::parse(done.out);
  };
  const auto in_c = sizes("o.c"), blob = sizes("o.tmdl");
  CHECK(in_c["flash"] == blob["flash"]);
  CHECK(in_c["parts"] == blob["parts"]);
  CHECK(in_c["flash"] == read_file(scratch / "o.tmdl").size());
}

TEST_CASE("blob in C: what are no two files is refused, and nothing is written") {
  const Scratch scratch("blob_in_c_refused");
  put(scratch / "m.json", std::string(tiny_model));
  const auto refusal = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {"convert", "m.json"};
    command.insert(command.end(), options.begin(), options.end());
    const auto finished = run_emlc(command, {}, scratch.path());
    CHECK(finished.exit_code == 2);
    return first_line_of(finished.err);
  };
  const std::string two_files =
      "emlc: error: --to: a tmdl-c is a source and the header beside it: expected a name that ends in .c, found ";
  CHECK(refusal({"-o", "-", "--to", "tmdl-c"}) == two_files + "'-'");
  CHECK(refusal({"-o", "o.h", "--to", "tmdl-c"}) == two_files + "'o.h'");
  CHECK(refusal({"-o", "o", "--to", "tmdl-c"}) == two_files + "'o'");
  CHECK(
      refusal({"-o", "a b.c"}) ==
      "emlc: error: --output: the name 'a b.h' stands in an #include: expected letters, digits, '.', '_', '+' and '-'");
  CHECK(refusal({"-o", "o.c", "--source", "p.c"}) == "emlc: error: --source: is for headers, not for a tmdl-c");
  CHECK(refusal({"-o", "o.c", "--class-names"}) == "emlc: error: --class-names: is for headers, not for a tmdl-c");
  CHECK(refusal({"-o", "o.c", "--depfile", "o.h"}) == "emlc: error: --depfile and -o name the same file");
  CHECK(refusal({"-o", "o.c", "--target", "rv32imc"}) ==
        "emlc: error: --target: is for headers; a csv, a tmdl or a tmdl-c takes its own bytes on every device");
  std::filesystem::create_directories(scratch / "o.h");
  CHECK(run_emlc({"convert", "m.json", "-o", "o.c"}, {}, scratch.path()).exit_code == 3);
  CHECK(scratch.names() == std::vector<std::string>{"m.json", "o.h"});
}
