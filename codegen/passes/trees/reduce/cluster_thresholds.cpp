#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "codegen/model/number_type.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/clustering.hpp"

// note [one table]
// Layouts name a threshold by its place among all of them, or by how far it is from the smallest one: what counts is
// how many there are of all features together, so features share the clusters. That suits features of one unit
// (pixels), and codes of --feature-scale, of which each feature has about as many.

namespace emlc::passes {
namespace {

using model::NumberType;

constexpr double most = 1e100;  ///< beyond it squares of differences are no numbers, and infinite thresholds mean NaN

/// [distinct threshold] how many splits have it.
std::map<double, double> count_thresholds(const model::TreeEnsemble& ensemble) {
  std::map<double, double> counts;
  for (const model::Tree& tree : ensemble.trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Split* split = model::as_split(node);
      if (split != nullptr && std::abs(split->threshold) < most) counts[split->threshold] += 1.0;
    }
  }
  return counts;
}

/// Thresholds of integers are whole numbers.
double of_type(NumberType type, double value) {
  return model::info(type).is_integer ? std::round(value) : model::round_to(type, value);
}

/// Where each distinct threshold goes.
std::map<double, double> centroids_of(const std::map<double, double>& counts, NumberType type, std::size_t n) {
  std::vector<double> values, weights;
  for (const auto& [value, count] : counts) {
    values.push_back(value);
    weights.push_back(count);
  }
  const Clustering clusters = cluster_scalars({.values = values, .weights = weights}, n);
  std::map<double, double> moved;
  for (std::size_t i = 0; i < values.size(); ++i) {
    moved[values[i]] = of_type(type, clusters.centroids[static_cast<std::size_t>(clusters.cluster_of[i])]);
  }
  return moved;
}

}  // namespace

PassResult cluster_thresholds(model::Model& model, const PassConfig& config) {
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  const std::map<double, double> counts = count_thresholds(ensemble);
  if (counts.size() <= config.threshold_clusters.value()) return {};
  const std::map<double, double> moved = centroids_of(counts, ensemble.feature_type, *config.threshold_clusters);
  PassResult result;
  double farthest = 0.0;
  for (model::Tree& tree : ensemble.trees) {
    for (model::TreeNode& node : tree.nodes) {
      auto* split = std::get_if<model::Split>(&node);
      if (split == nullptr || !(std::abs(split->threshold) < most)) continue;
      const double to = moved.at(split->threshold);
      farthest = std::max(farthest, std::abs(to - split->threshold));
      result.changes += to != split->threshold ? 1 : 0;
      split->threshold = to;
    }
  }
  result.notes = {fmt::format("cluster-thresholds: {} distinct thresholds become {}, moved by {:.6g} at most",
                              counts.size(), count_thresholds(ensemble).size(), farthest)};
  return result;
}

}  // namespace emlc::passes
