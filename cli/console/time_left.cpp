#include "cli/console/time_left.hpp"

#include <fmt/format.h>

#include <cmath>

namespace emlc::cli {

void TimeLeft::update(double share, double now) {
  constexpr double least_share = 0.05, weight = 0.5;
  if (!(share >= least_share) || now <= start_) return;
  const double total = (now - start_) / std::fmin(share, 1.0);
  total_ = total_ ? (1.0 - weight) * *total_ + weight * total : total;
}

std::optional<double> TimeLeft::at(double now) const {
  if (!total_ || start_ + *total_ <= now) return std::nullopt;
  return start_ + *total_ - now;
}

std::string time_left_text(double seconds) {
  constexpr double fine = 10.0, minute = 60.0, longest_in_seconds = 90.0, coarse = 5.0, hour = 3600.0;
  if (seconds <= fine) return fmt::format("about {:.0f} s left", std::ceil(seconds));
  if (seconds <= longest_in_seconds) return fmt::format("about {:.0f} s left", coarse * std::ceil(seconds / coarse));
  if (seconds <= 2.0 * hour) return fmt::format("about {:.0f} min left", std::ceil(seconds / minute));
  return fmt::format("about {:.0f} h left", std::ceil(seconds / hour));
}

}  // namespace emlc::cli
