#include "tests/cli/program.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <system_error>

#include "cli/commands/command.hpp"

namespace emlc::cli_test {
namespace {

constexpr int exit_not_started = 127, signal_base = 128, pipe_capacity = 1 << 20;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number_ < 0) fail("cannot open a stream");
  }
  ~Descriptor() { close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// The end to read from of a pipe that has `text` in it and then ends.
int filled_pipe(const std::string& text) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) fail("cannot make a pipe");
  const Descriptor write_end(ends[1]);
  fcntl(write_end.number(), F_SETPIPE_SZ, pipe_capacity);
  const auto written = write(write_end.number(), text.data(), text.size());
  // Whoever reads it waits, as for any other pipe.
  fcntl(ends[0], F_SETFL, 0);
  if (written == static_cast<ssize_t>(text.size())) return ends[0];
  close(ends[0]);
  throw std::logic_error("the input of a test does not fit into a pipe");
}

std::string content(const Descriptor& file) {
  std::string text(static_cast<std::size_t>(lseek(file.number(), 0, SEEK_END)), '\0');
  if (pread(file.number(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) fail("cannot read back");
  return text;
}

/// Takes the place of a process just started: the signals that the test program handles do again what they do there.
[[noreturn]] void become(std::vector<std::string> arguments, const std::array<int, 3>& streams,
                         const std::string& directory, const std::vector<std::string>& environment) {
  for (int target = 0; target < 3; ++target) dup2(streams[static_cast<std::size_t>(target)], target);
  for (const int signal : {SIGINT, SIGILL, SIGFPE, SIGSEGV, SIGTERM, SIGABRT}) std::signal(signal, SIG_DFL);
  if (!directory.empty() && chdir(directory.c_str()) != 0) _exit(exit_not_started);
  for (const std::string& variable : environment) {
    const std::size_t equals = variable.find('=');
    setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  arguments.insert(arguments.begin(), "emlc");
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  std::exit(cli::run_program(static_cast<int>(arguments.size()), pointers.data()));
}

}  // namespace

cli::Finished run_emlc(const std::vector<std::string>& arguments, const std::string& input,
                       const std::string& directory, const std::vector<std::string>& environment) {
  const Descriptor in(filled_pipe(input));
  const Descriptor out(memfd_create("stdout", MFD_CLOEXEC));
  const Descriptor err(memfd_create("stderr", MFD_CLOEXEC));
  // What waits in our buffers is ours: a copy of it would come out of the child too.
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) fail("cannot start a process");
  if (child == 0) become(arguments, {in.number(), out.number(), err.number()}, directory, environment);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {.exit_code = WIFSIGNALED(status) ? signal_base + WTERMSIG(status) : WEXITSTATUS(status),
          .out = content(out),
          .err = content(err)};
}

cli::Finished run_executable(std::vector<std::string> arguments, const std::string& input,
                             const std::string& directory) {
  arguments.insert(arguments.begin(), EMLC_PROGRAM);
  return cli::run_process({.arguments = std::move(arguments), .input = input, .directory = directory});
}

Scratch::Scratch(const std::string& name) : path_(std::filesystem::path(EMLC_BINARY_DIR) / "scratch" / name) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

std::vector<std::string> Scratch::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

std::string model_file(const std::string& name) { return std::string(EMLC_SOURCE_DIR "/tests/data/models/") + name; }

}  // namespace emlc::cli_test
