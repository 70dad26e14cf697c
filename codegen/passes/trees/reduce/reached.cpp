#include "codegen/passes/trees/reduce/reached.hpp"

#include <algorithm>

#include "codegen/model/predict/predict.hpp"

namespace emlc::passes {

Reached reached_rows(const model::Model& model, const model::TreeEnsemble& ensemble,
                     std::span<const std::vector<double>> inputs) {
  Reached reached{.n_trees = ensemble.trees.size()};
  reached.rows.reserve(inputs.size() * reached.n_trees);
  for (const std::vector<double>& input : inputs) {
    const std::vector<double> x = model::scaled(model, input);
    for (const model::Tree& tree : ensemble.trees) {
      const auto leaf = static_cast<std::size_t>(model::find_leaf(tree, ensemble.feature_type, x));
      reached.rows.push_back(model::as_leaf(tree.nodes[leaf])->row);
    }
  }
  return reached;
}

std::vector<double> outputs_of(const model::TreeEnsemble& ensemble, std::span<const model::RowId> rows) {
  std::vector<double> outputs = model::sum_rows(ensemble, rows);
  model::apply_post_transform(ensemble.post_transform, outputs);
  return outputs;
}

bool is_forest(const model::TreeEnsemble& ensemble) {
  return ensemble.divisor != 1.0 && ensemble.leaf_width == ensemble.n_outputs;
}

}  // namespace emlc::passes
