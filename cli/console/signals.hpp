#pragma once

#include <csignal>
#include <exception>

namespace emlc::cli {

/// The user asked us to stop (Ctrl-C, kill, a closed terminal) while something had to be tidied up first.
class Interrupted : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "interrupted"; }
};

/// Makes every such signal end the program at once with exit code 130. Right wherever nothing needs tidying.
void exit_130_when_interrupted();

/// Holds these signals back while temporary files exist. Whoever holds them asks throw_if_interrupted() often enough.
class SignalsHeld {
 public:
  SignalsHeld();
  ~SignalsHeld();
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

  /// The signal mask from before, for a child process.
  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
};

/// Throws Interrupted when a signal has arrived since SignalsHeld holds them.
void throw_if_interrupted();

/// The signals above.
sigset_t interrupting_signals();

}  // namespace emlc::cli
