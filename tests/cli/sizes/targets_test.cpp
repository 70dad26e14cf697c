#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/sizes/target_tools.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

TEST_CASE("targets: an estimate is what convert prints for the target, and says what it is") {
  const Bench bench("targets_estimate");
  const auto now =
      bench.json({"tiny.json", "--target", "cortex-m0plus,atmega328p", "--target", "cortex-m0plus"})["now"];
  CHECK(now["targets"].size() == 2);
  const auto& m0plus = now["targets"]["cortex-m0plus"];
  CHECK(m0plus["source"] == "estimate");
  CHECK(m0plus["flash"] == now["flash"]);
  CHECK(m0plus["ram"] == now["ram"]);
  CHECK(!m0plus.contains("stack"));
  const auto converted = run_emlc({"convert", bench.scratch / "tiny.json", "--to", "c", "-o", "-"});
  const std::size_t code = now["parts"]["code (estimate)"];
  const std::size_t on_avr =
      now["targets"]["atmega328p"]["flash"].get<std::size_t>() - (now["flash"].get<std::size_t>() - code);
  CHECK(has(converted.err, ", " + std::to_string(on_avr) + " ATmega328P\n"));
}

TEST_CASE("targets: measured is what the programs differ by") {
  const Bench bench("targets_measured");
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  const auto target = bench.json({"tiny.json", "--target", "atmega328p", "--measure"})["now"]["targets"]["atmega328p"];
  CHECK(target == nlohmann::ordered_json{{"source", "measured"},
                                         {"compiler", "avr-gcc 7.3.0 -Os"},
                                         {"flash", 1005},
                                         {"ram", 23},
                                         {"text", 1000},
                                         {"data", 5},
                                         {"bss", 6},
                                         {"stack", 12},
                                         {"stack_without", {"memset"}}});
  CHECK(bench.json({"tiny.json", "--target", "atmega328p", "--measure", "--optimize",
                    "speed"})["now"]["targets"]["atmega328p"]["compiler"] == "avr-gcc 7.3.0 -O2");
}

TEST_CASE("targets: budgets are for the numbers of the targets, exactly") {
  const Bench bench("targets_budgets");
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  const auto check = [&](const char* option, const char* limit, const char* format = "text") {
    return bench.check({"tiny.json", "--target", "atmega328p", "--measure", option, limit, "--format", format});
  };
  CHECK(check("--max-flash", "1005").exit_code == 0);
  CHECK(check("--max-ram", "23").exit_code == 0);
  CHECK(check("--max-ram", "22").err ==
        "emlc: error: tiny (c): RAM on atmega328p (measured) is 23 bytes, 1 more than --max-ram allows (22)\n");
  for (const char* format : {"text", "md", "json", "junit", "github"}) {
    CAPTURE(format);
    const auto over = check("--max-flash", "1004", format);
    CHECK(over.exit_code == 1);
    CHECK(
        over.err ==
        "emlc: error: tiny (c): flash on atmega328p (measured) is 1005 bytes, 1 more than --max-flash allows (1004)\n");
    CHECK(has(over.out, "atmega328p"));
    CHECK(has(over.out, "measured"));
    CHECK(has(over.out, "1004"));
  }
  CHECK(has(check("--max-flash", "1005", "openmetrics").out,
            "\nemlc_target_flash_bytes{model=\"tiny\",output=\"c\",target=\"atmega328p\",source=\"measured\"} 1005\n"));
}

TEST_CASE("targets: without the compiler it is an estimate, with a warning; without both no limit holds") {
  const Bench bench("targets_missing");
  for (const char* format : {"text", "md", "json", "junit", "github", "openmetrics"}) {
    CAPTURE(format);
    const auto finished = bench.check({"tiny.json", "--target", "cortex-m4f,esp32", "--measure", "--format", format});
    CHECK(finished.exit_code == 0);
    CHECK(finished.err ==
          "emlc: warning: tiny (c): cortex-m4f: arm-none-eabi-gcc is not in PATH (Debian packages: gcc-arm-none-eabi "
          "libnewlib-arm-none-eabi), so this is an estimate\n"
          "emlc: warning: tiny (c): esp32: xtensa-esp32-elf-gcc is not in PATH, and there is no estimate for esp32\n");
    CHECK(has(finished.out, "estimate"));
    CHECK(has(finished.out, "cortex-m4f"));
    CHECK(has(finished.out, "esp32") == (std::string_view(format) != "openmetrics"));
    CHECK(!has(finished.out, "measured"));
  }
  const auto unchecked = bench.check({"tiny.json", "--target", "esp32", "--max-flash", "1MiB", "--max-ram", "1MiB"});
  CHECK(unchecked.exit_code == 1);
  CHECK(has(unchecked.out, "tiny (c): a limit is not checked\n"));
  CHECK(has(unchecked.err,
            "emlc: error: tiny (c): flash on esp32 is not known, so --max-flash (1048576) is not checked: "
            "there is no estimate for esp32\n"));
  CHECK(
      has(unchecked.err, "emlc: error: tiny (c): RAM on esp32 is not known, so --max-ram (1048576) is not checked: "));
}

