#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/sizes/target_tools.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;

TEST_CASE("targets: a compiler that does not even compile an empty program is an error with its first words") {
  const Bench bench("targets_broken");
  struct Broken {
    const char *gcc, *size, *nm, *message;
    int exit_code;
  };
  constexpr const char *works = "exit 0", *program = "echo head; echo '1 2 3 6 6 with'";
  const std::string nothing = "nothing can be measured for atmega328p, not even an empty program: ";
  for (const Broken& broken : {
           Broken{"echo 'In file included' >&2; echo 'm.h:3: error: what\033[31m' >&2; exit 1", program, works,
                  "avr-gcc: m.h:3: error: what\\x1b[31m\n", 2},
           Broken{"exit 4", program, works, "avr-gcc: exit code 4\n", 2},
           Broken{works, "echo garbage", works, "avr-size: expected text, data and bss of a program\n", 2},
           Broken{works, "echo a; echo b c d", works, "avr-size: expected an integer", 2},
           Broken{works, "echo \"avr-size: 'with': No such file\" >&2; exit 1", works,
                  "avr-size: avr-size: 'with': No such file\n", 2},
           Broken{works, nullptr, works, "cannot run 'avr-size': ", 3},
           Broken{works, program, nullptr, "cannot run 'avr-nm': ", 3},
       }) {
    CAPTURE(broken.message);
    std::filesystem::remove_all(bench.scratch / "bin");
    std::filesystem::create_directories(bench.scratch / "bin");
    bench.tools.put("avr-gcc", broken.gcc);
    if (broken.size != nullptr) bench.tools.put("avr-size", broken.size);
    if (broken.nm != nullptr) bench.tools.put("avr-nm", broken.nm);
    const auto finished = bench.check({"tiny.json", "--target", "atmega328p", "--measure"});
    CHECK(finished.exit_code == broken.exit_code);
    CHECK(finished.err.starts_with("emlc: error: "));
    CHECK(has(finished.err, broken.message));
    CHECK(has(finished.err, nothing) == (broken.exit_code == 2 && !has(finished.err, "expected")));
    CHECK(finished.out.empty());
  }
}

TEST_CASE("targets: a model that a target cannot hold has a reason instead of numbers, and the others have theirs") {
  const Bench bench("targets_too_big");
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  bench.tools.put_refusing("avr-gcc", "model.h:9:1: error: size of array 'big' is too large");
  put(bench.scratch / "other.json", with(tiny_model, "\"tiny\"", "\"other\""));
  const std::vector<std::string> options = {"tiny.json", "other.json", "--target", "atmega328p,cortex-m0plus",
                                            "--measure"};
  const std::string why =
      "atmega328p: cannot be measured: avr-gcc: model.h:9:1: error: size of array 'big' is too large";
  for (const char* format : {"text", "md", "json", "junit", "github", "openmetrics"}) {
    CAPTURE(format);
    std::vector<std::string> arguments = options;
    arguments.insert(arguments.end(), {"--format", format});
    const auto finished = bench.check(arguments);
    CHECK(finished.exit_code == 0);
    CHECK(has(finished.err, "emlc: warning: tiny (c): " + why + "\n"));
    CHECK(has(finished.out, "atmega328p"));  // of the other
    CHECK(has(finished.out, "model.h:9:1: error: size of array ") == (std::string_view(format) != "openmetrics"));
  }
  std::vector<std::string> limited = options;
  limited.insert(limited.end(), {"--max-flash", "1MiB", "--format", "json"});
  const auto finished = bench.check(limited);
  CHECK(finished.exit_code == 1);
  const auto models = nlohmann::json::parse(finished.out)["models"];
  CHECK(models[0]["verdict"] == "unchecked");
  CHECK(!models[0]["now"]["targets"].contains("atmega328p"));
  CHECK(models[0]["now"]["targets"].contains("cortex-m0plus"));
  CHECK(models[1]["now"]["targets"]["atmega328p"]["flash"] == 1005);
  CHECK(models[1]["verdict"] == "unrecorded");
  CHECK(has(finished.err,
            "emlc: error: tiny (c): flash on atmega328p is not known, so --max-flash (1048576) is not checked: "
            "cannot be measured: avr-gcc: "));
}

TEST_CASE("targets: a header of the runtime that is missing comes with the option for it") {
  const Bench bench("targets_include");
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  bench.tools.put_refusing("avr-gcc", "model.h:9:10: fatal error: emlc/dense.h: No such file or directory");
  const auto finished = bench.check({"tiny.json", "--target", "atmega328p", "--measure"});
  CHECK(finished.exit_code == 0);
  CHECK(has(finished.err, "emlc/dense.h: No such file or directory (--include DIR names where that is)\n"));
}

TEST_CASE("targets: a stack that the compiler does not tell is not known, and no limit on RAM holds") {
  const Bench bench("targets_stack");
  bench.tools.put("avr-gcc", "exit 0");
  bench.tools.put("avr-size", "echo head; echo '1 2 3 6 6 with'");
  bench.tools.put("avr-nm", "exit 0");
  const std::vector<std::string> options = {"tiny.json", "--target", "atmega328p", "--measure", "--max-flash", "0"};
  CHECK(bench.check(options).exit_code == 0);
  const auto finished = bench.check({"tiny.json", "--target", "atmega328p", "--measure", "--max-ram", "1MiB"});
  CHECK(finished.exit_code == 1);
  CHECK(has(finished.err,
            "RAM on atmega328p (measured) is not known, so --max-ram (1048576) is not checked: avr-gcc does "
            "not tell how much stack it takes\n"));
}

