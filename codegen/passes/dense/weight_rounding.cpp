#include "codegen/passes/dense/weight_rounding.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

// note [weights that make up for each other]
// What rounding does to the sum of a row is d * x, d the differences of its weights and x what comes in. On the data
// its mean square is d C d', C the covariance of x (a bias takes the mean away). With C = V V', V upper triangular,
// that is the sum of the squares of d V[:][i], and the i-th of them knows the weights up to i only: weights are rounded
// in their order, each to the integer that keeps its term smallest, given those before it. The variances count half as
// much again, so that data of few rows does not say too much, and a weight never leaves the two integers it lies
// between, so that inputs unlike the data are off by less than twice as much as with the nearest ones.

namespace emlc::passes {
namespace {

constexpr std::size_t widest = 1024;  ///< columns; the factor takes their third power
constexpr double damping = 0.5;

std::vector<double> covariance(std::span<const std::vector<double>> values, std::span<const double> means) {
  const std::size_t n = means.size();
  std::vector<double> result(n * n, 0.0), x(n);
  for (const std::vector<double>& row : values) {
    for (std::size_t i = 0; i < n; ++i) x[i] = std::isfinite(row[i]) ? row[i] - means[i] : 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      if (x[i] == 0.0) continue;
      for (std::size_t k = 0; k <= i; ++k) result[i * n + k] += x[i] * x[k];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    double& variance = result[i * n + i];
    variance = variance > 0.0 ? variance * (1.0 + damping) : 1.0;
  }
  return result;
}

}  // namespace

Compensation compensation_of(std::span<const std::vector<double>> values, std::span<const double> means) {
  const std::size_t n = means.size();
  if (n > widest) return {};
  // Row i becomes V[:][i], from the last to the first.
  std::vector<double> rows = covariance(values, means);
  for (std::size_t i = n; i-- > 0;) {
    double* const row = rows.data() + i * n;
    const double root = std::sqrt(row[i]);
    for (std::size_t k = 0; k < i; ++k) row[k] /= root;
    for (std::size_t k = 0; k < i; ++k) {
      if (row[k] == 0.0) continue;
      for (std::size_t j = 0; j <= k; ++j) rows[k * n + j] -= row[k] * row[j];
    }
    for (std::size_t k = 0; k < i; ++k) row[k] /= root;
  }
  return {std::move(rows)};
}

std::vector<double> round_weights(std::span<const double> exact, const Compensation& compensation,
                                  std::span<const double> scales, double limit) {
  const std::size_t n = exact.size();
  std::vector<double> rounded(n), off(n);
  for (std::size_t i = 0; i < n; ++i) {
    double wanted = exact[i];
    if (!compensation.pull.empty()) {
      double pulled = 0.0;
      for (std::size_t k = 0; k < i; ++k) pulled += compensation.pull[i * n + k] * off[k];
      wanted = std::clamp(exact[i] - pulled * scales[i], std::floor(exact[i]), std::ceil(exact[i]));
    }
    rounded[i] = std::clamp(std::round(wanted), -limit, limit);
    off[i] = (rounded[i] - exact[i]) / scales[i];
  }
  return rounded;
}

}  // namespace emlc::passes
