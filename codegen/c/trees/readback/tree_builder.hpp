#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::c {

/// A child as generated code names it: the leaf with a code, or a split by its place in the text or table.
struct Child {
  enum class Kind { leaf, split };
  Kind kind = Kind::leaf;
  std::uint32_t value = 0;  ///< leaf code or place
};

/// A split as it was read.
struct ReadSplit {
  std::int32_t feature = 0;
  double threshold = 0.0;
  bool nan_goes_left = false;
  Child left{}, right{};
};

/// Makes a tree of splits by place, of which a child has a higher one than its parents: node ids in that order, the
/// leaves behind them. `row_of` gives the row of a leaf code. The root is the split or leaf `root`.
template <typename RowOf>
model::Tree make_tree(const std::map<std::uint32_t, ReadSplit>& splits, Child root, const RowOf& row_of) {
  model::Tree tree;
  if (root.kind == Child::Kind::leaf) {
    tree.nodes.emplace_back(model::Leaf{row_of(root.value)});
    return tree;
  }
  std::map<std::uint32_t, model::NodeId> ids;
  for (const auto& [place, split] : splits) ids.emplace(place, static_cast<model::NodeId>(ids.size()));
  tree.nodes.resize(ids.size());
  const auto id_of = [&](const Child& child) {
    if (child.kind == Child::Kind::split) return ids.at(child.value);
    tree.nodes.emplace_back(model::Leaf{row_of(child.value)});
    return static_cast<model::NodeId>(tree.nodes.size() - 1);
  };
  std::size_t id = 0;
  for (const auto& [place, read] : splits) {
    model::Split split{.feature = read.feature, .threshold = read.threshold};
    split.left = id_of(read.left);
    split.right = id_of(read.right);
    split.default_child = read.nan_goes_left ? split.left : split.right;
    tree.nodes[id++] = split;
  }
  return tree;
}

}  // namespace emlc::c
