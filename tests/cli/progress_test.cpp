#include "cli/progress.hpp"

#include <doctest/doctest.h>

#include <regex>

#include "cli/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;

namespace {

/// Runs a shell command whose stderr and stdout are a terminal, and returns what that was sent.
emlc::cli::Finished on_terminal(const Scratch& scratch, const std::string& command,
                                std::vector<std::string> environment = {"TERM=xterm"}) {
  return emlc::cli::run_process({.arguments = {"script", "-qec", command, "/dev/null"},
                                 .directory = scratch.path(),
                                 .environment = std::move(environment)});
}

constexpr const char* slowly = "(sleep 1; cat m.json) | " EMLC_PROGRAM " convert - --to c -o o.h";

}  // namespace

TEST_CASE("progress: the line says step, share and time; no share is rounded up to done") {
  CHECK(emlc::cli::progress_line("reading", 0.0, 0.51) == "reading, 0 %, 0.5 s");
  CHECK(emlc::cli::progress_line("a.json: cluster-leaves", 0.999, 61.26) == "a.json: cluster-leaves, 99 %, 61.3 s");
}

TEST_CASE("progress: on a terminal, after half a second, and gone at the end") {
  const Scratch scratch("progress");
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "m.json", std::string(tiny_model)}});
  const auto shown = on_terminal(scratch, slowly);
  if (shown.exit_code == 127) return;  // no program `script`
  REQUIRE(shown.exit_code == 0);
  CHECK(shown.out.find("\r\x1b[Kreading, 0 %, 0.5 s") != std::string::npos);
  CHECK(shown.out.find("reading, 0 %, 0.4 s") == std::string::npos);
  const std::size_t erased = shown.out.rfind("\r\x1b[K");
  CHECK(shown.out.substr(erased).find("reading") == std::string::npos);
  CHECK(shown.out.substr(erased).find("stdin -> o.h (c)") != std::string::npos);

  CHECK(on_terminal(scratch, EMLC_PROGRAM " convert m.json -o o.h").out.find("\r\x1b[K") == std::string::npos);
  CHECK(on_terminal(scratch, std::string(slowly) + " -q").out.empty());
  CHECK(on_terminal(scratch, slowly, {"TERM=dumb"}).out.find("\x1b") == std::string::npos);
  const auto logged = on_terminal(scratch, std::string(slowly) + " 2> log");
  CHECK(logged.exit_code == 0);
  CHECK(emlc::cli::read_file(scratch / "log").find('\x1b') == std::string::npos);
}

TEST_CASE("progress: nothing is left on the line when the work fails") {
  const Scratch scratch("progress_failure");
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "m.json", "{"}});
  const auto failed = on_terminal(scratch, slowly, {"TERM=xterm", "NO_COLOR=1"});
  if (failed.exit_code == 127) return;
  CHECK(failed.exit_code == 2);
  CHECK(failed.out.find("\r\x1b[Kemlc: error: stdin: ") != std::string::npos);
}

TEST_CASE("convert: --verbose says how long each pass took, without it nothing depends on time") {
  const auto verbose = run_emlc({"convert", "-", "--to", "c", "-o", "-", "-v"}, std::string(tiny_model));
  CHECK(std::regex_search(verbose.err, std::regex("\n  narrow-features +exact +[0-9]+ changes? +[0-9]+\\.[0-9] ms\n")));
  const auto normal = run_emlc({"convert", "-", "--to", "c", "-o", "-"}, std::string(tiny_model));
  CHECK(normal.err.find(" ms") == std::string::npos);
}
