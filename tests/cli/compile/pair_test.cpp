// --source and --section on the command line: each command knows a header that is in two files.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// A directory with the model, and in inc and src the pair that was made from it with `options`.
Scratch converted(const std::string& name, const std::vector<std::string>& options = {}) {
  Scratch scratch(name);
  put(scratch / "m.json", std::string(tiny_model));
  for (const char* folder : {"inc", "src"}) std::filesystem::create_directories(scratch / folder);
  std::vector<std::string> command = {"convert", "m.json", "-o", "inc/o.h", "--source", "src/o.c", "-q"};
  command.insert(command.end(), options.begin(), options.end());
  REQUIRE(run_emlc(command, {}, scratch.path()).exit_code == 0);
  return scratch;
}

}  // namespace

TEST_CASE("pair: convert writes both files, and verify proves them, wherever they are") {
  const Scratch scratch = converted("pair_verify", {"--section", ".models", "--layout", "table"});
  CHECK(contains(read_file(scratch / "src/o.c"), "#include \"o.h\"\n"));
  CHECK(contains(read_file(scratch / "inc/o.h"), " with --layout table --section .models --source o.c.\n"));
  const auto apart = run_emlc({"verify", "m.json", "inc/o.h"}, {}, scratch.path());
  CHECK(apart.exit_code == 2);
  CHECK(apart.err ==
        "emlc: error: inc/o.h: its functions are defined in 'o.c', which is not beside it: --source names that file\n");
  const auto named = run_emlc({"verify", "m.json", "inc/o.h", "--source", "src/o.c"}, {}, scratch.path());
  CHECK(named.exit_code == 0);
  CHECK(named.err.empty());
  CHECK(contains(named.out, "proved: every float32 input reaches the same leaf in each of 1 tree"));
  put(scratch / "o.h", read_file(scratch / "inc/o.h"));
  put(scratch / "o.c", read_file(scratch / "src/o.c"));
  const auto beside = run_emlc({"verify", "m.json", "o.h"}, {}, scratch.path());
  CHECK(beside.exit_code == 0);
  CHECK(contains(beside.out, "proved: "));
}

TEST_CASE("pair: verify finds what differs in the source and in the header") {
  const Scratch scratch = converted("pair_wrong");
  const std::vector<std::string> verify = {"verify", "m.json", "inc/o.h", "--source", "src/o.c"};
  const std::string header = read_file(scratch / "inc/o.h"), source = read_file(scratch / "src/o.c");
  put(scratch / "src/o.c", with(source, "x[0] < 2.5000002f", "x[0] < 2.5f"));
  const auto threshold = run_emlc(verify, {}, scratch.path());
  CHECK(threshold.exit_code == 1);
  CHECK(contains(threshold.out, "refuted: its trees cannot be read: src/o.c: line "));
  CHECK(contains(threshold.err, "emlc: error: inc/o.h: around thresholds: row "));
  put(scratch / "src/o.c", source + "extern int unused;\n");
  const auto in_source = run_emlc(verify, {}, scratch.path());
  CHECK(in_source.exit_code == 1);
  CHECK(contains(in_source.err, "src/o.c: line "));
  CHECK(contains(in_source.err, "has 'extern', where convert writes ''"));
  put(scratch / "src/o.c", source);
  put(scratch / "inc/o.h", with(header, "\nint tiny_predict(", "\nextern int tiny_predict("));
  const auto in_header = run_emlc(verify, {}, scratch.path());
  CHECK(in_header.exit_code == 1);
  CHECK(contains(in_header.err, "has 'extern', where convert writes 'int'"));
}

TEST_CASE("pair: run, in both languages, and the depfile") {
  const Scratch scratch = converted("pair_run", {"--depfile", "d"});
  CHECK(read_file(scratch / "d") == "inc/o.h src/o.c: m.json\n");
  const std::string expected = run_emlc({"run", "m.json", "-i", "-"}, "2,0\n3,0\n0,1\n", scratch.path()).out;
  CHECK(expected == "label,output_0,output_1\n0,1,0\n1,0,1\n1,0.25,0.75\n");
  for (const auto& [output, source] : {std::pair{"c", "any.c"}, {"cpp", "any.cpp"}}) {
    const auto finished = run_emlc({"run", "m.json", "-i", "-", "--as-emitted", "--to", output, "--source", source},
                                   "2,0\n3,0\n0,1\n", scratch.path());
    CHECK(finished.out == expected);
  }
  CHECK(scratch.names() == std::vector<std::string>{"d", "inc", "m.json", "src"});
}

