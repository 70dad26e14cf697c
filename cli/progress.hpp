#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "cli/terminal.hpp"

namespace emlc::cli {

/// `digits.json: cluster-leaves, 33 %, 1.2 s`
/// @param share  of the work that is done, 0 to 1
std::string progress_line(const std::string& step, double share, double seconds);

/// Shows somebody who waits what is going on: after half a second a line on stderr that is written again in place and
/// erased at the end. Only on a terminal, and not when quiet.
class Progress {
 public:
  explicit Progress(const Terminal& terminal);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One of n tasks of equal size begins; steps are shares of it from now on. `name` is in front of them.
  void begin_task(const std::string& name, std::size_t index, std::size_t n);
  /// A step begins; `share` of the task is done.
  void begin_step(const std::string& name, double share);
  /// Erases the line until the next step begins. Needed before anything else is written to the terminal.
  void pause();

 private:
  void show_until_stopped();
  void show();
  void erase();

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::mutex mutex_;  ///< guards all below
  std::condition_variable stopped_;
  bool is_stopped_ = false, is_shown_ = false;
  std::string task_, step_;  ///< no step: nothing to show
  double share_ = 0.0, task_start_ = 0.0, task_share_ = 1.0;
  std::thread writer_;  ///< not running where nothing is shown
};

}  // namespace emlc::cli
