#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/console/files.hpp"
#include "cli/gate/result.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// A baseline of one model, made by hand.
std::string baseline(const std::string& flash, const std::string& options = "") {
  return R"({"schema": "emlc.sizes/1", "models": [{"name": "tiny", "output": "c", "model_sha256": "00", "emlc": "0.0.9",)"
         R"( "options": ")" +
         options + R"(", "parts": {"gone": 7}, "flash": )" + flash + R"(, "ram": 0}]})";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("check: a model grown on purpose fails, with the parts and the cause, in every format") {
  const Scratch scratch("check_growth");
  std::filesystem::copy_file(model_file("iris_dt/model.json"), scratch / "m.json");
  const std::vector<std::string> check = {"check", "m.json", "--name", "m", "--baseline", "sizes.json"};
  const auto with_options = [&](std::vector<std::string> options) {
    options.insert(options.begin(), check.begin(), check.end());
    return run_emlc(options, {}, scratch.path());
  };
  REQUIRE(with_options({"--update"}).exit_code == 0);
  const std::string recorded = read_file(scratch / "sizes.json");
  const auto same = with_options({"--max-growth", "0%"});
  CHECK(same.exit_code == 0);
  CHECK(same.out.starts_with("m (c): unchanged, "));
  CHECK(same.err.empty());

  std::filesystem::copy_file(model_file("digits_rf10/model.json"), scratch / "m.json",
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(with_options({}).exit_code == 0);  // growth without a limit is shown only
  for (const std::string format : {"text", "md", "json", "junit", "github", "openmetrics"}) {
    CAPTURE(format);
    const auto grown = with_options({"--max-growth", "2%,64B", "--format", format});
    CHECK(grown.exit_code == 1);
    CHECK(has(grown.out, "splits"));
    CHECK(grown.err.starts_with("emlc: error: m (c): flash grew from "));
    CHECK(has(grown.err, "the model changed\n"));
    CHECK(with_options({"--max-growth", "2%,64B", "--format", format}).out == grown.out);
  }
  CHECK(read_file(scratch / "sizes.json") == recorded);
  CHECK(with_options({"--update", "--max-flash", "1"}).exit_code == 1);  // a budget is not lifted
  CHECK(read_file(scratch / "sizes.json") == recorded);
  CHECK(with_options({"--update", "--max-growth", "2%"}).exit_code == 0);
  CHECK(read_file(scratch / "sizes.json") != recorded);
}

TEST_CASE("check: the sizes are those that convert prints") {
  const std::string model = model_file("digits_rf10/model.json");
  const auto checked = run_emlc({"check", model, "--leaf-clusters", "16", "--format", "json"});
  REQUIRE(checked.exit_code == 0);
  const auto now = nlohmann::ordered_json::parse(checked.out)["models"][0]["now"];
  const auto converted = run_emlc({"convert", model, "--leaf-clusters", "16", "--to", "c", "-o", "-"});
  std::size_t sum = 0;
  for (const auto& [part, bytes] : now["parts"].items()) {
    CHECK(has(converted.err, "\n  " + part + " "));
    sum += bytes.get<std::size_t>();
  }
  CHECK(sum == now["flash"]);
  CHECK(has(converted.err, " " + std::to_string(sum) + "\n"));
  CHECK(now["options"] == "--leaf-clusters 16");
  CHECK(now["error"].get<double>() > 0.0);
}

TEST_CASE("check: a line says what grew, by how much and why") {
  using namespace emlc::cli;
  const Sizes before{.name = "m",
                     .output = "c",
                     .version = "1",
                     .model_sha256 = "a",
                     .options = {},
                     .parts = {{"splits", 80}, {"roots", 20}},
                     .flash = 100,
                     .ram = 4};
  const Sizes now{.name = "m",
                  .output = "c",
                  .version = "2",
                  .model_sha256 = "a",
                  .options = "--leaf-bits 8",
                  .parts = {{"leaves", 5}, {"splits", 105}},
                  .flash = 110,
                  .ram = 4};
  const auto flash_row = [&](const char* growth, const Budget& budget) {
    const ModelCheck model = check_model("m.json", now, &before, budget, parse_growth(growth, {}));
    CHECK(model.metrics.front().metric->key == "flash");
    std::vector<std::string> texts;
    for (const Message& message : messages(model, model.metrics.front())) texts.push_back(message.text);
    return fmt::format("{}", fmt::join(texts, "\n"));
  };
  const std::string why =
      ": splits +25, leaves +5, roots -20; options were none, are '--leaf-bits 8'; emlc was 1, is 2";
  CHECK(flash_row("10%", {}) == "flash grew from 100 to 110 bytes (+10.0 %)" + why);  // exactly at the limit
  CHECK(flash_row("9.9%", {}) ==
        "flash grew from 100 to 110 bytes (+10.0 %), 1 more than --max-growth 9.9% allows (109)" + why);
  CHECK(flash_row("9B,1%", {}) ==
        "flash grew from 100 to 110 bytes (+10.0 %), 1 more than --max-growth 9B,1% allows (109)" + why);
  Budget tight;
  tight.flash = 90;
  const std::string over_budget = "flash grew from 100 to 110 bytes (+10.0 %), 20 more than --max-flash allows (90)";
  CHECK(flash_row("50%", tight) == over_budget + why);
  CHECK(flash_row("1B", tight) ==
        over_budget + why + "\nflash grew from 100 to 110 bytes (+10.0 %), 9 more than --max-growth 1B allows (101)" +
            why);
}

