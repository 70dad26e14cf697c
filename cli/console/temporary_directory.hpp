#pragma once

#include <string>

#include "cli/console/signals.hpp"

namespace emlc::cli {

/// A directory of our own, removed with all that is in it. Interrupting signals are held back while it exists; whoever
/// runs processes in it gets Interrupted from run_process().
class TemporaryDirectory {
 public:
  TemporaryDirectory();  ///< throws std::system_error
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  SignalsHeld held_;
  std::string path_;
};

}  // namespace emlc::cli
