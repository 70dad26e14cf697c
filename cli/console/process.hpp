#pragma once

#include <string>
#include <vector>

namespace emlc::cli {

struct Process {
  std::vector<std::string> arguments;      ///< the program first, found in PATH
  std::string input{};                     ///< what it reads from stdin
  std::string directory{};                 ///< where it runs; empty: here
  std::vector<std::string> environment{};  ///< `NAME=value`, on top of ours
};

struct Finished {
  int exit_code = 0;  ///< 128 + n when signal n ended it, 127 when it could not be started
  std::string out, err;
};

/// Runs a program to its end. Throws std::system_error when the system has no process or pipe left; Interrupted, with
/// the program ended, when the user asks us to stop.
Finished run_process(const Process& process);

}  // namespace emlc::cli