TEST_CASE("targets: networks, filters and scalers are estimated on every target but esp32") {
  const Bench bench("targets_networks");
  const std::string all = "cortex-m0plus,cortex-m4f,cortex-m33,cortex-m7,atmega328p,rv32imc,esp32";
  for (const char* model : {"digits_mlp/model.json", "butter4_1k_16k/model.json"}) {
    CAPTURE(model);
    const auto finished = bench.check({model_file(model), "--target", all, "--format", "json"});
    const auto checked = nlohmann::ordered_json::parse(finished.out)["models"][0];
    const auto& targets = checked["now"]["targets"];
    CHECK(targets.size() == 6);
    CHECK(targets["cortex-m0plus"]["flash"] == checked["now"]["flash"]);
    CHECK(targets["cortex-m0plus"]["ram"] == checked["now"]["ram"]);
    CHECK(targets["cortex-m33"]["flash"] == targets["cortex-m4f"]["flash"]);
    // Without an FPU there is soft float: an addition and a product take 1.4 KB of libgcc on a Cortex-M0+.
    CHECK(targets["cortex-m0plus"]["flash"].get<int>() > targets["cortex-m4f"]["flash"].get<int>() + 1400);
    CHECK(checked["notes"].back() == "esp32: there is no estimate for esp32");
  }
  CHECK(has(bench.check({"tiny.json", "--target", "rv32imc"}).err,
            "rv32imc: there is no estimate of these trees for rv32imc\n"));
  const auto budget =
      bench.check({model_file("butter4_1k_16k/model.json"), "--target", "atmega328p", "--max-flash", "64KiB"});
  CHECK(budget.exit_code == 0);
}

TEST_CASE("targets: no number is given of flash where the estimate would leave code out, and none is in a budget") {
  const Bench bench("targets_withheld");
  const std::string why =
      "there is no estimate of flash: of steps, combinations, signals and of what if/else code calls of libraries only "
      "--measure knows it";
  const auto check = [&](const std::string& model, std::vector<std::string> options) {
    options.insert(options.begin(), {model_file(model), "--target", "cortex-m0plus"});
    return bench.check(options);
  };
  const std::string gamma = "../boosted/lightgbm-4.6.0/gamma/model.txt";  // expf
  const auto check_inline = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"--layout", "inline"});
    return check(gamma, options);
  };
  CHECK(has(check(gamma, {"--layout", "table", "--max-flash", "1MiB"}).out, "flash on cortex-m0plus (estimate)"));
  for (const std::vector<std::string>& left_out : {std::vector<std::string>{gamma, "--layout", "inline"},
                                                   {"../../golden/panel/model.json"},
                                                   {"../../../examples/gesture/gesture.json"}}) {
    CAPTURE(left_out.front());
    const auto finished = check(left_out.front(), {left_out.begin() + 1, left_out.end()});
    CHECK(finished.exit_code == 0);
    CHECK(has(finished.err, "cortex-m0plus: " + why + "\n"));
    CHECK(!has(finished.out, "flash on cortex-m0plus"));
    CHECK(has(finished.out, "RAM on cortex-m0plus (estimate)"));
  }
  for (const std::vector<std::string>& whole : {std::vector<std::string>{"butter4_1k_16k/model.json"},
                                                {"digits_mlp/model.json"},
                                                {"diabetes_mlpr/model.json", "--weights", "int8"},
                                                {"iris_dt/model.json"},
                                                {"cancer_gbc/model.json"}}) {
    CAPTURE(whole.front());
    const auto counted = check(whole.front(), {whole.begin() + 1, whole.end()});
    CHECK(!has(counted.err, "no estimate"));
    CHECK(has(counted.out, "flash on cortex-m0plus (estimate)"));
  }
  for (const char* format : {"text", "md", "json", "junit", "github"}) {
    CAPTURE(format);
    const auto finished = check_inline({"--max-flash", "1MiB", "--format", format});
    CHECK(finished.exit_code == 1);
    CHECK(
        has(finished.err,
            "flash on cortex-m0plus (estimate) is not known, so --max-flash (1048576) is not checked: " + why + "\n"));
    CHECK(has(finished.out, "not checked"));
  }
  const auto json = nlohmann::json::parse(check_inline({"--max-flash", "1MiB", "--format", "json"}).out)["models"][0];
  CHECK(json["verdict"] == "unchecked");
  CHECK(json["limits"][0]["checked"] == false);
  CHECK(!json["now"]["targets"]["cortex-m0plus"].contains("flash"));
  CHECK(check_inline({"--max-ram", "1KiB"}).exit_code == 0);

  REQUIRE(check_inline({"--baseline", "b.json", "--update"}).exit_code == 0);
  CHECK(check_inline({"--baseline", "b.json", "--max-growth", "0%"}).exit_code == 0);
}