TEST_CASE("pair: a project names the source among the options, relative to its file") {
  const Scratch scratch("pair_project");
  std::filesystem::create_directories(scratch / "sub/src");
  put(scratch / "sub/m.json", std::string(tiny_model));
  const std::string project = R"({"schema": "emlc.project/1", "models": [
  {"model": "m.json", "output": "o.h", "options": {"source": "src/o.c", "section": ".models"}}]})";
  put(scratch / "sub/emlc.json", project);
  REQUIRE(run_emlc({"convert", "--all", "--project", "sub/emlc.json", "-q"}, {}, scratch.path()).exit_code == 0);
  const Scratch alone = converted("pair_alone", {"--section", ".models"});
  CHECK(read_file(scratch / "sub/o.h") == read_file(alone / "inc/o.h"));
  CHECK(read_file(scratch / "sub/src/o.c") == read_file(alone / "src/o.c"));
  CHECK(run_emlc({"check", "--project", "sub/emlc.json"}, {}, scratch.path()).exit_code == 0);
  put(scratch / "sub/emlc.json", with(project, "src/o.c", "o.h"));
  CHECK(contains(run_emlc({"convert", "--all"}, {}, scratch / "sub").err,
                 "options: --source: 'o.h' does not end in one of .c, as the definitions of a c header do\n"));
  put(scratch / "sub/emlc.json", with(project, R"("o.h")", R"("o.csv")"));
  CHECK(contains(run_emlc({"convert", "--all"}, {}, scratch / "sub").err,
                 "options: --section: is for headers and tmdl-c, not for a csv\n"));
}

TEST_CASE("pair: what is no pair is refused, and nothing is written") {
  const Scratch scratch("pair_refused");
  put(scratch / "m.json", std::string(tiny_model));
  const auto refusal = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {"convert", "m.json"};
    command.insert(command.end(), options.begin(), options.end());
    const auto finished = run_emlc(command, {}, scratch.path());
    CHECK(finished.exit_code == 2);
    return first_line_of(finished.err);
  };
  CHECK(refusal({"-o", "o.csv", "--source", "o.c"}) == "emlc: error: --source: is for headers, not for a csv");
  CHECK(refusal({"-o", "o.tmdl", "--section", "x"}) ==
        "emlc: error: --section: is for headers and tmdl-c, not for a tmdl");
  CHECK(refusal({"-o", "o.tmdl", "--class-names"}) == "emlc: error: --class-names: is for headers, not for a tmdl");
  CHECK(refusal({"-o", "o.py", "--layout", "table"}) == "emlc: error: --layout: is for headers, not for a py");
  CHECK(refusal({"-o", "o.py", "--fpu", "no"}) == "emlc: error: --fpu: is for headers, not for a py");
  CHECK(refusal({"-o", "o.py", "--use-runtime"}) == "emlc: error: --use-runtime: is for headers, not for a py");
  CHECK(refusal({"-o", "o.hpp", "--source", "o.c"}) ==
        "emlc: error: --source: 'o.c' does not end in one of .cpp .cc .cxx, as the definitions of a cpp header do");
  CHECK(refusal({"-o", "-", "--to", "c", "--source", "o.c"}) ==
        "emlc: error: --source: the source includes its header by name: expected two files, found -");
  CHECK(refusal({"-o", "a b.h", "--source", "o.c"}) ==
        "emlc: error: --source: the name 'a b.h' stands in an #include: expected letters, digits, '.', '_', '+' and "
        "'-'");
  CHECK(refusal({"-o", "o.h", "--source", "m.json"}) ==
        "emlc: error: m.json: this file is read and cannot be the output too");
  CHECK(refusal({"-o", "o.c", "--to", "c", "--source", "o.c"}) == "emlc: error: --source and -o name the same file");
  CHECK(refusal({"-o", "o.h", "--section", "a b"}) ==
        "emlc: error: --section: 'a b' is no section: expected 1 to 64 letters, digits, dots and underscores, no digit "
        "first");
  CHECK(scratch.names() == std::vector<std::string>{"m.json"});
}