TEST_CASE("targets: the command line is checked") {
  const Bench bench("targets_usage");
  struct Bad {
    std::vector<std::string> options;
    std::string message;
  };
  for (const Bad& bad : {
           Bad{{"--target", "cortex-m4"}, "unknown target 'cortex-m4', did you mean 'cortex-m4f'?"},
           Bad{{"--target", "z80"},
               "unknown target 'z80', expected one of cortex-m0plus, cortex-m4f, cortex-m33, cortex-m7, atmega328p, "
               "rv32imc, esp32"},
           Bad{{"--target", "rv32imc,"}, "unknown target '', expected one of "},
           Bad{{"--target", "rv32imc", "--include", "."}, "--include: is for --measure"},
           Bad{{"--target", "rv32imc", "--measure", "--include", "none"}, "--include: there is no directory 'none'"},
           Bad{{"--measure"}, "--measure: needs --target NAME, or targets in the project"},
           Bad{{"--target", "rv32imc", "--to", "tmdl"},
               "--target: is for headers; a csv, a tmdl or a tmdl-c takes its own bytes on every device"},
       }) {
    CAPTURE(bad.message);
    std::vector<std::string> arguments = {"tiny.json"};
    arguments.insert(arguments.end(), bad.options.begin(), bad.options.end());
    const auto finished = bench.check(arguments);
    CHECK(finished.exit_code == 2);
    CHECK(finished.err.starts_with("emlc: error: " + bad.message));
  }
  CHECK(has(run_emlc({"list", "targets"}).out, "atmega328p     avr-gcc "));
}

TEST_CASE("targets: a project has them, for its headers or for one") {
  const Bench bench("targets_project");
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  const std::string project = R"({"schema": "emlc.project/1", "targets": ["atmega328p"], "measure": true, "models": [
  {"model": "tiny.json", "output": "a.h", "options": {"name": "a"}},
  {"model": "tiny.json", "output": "b.h", "options": {"name": "b"}, "targets": ["cortex-m0plus", "esp32"]},
  {"model": "tiny.json", "output": "c.tmdl"}]})";
  put(bench.scratch / "emlc.json", project);
  const auto checked = bench.check({"--format", "json"});
  const auto models = nlohmann::ordered_json::parse(checked.out)["models"];
  CHECK(models[0]["now"]["targets"]["atmega328p"]["source"] == "measured");
  CHECK(models[1]["now"]["targets"].size() == 1);
  CHECK(models[1]["now"]["targets"]["cortex-m0plus"]["source"] == "estimate");
  CHECK(!models[2]["now"].contains("targets"));
  CHECK(has(checked.err, "emlc: warning: b (c): cortex-m0plus: arm-none-eabi-gcc is not in PATH"));
  const auto given = bench.check({"--format", "json", "--target", "cortex-m33"});
  CHECK(nlohmann::ordered_json::parse(given.out)["models"][0]["now"]["targets"].contains("cortex-m33"));
  const std::string shared = "emlc: warning: cortex-m33: arm-none-eabi-gcc is not in PATH";  // said once for both
  constexpr const char* missing = " is not in PATH";
  CHECK(given.err.starts_with(shared));
  CHECK(given.err.find(missing) == given.err.rfind(missing));

  struct Bad {
    std::string part, replacement, message;
  };
  for (const Bad& bad : {
           Bad{"[\"atmega328p\"]", "[\"atmega328\"]",
               "emlc.json:1: targets[0]: unknown target 'atmega328', did you mean 'atmega328p'?"},
           Bad{"[\"atmega328p\"]", "\"avr\"", "emlc.json:1: targets: expected a list, found 'avr'"},
           Bad{"\"measure\"", "\"include\": [\"none\"], \"measure\"",
               "emlc.json:1: include[0]: there is no such directory"},
           Bad{"true", "1", "emlc.json:1: measure: expected true or false, found 1"},
           Bad{"\"c.tmdl\"", "\"c.tmdl\", \"targets\": [\"esp32\"]",
               "emlc.json:4: models[2].targets: only headers have targets; a csv, a tmdl or a tmdl-c takes its own "
               "bytes "
               "everywhere"},
       }) {
    CAPTURE(bad.message);
    put(bench.scratch / "emlc.json", with(project, bad.part, bad.replacement));
    const auto finished = bench.check({});
    CHECK(finished.exit_code == 2);
    CHECK(finished.err == "emlc: error: " + bad.message + "\n");
  }
  put(bench.scratch / "emlc.json",
      R"({"schema": "emlc.project/1", "measure": true, "models": [{"model": "tiny.json", "output": "a.h"}]})");
  CHECK(bench.check({}).err == "emlc: error: emlc.json: measure: needs targets, and a header to measure\n");
  CHECK(bench.check({"--target", "atmega328p"}).exit_code == 0);
  put(bench.scratch / "emlc.json",
      R"({"schema": "emlc.project/1", "max_growth": "2%", "models": [{"model": "tiny.json", "output": "a.h"}]})");
  CHECK(bench.check({}).err == "emlc: error: emlc.json: max_growth: needs a baseline to compare with\n");
}
