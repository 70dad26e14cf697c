#include "codegen/passes/trees/clustering.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "tests/passes/models.hpp"

using namespace emlc;
using passes::Clustering;
using passes::Points;
using passes::testing::infinity;

namespace {

/// Recomputed from the definition.
double inertia(const Points& points, const Clustering& clustering) {
  double sum = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto first =
        clustering.centroids.begin() + clustering.cluster_of[i] * static_cast<std::ptrdiff_t>(points.width);
    sum += points.weights[i] * std::inner_product(points[i].begin(), points[i].end(), first, 0.0, std::plus<>(),
                                                  [](double a, double b) { return (a - b) * (a - b); });
  }
  return sum;
}

/// Least inertia of sorted scalars in at most k runs, by trying every end of the last run.
double least_inertia(const std::vector<double>& values, const std::vector<double>& weights, std::size_t k) {
  const auto run = [&](std::size_t first, std::size_t last) {
    double weight = 0.0, mean = 0.0, sum = 0.0;
    for (std::size_t i = first; i < last; ++i) weight += weights[i];
    for (std::size_t i = first; i < last; ++i) mean += weights[i] * values[i] / weight;
    for (std::size_t i = first; i < last; ++i) sum += weights[i] * (values[i] - mean) * (values[i] - mean);
    return sum;
  };
  std::vector<double> least(values.size() + 1, infinity);
  least[0] = 0.0;
  for (std::size_t n = 0; n < k; ++n) {
    for (std::size_t last = values.size(); last > 0; --last) {
      for (std::size_t first = 0; first < last; ++first) {
        least[last] = std::min(least[last], least[first] + run(first, last));
      }
    }
  }
  return least.back();
}

/// n distinct values with weights, by the portable part of the standard's generator.
std::pair<std::vector<double>, std::vector<double>> random_points(std::size_t n, std::size_t width) {
  std::mt19937 generator(9);
  std::vector<double> values, weights;
  for (std::size_t i = 0; i < n * width; ++i) values.push_back(static_cast<double>(generator()) * 0x1p-32);
  for (std::size_t i = 0; i < n; ++i) weights.push_back(static_cast<double>(1 + generator() % 9));
  return {values, weights};
}

}  // namespace

TEST_CASE("cluster-scalars: no partition has less inertia") {
  auto [values, weights] = random_points(40, 1);
  std::sort(values.begin(), values.end());
  for (std::size_t k = 1; k <= 40; ++k) {
    CAPTURE(k);
    const Points points = {.values = values, .weights = weights};
    const Clustering found = passes::cluster_scalars(points, k);
    CHECK(found.centroids.size() == k);
    CHECK(found.inertia == doctest::Approx(least_inertia(values, weights, k)).epsilon(1e-9));
    CHECK(inertia(points, found) == doctest::Approx(found.inertia).epsilon(1e-9));
  }
}

TEST_CASE("cluster-scalars: evenly spaced values, where many partitions are best, and a large offset") {
  std::vector<double> values, weights(100, 1.0);
  for (int i = 99; i >= 0; --i) values.push_back(1e6 + i);
  const Clustering found = passes::cluster_scalars({.values = values, .weights = weights}, 20);
  CHECK(found.centroids.size() == 20);
  CHECK(found.inertia == doctest::Approx(20 * 10.0));  // runs of 5: 4 + 1 + 0 + 1 + 4
  CHECK(passes::cluster_scalars({.values = values, .weights = weights}, 1000).inertia == 0.0);
}

TEST_CASE("cluster-rows: every row is in the cluster of its nearest centroid, which is the mean of its rows") {
  const auto [values, weights] = random_points(300, 4);
  const Points points = {.values = values, .weights = weights, .width = 4};
  const Clustering found = passes::cluster_rows(points, 20);
  std::vector<double> sums(20 * 4, 0.0), totals(20, 0.0);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto own = static_cast<std::size_t>(found.cluster_of[i]);
    std::vector<double> distances(20, 0.0);
    for (std::size_t c = 0; c < 20; ++c) {
      for (std::size_t d = 0; d < 4; ++d) distances[c] += std::pow(points[i][d] - found.centroids[c * 4 + d], 2);
    }
    REQUIRE(distances[own] == doctest::Approx(*std::min_element(distances.begin(), distances.end())));
    totals[own] += weights[i];
    for (std::size_t d = 0; d < 4; ++d) sums[own * 4 + d] += weights[i] * points[i][d];
  }
  for (std::size_t i = 0; i < sums.size(); ++i) REQUIRE(found.centroids[i] == doctest::Approx(sums[i] / totals[i / 4]));
  CHECK(inertia(points, found) == doctest::Approx(found.inertia));
}

TEST_CASE("cluster-rows: one cluster is the mean, and as many as rows are the rows") {
  const auto [values, weights] = random_points(5, 2);
  const Points points = {.values = values, .weights = weights, .width = 2};
  const Clustering one = passes::cluster_rows(points, 1);
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double mean = 0.0;
  for (std::size_t i = 0; i < 5; ++i) mean += values[2 * i] * weights[i] / total;
  CHECK(one.centroids[0] == doctest::Approx(mean));
  CHECK(passes::cluster_rows(points, 5).inertia == 0.0);
  CHECK(passes::cluster_rows(points, 50).centroids.size() == 10);
}

TEST_CASE("clustering: values whose squares are no numbers still get clusters") {
  const std::vector<double> values = {1e200, -1e200, 3e300, 0.0, 1e-300, 2e-300}, weights(6, 1.0);
  for (const std::size_t width : {1U, 2U}) {
    const Points points = {.values = values, .weights = std::span(weights).first(6 / width), .width = width};
    const Clustering found = width == 1 ? passes::cluster_scalars(points, 2) : passes::cluster_rows(points, 2);
    REQUIRE(found.cluster_of.size() == points.size());
    for (const std::int32_t cluster : found.cluster_of) {
      CHECK((cluster >= 0 && static_cast<std::size_t>(cluster) * width < found.centroids.size()));
    }
  }
}

TEST_CASE("clustering: the shares of the work that is done rise from 0 to 1") {
  std::vector<double> values, weights(200, 1.0), shares;
  for (int i = 0; i < 400; ++i) values.push_back((i * 7919) % 1009);
  const Points points{.values = values, .weights = weights, .width = 2};
  const Clustering told = passes::cluster_rows(points, 9, [&](double share) { shares.push_back(share); });
  REQUIRE(shares.size() > 10);
  CHECK(std::is_sorted(shares.begin(), shares.end()));
  CHECK(shares.front() > 0.0);
  CHECK(shares.front() < 0.05);
  CHECK(shares.back() > 0.95);
  CHECK(shares.back() <= 1.0);
  CHECK(told.cluster_of == passes::cluster_rows(points, 9).cluster_of);  // and change nothing
}
