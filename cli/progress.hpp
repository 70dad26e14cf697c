#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/terminal.hpp"
#include "cli/time_left.hpp"

namespace emlc::cli {

/// What the line says.
struct ProgressState {
  std::string step;             ///< `digits.json: cluster-leaves`
  std::optional<double> share;  ///< that is done, 0 to 1; nothing where that is not known
  double seconds = 0.0;         ///< since the beginning, shown in place of the share
  std::optional<double> left;   ///< seconds, about
  std::size_t columns = 80;     ///< that the terminal has
};
/// `cluster-leaves  42 %  about 3 s left` or `reading  1.2 s`. Where it does not fit the terminal it loses the time,
/// then the end of the name. No share is rounded up.
std::string progress_line(const ProgressState& state);

/// Shows somebody who waits what is going on: after half a second a line on stderr that is written again in place and
/// erased at the end. Only on a terminal, and not when quiet.
class Progress {
 public:
  explicit Progress(const Terminal& terminal);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One of n tasks, about as long as each other, begins. `name` is in front of its steps; of more than one task the
  /// share and the time left are shown, not those of steps.
  void begin_task(const std::string& name, std::size_t index, std::size_t n);
  /// A step begins; how long it takes is not known yet.
  void begin_step(const std::string& name);
  /// `share` of the step is done, 0 to 1. Without tasks that is the share that is shown.
  void advance(double share);
  /// Erases the line until the next step begins. Needed before anything else is written to the terminal.
  void pause();

 private:
  [[nodiscard]] double seconds() const;  ///< since the beginning
  void show_until_stopped();
  void show();
  void erase();

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::mutex mutex_;  ///< guards all below
  std::condition_variable stopped_;
  bool is_stopped_ = false, is_shown_ = false, has_tasks_ = false;
  std::string task_, step_;      ///< no step: nothing to show
  std::optional<double> share_;  ///< of the step, or of all tasks
  TimeLeft left_{0.0};           ///< of the same
  std::thread writer_;           ///< not running where nothing is shown
};

}  // namespace emlc::cli
