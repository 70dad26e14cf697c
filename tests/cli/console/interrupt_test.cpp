#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/cli/program.hpp"

using namespace emlc::cli_test;

namespace {

/// Starts emlc so that it waits for its input, a pipe that nobody writes; `signal` then ends it.
int exit_code_after(int signal, const Scratch& scratch) {
  const std::string pipe = scratch / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const pid_t child = fork();
  if (child == 0) {
    execl(EMLC_PROGRAM, "emlc", "convert", pipe.c_str(), "-o", (scratch / "o.h").c_str(), nullptr);
    _exit(127);
  }
  // Returns when emlc has opened the other end.
  const int writer = open(pipe.c_str(), O_WRONLY);
  REQUIRE(writer >= 0);
  kill(child, signal);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  close(writer);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_CASE("interrupt: Ctrl-C, kill and a closed terminal end with 130 and leave nothing behind") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(signal);
    const Scratch scratch("interrupt");
    CHECK(exit_code_after(signal, scratch) == 130);
    CHECK(scratch.names() == std::vector<std::string>{"pipe"});
  }
}
