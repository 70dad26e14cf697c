#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cli/signals.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

constexpr std::chrono::milliseconds patience(500), interval(100);

bool can_rewrite_lines() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

}  // namespace

std::string progress_line(const std::string& step, double share, double seconds) {
  return fmt::format("{}, {:.0f} %, {:.1f} s", step, std::floor(100.0 * share), seconds);
}

Progress::Progress(const Terminal& terminal) {
  if (terminal.verbosity == Verbosity::quiet || !can_rewrite_lines()) return;
  const SignalsHeld held;  // the thread inherits that: signals are for the one that tidies up
  writer_ = std::thread([this] { show_until_stopped(); });
}

Progress::~Progress() {
  if (!writer_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    erase();
  }
  stopped_.notify_one();
  writer_.join();
}

void Progress::begin_task(const std::string& name, std::size_t index, std::size_t n) {
  const std::lock_guard lock(mutex_);
  task_ = printable(name);
  task_share_ = 1.0 / static_cast<double>(n);
  task_start_ = task_share_ * static_cast<double>(index);
}

void Progress::begin_step(const std::string& name, double share) {
  const std::lock_guard lock(mutex_);
  step_ = name;
  share_ = task_start_ + task_share_ * share;
}

void Progress::pause() {
  const std::lock_guard lock(mutex_);
  step_.clear();
  erase();
}

void Progress::show_until_stopped() {
  std::unique_lock lock(mutex_);
  stopped_.wait_until(lock, start_ + patience, [this] { return is_stopped_; });
  while (!is_stopped_) {
    if (!step_.empty()) show();
    stopped_.wait_for(lock, interval, [this] { return is_stopped_; });
  }
}

void Progress::show() {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  const std::string step = task_.empty() ? step_ : task_ + ": " + step_;
  fmt::print(stderr, "\r\x1b[K{}", progress_line(step, share_, elapsed.count()));
  static_cast<void>(std::fflush(stderr));
  is_shown_ = true;
}

void Progress::erase() {
  if (!is_shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  static_cast<void>(std::fflush(stderr));
  is_shown_ = false;
}

}  // namespace emlc::cli
