#pragma once

#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::passes {

/// Every edge to node `id`, and the root, goes to `target[id]` instead; nodes that are no longer reached go, the
/// others keep their order. `target[id]` is `id` or a larger id, and is followed until it ends.
/// @return  how many nodes went
std::size_t rewire(model::Tree& tree, std::vector<model::NodeId> target);

/// Every node as its own target.
std::vector<model::NodeId> own_targets(const model::Tree& tree);

}  // namespace emlc::passes
