#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/clustering.hpp"
#include "codegen/passes/trees/leaf_rows.hpp"

namespace emlc::passes {
namespace {

/// How often each distinct row is used: once per leaf, and once per visit of a sample input. Where there are many
/// inputs they decide; rows that none of them visits still count.
std::vector<double> uses(const model::Model& model, const DistinctRows& rows,
                         const std::vector<std::vector<double>>& inputs) {
  const auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  std::vector<double> weights(rows.values.size() / static_cast<std::size_t>(ensemble.leaf_width), 0.0);
  const auto count = [&](const model::Leaf& leaf) {
    weights[static_cast<std::size_t>(rows.index_of_row[static_cast<std::size_t>(leaf.row)])] += 1.0;
  };
  for (const model::Tree& tree : ensemble.trees) {
    for (const model::TreeNode& node : tree.nodes) {
      if (const model::Leaf* leaf = model::as_leaf(node)) count(*leaf);
    }
    for (const std::vector<double>& x : inputs) {
      const model::NodeId id = model::find_leaf(tree, ensemble.feature_type, model::scaled(model, x));
      count(*model::as_leaf(tree.nodes[static_cast<std::size_t>(id)]));
    }
  }
  return weights;
}

}  // namespace

PassResult cluster_leaves(model::Model& model, const PassConfig& config) {
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  DistinctRows rows = distinct_rows(ensemble);
  const std::vector<double> weights = uses(model, rows, sample_inputs(model, config));
  const std::size_t k = config.leaf_clusters.value();
  if (weights.size() <= k) return {};
  const Points points{
      .values = rows.values, .weights = weights, .width = static_cast<std::size_t>(ensemble.leaf_width)};
  Clustering clusters = points.width == 1 ? cluster_scalars(points, k) : cluster_rows(points, k, config.watch);
  for (model::RowId& index : rows.index_of_row) {
    if (index >= 0) index = clusters.cluster_of[static_cast<std::size_t>(index)];
  }
  replace_rows(ensemble, std::move(clusters.centroids), rows.index_of_row);
  return {.changes = weights.size() - ensemble.n_rows()};
}

}  // namespace emlc::passes
