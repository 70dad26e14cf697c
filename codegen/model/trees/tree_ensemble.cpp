#include "codegen/model/trees/tree_ensemble.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::model {
namespace {

/// [leaf_width] the largest magnitude of each column among the leaves of `tree`.
std::vector<double> largest_row(const TreeEnsemble& ensemble, const Tree& tree) {
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  std::vector<double> largest(width, 0.0);
  for (const TreeNode& node : tree.nodes) {
    const Leaf* leaf = as_leaf(node);
    if (leaf == nullptr) continue;
    const double* row = &ensemble.leaf_values[static_cast<std::size_t>(leaf->row) * width];
    for (std::size_t column = 0; column < width; ++column) {
      largest[column] = std::max(largest[column], std::abs(row[column]));
    }
  }
  return largest;
}

}  // namespace

std::size_t n_splits(const TreeEnsemble& ensemble) {
  std::size_t count = 0;
  for (const Tree& tree : ensemble.trees) {
    count += static_cast<std::size_t>(
        std::count_if(tree.nodes.begin(), tree.nodes.end(), [](const TreeNode& node) { return as_split(node); }));
  }
  return count;
}

std::size_t depth(const Tree& tree) {
  // Children come after their parent, so one pass sees every node with its final depth.
  std::vector<std::size_t> depths(tree.nodes.size(), 0);
  std::size_t deepest = 0;
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    const Split* split = as_split(tree.nodes[id]);
    if (split == nullptr) continue;
    for (const NodeId child : {split->left, split->right}) {
      std::size_t& below = depths[static_cast<std::size_t>(child)];
      below = std::max(below, depths[id] + 1);
      deepest = std::max(deepest, below);
    }
  }
  return deepest;
}

bool is_one_hot(const TreeEnsemble& ensemble) {
  if (ensemble.leaf_width < 2) return false;
  const auto width = static_cast<std::ptrdiff_t>(ensemble.leaf_width);
  for (auto row = ensemble.leaf_values.begin(); row != ensemble.leaf_values.end(); row += width) {
    if (std::count(row, row + width, 1.0) != 1 || std::count(row, row + width, 0.0) != width - 1) return false;
  }
  return true;
}

std::vector<double> largest_sums(const TreeEnsemble& ensemble) {
  std::vector<double> sums(static_cast<std::size_t>(ensemble.n_outputs), 0.0);
  for (const Tree& tree : ensemble.trees) {
    auto sum = sums.begin() + tree.first_output;
    for (const double largest : largest_row(ensemble, tree)) *sum++ += largest;
  }
  return sums;
}

}  // namespace emlc::model
