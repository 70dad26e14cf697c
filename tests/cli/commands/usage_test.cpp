#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"

using emlc::cli_test::run_emlc;

TEST_CASE("usage: a wrong command line is exit code 2, one sentence and a hint") {
  struct Bad {
    std::vector<std::string> arguments;
    std::string message;
  };
  for (const Bad& bad : {
           Bad{{}, "emlc: error: a subcommand is required\ntry 'emlc --help'\n"},
           Bad{{"inspct"}, "emlc: error: unknown subcommand 'inspct', did you mean 'inspect'?\ntry 'emlc --help'\n"},
           Bad{{"convrt", "m.json", "--leaf-bits", "8", "-o", "o.h"},
               "emlc: error: unknown subcommand 'convrt', did you mean 'convert'?\ntry 'emlc --help'\n"},
           Bad{{"convert", "a", "-o", "b.h", "-o", "c.h"},
               "emlc: error: --output takes one value, it is given 2 times\ntry 'emlc convert --help'\n"},
           Bad{{"convert", "a", "-o", "b.h", "--target", "cortex-m0"},
               "emlc: error: unknown target 'cortex-m0', did you mean 'cortex-m0plus'?\n"},
           Bad{{"inspect", "m.json", "--plot", "p.png"},
               "emlc: error: --plot: draws SVG, expected a name that ends in .svg, found 'p.png'\n"},
           Bad{{"--jsn"},
               "emlc: error: unknown option '--jsn', expected one of --help, --version\ntry 'emlc --help'\n"},
           Bad{{"inspect", "m.json", "--jsno"},
               "emlc: error: unknown option '--jsno', did you mean '--json'?\ntry 'emlc inspect --help'\n"},
           Bad{{"inspect"}, "emlc: error: MODEL is required\ntry 'emlc inspect --help'\n"},
           Bad{{"convert", "a"}, "emlc: error: --output is required\ntry 'emlc convert --help'\n"},
           Bad{{"convert", "a", "-o"}, "emlc: error: --output: 1 required OUT missing\ntry 'emlc convert --help'\n"},
           Bad{{"convert", "a", "-o", "b.h", "--voting", "hrd"},
               "emlc: error: unknown voting 'hrd', did you mean 'hard'?\n"},
           Bad{{"convert", "a", "-o", "b.h", "--leaf-bits", "17"},
               "emlc: error: --leaf-bits: expected an integer from 1 to 16, found '17'\n"},
           Bad{{"convert", "a", "-o", "b.h", "--max-flash", "8 Kbit"},
               "emlc: error: --max-flash: expected a number of bytes such as 8192 or 8KiB, found '8 Kbit'\n"},
           Bad{{"convert", "a", "-o", "b.h", "--from", "emlc_json"},
               "emlc: error: unknown format 'emlc_json', did you mean 'emlc-json'?\n"},
           Bad{{"convert", "a", "-o", "b.h", "--to", "cc"}, "emlc: error: unknown output 'cc', did you mean 'c'?\n"},
           Bad{{"convert", "a", "-o", "b.h", "--quiet", "--verbose"},
               "emlc: error: --quiet excludes --verbose\ntry 'emlc convert --help'\n"},
           Bad{{"run", "a", "-i", "b", "--voting", "hard"},
               "emlc: error: --voting requires --as-emitted\ntry 'emlc run --help'\n"},
           Bad{{"inspect", "a", "b"}, "emlc: error: unexpected argument 'b'\ntry 'emlc inspect --help'\n"},
           Bad{{"list", "passs"}, "emlc: error: unknown list 'passs', did you mean 'passes'?\n"},
           Bad{{"list", "passes", "--color", "purple"},
               "emlc: error: unknown colour choice 'purple', expected one of auto, always, never\n"},
           Bad{{"inspect", "m\x1b[31m.json", "x\x1b[31m"},
               "emlc: error: unexpected argument 'x\\x1b[31m'\ntry 'emlc inspect --help'\n"},
       }) {
    CAPTURE(bad.message);
    const auto finished = run_emlc(bad.arguments);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.err == bad.message);
  }
}

TEST_CASE("usage: with --json the answer is JSON even when the command line is wrong") {
  const auto finished = run_emlc({"inspect", "--json"});
  CHECK(finished.exit_code == 2);
  CHECK(nlohmann::json::parse(finished.out) ==
        nlohmann::json{{"schema", "emlc.inspect/1"}, {"error", "MODEL is required"}});
}

TEST_CASE("usage: --version and --help go to stdout") {
  const auto version = run_emlc({"--version"});
  CHECK(version.exit_code == 0);
  CHECK(version.out == "emlc " EMLC_VERSION "\n");
  CHECK(version.err.empty());
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"}, {"inspect", "-h"}}) {
    const auto help = run_emlc(arguments);
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK(help.out.find("Examples:\n") < help.out.find("Usage:"));
  }
}

TEST_CASE("usage: help is --help") {
  CHECK(run_emlc({"help"}).out == run_emlc({"--help"}).out);
  CHECK(run_emlc({"help", "convert"}).out == run_emlc({"convert", "--help"}).out);
}

TEST_CASE("usage: a model that cannot be read is exit code 3") {
  const auto finished = run_emlc({"inspect", "/no/such/model.json"});
  CHECK(finished.exit_code == 3);
  CHECK(finished.err == "emlc: error: cannot read '/no/such/model.json': No such file or directory\n");
}

TEST_CASE("usage: no line of a help is wider than 100 characters") {
  for (const std::string command :
       {"", "convert", "inspect", "run", "verify", "check", "fit", "features", "list", "completions", "manual"}) {
    std::vector<std::string> arguments = {"--help"};
    if (!command.empty()) arguments.insert(arguments.begin(), command);
    std::istringstream help(run_emlc(arguments).out);
    std::size_t n_lines = 0;
    for (std::string line; std::getline(help, line); ++n_lines) {
      CAPTURE(line);
      CHECK(line.size() <= 100);
    }
    CHECK(n_lines > 5);
  }
}
