#include "cli/console/signals.hpp"

#include <unistd.h>

#include <array>

namespace emlc::cli {
namespace {

constexpr int exit_interrupted = 130;
constexpr std::array<int, 3> interrupting = {SIGINT, SIGTERM, SIGHUP};

extern "C" void leave(int /*signal*/) { _exit(exit_interrupted); }

}  // namespace

sigset_t interrupting_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : interrupting) sigaddset(&set, signal);
  return set;
}

void exit_130_when_interrupted() {
  for (const int signal : interrupting) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;  // nohup asked for that
    action = {};
    action.sa_handler = leave;
    sigaction(signal, &action, nullptr);
  }
}

SignalsHeld::SignalsHeld() {
  const sigset_t held = interrupting_signals();
  sigprocmask(SIG_BLOCK, &held, &before_);
}

SignalsHeld::~SignalsHeld() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

void throw_if_interrupted() {
  sigset_t pending;
  sigpending(&pending);
  for (const int signal : interrupting) {
    if (sigismember(&pending, signal) == 1) throw Interrupted();
  }
}

}  // namespace emlc::cli
