#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

void put(const std::string& path, const std::string& bytes) {
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{path, bytes}});
}

constexpr std::string_view project =
    R"({"schema": "emlc.project/1", "baseline": "sizes.json", "max_growth": "2%", "models": [
  {"model": "tiny.json", "output": "out/tiny.h", "options": {"voting": "hard", "use-runtime": false, "data": "x.csv"}},
  {"model": "tiny.json", "output": "out/blob", "to": "tmdl", "max_flash": "1KiB", "max_ram": 4096}
]})";

/// A directory with the project in `sub`, to be used from the outside.
void make_project(const Scratch& scratch, const std::string& text = std::string(project)) {
  std::filesystem::create_directories(scratch / "sub/out");
  put(scratch / "sub/emlc.json", text);
  put(scratch / "sub/tiny.json", std::string(tiny_model));
  put(scratch / "sub/x.csv", "1,2\n");
}

}  // namespace

TEST_CASE("project: convert --all writes what convert writes with the same options") {
  const Scratch scratch("project_convert");
  make_project(scratch);
  REQUIRE(run_emlc({"convert", "--all", "--project", "sub/emlc.json", "-q"}, {}, scratch.path()).exit_code == 0);
  const auto header =
      run_emlc({"convert", "sub/tiny.json", "--voting", "hard", "--data", "sub/x.csv", "--to", "c", "-o", "-", "-q"},
               {}, scratch.path());
  REQUIRE(header.exit_code == 0);
  CHECK(read_file(scratch / "sub/out/tiny.h") == header.out);
  const auto blob = run_emlc({"convert", "sub/tiny.json", "--to", "tmdl", "-o", "-", "-q"}, {}, scratch.path());
  CHECK(read_file(scratch / "sub/out/blob") == blob.out);
}

TEST_CASE("project: two headers of one name are refused, a header and a blob are not") {
  const Scratch scratch("project_names");
  make_project(scratch,
               with(project, R"("out/blob", "to": "tmdl", "max_flash": "1KiB", "max_ram": 4096)", R"("out/b.h")"));
  const auto finished = run_emlc({"convert", "--all", "-q"}, {}, scratch / "sub");
  CHECK(finished.exit_code == 2);
  CHECK(finished.err == "emlc: error: tiny.json: another model is tiny (c) too; --name tells them apart\n");
  CHECK(std::filesystem::is_empty(scratch / "sub/out"));
}

TEST_CASE("project: one output over its budget and none is written") {
  const Scratch scratch("project_budget");
  make_project(scratch, with(project, "1KiB", "10"));
  const auto finished = run_emlc({"convert", "--all", "-q"}, {}, scratch / "sub");
  CHECK(finished.exit_code == 1);
  CHECK(finished.err.find("tiny.json: flash is ") != std::string::npos);
  CHECK(std::filesystem::is_empty(scratch / "sub/out"));
}

TEST_CASE("project: check alone does all models, and --update drops what is gone") {
  const Scratch scratch("project_check");
  make_project(scratch);
  REQUIRE(run_emlc({"check", "--update"}, {}, scratch / "sub").exit_code == 0);
  const auto same = run_emlc({"check", "--project", "sub/emlc.json"}, {}, scratch.path());
  CHECK(same.exit_code == 0);
  CHECK(same.out.starts_with("tiny (c): unchanged, "));
  CHECK(same.out.find("\ntiny (tmdl): unchanged, ") != std::string::npos);

  const std::size_t second = project.find(",\n  {\"model\": \"tiny.json\", \"output\": \"out/blob\"");
  const std::string shorter = std::string(project.substr(0, second)) + "]}";
  put(scratch / "sub/emlc.json", shorter);
  const auto unused = run_emlc({"check", "--update", "--format", "json"}, {}, scratch / "sub");
  CHECK(unused.exit_code == 0);
  CHECK(nlohmann::json::parse(unused.out)["unused"] == nlohmann::json{"tiny (tmdl)"});
  CHECK(nlohmann::json::parse(read_file(scratch / "sub/sizes.json"))["models"].size() == 1);
}

TEST_CASE("project: a file that is wrong is refused with file, line and field") {
  const Scratch scratch("project_wrong");
  struct Bad {
    std::string part, replacement, message;
  };
  for (const Bad& bad : {
           Bad{"\"baseline\"", "\"basline\"", "emlc.json:1: basline: unknown key 'basline', did you mean 'baseline'?"},
           Bad{"project/1", "project/2", "emlc.json:1: schema: expected 'emlc.project/1', found 'emlc.project/2'"},
           Bad{"\"2%\"", "2", "emlc.json:1: max_growth: expected a text, found 2"},
           Bad{"\"max_flash\"", "\"max-flash\"",
               "emlc.json:3: models[1].max-flash: unknown key 'max-flash', did you mean 'max_flash'?"},
           Bad{"1KiB", "1 Kbit",
               "emlc.json:3: models[1].max_flash: expected a number of bytes such as 8192 or 8KiB, found '1 Kbit'"},
           Bad{"\"hard\"", "\"hrd\"",
               "emlc.json:2: models[0].options.voting: unknown voting 'hrd', did you mean 'hard'?"},
           Bad{"\"voting\"", "\"votng\"",
               "emlc.json:2: models[0].options.votng: unknown option '--votng', did you mean '--voting'?"},
           Bad{"\"hard\"", "[]", "emlc.json:2: models[0].options.voting: expected a text, a number, true or false"},
           Bad{"\"tmdl\"", "\"tmld\"", "emlc.json:3: models[1].to: unknown output 'tmld', did you mean 'tmdl'?"},
           Bad{", \"to\": \"tmdl\"", "",
               "emlc.json:3: models[1].output: --to: the name 'out/blob' does not tell what to write; give one of c, "
               "cpp, csv, tmdl, tmdl-c, py"},
           Bad{"out/blob", "out/tiny.h", "emlc.json:3: models[1].output: another model has this output too"},
           Bad{"out/blob", "-", "emlc.json:3: models[1].output: expected a file; a project has no stdin or stdout"},
           Bad{"out/blob", "tiny.json", "tiny.json: this file is read and cannot be the output too"},
       }) {
    CAPTURE(bad.message);
    make_project(scratch, with(project, bad.part, bad.replacement));
    const auto finished = run_emlc({"convert", "--all"}, {}, scratch / "sub");
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "emlc: error: " + bad.message + "\n");
  }
  CHECK(run_emlc({"convert", "--all", "-o", "x.h"}).err ==
        "emlc: error: --output excludes --all\ntry 'emlc convert --help'\n");
  CHECK(run_emlc({"convert", "--all", "--project", "none.json"}).exit_code == 3);
}