TEST_CASE("targets: RAM is that of the target") {
  const Bench bench("targets_ram");
  const auto ram_on = [&](const char* target, std::vector<std::string> words) {
    words.front() = model_file(words.front());
    words.insert(words.end(), {"--target", target});
    return bench.json(words)["now"]["targets"][target]["ram"].get<int>();
  };
  // What arm-none-eabi-gcc 12.2, avr-gcc 5.4 and riscv64-unknown-elf-gcc 12.2 take, by --measure.
  const std::vector<std::string> filter = {"butter4_1k_16k/model.json"}, network = {"digits_mlp/model.json"};
  CHECK(std::abs(ram_on("cortex-m0plus", filter) - 88) <= 32);
  CHECK(std::abs(ram_on("cortex-m4f", filter) - 32) <= 32);
  CHECK(std::abs(ram_on("atmega328p", filter) - 70) <= 32);
  CHECK(std::abs(ram_on("rv32imc", filter) - 112) <= 32);
  CHECK(std::abs(ram_on("cortex-m4f", network) - 268) <= 32);
  CHECK(std::abs(ram_on("rv32imc", network) - 352) <= 35);
  // An AVR copies the tables that functions of the runtime read to RAM.
  CHECK(std::abs(ram_on("atmega328p", {network.front(), "--use-runtime"}) - 11396) <= 1139);
}

TEST_CASE("targets: what is recorded is compared with its like only") {
  const Bench bench("targets_baseline");
  const std::vector<std::string> same = {"tiny.json", "--target", "atmega328p", "--measure", "--baseline", "b.json"};
  const auto with_options = [&](std::vector<std::string> options) {
    options.insert(options.begin(), same.begin(), same.end());
    return bench.check(options);
  };
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  REQUIRE(with_options({"--update"}).exit_code == 0);
  const auto unchanged = with_options({"--max-growth", "0%"});
  CHECK(unchanged.exit_code == 0);
  CHECK(unchanged.err.empty());
  CHECK(has(unchanged.out, "; 1005 and 23 on atmega328p (measured)\n"));

  bench.tools.put_toolchain("avr-", "14.1.0", "1200 15 26 1241 475 with");
  const std::string grew = "flash on atmega328p (measured) grew from 1005 to 1105 bytes (+10.0 %)";
  const std::string why = "; compiler was avr-gcc 7.3.0 -Os, is avr-gcc 14.1.0 -Os\n";
  CHECK(with_options({"--max-growth", "10%"}).exit_code == 0);  // of 1005, rounded down to 100
  const auto over = with_options({"--max-growth", "99B"});
  CHECK(over.exit_code == 1);
  CHECK(over.err == "emlc: error: tiny (c): " + grew + ", 1 more than --max-growth 99B allows (1104)" + why);
  CHECK(has(with_options({"--format", "md"}).out, "grew from 1005 to 1105 bytes"));
  CHECK(has(with_options({"--format", "github"}).out, "::notice file=tiny.json,title=tiny (c)::flash on atmega328p "));

  const std::string recorded = read_file(bench.scratch / "b.json");
  std::filesystem::remove_all(bench.scratch / "bin/avr-gcc");
  const auto estimated = with_options({});
  CHECK(estimated.exit_code == 0);
  const std::string note = "atmega328p: flash was recorded as measured (1005) and is an estimate now: not compared";
  CHECK(has(estimated.err, "emlc: warning: tiny (c): " + note + "\n"));
  CHECK(has(estimated.out, note));
  CHECK(has(estimated.out, "atmega328p was measured, is an estimate"));
  for (const char* format : {"md", "json", "junit", "github"}) {
    CHECK(has(with_options({"--format", format}).out, "not compared"));
  }
  CHECK(read_file(bench.scratch / "b.json") == recorded);
  for (const char* format : {"text", "md", "json", "junit", "github"}) {
    CAPTURE(format);
    const auto lost = with_options({"--max-growth", "2%", "--format", format});
    CHECK(lost.exit_code == 1);
    CHECK(has(lost.err,
              " bytes, so --max-growth 2% (1025) is not checked: it was recorded as measured and is an estimate now: "
              "avr-gcc is not in PATH (Debian packages: gcc-avr avr-libc), so this is an estimate (--update records "
              "that, without --measure it is not asked for)\n"));
    CHECK(has(lost.err, "emlc: error: tiny (c): RAM on atmega328p (estimate) is "));
    CHECK(has(lost.out, "not checked"));
  }
  // An estimate that is asked for is no loss, an update accepts what is lost.
  CHECK(bench.check({"tiny.json", "--target", "atmega328p", "--baseline", "b.json", "--max-growth", "2%"}).exit_code ==
        0);
  REQUIRE(with_options({"--max-growth", "2%", "--update"}).exit_code == 0);
  CHECK(with_options({"--max-growth", "2%"}).exit_code == 0);
}

