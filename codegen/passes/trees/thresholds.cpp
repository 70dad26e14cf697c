#include "codegen/passes/trees/thresholds.hpp"

namespace emlc::passes {

void for_each_given_threshold(const model::Model& model, const std::function<void(std::size_t, double)>& see) {
  const auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr || !takes_inputs(model)) return;
  for (const model::Tree& tree : ensemble->trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Split* split = model::as_split(node);
      if (split != nullptr) see(static_cast<std::size_t>(split->feature), split->threshold);
    }
  }
}

}  // namespace emlc::passes
