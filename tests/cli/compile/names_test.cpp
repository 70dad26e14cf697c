#include "codegen/model/names.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "cli/console/files.hpp"
#include "cli/console/process.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::Finished;
using emlc::cli::write_files;

namespace {

constexpr const char* includes =
    "#include <array>\n#include <cstddef>\n#include <string_view>\n#include <math.h>\n#include <stddef.h>\n"
    "#include <stdint.h>\n#include <string.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n"
    "#include <ctype.h>\n";

Finished compile(const Scratch& scratch, const std::string& compiler, const std::vector<std::string>& options,
                 const std::string& program) {
  write_files(std::vector<emlc::cli::OutputFile>{{scratch / "p.cpp", program}});
  std::vector<std::string> arguments = {compiler, "-x", "c++", "-std=gnu++17"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.emplace_back("p.cpp");
  return emlc::cli::run_process({.arguments = arguments, .directory = scratch.path()});
}

bool is_part(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// The identifiers of a text.
std::set<std::string> identifiers(const std::string& text) {
  std::set<std::string> names;
  for (auto at = text.begin(); at != text.end();) {
    const auto end = std::find_if_not(at, text.end(), is_part);
    if (end != at) names.emplace(at, end);
    at = end == text.end() ? end : end + 1;
  }
  return names;
}

}  // namespace

TEST_CASE("names: compilers take as a namespace whatever name of their headers emlc takes") {
  const Scratch scratch("names");
  for (const char* compiler : {"g++", "clang++", "arm-none-eabi-g++"}) {
    CAPTURE(compiler);
    const Finished headers = compile(scratch, compiler, {"-E", "-dD"}, includes);
    if (headers.exit_code == 127) {
      MESSAGE("skipped: there is no ", compiler);
      continue;
    }
    REQUIRE(headers.exit_code == 0);
    std::string program = includes;
    std::size_t n_taken = 0, n_refused = 0;
    for (const std::string& name : identifiers(headers.out)) {
      const bool is_upper = std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
      if (is_upper || !emlc::model::name_problem(name).empty()) continue;  // macros, see below
      const bool is_free = emlc::model::namespace_problem(name).empty();
      ++(is_free ? n_taken : n_refused);
      if (is_free) program += "namespace " + name + " { inline int predict() { return 0; } }\n";
    }
    CHECK(n_taken > 100);
    CHECK(n_refused > 300);
    CHECK(compile(scratch, compiler, {"-fsyntax-only"}, program).err == "");
  }
}

TEST_CASE("names: headers compile under names that are nearly taken") {
  const Scratch scratch("near_names");
  write_files(std::vector<emlc::cli::OutputFile>{{scratch / "m.json", std::string(tiny_model)}});
  for (const char* name : {"detail", "feature", "predict", "x", "n", "uint8", "tables", "FEATURE", "raw", "decide"}) {
    CAPTURE(name);
    for (const char* output : {"p.h", "p.hpp"}) {
      CAPTURE(output);
      REQUIRE(run_emlc({"convert", "m.json", "-o", output, "-q", "--name", name}, {}, scratch.path()).exit_code == 0);
      CHECK(compile(scratch, "g++", {"-fsyntax-only", "-Wall", "-Wextra", "-Werror"},
                    std::string("#include \"") + output + "\"\n")
                .err == "");
    }
  }
  for (const char* name : {"expf", "size_t", "int8_t", "NULL"}) {
    CAPTURE(name);
    CHECK(run_emlc({"convert", "m.json", "-o", "p.hpp", "-q", "--name", name}, {}, scratch.path()).err ==
          "emlc: error: --name: '" + std::string(name) +
              "' is a name of the C library, which the namespace of a C++ header cannot have\n");
    if (std::string(name) == "NULL") continue;
    REQUIRE(run_emlc({"convert", "m.json", "-o", "p.h", "-q", "--name", name}, {}, scratch.path()).exit_code == 0);
    CHECK(compile(scratch, "gcc", {"-fsyntax-only", "-Wall", "-Werror"}, "#include \"p.h\"\n").exit_code == 0);
  }
}

TEST_CASE("names: a file's name becomes one that headers of both languages can have") {
  const Scratch scratch("file_names");
  const auto name_of = [&](const std::string& file) {
    std::string document = with(tiny_model, "\"name\": \"tiny\",", "");
    write_files(std::vector<emlc::cli::OutputFile>{{scratch / file, document}});
    const auto header = run_emlc({"convert", file, "--to", "cpp", "-o", "-", "-q"}, {}, scratch.path()).out;
    const std::size_t start = header.find("\nnamespace ") + 11;
    return header.substr(start, header.find(' ', start) - start);
  };
  CHECK(name_of("digits-rf 10.json") == "digits_rf_10");
  CHECK(name_of("2nd.json") == "model_2nd");
  CHECK(name_of("exp.json") == "model_exp");
  CHECK(name_of("__x__.json") == "x");
  CHECK(name_of("int.json") == "model_int");
  CHECK(name_of("emlc_x.json") == "model_emlc_x");
  CHECK(name_of("---.json") == "model");
  CHECK(name_of(std::string(200, 'n') + ".json") == std::string(94, 'n'));
}
