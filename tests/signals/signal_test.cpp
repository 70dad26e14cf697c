#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "codegen/signal/features.hpp"
#include "codegen/signal/infer.hpp"
#include "codegen/signal/logarithm.hpp"
#include "codegen/signal/sorting.hpp"

using namespace emlc;
using namespace emlc::signal;

namespace {

std::vector<std::int64_t> random_samples(std::size_t n, std::int64_t most) {
  std::mt19937 random(static_cast<unsigned>(n));
  std::uniform_int_distribution<std::int64_t> sample(-most, most);
  std::vector<std::int64_t> samples(n);
  std::generate(samples.begin(), samples.end(), [&] { return sample(random); });
  return samples;
}

/// One channel of int16 and the features that are given, of windows of 4 with a hop of 2.
Plan small_plan(std::vector<Feature> features) {
  Plan plan;
  plan.input = {.channels = {{.name = "x"}}, .type = model::NumberType::int16, .sample_rate = 100.0};
  plan.window = {.length = 4, .hop = 2};
  plan.signals = {{.name = "x"}};
  plan.features = std::move(features);
  return plan;
}

}  // namespace

TEST_CASE("windows are sorted as each by itself is") {
  for (const std::int64_t most : {std::int64_t{3}, std::int64_t{1000}, std::int64_t{1} << 40}) {
    for (const std::size_t length : std::vector<std::size_t>{1, 2, 3, 7, 12, 64, 100, 129, 600}) {
      for (const std::size_t hop :
           {std::size_t{1}, std::size_t{3}, std::max<std::size_t>(1, length / 2), length, length + 5}) {
        const std::size_t n = 11;
        const std::vector<std::int64_t> samples = random_samples((n - 1) * hop + length, most);
        std::vector<std::int64_t> sorted(n * length);
        sort_windows(samples, length, hop, sorted);
        std::vector<std::int64_t> expected;
        for (std::size_t window = 0; window < n; ++window) {
          const auto first = samples.begin() + static_cast<std::ptrdiff_t>(window * hop);
          std::vector<std::int64_t> one(first, first + static_cast<std::ptrdiff_t>(length));
          std::sort(one.begin(), one.end());
          expected.insert(expected.end(), one.begin(), one.end());
        }
        CAPTURE(length);
        CAPTURE(hop);
        CHECK(sorted == expected);
      }
    }
  }
}

TEST_CASE("logarithms are those of libm to a few steps of double") {
  for (const double x : {1.0, 2.0, 3.0, 10.0, 127.0, 128.0, 65537.0, 1048576.0, 0.75}) {
    CHECK(logarithm(x) == doctest::Approx(std::log(x)).epsilon(1e-15));
  }
}

TEST_CASE("features of the ends of int16") {
  Plan plan = small_plan({{.name = "sum", .statistic = Statistic::sum},
                          {.name = "energy", .statistic = Statistic::energy},
                          {.name = "std", .statistic = Statistic::deviation},
                          {.name = "kurtosis", .statistic = Statistic::kurtosis}});
  infer(plan);
  CHECK(text_of(plan.features[0].range.lowest) == "-131072");
  CHECK(feature_type(plan) == model::NumberType::float64);
  const std::vector<double> rows =
      features_of(plan, {{.integers = {-32768, 32767, -32768, 32767, -32768, -32768, 0}, .reals = {}}});
  REQUIRE(rows.size() == 8);  // the seventh frame makes no window
  CHECK(rows[0] == -2.0);
  CHECK(rows[1] == 2.0 * (32768.0 * 32768.0 + 32767.0 * 32767.0));
  CHECK(rows[2] == 32767.5);
  CHECK(rows[3] == -2.0);
  CHECK(rows[4] == -32768.0 * 3.0 + 32767.0);
}

TEST_CASE("what is behind a whole is no window, and what is shorter has none") {
  const Plan plan = small_plan({});
  CHECK(n_windows(plan, 3) == 0);
  CHECK(n_windows(plan, 4) == 1);
  CHECK(n_windows(plan, 7) == 2);
  CHECK(n_windows(plan, 8) == 3);
}
