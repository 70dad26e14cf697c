#include "tests/random/tree_shapes.hpp"

#include <array>
#include <numeric>
#include <utility>

namespace emlc::random {
namespace {

using Nodes = std::vector<ShapeNode>;

/// Makes the leaf `node` a split with two leaves.
void split(Nodes& nodes, std::size_t node) {
  const auto first = static_cast<std::int64_t>(nodes.size());
  nodes[node] = {first, first + 1};
  nodes.resize(nodes.size() + 2);
}

Nodes single_leaf(Random&) { return Nodes(1); }

Nodes stump(Random&) {
  Nodes nodes(1);
  split(nodes, 0);
  return nodes;
}

Nodes chain(Random& random) {
  const std::int64_t depth = random.chance(0.1) ? random.between(100, 400) : random.between(2, 30);
  const double share_of_right = random.pick({0.0, 1.0, 0.5});
  Nodes nodes(1);
  std::size_t last = 0;
  for (std::int64_t level = 0; level < depth; ++level) {
    split(nodes, last);
    last = static_cast<std::size_t>(random.chance(share_of_right) ? nodes[last].right : nodes[last].left);
  }
  return nodes;
}

Nodes full(Random& random) { return full_shape(static_cast<std::size_t>(random.between(2, 5))); }

Nodes any(Random& random) {
  Nodes nodes(1);
  std::vector<std::size_t> leaves = {0};
  const std::int64_t n_splits = random.chance(0.05) ? random.between(60, 300) : random.between(1, 20);
  for (std::int64_t n = 0; n < n_splits; ++n) {
    const std::size_t place = random.index(leaves.size()), node = leaves[place];
    split(nodes, node);
    leaves[place] = nodes.size() - 1;
    leaves.push_back(nodes.size() - 2);
  }
  return nodes;
}

/// The same tree with its nodes, but for the root, in another order.
Nodes shuffled(Random& random, const Nodes& nodes) {
  std::vector<std::size_t> place(nodes.size());
  std::iota(place.begin(), place.end(), std::size_t{0});
  for (std::size_t index = nodes.size(); index-- > 2;) std::swap(place[index], place[1 + random.index(index)]);
  const auto moved = [&](std::int64_t child) {
    return child < 0 ? child : static_cast<std::int64_t>(place[static_cast<std::size_t>(child)]);
  };
  Nodes result(nodes.size());
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    result[place[index]] = {moved(nodes[index].left), moved(nodes[index].right)};
  }
  return result;
}

using MakeNodes = Nodes (*)(Random&);
constexpr std::array<Weighted<MakeNodes>, 5> shapes = {{{1, single_leaf}, {2, stump}, {2, chain}, {2, full}, {5, any}}};

}  // namespace

std::vector<ShapeNode> full_shape(std::size_t levels) {
  Nodes nodes(1);
  for (std::size_t node = 0; node + 1 < std::size_t{1} << levels; ++node) split(nodes, node);
  return nodes;
}

std::vector<ShapeNode> pick_shallow_shape(Random& random, std::size_t most_levels) {
  Nodes nodes(1);
  std::vector<std::size_t> open = {0};
  for (std::size_t level = 0; level < most_levels; ++level) {
    std::vector<std::size_t> next;
    for (const std::size_t node : open) {
      if (random.chance(0.1)) continue;
      split(nodes, node);
      next.push_back(nodes.size() - 2);
      next.push_back(nodes.size() - 1);
    }
    open = std::move(next);
  }
  return random.chance(0.3) ? shuffled(random, nodes) : nodes;
}

std::vector<ShapeNode> pick_tree_shape(Random& random) {
  const Nodes nodes = pick_weighted<MakeNodes>(random, shapes)(random);
  return random.chance(0.3) ? shuffled(random, nodes) : nodes;
}

}  // namespace emlc::random
