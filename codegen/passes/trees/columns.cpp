#include "codegen/passes/trees/columns.hpp"

namespace emlc::passes {

void for_each_split(model::TreeEnsemble& ensemble, const std::function<void(model::Split&)>& change) {
  for (model::Tree& tree : ensemble.trees) {
    for (model::TreeNode& node : tree.nodes) {
      auto* split = std::get_if<model::Split>(&node);
      if (split != nullptr) change(*split);
    }
  }
}

std::vector<char> used_columns(const model::TreeEnsemble& ensemble, std::size_t width) {
  std::vector<char> is_used(width, 0);
  for (const model::Tree& tree : ensemble.trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Split* split = model::as_split(node);
      if (split != nullptr) is_used[static_cast<std::size_t>(split->feature)] = 1;
    }
  }
  return is_used;
}

void renumber(model::TreeEnsemble& ensemble, const std::vector<std::int32_t>& numbers) {
  for_each_split(ensemble,
                 [&](model::Split& split) { split.feature = numbers[static_cast<std::size_t>(split.feature)]; });
}

}  // namespace emlc::passes