TEST_CASE("check: budgets hold without a baseline") {
  for (const std::vector<std::string>& budget : {std::vector<std::string>{"--max-flash", "10"},
                                                 {"--max-comparisons", "1"},
                                                 {"--max-error", "0.01", "--voting", "hard"}}) {
    std::vector<std::string> arguments = {"check", "-"};
    arguments.insert(arguments.end(), budget.begin(), budget.end());
    const auto finished = run_emlc(arguments, std::string(tiny_model));
    CHECK(finished.exit_code == 1);
    CHECK(has(finished.err, " more than " + budget[0] + " allows ("));
  }
  CHECK(run_emlc({"check", "-", "--max-comparisons", "2", "--max-error", "0", "--max-flash", "1KiB"},
                 std::string(tiny_model))
            .exit_code == 0);
}

TEST_CASE("check: an error that nobody measured keeps no limit") {
  const std::string vectors = std::string(tiny_model).substr(tiny_model.find(",\n \"test_vectors\""));
  const std::string model = with(tiny_model, vectors, "}");
  CHECK(run_emlc({"check", "-", "--max-error", "0"}, model).exit_code == 0);  // exact
  const auto rounded = run_emlc({"check", "-", "--max-error", "1", "--voting", "hard"}, model);
  CHECK(rounded.exit_code == 1);
  CHECK(has(rounded.err,
            "largest error is not known, so --max-error (1) is not checked: there are no inputs to measure it on, give "
            "--data\n"));
}

TEST_CASE("check: every limit that is exceeded is told, in every format") {
  const Scratch scratch("check_limits");
  put(scratch / "m.json", std::string(tiny_model));
  put(scratch / "sizes.json", baseline("5"));
  for (const std::string format : {"text", "md", "json", "junit", "github"}) {
    CAPTURE(format);
    const auto finished = run_emlc(
        {"check", "m.json", "--baseline", "sizes.json", "--max-flash", "11", "--max-growth", "1B", "--format", format},
        {}, scratch.path());
    CHECK(finished.exit_code == 1);
    CHECK(has(finished.err, " more than --max-flash allows (11)"));
    CHECK(has(finished.err, " more than --max-growth 1B allows (6)"));
    CHECK(has(finished.out, "--max-flash"));
    CHECK(has(finished.out, "--max-growth 1B"));
    if (format != "json") continue;
    const auto limits = nlohmann::json::parse(finished.out)["models"][0]["limits"];
    CHECK(limits[0]["limit"] == 11);
    CHECK(limits[1]["limit"] == 6);
    for (const auto& limit : limits) {
      CHECK(limit["exceeded"] == true);
      CHECK(limit["checked"] == true);
    }
  }
}

TEST_CASE("check: Markdown is appended to the summary of a GitHub job") {
  const Scratch scratch("check_summary");
  put(scratch / "summary", "before\n");
  const std::vector<std::string> environment = {"GITHUB_STEP_SUMMARY=" + (scratch / "summary")};
  const auto finished =
      run_emlc({"check", "-", "--format", "md"}, std::string(tiny_model), scratch.path(), environment);
  CHECK(finished.exit_code == 0);
  CHECK(read_file(scratch / "summary") == "before\n" + finished.out);
  run_emlc({"check", "-"}, std::string(tiny_model), scratch.path(), environment);
  CHECK(read_file(scratch / "summary") == "before\n" + finished.out);
}

TEST_CASE("check: what a format cannot hold as it is, is escaped") {
  const Scratch scratch("check_escapes");
  const std::string name = "a,b:c%\"<&\x01.json";
  put(scratch / name, std::string(tiny_model));
  put(scratch / "sizes.json", baseline("1", "<&|"));
  const auto told = [&](const std::string& format) {
    return run_emlc({"check", name, "--baseline", "sizes.json", "--format", format}, {}, scratch.path()).out;
  };
  CHECK(has(told("github"), "::notice file=a%2Cb%3Ac%25\"<&"));
  CHECK(has(told("github"), " %25): "));
  CHECK(has(told("junit"), "file=\"a,b:c%&quot;&lt;&amp; .json\""));
  CHECK(has(told("md"), "'\\<\\&\\|'"));
  CHECK(told("openmetrics").ends_with("\n# EOF\n"));
  CHECK(nlohmann::json::accept(told("json")));
}

