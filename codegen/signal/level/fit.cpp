#include "codegen/signal/level/fit.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace emlc::signal {
namespace {

constexpr std::size_t n_unknown = 5;
constexpr int n_rounds = 12;

/// One equation for each point: coefficients, then the right side.
using Equation = std::array<double, n_unknown + 1>;

/// A column against those before it, which are of length 1 or their own.
struct Columns {
  std::vector<Equation>& rows;

  [[nodiscard]] double product(std::size_t a, std::size_t b) const {
    double sum = 0.0;
    for (const Equation& row : rows) sum += row[a] * row[b];
    return sum;
  }
  void subtract(std::size_t from, std::size_t column, double factor) {
    for (Equation& row : rows) row[from] -= factor * row[column];
  }
  void scale(std::size_t column, double factor) {
    for (Equation& row : rows) row[column] *= factor;
  }
};

/// The solution with the least squares: modified Gram-Schmidt, the right side as one more column, which keeps it as
/// exact as reflections would.
std::optional<std::array<double, n_unknown>> solved(std::vector<Equation>& rows) {
  Columns columns{rows};
  std::array<std::array<double, n_unknown + 1>, n_unknown> upper{};
  for (std::size_t k = 0; k < n_unknown; ++k) {
    const double length = std::sqrt(columns.product(k, k));
    if (!(length > 0.0)) return std::nullopt;
    upper[k][k] = length;
    columns.scale(k, 1.0 / length);
    for (std::size_t j = k + 1; j <= n_unknown; ++j) {
      upper[k][j] = columns.product(k, j);
      columns.subtract(j, k, upper[k][j]);
    }
  }
  std::array<double, n_unknown> x{};
  for (std::size_t k = n_unknown; k-- > 0;) {
    x[k] = upper[k][n_unknown];
    for (std::size_t j = k + 1; j < n_unknown; ++j) x[k] -= upper[k][j] * x[j];
    x[k] /= upper[k][k];
    if (!std::isfinite(x[k])) return std::nullopt;
  }
  return x;
}

}  // namespace

std::optional<std::array<double, 5>> fit_ratio(std::span<const FitPoint> points) {
  std::optional<std::array<double, n_unknown>> found;
  std::vector<Equation> rows(points.size());
  for (int round = 0; round < n_rounds; ++round) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double c = points[i].cosine, square = points[i].square;
      const double denominator = found ? 1.0 + (*found)[3] * c + (*found)[4] * c * c : 1.0;
      const double weight = 1.0 / (square * denominator);
      rows[i] = {weight, weight * c, weight * c * c, -weight * square * c, -weight * square * c * c, weight * square};
    }
    found = solved(rows);
    if (!found) return std::nullopt;
  }
  return found;
}

}  // namespace emlc::signal
