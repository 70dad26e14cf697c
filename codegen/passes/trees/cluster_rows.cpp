#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "codegen/model/number_type.hpp"
#include "codegen/passes/trees/clustering.hpp"

namespace emlc::passes {
namespace {

using model::infinity;

/// Is told the share of one start that is done.
using Watch = std::function<void(double)>;
/// That seeding takes of a start, where starts take long.
constexpr double seeding_share = 0.7;

/// The generator splitmix64: small, and the same numbers everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// From 0 to below 1.
  double next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
  }

 private:
  std::uint64_t state_;
};

double squared_distance(const double* a, const double* b, std::size_t width) {
  double sum = 0.0;
  for (std::size_t i = 0; i < width; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// Greedy k-means++: each next centroid is the best of a few points drawn in proportion to their weighted squared
/// distance from the centroids so far.
class Seeding {
 public:
  Seeding(const Points& points, std::size_t k, Random& random, const Watch& watch)
      : points_(points), random_(random), nearest_(points.size(), infinity), cumulative_(points.size()) {
    const std::size_t n_candidates = 2 + static_cast<std::size_t>(std::bit_width(k)) * 7 / 10;
    std::inclusive_scan(points.weights.begin(), points.weights.end(), cumulative_.begin());
    take(draw());
    const std::size_t n_values = k * points.width;
    while (centroids_.size() < n_values) {
      accumulate();
      take(best_of(n_candidates));
      watch(seeding_share * static_cast<double>(centroids_.size()) / static_cast<double>(n_values));
    }
  }
  [[nodiscard]] std::vector<double> take_centroids() { return std::move(centroids_); }

 private:
  std::size_t draw() {
    const double at = random_.next() * cumulative_.back();
    const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
    return std::min(static_cast<std::size_t>(found - cumulative_.begin()), points_.size() - 1);
  }

  void accumulate() {
    double sum = 0.0;
    for (std::size_t i = 0; i < points_.size(); ++i) cumulative_[i] = sum += points_.weights[i] * nearest_[i];
  }

  [[nodiscard]] double distance_to(std::size_t candidate, std::size_t i) const {
    return std::min(nearest_[i], squared_distance(points_[i].data(), points_[candidate].data(), points_.width));
  }

  std::size_t best_of(std::size_t n_candidates) {
    std::size_t best = 0;
    double least = infinity;
    for (std::size_t n = 0; n < n_candidates; ++n) {
      const std::size_t candidate = draw();
      double inertia = 0.0;
      for (std::size_t i = 0; i < points_.size(); ++i) inertia += points_.weights[i] * distance_to(candidate, i);
      if (inertia >= least) continue;
      least = inertia;
      best = candidate;
    }
    return best;
  }

  void take(std::size_t chosen) {
    for (std::size_t i = 0; i < points_.size(); ++i) nearest_[i] = distance_to(chosen, i);
    const auto row = points_[chosen];
    centroids_.insert(centroids_.end(), row.begin(), row.end());
  }

  const Points& points_;
  Random& random_;
  std::vector<double> nearest_;     ///< squared distance of each point to its nearest centroid
  std::vector<double> cumulative_;  ///< weights of the draw, summed up to and with each point
  std::vector<double> centroids_;
};

/// Lloyd's iteration. A point keeps an upper bound of the distance to its own centroid and a lower bound of the
/// distance to every other one; while they do not meet, its assignment cannot change and nothing is computed (Hamerly's
/// bounds).
class Lloyd {
 public:
  Lloyd(const Points& points, std::vector<double> centroids)
      : points_(points),
        k_(centroids.size() / points.width),
        centroids_(std::move(centroids)),
        cluster_of_(points.size(), 0),
        upper_(points.size(), infinity),
        lower_(points.size(), 0.0),
        half_gap_(k_),
        moved_(k_) {}

  Clustering run(const Watch& watch) {
    // Every round lowers the inertia, so it ends by itself; the limit bounds the time of hostile tables.
    constexpr int max_rounds = 300;
    // How many rounds there will be is not known; each is quicker than the one before.
    constexpr double left_by_a_round = 0.8;
    double left = 1.0 - seeding_share;
    for (int round = 0; round < max_rounds; ++round) {
      const bool has_changed = assign();
      if (!has_changed && round != 0) break;
      move_centroids();
      loosen_bounds();
      watch(1.0 - (left *= left_by_a_round));
    }
    Clustering result{.centroids = centroids_, .cluster_of = cluster_of_};
    for (std::size_t i = 0; i < points_.size(); ++i) {
      result.inertia += points_.weights[i] * squared_distance_to(i, cluster_of_[i]);
    }
    return result;
  }

 private:
  [[nodiscard]] const double* centroid(std::size_t c) const { return &centroids_[c * points_.width]; }
  [[nodiscard]] double squared_distance_to(std::size_t i, std::int32_t cluster) const {
    return squared_distance(points_[i].data(), centroid(static_cast<std::size_t>(cluster)), points_.width);
  }

  /// Every point to its nearest centroid; true when a point changed sides.
  bool assign() {
    measure_gaps();
    bool has_changed = false;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const double safe = std::max(half_gap_[static_cast<std::size_t>(cluster_of_[i])], lower_[i]);
      if (upper_[i] <= safe) continue;
      upper_[i] = std::sqrt(squared_distance_to(i, cluster_of_[i]));
      if (upper_[i] <= safe) continue;
      has_changed = find_nearest(i) || has_changed;
    }
    return has_changed;
  }

  /// Half the distance of each centroid to the next one: a point nearer than that is nearest to this centroid.
  void measure_gaps() {
    std::fill(half_gap_.begin(), half_gap_.end(), infinity);
    for (std::size_t a = 0; a < k_; ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        const double half = 0.5 * std::sqrt(squared_distance(centroid(a), centroid(b), points_.width));
        half_gap_[a] = std::min(half_gap_[a], half);
        half_gap_[b] = std::min(half_gap_[b], half);
      }
    }
  }

  bool find_nearest(std::size_t i) {
    double least = infinity, second = infinity;
    std::size_t nearest = 0;
    for (std::size_t c = 0; c < k_; ++c) {
      const double distance = squared_distance(points_[i].data(), centroid(c), points_.width);
      if (distance < least) {
        second = least;
        least = distance;
        nearest = c;
      } else {
        second = std::min(second, distance);
      }
    }
    upper_[i] = std::sqrt(least);
    lower_[i] = std::sqrt(second);
    return std::exchange(cluster_of_[i], static_cast<std::int32_t>(nearest)) != static_cast<std::int32_t>(nearest);
  }

  void move_centroids() {
    std::vector<double> sums(centroids_.size(), 0.0), weights(k_, 0.0);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const auto c = static_cast<std::size_t>(cluster_of_[i]);
      weights[c] += points_.weights[i];
      for (std::size_t d = 0; d < points_.width; ++d) sums[c * points_.width + d] += points_.weights[i] * points_[i][d];
    }
    for (std::size_t c = 0; c < k_; ++c) {
      double* sum = &sums[c * points_.width];
      if (weights[c] == 0.0) {
        std::copy(centroid(c), centroid(c) + points_.width, sum);
      } else {
        std::for_each(sum, sum + points_.width, [&](double& value) { value /= weights[c]; });
      }
      moved_[c] = std::sqrt(squared_distance(centroid(c), sum, points_.width));
    }
    centroids_ = std::move(sums);
  }

  void loosen_bounds() {
    const auto farthest = static_cast<std::size_t>(std::max_element(moved_.begin(), moved_.end()) - moved_.begin());
    double farthest_other = 0.0;
    for (std::size_t c = 0; c < k_; ++c) {
      if (c != farthest) farthest_other = std::max(farthest_other, moved_[c]);
    }
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const auto c = static_cast<std::size_t>(cluster_of_[i]);
      upper_[i] += moved_[c];
      lower_[i] -= c == farthest ? farthest_other : moved_[farthest];
    }
  }

  const Points& points_;
  std::size_t k_;
  std::vector<double> centroids_;
  std::vector<std::int32_t> cluster_of_;
  std::vector<double> upper_, lower_;     ///< [n] bounds of distances, see above
  std::vector<double> half_gap_, moved_;  ///< [k] to the next centroid; in the last round
};

}  // namespace

Clustering cluster_rows(const Points& points, std::size_t k, const std::function<void(double)>& watch) {
  // As many starts as a fraction of a second allows.
  constexpr std::size_t work_budget = 20'000'000;
  k = std::min(k, points.size());
  const std::size_t n_starts = std::clamp<std::size_t>(work_budget / (points.size() * points.width * k), 1, 160);
  Random random(1);
  Clustering best;
  for (std::size_t start = 0; start < n_starts; ++start) {
    const Watch watch_start = [&](double share) {
      if (watch) watch((static_cast<double>(start) + share) / static_cast<double>(n_starts));
    };
    Clustering found = Lloyd(points, Seeding(points, k, random, watch_start).take_centroids()).run(watch_start);
    // The first one is taken as it is: the inertia of values that are out of proportion is no number.
    if (start == 0 || found.inertia < best.inertia) best = std::move(found);
  }
  return best;
}

}  // namespace emlc::passes