TEST_CASE("check: a baseline that is wrong is refused with file, line and field") {
  const Scratch scratch("check_baseline");
  put(scratch / "m.json", std::string(tiny_model));
  struct Bad {
    std::string content, message;
  };
  const std::string good = baseline("5");
  for (const Bad& bad : {
           Bad{"", "b.json:1: "},
           Bad{"{}", "b.json:1: the key 'schema' is missing"},
           Bad{"[]", "b.json:1: expected an object, found a list"},
           Bad{"{\"schema\":\n \"emlc.sizes/2\"}", "b.json:2: schema: expected 'emlc.sizes/1', found 'emlc.sizes/2'"},
           Bad{"{\"schema\": 1,\n\"schema\": 1}", "b.json:2: schema: this key is there twice"},
           Bad{with(good, "\"models\": [", "\"models\": [\n"), ""},
           Bad{with(good, "\"flash\": 5", "\n\"flash\": -5"),
               "b.json:2: models[0].flash: expected an integer from 0 to 2^53, found -5"},
           Bad{with(good, "\"flash\": 5", "\n\"flash\": 1e999"), "b.json:2: models[0].flash: "},
           Bad{with(good, "\"gone\": 7", "\"gone\": \"7\""),
               "b.json:1: models[0].parts.gone: expected an integer from 0 to 2^53, found '7'"},
           Bad{with(good, "\"ram\": 0", "\"ram\": 0, \"error\": -1"),
               "b.json:1: models[0].error: expected a number that is not negative, found -1"},
           Bad{std::string(100000, '['), "b.json:1: "},
       }) {
    CAPTURE(bad.message);
    put(scratch / "b.json", bad.content);
    const auto finished = run_emlc({"check", "m.json", "--baseline", "b.json"}, {}, scratch.path());
    if (bad.message.empty()) {
      CHECK(finished.exit_code == 0);
      continue;
    }
    CHECK(finished.exit_code == 2);
    CHECK(finished.err.starts_with("emlc: error: " + bad.message));
    CHECK(finished.out.empty());
  }
  const auto missing = run_emlc({"check", "m.json", "--baseline", "none.json"}, {}, scratch.path());
  CHECK(missing.exit_code == 3);
  CHECK(missing.err.starts_with("emlc: error: cannot read the baseline 'none.json', which --update writes: "));
}

TEST_CASE("check: the command line is checked") {
  const Scratch scratch("check_usage");
  put(scratch / "m.json", std::string(tiny_model));
  struct Bad {
    std::vector<std::string> options;
    std::string message;
  };
  for (const Bad& bad : {
           Bad{{"m.json", "m.json"}, "m.json: another model is tiny (c) too; --name tells them apart"},
           Bad{{"m.json", "--update"}, "--update: needs --baseline FILE to write to"},
           Bad{{"m.json", "--update", "--baseline", "m.json"},
               "m.json: this file is read and cannot be the output too"},
           Bad{{"m.json", "-o", "./m.json"}, "./m.json: this file is read and cannot be the output too"},
           Bad{{"m.json", "-o", "s.json", "--baseline", "s.json", "--update"}, "--baseline and -o name the same file"},
           Bad{{"m.json", "--max-growth", "2 percent"},
               "--max-growth: expected a number of bytes such as 8192 or 8KiB, "
               "found '2 percent'"},
           Bad{{"m.json", "--max-growth", "x%"}, "--max-growth: not a finite number: 'x'"},
           Bad{{"m.json", "--max-growth", "2%"}, "--max-growth: needs a baseline to compare with"},
           Bad{{"m.json", "--project", "p.json"}, "--project: lists its own models; give it or a MODEL"},
           Bad{{"m.json", "--format", "xml"}, "unknown format 'xml'"},
           Bad{{"--leaf-bits", "8"},
               "--leaf-bits: is for a MODEL of the command line; for a project it is in emlc.json"},
       }) {
    CAPTURE(bad.message);
    std::vector<std::string> arguments = {"check"};
    arguments.insert(arguments.end(), bad.options.begin(), bad.options.end());
    const auto finished = run_emlc(arguments, {}, scratch.path());
    CHECK(finished.exit_code == 2);
    CHECK(finished.err.starts_with("emlc: error: " + bad.message));
  }
  put(scratch / "n.json", with(tiny_model, "\"tiny\"", "\"other\""));
  CHECK(run_emlc({"check", "m.json", "n.json", "--arithmetic", "q31"}, {}, scratch.path())
            .err.starts_with("emlc: error: m.json: --arithmetic: "));
  CHECK(has(run_emlc({"check", "--help"}).out, "\nUsage: emlc check [MODEL...] [options]\n"));
  CHECK(has(run_emlc({"convert", "--help"}).out, "\nUsage: emlc convert MODEL -o OUT [options]\n"));
  const auto told = run_emlc({"check", "none.json", "--format", "json"}, {}, scratch.path());
  CHECK(told.exit_code == 3);
  CHECK(nlohmann::json::parse(told.out)["schema"] == "emlc.check/1");
}