TEST_CASE("targets: a target that has no number any more fails --max-growth") {
  const Bench bench("targets_lost");
  const std::vector<std::string> limited = {"tiny.json",  "--target", "atmega328p",   "--measure",
                                            "--baseline", "b.json",   "--max-growth", "2%"};
  bench.tools.put_toolchain("avr-", "7.3.0", "1100 15 26 1141 475 with");
  REQUIRE(bench.check({"tiny.json", "--target", "atmega328p", "--baseline", "b.json", "--update"}).exit_code == 0);
  CHECK(bench.check(limited).exit_code == 0);  // now it is measured
  bench.tools.put_refusing("avr-gcc", "error: too large");
  const auto lost = bench.check(limited);
  CHECK(lost.exit_code == 1);
  CHECK(has(lost.err, "emlc: error: tiny (c): flash on atmega328p is not known, so --max-growth 2% ("));
  CHECK(has(lost.err,
            ") is not checked: it was recorded as an estimate and is not known now: cannot be measured: avr-gcc: "
            "error: too large (--update records that, without the target it is not asked for)\n"));
}

TEST_CASE("targets: --update keeps what is recorded of targets that it did not look at") {
  const Bench bench("targets_kept");
  const auto update = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"tiny.json", "--baseline", "b.json", "--update"});
    return bench.check(options);
  };
  REQUIRE(update({"--target", "cortex-m0plus,atmega328p"}).exit_code == 0);
  const auto targets = [&] {
    return nlohmann::json::parse(read_file(bench.scratch / "b.json"))["models"][0].value("targets", nlohmann::json());
  };
  const auto both = targets();
  CHECK(both.size() == 2);
  const auto kept = update({"--target", "cortex-m0plus"});
  CHECK(kept.err.empty());
  CHECK(targets() == both);
  CHECK(update({}).err.empty());
  CHECK(targets() == both);
  const auto dropped = update({"--target", "cortex-m0plus", "--layout", "table"});
  CHECK(dropped.exit_code == 0);
  CHECK(has(dropped.err,
            "emlc: warning: tiny (c): the sizes on atmega328p are of another model or other options: no longer "
            "recorded\n"));
  CHECK(targets().size() == 1);
}

TEST_CASE("targets: a baseline from before there were targets is read") {
  const Bench bench("targets_old_baseline");
  REQUIRE(bench.check({"tiny.json", "--baseline", "b.json", "--update"}).exit_code == 0);
  CHECK(!has(read_file(bench.scratch / "b.json"), "targets"));
  const auto checked = bench.json({"tiny.json", "--target", "cortex-m0plus", "--baseline", "b.json"});
  CHECK(checked["verdict"] == "changed");
  CHECK(checked["causes"] == nlohmann::ordered_json{"cortex-m0plus was not recorded"});
  REQUIRE(bench.check({"tiny.json", "--target", "cortex-m0plus", "--baseline", "b.json", "--update"}).exit_code == 0);
  CHECK(bench.check({"tiny.json", "--baseline", "b.json"}).out.starts_with("tiny (c): unchanged, "));
  for (const auto& [part, replacement, message] :
       {std::array<std::string, 3>{"\"estimate\",", "\"guess\",",
                                   "targets.cortex-m0plus.source: expected measured or estimate, found 'guess'"},
        {"\"targets\": {", "\"targets\": {\"x\": 1, ", "targets.x: expected an object, found 1"}}) {
    const std::string good = read_file(bench.scratch / "b.json");
    put(bench.scratch / "bad.json", with(good, part, replacement));
    const auto refused = bench.check({"tiny.json", "--baseline", "bad.json"});
    CHECK(refused.exit_code == 2);
    CHECK(has(refused.err, "models[0]." + message));
  }
}
