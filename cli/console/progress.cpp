#include "cli/console/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "cli/console/signals.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

constexpr std::chrono::milliseconds patience(500), interval(100);

bool can_rewrite_lines() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

/// Of the terminal, as many as is usual where it does not say.
std::size_t columns() {
  winsize size{};
  constexpr std::size_t usual = 80;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : usual;
}

/// True inside of a character of UTF-8.
bool is_inside(const std::string& text, std::size_t at) {
  constexpr unsigned char mask = 0xC0, continuation = 0x80;
  return at < text.size() && (static_cast<unsigned char>(text[at]) & mask) == continuation;
}

/// At most `room` bytes, no character cut in two.
std::string shortened(const std::string& name, std::size_t room) {
  while (room > 0 && is_inside(name, room)) --room;
  return name.substr(0, room);
}

/// The end of a path in at most `room` bytes, behind three points; nothing where too little would be left.
std::string end_of(const std::string& path, std::size_t room) {
  constexpr std::size_t least_room = 10;
  constexpr std::string_view points = "...";
  if (path.size() <= room) return path;
  if (room < least_room) return {};
  std::size_t start = path.size() - (room - points.size());
  while (is_inside(path, start)) ++start;
  return fmt::format("{}{}", points, path.substr(start));
}

std::string named(const std::string& task, const std::string& step) { return task.empty() ? step : task + ": " + step; }

}  // namespace

std::string progress_line(const ProgressState& state) {
  std::string share;
  if (state.share) share += fmt::format("  {:.0f} %", std::floor(100.0 * *state.share));
  if (!state.place.empty()) share += "  " + state.place;
  if (share.empty()) share = fmt::format("  {:.1f} s", state.seconds);
  const std::string left =
      (state.share || !state.place.empty()) && state.left ? "  " + time_left_text(*state.left) : "";
  // The last column stays free: some terminals go to the next line after it.
  const std::size_t room = std::max<std::size_t>(state.columns, 2) - 1;
  const std::string whole = named(state.task, state.step);
  if (whole.size() + share.size() + left.size() <= room) return whole + share + left;
  const std::size_t others = named(" ", state.step).size() - 1 + share.size();
  if (room > others) return named(end_of(state.task, room - others), state.step) + share;
  if (share.size() >= room) return shortened(state.step, room);
  return shortened(state.step, room - share.size()) + share;
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
  if (n < 2) return;
  place_ = fmt::format("{} of {}", index + 1, n);
  left_.update(static_cast<double>(index) / static_cast<double>(n), seconds());
}

void Progress::begin_step(const std::string& name) {
  const std::lock_guard lock(mutex_);
  step_ = name;
  share_.reset();
  if (place_.empty()) left_ = TimeLeft(seconds());
}

void Progress::advance(double share) {
  const std::lock_guard lock(mutex_);
  share_ = share;
  if (place_.empty()) left_.update(share, seconds());
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

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::show() {
  const double now = seconds();
  say(fmt::format("\r\x1b[K{}", progress_line({.task = task_,
                                               .step = step_,
                                               .place = place_,
                                               .share = share_,
                                               .seconds = now,
                                               .left = left_.at(now),
                                               .columns = columns()})));
  is_shown_ = true;
}

void Progress::erase() {
  if (!is_shown_) return;
  say("\r\x1b[K");
  is_shown_ = false;
}

}  // namespace emlc::cli
