#include <algorithm>
#include <limits>
#include <numeric>

#include "codegen/passes/trees/clustering.hpp"

namespace emlc::passes {
namespace {

/// Inertia of a run of sorted points as one cluster, in constant time.
class RunCost {
 public:
  RunCost(const Points& points, const std::vector<std::size_t>& order) {
    const double total = std::accumulate(points.weights.begin(), points.weights.end(), 0.0);
    // Values are taken from their mean: the differences of squares below then lose the fewest digits.
    double mean = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) mean += points.values[i] * (points.weights[i] / total);
    sums_.push_back({});
    for (const std::size_t i : order) {
      const double weight = points.weights[i], value = points.values[i] - mean;
      const Sums& last = sums_.back();
      sums_.push_back({last.weight + weight, last.value + weight * value, last.square + weight * value * value});
    }
  }

  /// Of the points [first, last).
  double operator()(std::size_t first, std::size_t last) const {
    if (last - first < 2) return 0.0;
    const Sums &a = sums_[first], &b = sums_[last];
    const double sum = b.value - a.value;
    return std::max(0.0, b.square - a.square - sum * sum / (b.weight - a.weight));
  }

 private:
  struct Sums {
    double weight = 0.0, value = 0.0, square = 0.0;
  };
  std::vector<Sums> sums_;  ///< of the points before i
};

/// Least inertia of the first (or last) j points of a segment in a number of clusters, for every j: one layer of the
/// dynamic program per cluster.
class Layers {
 public:
  enum class From { front, back };

  Layers(const RunCost& cost, std::size_t first, std::size_t last, From from)
      : cost_(cost), first_(first), last_(last), from_(from), least_(last - first + 1) {
    for (std::size_t j = 0; j < least_.size(); ++j) least_[j] = run(0, j);
  }

  void add_cluster() {
    previous_.swap(least_);
    least_.resize(previous_.size());
    fill(0, least_.size() - 1, 0, least_.size() - 1);
  }
  [[nodiscard]] double least(std::size_t j) const { return least_[j]; }

 private:
  /// Cost of the points [i, j), counted from the chosen end.
  [[nodiscard]] double run(std::size_t i, std::size_t j) const {
    return from_ == From::front ? cost_(first_ + i, first_ + j) : cost_(last_ - j, last_ - i);
  }

  /// Fills least_[low..high], whose last clusters begin between `begin_low` and `begin_high`: where the last cluster
  /// begins never falls as j rises, so the middle j halves the work of both sides. As deep as the logarithm of n.
  void fill(std::size_t low, std::size_t high, std::size_t begin_low, std::size_t begin_high) {
    const std::size_t j = low + (high - low) / 2;
    std::size_t best = begin_low;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = begin_low; i <= std::min(j, begin_high); ++i) {
      const double total = previous_[i] + run(i, j);
      if (total >= least) continue;
      least = total;
      best = i;
    }
    least_[j] = least;
    if (j > low) fill(low, j - 1, begin_low, best);
    if (j < high) fill(j + 1, high, best, begin_high);
  }

  const RunCost& cost_;
  std::size_t first_, last_;
  From from_;
  std::vector<double> least_, previous_;
};

/// Appends the ends of the best k runs of [first, last). Where the middle run ends is found from both ends, which needs
/// no table of k times n choices; the two halves follow. As deep as the logarithm of k.
void append_ends(const RunCost& cost, std::size_t first, std::size_t last, std::size_t k,
                 std::vector<std::size_t>& ends) {
  if (k == 1) return ends.push_back(last);
  Layers front(cost, first, last, Layers::From::front), back(cost, first, last, Layers::From::back);
  for (std::size_t n = 1; n < k / 2; ++n) front.add_cluster();
  for (std::size_t n = 1; n < k - k / 2; ++n) back.add_cluster();
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j <= last - first; ++j) {
    const double total = front.least(j) + back.least(last - first - j);
    if (total >= least) continue;
    least = total;
    best = j;
  }
  append_ends(cost, first, first + best, k / 2, ends);
  append_ends(cost, first + best, last, k - k / 2, ends);
}

}  // namespace

Clustering cluster_scalars(const Points& points, std::size_t k) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return points.values[a] < points.values[b]; });
  const RunCost cost(points, order);
  std::vector<std::size_t> ends;
  append_ends(cost, 0, points.size(), std::min(k, points.size()), ends);

  Clustering result{.cluster_of = std::vector<std::int32_t>(points.size())};
  std::size_t first = 0;
  for (const std::size_t end : ends) {
    if (end == first) continue;
    double weight = 0.0, sum = 0.0;
    for (std::size_t i = first; i < end; ++i) {
      weight += points.weights[order[i]];
      sum += points.weights[order[i]] * points.values[order[i]];
      result.cluster_of[order[i]] = static_cast<std::int32_t>(result.centroids.size());
    }
    result.centroids.push_back(sum / weight);
    result.inertia += cost(first, end);
    first = end;
  }
  return result;
}

}  // namespace emlc::passes
