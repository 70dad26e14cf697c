#include <doctest/doctest.h>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/sizes/target_tools.hpp"

using namespace emlc::cli_test;

namespace {

emlc::cli::Finished convert(const Bench& bench, std::vector<std::string> options) {
  options.insert(options.begin(), "convert");
  return run_emlc(options, {}, bench.scratch.path(), bench.tools.environment());
}

}  // namespace

TEST_CASE("targets: convert prints what a header takes on each, and budgets are for that") {
  const Bench bench("targets_convert");
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  const auto with_budget = [&](const char* option, const char* limit) {
    return convert(bench, {"tiny.json", "-o", "o.h", "--target", "atmega328p", "--measure", option, limit});
  };
  const auto over = with_budget("--max-flash", "1004");
  CHECK(over.exit_code == 1);
  CHECK(has(over.err,
            "bytes on targets\n"
            "              flash  RAM  stack\n"
            "  atmega328p   1005   23     12  measured; stack without memset\n"));
  CHECK(has(over.err,
            "emlc: error: flash on atmega328p (measured) is 1005 bytes, 1 more than --max-flash 1004 allows; "
            "nothing was written\n"));
  CHECK(with_budget("--max-ram", "22").exit_code == 1);
  CHECK(!std::filesystem::exists(bench.scratch / "o.h"));
  CHECK(with_budget("--max-flash", "1005").exit_code == 0);
  CHECK(with_budget("--max-ram", "23").exit_code == 0);
  const std::string with_target = emlc::cli::read_file(bench.scratch / "o.h");
  const auto sizes = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"tiny.json", "-o", "o.h", "--size-report", "s.json"});
    REQUIRE(convert(bench, options).exit_code == 0);
    return nlohmann::json::parse(emlc::cli::read_file(bench.scratch / "s.json"));
  };
  const auto report = sizes({"--target", "atmega328p,esp32", "--measure"});
  CHECK(report["targets"].size() == 1);
  CHECK(report["targets"]["atmega328p"]["flash"] == 1005);
  CHECK(report["targets"]["atmega328p"]["source"] == "measured");
  CHECK(report["notes"].size() == 1);
  CHECK(!sizes({}).contains("targets"));
  REQUIRE(convert(bench, {"tiny.json", "-o", "o.h"}).exit_code == 0);
  CHECK(emlc::cli::read_file(bench.scratch / "o.h") == with_target);  // measuring changes no header
}

TEST_CASE("targets: convert without a number writes nothing where a budget asks for one") {
  const Bench bench("targets_convert_unknown");
  CHECK(convert(bench, {"tiny.json", "-o", "o.h", "--target", "esp32"}).exit_code == 0);
  const auto finished = convert(bench, {"tiny.json", "-o", "p.h", "--target", "esp32", "--max-ram", "1MiB"});
  CHECK(finished.exit_code == 1);
  CHECK(has(finished.err,
            "emlc: error: RAM on esp32 is not known, so --max-ram 1048576 is not checked: there is no "
            "estimate for esp32; nothing was written\n"));
  CHECK(!std::filesystem::exists(bench.scratch / "p.h"));
  const auto incomplete = convert(bench, {model_file("../boosted/lightgbm-4.6.0/gamma/model.txt"), "-o", "q.h",
                                          "--layout", "inline", "--target", "cortex-m0plus", "--max-flash", "1MiB"});
  CHECK(incomplete.exit_code == 1);
  CHECK(has(incomplete.err,
            "emlc: error: flash on cortex-m0plus (estimate) is not known, so --max-flash 1048576 is not "
            "checked: there is no estimate of flash: of steps, "));
  CHECK(!std::filesystem::exists(bench.scratch / "q.h"));
  CHECK(convert(bench, {"tiny.json", "-o", "o.csv", "--target", "esp32"}).exit_code == 2);
  CHECK(convert(bench, {"tiny.json", "-o", "o.h", "--measure"}).exit_code == 2);
  CHECK(convert(bench, {"--all", "--target", "esp32"}).exit_code == 2);
}

TEST_CASE("targets: convert --all holds the budgets that check holds") {
  const Bench bench("targets_convert_all");
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  const std::string project = R"({"schema": "emlc.project/1", "targets": ["atmega328p"], "measure": true, "models": [
  {"model": "tiny.json", "output": "a.h", "max_flash": 1005, "max_ram": 23}]})";
  put(bench.scratch / "emlc.json", project);
  CHECK(bench.check({}).exit_code == 0);
  CHECK(convert(bench, {"--all"}).exit_code == 0);
  put(bench.scratch / "emlc.json", with(project, "1005", "1004"));
  CHECK(bench.check({}).exit_code == 1);
  const auto over = convert(bench, {"--all"});
  CHECK(over.exit_code == 1);
  CHECK(has(over.err, "emlc: error: tiny.json: flash on atmega328p (measured) is 1005 bytes, 1 more than "));

  put(bench.scratch / "emlc.json", R"({"schema": "emlc.project/1", "models": [
  {"model": "tiny.json", "output": "a.h", "targets": ["esp32"]},
  {"model": "tiny.json", "output": "b.h", "options": {"name": "other"}, "targets": ["esp32", "rv32imc"]}]})");
  CHECK(convert(bench, {"--all", "-q"}).err ==
        "emlc: warning: esp32: there is no estimate for esp32\n"
        "emlc: warning: tiny.json: rv32imc: there is no estimate of these trees for rv32imc\n");
}
