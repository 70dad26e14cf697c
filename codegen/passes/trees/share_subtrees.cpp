#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>

#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/rewire.hpp"

namespace emlc::passes {
namespace {

using model::NodeId;

/// A reference to a shared subtree takes what two splits take, or more.
constexpr std::size_t smallest_shared = 3;

std::size_t place_of(NodeId id) { return static_cast<std::size_t>(id); }

/// What makes two subtrees equal, the children by the node that stands for them: a leaf is its row and no split.
using Content = std::array<std::int64_t, 5>;

class Sharing {
 public:
  explicit Sharing(const model::Tree& tree)
      : tree_(tree), equal_(own_targets(tree)), target_(own_targets(tree)), n_splits_(tree.nodes.size(), 0) {}

  /// Children come after their parents: from the back, every subtree meets its equals of the nodes behind it.
  std::vector<NodeId> run() {
    for (std::size_t id = tree_.nodes.size(); id-- > 0;) {
      const auto [first, is_new] = first_.try_emplace(content(id), static_cast<NodeId>(id));
      equal_[id] = first->second;
      if (!is_new && n_splits_[id] >= smallest_shared) target_[id] = first->second;
    }
    return target_;
  }

 private:
  Content content(std::size_t id) {
    if (const model::Leaf* leaf = model::as_leaf(tree_.nodes[id])) return {leaf->row, -1, -1, -1, -1};
    const model::Split& split = *model::as_split(tree_.nodes[id]);
    const std::size_t left = place_of(equal_[place_of(split.left)]), right = place_of(equal_[place_of(split.right)]);
    // Sums are at most those of a tree without sharing, which may be more than any number of nodes.
    n_splits_[id] = std::min(smallest_shared, 1 + n_splits_[left] + n_splits_[right]);
    return {split.feature, std::bit_cast<std::int64_t>(split.threshold), static_cast<std::int64_t>(left),
            static_cast<std::int64_t>(right), split.default_child == split.left ? 1 : 0};
  }

  const model::Tree& tree_;
  std::vector<NodeId> equal_;   ///< the last node with an equal subtree
  std::vector<NodeId> target_;  ///< the same where that is worth while
  std::vector<std::size_t> n_splits_;
  std::map<Content, NodeId> first_{};
};

}  // namespace

PassResult share_subtrees(model::Model& model, const PassConfig& /*config*/) {
  auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr) return {};
  PassResult result;
  for (model::Tree& tree : ensemble->trees) result.changes += rewire(tree, Sharing(tree).run());
  return result;
}

}  // namespace emlc::passes
