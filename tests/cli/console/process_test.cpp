#include "cli/console/process.hpp"

#include <doctest/doctest.h>

#include <string>

using emlc::cli::Finished;
using emlc::cli::run_process;

TEST_CASE("run_process: both streams, the exit code, the directory and the environment") {
  const Finished finished = run_process({.arguments = {"sh", "-c", "cat; pwd; echo $WORD >&2; exit 7"},
                                         .input = "in\n",
                                         .directory = "/",
                                         .environment = {"WORD=a=b"}});
  CHECK(finished.exit_code == 7);
  CHECK(finished.out == "in\n/\n");
  CHECK(finished.err == "a=b\n");
}

TEST_CASE("run_process: more than a pipe holds, in both directions") {
  const std::string input(1 << 20, 'x');
  const Finished finished = run_process({.arguments = {"cat"}, .input = input});
  CHECK(finished.exit_code == 0);
  CHECK(finished.out == input);
}

TEST_CASE("run_process: a program that does not read its input") {
  CHECK(run_process({.arguments = {"true"}, .input = std::string(1 << 20, 'x')}).exit_code == 0);
}

TEST_CASE("run_process: a program that is not there, and one that a signal ends") {
  CHECK(run_process({.arguments = {"/no/such/program"}}).exit_code == 127);
  CHECK(run_process({.arguments = {"sh", "-c", "kill -9 $$"}}).exit_code == 137);
}
