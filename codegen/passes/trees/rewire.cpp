#include "codegen/passes/trees/rewire.hpp"

#include <numeric>
#include <utility>

namespace emlc::passes {
namespace {

constexpr model::NodeId unreached = -1;

std::size_t index(model::NodeId id) { return static_cast<std::size_t>(id); }

}  // namespace

std::vector<model::NodeId> own_targets(const model::Tree& tree) {
  std::vector<model::NodeId> target(tree.nodes.size());
  std::iota(target.begin(), target.end(), 0);
  return target;
}

std::size_t rewire(model::Tree& tree, std::vector<model::NodeId> target) {
  std::vector<model::TreeNode>& nodes = tree.nodes;
  for (std::size_t id = nodes.size(); id-- > 0;) target[id] = target[index(target[id])];

  // Children come after their parents, so one pass reaches every node before it is numbered and moved down.
  std::vector<model::NodeId> new_id(nodes.size(), unreached);
  const auto reach = [&](model::NodeId& child) {
    child = target[index(child)];
    new_id[index(child)] = 0;
  };
  new_id[index(target[0])] = 0;
  std::size_t n_kept = 0;
  for (std::size_t id = 0; id < nodes.size(); ++id) {
    if (new_id[id] == unreached) continue;
    if (auto* split = std::get_if<model::Split>(&nodes[id])) {
      reach(split->left);
      reach(split->right);
      split->default_child = target[index(split->default_child)];
    }
    new_id[id] = static_cast<model::NodeId>(n_kept);
    nodes[n_kept++] = nodes[id];
  }
  const std::size_t n_gone = nodes.size() - n_kept;
  nodes.resize(n_kept);
  for (model::TreeNode& node : nodes) {
    auto* split = std::get_if<model::Split>(&node);
    if (split == nullptr) continue;
    for (model::NodeId* child : {&split->left, &split->right, &split->default_child}) *child = new_id[index(*child)];
  }
  return n_gone;
}

}  // namespace emlc::passes
