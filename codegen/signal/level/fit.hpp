#pragma once

#include <array>
#include <optional>
#include <span>

namespace emlc::signal {

/// A squared gain at a frequency w, in radians per sample.
struct FitPoint {
  double cosine = 0.0;  ///< cos w
  double square = 0.0;  ///< above 0
};

/// n0 n1 n2 d1 d2 of the ratio (n0 + n1 c + n2 c^2) / (1 + d1 c + d2 c^2), c = cos w, with the smallest sum of squared
/// relative errors: least squares of numerator - square * denominator, weighted again with the denominator that was
/// found (Sanathanan and Koerner, 1963). Nothing where the points do not determine it.
std::optional<std::array<double, 5>> fit_ratio(std::span<const FitPoint> points);

}  // namespace emlc::signal
