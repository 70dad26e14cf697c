#pragma once

#include <optional>
#include <string>

namespace emlc::cli {

/// How long some work will take, from the shares of it that were done at some times. Times are in seconds from any
/// origin.
class TimeLeft {
 public:
  explicit TimeLeft(double start) : start_(start) {}

  /// `share` of the work, 0 to 1, is done at `now`. Each estimate moves the one before it half the way.
  void update(double share, double now);
  /// Seconds. Nothing before a twentieth of the work is done, and when it should have been over.
  [[nodiscard]] std::optional<double> at(double now) const;

 private:
  double start_;
  std::optional<double> total_{};  ///< seconds for all of the work
};

/// `about 3 s left`: rounded up, to 5 s above 10 s and to minutes above 90 s, so that it does not jump.
std::string time_left_text(double seconds);

}  // namespace emlc::cli
