#include "formats/xgboost/trees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "formats/trees/leaf_table.hpp"
#include "formats/trees/listed_tree.hpp"

namespace emlc::formats::xgboost {
namespace {

/// One tree of a document.
struct Place {
  const TreeContext& all;
  const Booster& booster;
  const Tree& tree;
  std::size_t index;

  [[nodiscard]] std::size_t n_nodes() const { return tree.left.size(); }
  [[nodiscard]] bool has_vector_leaves() const { return booster.leaf_vector > 1; }
  [[nodiscard]] double weight() const { return booster.tree_weights.empty() ? 1.0 : booster.tree_weights[index]; }

  [[noreturn]] void fail(std::string_view key, std::string_view problem) const {
    all.source.fail(fmt::format("{}.trees[{}].{}", all.path, index, key), problem);
  }
  [[noreturn]] void fail(std::string_view key, std::size_t entry, std::string_view problem) const {
    fail(fmt::format("{}[{}]", key, entry), problem);
  }
};

double as_float(double value) { return model::round_to(model::NumberType::float32, value); }

void check_lengths(const Place& p) {
  const Tree& tree = p.tree;
  const std::size_t n = p.n_nodes();
  if (n == 0) p.fail("left_children", "there is no node");
  const auto check = [&](std::string_view key, std::size_t size, std::size_t expected) {
    if (size != expected) p.fail(key, fmt::format("has {} entries, expected {}", size, expected));
  };
  check("right_children", tree.right.size(), n);
  check("split_indices", tree.feature.size(), n);
  check("split_conditions", tree.condition.size(), n);
  check("default_left", tree.default_left.size(), n);
  if (!tree.split_type.empty()) check("split_type", tree.split_type.size(), n);
  check("categories_segments", tree.categories_segments.size(), tree.categories_nodes.size());
  check("categories_sizes", tree.categories_sizes.size(), tree.categories_nodes.size());
}

/// Listed categories go right, all other numbers left, also those that are no category.
CategorySides category_sides(const Place& p, std::size_t list) {
  const auto begin = static_cast<std::size_t>(p.tree.categories_segments[list]);
  const auto size = static_cast<std::size_t>(p.tree.categories_sizes[list]);
  const std::size_t n = p.tree.categories.size();
  if (begin > n || size > n - begin) {
    p.fail("categories_segments", list,
           fmt::format("entries {} to {} are beyond the table, which has {}", begin, begin + size, n));
  }
  CategorySides sides{.listed = {}, .unlisted = to_left, .negative = to_left, .missing = to_left, .begin_of_0 = 0.0};
  for (std::size_t entry = begin; entry < begin + size; ++entry) {
    // Where float32 stops to count in ones: the library takes no number from there on for a category.
    constexpr std::int32_t first_beyond = (1 << 24) + 1;
    const std::int32_t category = p.tree.categories[entry];
    if (category >= first_beyond) {
      p.fail("categories", entry,
             fmt::format("category {} is out of range, the largest is {}", category, first_beyond - 1));
    }
    sides.listed.emplace_back(category, to_right);
  }
  std::sort(sides.listed.begin(), sides.listed.end());
  return sides;
}

bool is_leaf(const Place& p, std::size_t node) { return p.tree.left[node] == -1; }

/// Adds the categories of the document, each list to its node.
void list_categories(const Place& p, ListedTree& listed) {
  std::vector<char> has_list(p.n_nodes(), 0);
  for (std::size_t list = 0; list < p.tree.categories_nodes.size(); ++list) {
    const auto node = static_cast<std::size_t>(p.tree.categories_nodes[list]);
    if (node >= p.n_nodes() || listed.nodes[node].test != NodeTest::category) {
      p.fail("categories_nodes", list, fmt::format("node {} is no split by categories", node));
    }
    if (std::exchange(has_list[node], 1) != 0) p.fail("categories_nodes", list, "the node is there twice");
    listed.nodes[node].entry = static_cast<std::int32_t>(listed.categories.size());
    CategorySides sides = category_sides(p, list);
    sides.missing = listed.nodes[node].missing;
    listed.categories.push_back(std::move(sides));
  }
  for (std::size_t node = 0; node < p.n_nodes(); ++node) {
    if (listed.nodes[node].test != NodeTest::category || has_list[node] != 0) continue;
    p.fail("split_type", node, "the node splits by categories, but categories_nodes does not have it");
  }
}

ListedNode list_split(const Place& p, std::size_t node) {
  const Tree& tree = p.tree;
  if (tree.feature[node] >= p.all.n_features) {
    p.fail("split_indices", node,
           fmt::format("feature {} is out of range, the model has {}", tree.feature[node], p.all.n_features));
  }
  ListedNode listed{.test = NodeTest::below,
                    .feature = tree.feature[node],
                    .threshold = as_float(tree.condition[node]),
                    .missing = tree.default_left[node] != 0 ? to_left : to_right,
                    .left = tree.left[node],
                    .right = tree.right[node]};
  const std::int32_t type = tree.split_type.empty() ? 0 : tree.split_type[node];
  if (type > 1) p.fail("split_type", node, fmt::format("expected 0 or 1, found {}", type));
  if (type == 1) listed.test = NodeTest::category;
  if (type == 0 && std::isnan(listed.threshold)) p.fail("split_conditions", node, "the threshold is not a number");
  return listed;
}

ListedTree list_nodes(const Place& p) {
  ListedTree listed;
  listed.nodes.reserve(p.n_nodes());
  for (std::size_t node = 0; node < p.n_nodes(); ++node) {
    listed.nodes.push_back(is_leaf(p, node) ? ListedNode{} : list_split(p, node));
  }
  list_categories(p, listed);
  return listed;
}

/// A leaf that is a vector: from 3.0 its right child is its place among the leaves.
void read_vector(const Place& p, std::size_t node, std::vector<double>& row) {
  const bool is_by_leaf = !p.tree.leaf_weights.empty();
  const std::vector<double>& all = is_by_leaf ? p.tree.leaf_weights : p.tree.base_weights;
  const auto width = static_cast<std::size_t>(p.booster.leaf_vector);
  const std::int32_t place = is_by_leaf ? p.tree.right[node] : static_cast<std::int32_t>(node);
  const std::string_view key = is_by_leaf ? "leaf_weights" : "base_weights";
  if (place < 0 || static_cast<std::size_t>(place) >= all.size() / width) {
    p.fail(key, fmt::format("has {} entries, too few for leaf {} of {} each", all.size(), place, width));
  }
  const std::span<const double> values = std::span(all).subspan(static_cast<std::size_t>(place) * width, width);
  row.assign(values.begin(), values.end());
}

void read_leaf(const Place& p, std::size_t node, std::vector<double>& row) {
  if (p.has_vector_leaves()) {
    read_vector(p, node, row);
  } else {
    row.assign(1, p.tree.condition[node]);
  }
  for (double& value : row) {
    value = as_float(as_float(p.weight()) * as_float(value));
    if (!std::isfinite(value)) p.fail("split_conditions", node, "the value of the leaf is not a finite number");
  }
}

model::Tree read_tree(const Place& p, LeafTable& leaves) {
  check_lengths(p);
  std::vector<double> row;
  const auto row_of = [&](std::int32_t node) {
    read_leaf(p, static_cast<std::size_t>(node), row);
    return leaves.add(row);
  };
  const auto refuse_child = [&](std::int32_t node, model::NodeId side, std::string_view problem) {
    p.fail(side == to_left ? "left_children" : "right_children", static_cast<std::size_t>(node), problem);
  };
  const std::int32_t output = p.has_vector_leaves() ? 0 : p.booster.tree_outputs[p.index];
  if (output >= p.all.n_outputs) {
    p.all.source.fail(fmt::format("{}.tree_info[{}]", p.all.path, p.index),
                      fmt::format("output {} is out of range, the model has {}", output, p.all.n_outputs));
  }
  // Pruning leaves nodes behind that the root does not lead to.
  return build_tree(list_nodes(p), output, {row_of, refuse_child}).tree;
}

void check_booster(const TreeContext& context, const Booster& booster) {
  const auto check = [&](const std::string& path, std::size_t size) {
    if (size == booster.trees.size()) return;
    context.source.fail(path, fmt::format("has {} entries, there are {} trees", size, booster.trees.size()));
  };
  if (booster.trees.empty()) context.source.fail(context.path + ".trees", "there is no tree");
  check(context.path + ".tree_info", booster.tree_outputs.size());
  if (booster.name == "dart") check("learner.gradient_booster.weight_drop", booster.tree_weights.size());
  if (booster.leaf_vector > 1 && booster.leaf_vector != context.n_outputs) {
    context.source.fail(context.path + ".trees[0].tree_param.size_leaf_vector",
                        fmt::format("is {}, the model has {} outputs", booster.leaf_vector, context.n_outputs));
  }
}

}  // namespace

model::TreeEnsemble build_trees(const TreeContext& context, Booster& booster, std::size_t n_trees) {
  check_booster(context, booster);
  const std::int32_t width = std::max(booster.leaf_vector, 1);
  LeafTable leaves(static_cast<std::size_t>(width));
  model::TreeEnsemble ensemble{.n_features = context.n_features,
                               .n_outputs = context.n_outputs,
                               .leaf_width = width,
                               .leaf_values = {},
                               .trees = {},
                               .sum_type = model::NumberType::float32};
  ensemble.trees.reserve(n_trees);
  for (std::size_t index = 0; index < n_trees; ++index) {
    const Tree tree = std::exchange(booster.trees.at(index), {});
    ensemble.trees.push_back(read_tree({context, booster, tree, index}, leaves));
  }
  ensemble.leaf_values = leaves.take_values();
  return ensemble;
}

}  // namespace emlc::formats::xgboost
