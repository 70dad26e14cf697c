#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/leaf_rows.hpp"
#include "codegen/passes/trees/rewire.hpp"

namespace emlc::passes {
namespace {

std::size_t merge(model::Tree& tree, const std::vector<model::RowId>& content) {
  std::vector<model::NodeId> target = own_targets(tree);
  // Children come after their parents: from the back, both sides of a split have already become what they will be.
  for (std::size_t id = tree.nodes.size(); id-- > 0;) {
    const model::Split* split = model::as_split(tree.nodes[id]);
    if (split == nullptr) continue;
    const model::NodeId left = target[static_cast<std::size_t>(split->left)];
    const model::NodeId right = target[static_cast<std::size_t>(split->right)];
    const model::Leaf* left_leaf = model::as_leaf(tree.nodes[static_cast<std::size_t>(left)]);
    const model::Leaf* right_leaf = model::as_leaf(tree.nodes[static_cast<std::size_t>(right)]);
    const bool are_equal_leaves =
        left_leaf != nullptr && right_leaf != nullptr &&
        content[static_cast<std::size_t>(left_leaf->row)] == content[static_cast<std::size_t>(right_leaf->row)];
    if (left == right || are_equal_leaves) target[id] = right;
  }
  return rewire(tree, std::move(target));
}

}  // namespace

PassResult merge_equal_leaves(model::Model& model, const PassConfig& /*config*/) {
  auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr) return {};
  const DistinctRows rows = distinct_rows(*ensemble);
  PassResult result;
  for (model::Tree& tree : ensemble->trees) result.changes += merge(tree, rows.index_of_row);
  return result;
}

}  // namespace emlc::passes
