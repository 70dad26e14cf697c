#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace emlc::passes {

/// Distinct points, each counting as often as its weight says.
struct Points {
  std::span<const double> values;   ///< [n][width], finite
  std::span<const double> weights;  ///< [n], above 0
  std::size_t width = 1;

  [[nodiscard]] std::size_t size() const { return weights.size(); }
  [[nodiscard]] std::span<const double> operator[](std::size_t i) const { return values.subspan(i * width, width); }
};

struct Clustering {
  std::vector<double> centroids{};         ///< [n_clusters][width]
  std::vector<std::int32_t> cluster_of{};  ///< [n]
  double inertia = 0.0;                    ///< weighted sum of the squared distances to the centroids
};

/// At most k clusters of scalars (width 1) of the smallest inertia there is. O(k n log n) time, O(n) memory.
Clustering cluster_scalars(const Points& points, std::size_t k);

/// At most k clusters: greedy k-means++ from a fixed seed, then Lloyd to its end, several times over when that is
/// cheap. The same result on every machine.
/// @param watch  is told now and then about which share of the work is done, from 0 to 1; may be empty
Clustering cluster_rows(const Points& points, std::size_t k, const std::function<void(double)>& watch = {});

}  // namespace emlc::passes
