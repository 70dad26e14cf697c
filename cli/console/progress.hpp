#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/console/terminal.hpp"
#include "cli/console/time_left.hpp"

namespace emlc::cli {

/// What the line says.
struct ProgressState {
  std::string task;             ///< `models/digits.json`, or empty
  std::string step;             ///< `cluster-leaves`
  std::string place;            ///< of the task among several: `2 of 4`, or empty
  std::optional<double> share;  ///< of the step that is done, 0 to 1; nothing where that is not known
  double seconds = 0.0;         ///< since the beginning, shown where there is neither share nor place
  std::optional<double> left;   ///< seconds, about
  std::size_t columns = 80;     ///< that the terminal has
};
/// `cluster-leaves  42 %  about 3 s left`, `reading  1.2 s` or `digits.json: cluster-leaves  42 %  2 of 4`. Where it
/// does not fit the terminal it loses the time left, then the beginning of the task, all of it, and the end of the
/// step. No share is rounded up.
std::string progress_line(const ProgressState& state);

/// Shows somebody who waits what is going on: after half a second a line on stderr that is written again in place and
/// erased at the end. Only on a terminal, and not when quiet.
class Progress {
 public:
  explicit Progress(const Terminal& terminal);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One of n tasks, about as long as each other, begins. `name` is in front of its steps. Of more than one task the
  /// place is shown, and the time left is that of all.
  void begin_task(const std::string& name, std::size_t index, std::size_t n);
  /// A step begins; how long it takes is not known yet.
  void begin_step(const std::string& name);
  /// `share` of the step is done, 0 to 1.
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
  bool is_stopped_ = false, is_shown_ = false;
  std::string task_, step_;      ///< no step: nothing to show
  std::string place_;            ///< of the task, when there are several
  std::optional<double> share_;  ///< of the step
  TimeLeft left_{0.0};           ///< of the step, or of several tasks
  std::thread writer_;           ///< not running where nothing is shown
};

}  // namespace emlc::cli
