#include "formats/trees/listed_tree.hpp"
#include "codegen/model/number_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace emlc::formats {
namespace {

using model::NodeId;

using model::infinity;

std::vector<model::Split> category_splits(const ListedNode& node, const CategorySides& sides) {
  // A listed category ends where the next one begins.
  std::vector<double> cuts = {sides.begin_of_0};
  for (const auto& [category, side] : sides.listed) {
    if (category > 0) cuts.push_back(category);
    cuts.push_back(category + 1.0);
  }
  return split_regions(
      node.feature, std::move(cuts), [&](double x) { return sides.side_at(x); }, sides.missing);
}

/// NaN and zero go the default way, every other number is compared.
std::vector<model::Split> zero_splits(const ListedNode& node) {
  const bool is_any = node.test == NodeTest::any_but_zero;
  const auto side_at = [&](double x) {
    if (std::abs(x) <= largest_zero) return node.missing;
    return is_any || x < node.threshold ? to_left : to_right;
  };
  const double above_zero = std::nextafter(largest_zero, infinity);
  return split_regions(node.feature, {-largest_zero, above_zero, node.threshold}, side_at, node.missing);
}

std::vector<model::Split> equality_splits(const ListedNode& node) {
  const auto side_at = [&](double x) { return x == node.threshold ? to_left : to_right; };
  return split_regions(node.feature, {node.threshold, std::nextafter(node.threshold, infinity)}, side_at, node.missing);
}

/// The splits that stand for an inner node; their children are to_left and to_right where they leave the node.
std::vector<model::Split> splits_of(const ListedTree& listed, const ListedNode& node) {
  switch (node.test) {
    case NodeTest::below:
      return {{node.feature, node.threshold, to_left, to_right, node.missing}};
    case NodeTest::zero_is_missing:
    case NodeTest::any_but_zero:
      return zero_splits(node);
    case NodeTest::any:
      return split_regions(
          node.feature, {}, [](double) { return to_left; }, node.missing);
    case NodeTest::equal:
      return equality_splits(node);
    case NodeTest::category:
      return category_splits(node, listed.categories.at(static_cast<std::size_t>(node.entry)));
    case NodeTest::leaf:
      break;
  }
  throw std::logic_error("a leaf was asked for its splits");
}

/// Adds splits as one block: an index into them becomes a node id.
void append_block(model::Tree& tree, const std::vector<model::Split>& splits) {
  const auto first = static_cast<NodeId>(tree.nodes.size());
  for (model::Split split : splits) {
    for (NodeId* child : {&split.left, &split.right, &split.default_child}) {
      if (*child >= 0) *child += first;
    }
    tree.nodes.emplace_back(split);
  }
}

/// A node that has not been added yet: the splits [first, last) wait for it as the child they call `side`.
struct Pending {
  std::int32_t node = 0;
  std::size_t first = 0, last = 0;
  NodeId side = to_left;
};

void connect(model::Tree& tree, const Pending& pending) {
  const auto id = static_cast<NodeId>(tree.nodes.size());
  for (std::size_t index = pending.first; index < pending.last; ++index) {
    auto& split = std::get<model::Split>(tree.nodes[index]);
    for (NodeId* child : {&split.left, &split.right, &split.default_child}) {
      if (*child == pending.side) *child = id;
    }
  }
}

/// Marks the children of an inner node as reached; refuses the ones that cannot be its children.
void reach_children(const ListedTree& listed, std::int32_t node, const TreeReader& reader,
                    std::vector<char>& is_reached) {
  const ListedNode& at = listed.nodes[static_cast<std::size_t>(node)];
  for (const auto& [side, child] : {std::pair{to_left, at.left}, std::pair{to_right, at.right}}) {
    if (child < 0 || std::cmp_greater_equal(child, listed.nodes.size())) {
      reader.refuse_child(node, side,
                          fmt::format("child {} is out of range, the tree has {} nodes", child, listed.nodes.size()));
    }
    char& is_child_reached = is_reached.at(static_cast<std::size_t>(child));
    if (is_child_reached != 0) {
      reader.refuse_child(node, side,
                          fmt::format("node {} is reached a second time, every node has one parent", child));
    }
    is_child_reached = 1;
  }
}

}  // namespace

NodeId CategorySides::side_at(double x) const {
  if (x < begin_of_0) return negative;
  const double category = std::trunc(x);
  const auto found = std::lower_bound(listed.begin(), listed.end(), category,
                                      [](const auto& entry, double value) { return entry.first < value; });
  return found != listed.end() && found->first == category ? found->second : unlisted;
}

BuiltTree build_tree(const ListedTree& listed, std::int32_t first_output, const TreeReader& reader) {
  BuiltTree built{.tree = {.nodes = {}, .first_output = first_output}};
  model::Tree& tree = built.tree;
  tree.nodes.reserve(listed.nodes.size());
  std::vector<char> is_reached(listed.nodes.size(), 0);
  is_reached.at(0) = 1;
  std::vector<Pending> pending(1);
  while (!pending.empty()) {
    const Pending next = pending.back();
    pending.pop_back();
    connect(tree, next);
    const ListedNode& node = listed.nodes[static_cast<std::size_t>(next.node)];
    if (node.test == NodeTest::leaf) {
      tree.nodes.emplace_back(model::Leaf{reader.row_of(next.node)});
      continue;
    }
    reach_children(listed, next.node, reader, is_reached);
    const std::size_t first = tree.nodes.size();
    append_block(tree, splits_of(listed, node));
    pending.push_back({node.right, first, tree.nodes.size(), to_right});
    pending.push_back({node.left, first, tree.nodes.size(), to_left});
  }
  const auto orphan = std::find(is_reached.begin(), is_reached.end(), 0);
  if (orphan != is_reached.end()) built.unreached = static_cast<std::int32_t>(orphan - is_reached.begin());
  return built;
}

}  // namespace emlc::formats
