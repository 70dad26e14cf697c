#pragma once

#include <functional>
#include <optional>
#include <string>

namespace emlc::cli_test {

/// What the system can refuse.
enum class Call { open, read, write, fsync, fchmod, rename, link, allocate };

/// What becomes of the call.
enum class Fault { refused, killed };

/// The fault that a command meets: the call of that kind with this number, from 1; 0 is none.
struct Plan {
  Call call = Call::open;
  long number = 0;
  Fault fault = Fault::refused;
  std::optional<unsigned> kill_after = std::nullopt;  ///< microseconds, whatever it calls
};

/// How a command ended.
struct Ended {
  int exit_code = 0;  ///< 128 + n when signal n ended it
  std::string err;
  long n_calls = 0;  ///< of the kind of the plan
};

/// Calls `command` in a copy of this process, in which the planned call fails: the functions of libc are replaced in
/// this program. Its stderr is what `err` has; nothing of what it needs is allocated after the fault is armed.
Ended run_with(const Plan& plan, const std::function<int()>& command);

}  // namespace emlc::cli_test
