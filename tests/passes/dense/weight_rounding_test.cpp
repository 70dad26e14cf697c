#include "codegen/passes/dense/weight_rounding.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace emlc::passes;

namespace {

using Rows = std::vector<std::vector<double>>;

/// Mean square of what `rounded` does to the sum of a row, without the mean.
double harm(const std::vector<double>& exact, const std::vector<double>& rounded, const Rows& values,
            const std::vector<double>& means) {
  double total = 0.0;
  for (const std::vector<double>& x : values) {
    double off = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) off += (rounded[i] - exact[i]) * (x[i] - means[i]);
    total += off * off;
  }
  return total / static_cast<double>(values.size());
}

std::vector<double> nearest(std::vector<double> values) {
  for (double& value : values) value = std::round(value);
  return values;
}

}  // namespace

TEST_CASE("weight-rounding: what one weight does the next one takes back") {
  const Rows values = {{0.0, 0.0, 5.0}, {1.0, 1.0, 5.0}, {2.0, 2.0, 5.0}};
  const std::vector<double> means = {1.0, 1.0, 5.0}, scales = {1.0, 1.0, 1.0};
  const Compensation compensation = compensation_of(values, means);
  CHECK(round_weights(std::vector{2.4, 3.4, 1.4}, compensation, scales, 127.0) == std::vector{2.0, 4.0, 1.0});
  CHECK(round_weights(std::vector{2.4, 3.4, 1.4}, {}, scales, 127.0) == std::vector{2.0, 3.0, 1.0});
  CHECK(round_weights(std::vector{2.0, -3.0, 1.0}, compensation, scales, 127.0) == std::vector{2.0, -3.0, 1.0});
  CHECK(round_weights(std::vector{200.4, -200.4, 1.0}, compensation, scales, 127.0) == std::vector{127.0, -127.0, 1.0});
}

TEST_CASE("weight-rounding: sums are off less than with the nearest weights, whatever the scales of the codes") {
  std::mt19937 random(5);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  constexpr std::size_t n = 12;
  Rows values;
  for (int row = 0; row < 100; ++row) {
    const double common = uniform();
    std::vector<double> x;
    for (std::size_t i = 0; i < n; ++i) x.push_back(common + 0.3 * uniform());
    values.push_back(x);
  }
  std::vector<double> means(n, 0.0);
  for (const std::vector<double>& x : values) {
    for (std::size_t i = 0; i < n; ++i) means[i] += x[i] / 100.0;
  }
  const Compensation compensation = compensation_of(values, means);
  double before = 0.0, after = 0.0;
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> exact, scales;
    Rows codes = values;
    std::vector<double> mean_codes = means;
    for (std::size_t i = 0; i < n; ++i) {
      exact.push_back(20.0 * uniform() - 10.0);
      scales.push_back(0.5 + uniform());
      for (std::vector<double>& x : codes) x[i] /= scales[i];
      mean_codes[i] /= scales[i];
    }
    const std::vector<double> rounded = round_weights(exact, compensation, scales, 127.0);
    for (std::size_t i = 0; i < n; ++i) CHECK(std::abs(rounded[i] - exact[i]) < 1.0);
    before += harm(exact, nearest(exact), codes, mean_codes);
    after += harm(exact, rounded, codes, mean_codes);
  }
  CHECK(after < 0.3 * before);
}

TEST_CASE("weight-rounding: constant, missing and infinite values say nothing, and wide layers take the nearest") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Rows values = {{3.0, infinity}, {3.0, std::nan("")}, {3.0, 1.0}};
  const Compensation compensation = compensation_of(values, std::vector{3.0, 1.0});
  CHECK(round_weights(std::vector{0.4, 0.4}, compensation, std::vector{1.0, 1.0}, 127.0) == std::vector{0.0, 0.0});
  const std::vector<double> wide(2000, 1.0);
  CHECK(compensation_of(Rows{wide}, wide).pull.empty());
}
