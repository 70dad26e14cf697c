// Thresholds in clusters against every way to cut sorted numbers into runs.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "codegen/model/error.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;

namespace {

std::vector<double> thresholds_of(model::Model& model) {
  std::vector<double> found;
  for (const model::Tree& tree : trees_of(model).trees) {
    for (const model::TreeNode& node : tree.nodes) {
      if (const model::Split* split = model::as_split(node)) found.push_back(split->threshold);
    }
  }
  return found;
}

/// A chain of splits with these thresholds, features by turns.
model::Model chain_of(NumberType type, const std::vector<double>& thresholds) {
  model::Tree tree;
  const int n = static_cast<int>(thresholds.size());
  for (int i = 0; i < n; ++i) {
    tree.nodes.push_back(split(i % 2, thresholds[static_cast<std::size_t>(i)], 2 * i + 1, 2 * i + 2));
    tree.nodes.push_back(leaf(0));
  }
  tree.nodes.push_back(leaf(1));
  model::Model model = regression(2, type, {tree}, {1.0, 2.0});
  trees_of(model).feature_type = type;
  return model;
}

double squares_from_mean(const std::vector<double>& run) {
  double mean = 0.0, sum = 0.0;
  for (const double value : run) mean += value / static_cast<double>(run.size());
  for (const double value : run) sum += (value - mean) * (value - mean);
  return sum;
}

/// The least sum of squares of `k` runs of the sorted values from `first` on.
double least_squares(const std::vector<double>& sorted, std::size_t first, std::size_t k) {
  if (first == sorted.size()) return 0.0;
  if (k == 0) return std::numeric_limits<double>::infinity();
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t end = first + 1; end <= sorted.size(); ++end) {
    const std::vector<double> run(sorted.begin() + static_cast<std::ptrdiff_t>(first),
                                  sorted.begin() + static_cast<std::ptrdiff_t>(end));
    least = std::min(least, squares_from_mean(run) + least_squares(sorted, end, k - 1));
  }
  return least;
}

passes::PassResult cluster(model::Model& model, std::size_t n) {
  return passes::cluster_thresholds(model, {.threshold_clusters = n});
}

}  // namespace

TEST_CASE("cluster-thresholds: no other clusters are nearer, by all ways to cut the sorted thresholds") {
  std::mt19937 generator(9);
  for (int round = 0; round < 40; ++round) {
    std::vector<double> thresholds(9);
    for (double& value : thresholds) value = static_cast<double>(generator() % 40) / 4.0 - 3.0;
    for (const std::size_t n : {1U, 2U, 3U, 5U}) {
      model::Model model = chain_of(NumberType::float64, thresholds);
      cluster(model, n);
      const std::vector<double> after = thresholds_of(model);
      CHECK(std::set<double>(after.begin(), after.end()).size() <= n);
      double sum = 0.0;
      for (std::size_t i = 0; i < after.size(); ++i) sum += (after[i] - thresholds[i]) * (after[i] - thresholds[i]);
      std::vector<double> sorted = thresholds;
      std::sort(sorted.begin(), sorted.end());
      CHECK(sum == doctest::Approx(least_squares(sorted, 0, n)));
    }
  }
}

TEST_CASE("cluster-thresholds: thresholds of integers are integers, the nearest to the mean") {
  model::Model model = chain_of(NumberType::uint8, {1, 2, 2, 10, 11, 14});
  const passes::PassResult result = cluster(model, 2);
  CHECK(thresholds_of(model) == std::vector<double>{2, 2, 2, 12, 12, 12});  // means of 5 / 3 and 35 / 3
  CHECK(result.changes == 4);
  CHECK(result.notes ==
        std::vector<std::string>{"cluster-thresholds: 5 distinct thresholds become 2, moved by 2 at most"});
  CHECK(cluster(model, 2).changes == 0);
}

TEST_CASE("cluster-thresholds: as many as there are, infinite ones and huge ones stay") {
  const double infinite = std::numeric_limits<double>::infinity();
  const std::vector<double> few = {1.5, 1.5, -2.0, 7.0};
  model::Model same = chain_of(NumberType::float32, few);
  CHECK(cluster(same, 3).changes == 0);
  CHECK(thresholds_of(same) == few);
  model::Model ends = chain_of(NumberType::float64, {infinite, 1.0, -infinite, 3.0, 1e300});
  cluster(ends, 1);
  CHECK(thresholds_of(ends) == std::vector<double>{infinite, 2.0, -infinite, 2.0, 1e300});
}

TEST_CASE("cluster-thresholds: what it is not for is refused") {
  model::Model model = chain_of(NumberType::float32, {1.0, 2.0});
  CHECK_THROWS_WITH_AS(passes::run_passes(model, {.threshold_clusters = 0}),
                       "--threshold-clusters: must be at least 1, found 0", Error);
}
