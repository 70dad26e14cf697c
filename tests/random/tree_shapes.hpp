#pragma once

#include <cstdint>
#include <vector>

#include "tests/random/random.hpp"

namespace emlc::random {

/// A node of a tree without features and values; -1 twice: a leaf.
struct ShapeNode {
  std::int64_t left = -1, right = -1;
};

/// A single leaf, a stump, a chain to one side or zigzag, a full tree, or a random one; node 0 is the root, the others
/// may be in any order.
std::vector<ShapeNode> pick_tree_shape(Random& random);

/// A tree of at most so many levels, with two of three splits or more, as boosting grows them.
std::vector<ShapeNode> pick_shallow_shape(Random& random, std::size_t most_levels);

/// All splits of so many levels; node i has the children 2i + 1 and 2i + 2.
std::vector<ShapeNode> full_shape(std::size_t levels);

}  // namespace emlc::random
