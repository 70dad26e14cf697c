#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "codegen/signal/cost.hpp"
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

TEST_CASE("what a feature keeps: sums for each hop, samples where order counts") {
  Plan plan = small_plan({{.name = "sum", .statistic = Statistic::sum},
                          {.name = "std", .statistic = Statistic::deviation},
                          {.name = "max", .statistic = Statistic::maximum},
                          {.name = "median", .statistic = Statistic::median}});
  plan.window = {.length = 128, .hop = 64};
  infer(plan);
  const auto bytes = [&](std::size_t feature) { return feature_cost(plan, plan.features[feature]).ram; };
  CHECK(bytes(0) == 2 * 4);        // 128 * 32768 fits in 32 bits
  CHECK(bytes(1) == 2 * (4 + 8));  // and 128 * 2^30 in 64
  CHECK(bytes(2) == 2 * (2 * 2));  // the smallest and the largest come together
  CHECK(bytes(3) == 128 * 2);
  const Cost all = plan_cost(plan);
  CHECK(all.ram == 128 * 2);
  double alone = 0.0;
  for (const Feature& feature : plan.features) {
    CHECK(feature_cost(plan, feature).instructions < all.instructions);
    alone += feature_cost(plan, feature).instructions;
  }
  CHECK(all.instructions < alone);  // the sum is there once
}

TEST_CASE("what signals remember") {
  Plan plan = small_plan({{.name = "max", .statistic = Statistic::maximum, .of = 3}});
  plan.signals.push_back({.name = "m", .operation = Operation::median3, .from = {0}});
  plan.signals.push_back({.name = "d", .operation = Operation::difference, .from = {1}});
  plan.signals.push_back({.name = "s", .operation = Operation::moving_sum, .from = {2}, .length = 9});
  infer(plan);
  CHECK(signal_cost(plan, plan.signals[0]).ram == 0);
  CHECK(signal_cost(plan, plan.signals[1]).ram == 2 * 2);
  CHECK(signal_cost(plan, plan.signals[2]).ram == 2);
  CHECK(signal_cost(plan, plan.signals[3]).ram == 9 * 4);  // differences of int16 take 17 bits
  CHECK(signal_cost(plan, plan.signals[3]).instructions > 0.0);
}
