#include <doctest/doctest.h>

#include <filesystem>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

namespace {

/// A line of the shell in which $EMLC is the executable.
emlc::cli::Finished in_shell(const std::string& line, const std::string& directory = {}) {
  return emlc::cli::run_process({.arguments = {"sh", "-c", line},
                                 .input = std::string(tiny_model),
                                 .directory = directory,
                                 .environment = {"EMLC=" EMLC_PROGRAM}});
}

}  // namespace

TEST_CASE("executable: answers as the same command in the test's process does") {
  const Scratch scratch("executable");
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--version"},
                                                    {},
                                                    {"list", "passes"},
                                                    {"inspect", "-", "--json"},
                                                    {"inspect", "none.json"},
                                                    {"convert", "-", "--to", "c", "-o", "-"},
                                                    {"check", "-", "--max-flash", "1"}}) {
    CAPTURE(arguments.size());
    const auto executable = run_executable(arguments, std::string(tiny_model), scratch.path());
    const auto here = run_emlc(arguments, std::string(tiny_model), scratch.path());
    CHECK(executable.exit_code == here.exit_code);
    CHECK(executable.out == here.out);
    CHECK(executable.err == here.err);
  }
  CHECK(scratch.names().empty());
}

TEST_CASE("executable: a stdout that is full or closed is exit code 3, a closed stdin too") {
  const auto full = in_shell("$EMLC convert - --to c -o - -q > /dev/full");
  CHECK(full.exit_code == 3);
  CHECK(full.err == "emlc: error: cannot write 'stdout': No space left on device\n");
  const auto closed = in_shell("$EMLC list passes >&-");
  CHECK(closed.exit_code == 3);
  CHECK(closed.err == "emlc: error: cannot write 'stdout': Bad file descriptor\n");
  const auto unread = in_shell("$EMLC inspect - <&-");
  CHECK(unread.exit_code == 3);
  CHECK(unread.err == "emlc: error: cannot read 'stdin': Bad file descriptor\n");
  for (const char* text :
       {"$EMLC --help >/dev/full", "$EMLC convert --help >/dev/full", "$EMLC --version >/dev/full"}) {
    CAPTURE(text);
    const auto asked = in_shell(text);
    CHECK(asked.exit_code == 3);
    CHECK(asked.err == "emlc: error: cannot write 'stdout': No space left on device\n");
  }
}

TEST_CASE("executable: a stderr that is full or closed changes nothing else") {
  const Scratch scratch("no_stderr");
  const std::string out = scratch / "o.h";
  REQUIRE(in_shell("$EMLC convert - -o " + out + " 2>/dev/null").exit_code == 0);
  const std::string header = read_file(out);
  for (const std::string stream : {"2>&-", "2>/dev/full", "2>&- >&-", "<m.json 2>&- >&-"}) {
    CAPTURE(stream);
    std::filesystem::remove(out);
    const auto finished = in_shell("cat >m.json; $EMLC convert m.json -o o.h " + stream, scratch.path());
    CHECK(finished.exit_code == 0);
    CHECK(read_file(out) == header);
    CHECK(in_shell("$EMLC inspect none.json " + stream, scratch.path()).exit_code == 3);
    CHECK(in_shell("$EMLC inspect --jsn " + stream, scratch.path()).exit_code == 2);
  }
}

TEST_CASE("executable: without a stdin, headers are compiled and run as ever") {
  const Scratch scratch("no_stdin");
  REQUIRE(in_shell("cat >m.json; $EMLC convert m.json -o m.h -q", scratch.path()).exit_code == 0);
  for (const char* streams : {"<&-", "<&- 2>&-"}) {
    const auto finished = in_shell(std::string("$EMLC verify m.json m.h ") + streams, scratch.path());
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.ends_with("faithful\n"));
  }
}

TEST_CASE("run_emlc: as much input as a pipe holds, more is refused; a directory that is not there") {
  CHECK_THROWS_WITH_AS(run_emlc({"inspect", "-"}, std::string((1 << 20) + 1, ' ')),
                       "the input of a test does not fit into a pipe", std::logic_error);
  const auto most = run_emlc({"inspect", "-"}, std::string(1 << 20, ' '));
  CHECK(most.exit_code == 2);
  CHECK(run_emlc({"--version"}, {}, "/no/such/directory").exit_code == 127);
}
