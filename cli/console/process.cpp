#include "cli/console/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "cli/console/signals.hpp"

namespace emlc::cli {
namespace {

constexpr int exit_not_started = 127, signal_base = 128, poll_milliseconds = 100;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

void close_end(int& descriptor) {
  if (descriptor >= 0) close(descriptor);
  descriptor = -1;
}

struct Pipe {
  int read_end = -1, write_end = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("cannot make a pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
};

[[noreturn]] void become(const Process& process, const std::array<int, 3>& streams, const sigset_t& signals) {
  for (int target = 0; target < 3; ++target) dup2(streams[static_cast<std::size_t>(target)], target);
  if (!process.directory.empty() && chdir(process.directory.c_str()) != 0) _exit(exit_not_started);
  for (const std::string& variable : process.environment) {
    const std::size_t equals = variable.find('=');
    setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  std::vector<char*> arguments;
  for (const std::string& argument : process.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  execvp(arguments[0], arguments.data());
  _exit(exit_not_started);
}

/// A child that does not outlive us.
class Child {
 public:
  explicit Child(pid_t id) : id_(id) {}
  ~Child() {
    if (id_ < 0) return;
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  int wait() {
    int status = 0;
    while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
    return WIFSIGNALED(status) ? signal_base + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t id_;
};

/// Moves what can be moved without waiting; closes an end that has nothing more to give or take.
void receive(int& descriptor, std::string& text) {
  std::array<char, 1 << 16> chunk;
  const ssize_t got = read(descriptor, chunk.data(), chunk.size());
  if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) close_end(descriptor);
}

void send(int& descriptor, std::string_view& rest) {
  const ssize_t sent = rest.empty() ? 0 : write(descriptor, rest.data(), rest.size());
  if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
  const bool has_gone = sent < 0 && errno != EINTR && errno != EAGAIN;
  if (rest.empty() || has_gone) close_end(descriptor);
}

/// Feeds and empties the pipes until the child has closed its side.
void exchange(Pipe& in, Pipe& out, Pipe& err, std::string_view input, Finished& finished) {
  fcntl(in.write_end, F_SETFL, O_NONBLOCK);
  while (out.read_end >= 0 || err.read_end >= 0) {
    std::array<pollfd, 3> ends = {pollfd{in.write_end, POLLOUT, 0}, pollfd{out.read_end, POLLIN, 0},
                                  pollfd{err.read_end, POLLIN, 0}};
    poll(ends.data(), ends.size(), poll_milliseconds);
    throw_if_interrupted();
    if (ends[0].revents != 0) send(in.write_end, input);
    if (ends[1].revents != 0) receive(out.read_end, finished.out);
    if (ends[2].revents != 0) receive(err.read_end, finished.err);
  }
}

/// A child that stops reading must not end us too.
class PipeSignalIgnored {
 public:
  PipeSignalIgnored() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~PipeSignalIgnored() { static_cast<void>(std::signal(SIGPIPE, before_)); }
  PipeSignalIgnored(const PipeSignalIgnored&) = delete;
  PipeSignalIgnored& operator=(const PipeSignalIgnored&) = delete;

 private:
  void (*before_)(int);
};

}  // namespace

Finished run_process(const Process& process) {
  const SignalsHeld held;
  Pipe in, out, err;
  const pid_t id = fork();
  if (id < 0) fail("cannot start a process");
  if (id == 0) become(process, {in.read_end, out.write_end, err.write_end}, held.before());
  Child child(id);
  for (int* end : {&in.read_end, &out.write_end, &err.write_end}) close_end(*end);
  const PipeSignalIgnored ignored;
  Finished finished;
  exchange(in, out, err, process.input, finished);
  finished.exit_code = child.wait();
  return finished;
}

}  // namespace emlc::cli
