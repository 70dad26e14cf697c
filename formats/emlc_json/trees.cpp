#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "formats/emlc_json/build.hpp"
#include "formats/emlc_json/node.hpp"
#include "formats/trees/leaf_table.hpp"

namespace emlc::formats::emlc_json {
namespace {

void check_lengths(const TreeContext& c) {
  const Tree& tree = c.tree;
  const std::size_t n = tree.feature.size();
  const auto check = [&](std::string_view key, std::size_t size) {
    if (size != n) c.fail(key, fmt::format("has {} entries, feature has {}", size, n));
  };
  if (n == 0) c.fail("feature", "there is no node");
  check("threshold", tree.threshold.size());
  check("left", tree.left.size());
  check("right", tree.right.size());
  check("value", tree.value.size());
  if (has(tree.keys, "default_left")) check("default_left", tree.default_left.size());
  if (has(tree.keys, "missing_type")) check("missing_type", tree.missing_type.size());
  if (c.ensemble.missing != Missing::none && !has(tree.keys, "default_left")) {
    c.fail({}, "the key 'default_left' is missing, the model says where missing values go");
  }
  if (c.ensemble.missing == Missing::per_node && !has(tree.keys, "missing_type")) {
    c.fail({}, "the key 'missing_type' is missing, the model says 'per_node'");
  }
}

void check_output(const TreeContext& c) {
  if (c.tree.output < c.n_outputs && (c.ensemble.leaf == LeafForm::scalar || c.tree.output == 0)) return;
  c.fail("output", c.ensemble.leaf == LeafForm::scalar
                       ? fmt::format("column {} is out of range, the model has {} outputs", c.tree.output, c.n_outputs)
                       : "only a tree with scalar leaves has an output column of its own");
}

/// Sorts the lists of categories by node, so that they are found.
void sort_categories(const TreeContext& c, std::vector<NodeCategories>& lists, std::string_view key) {
  std::sort(lists.begin(), lists.end(), [](const auto& a, const auto& b) { return a.node < b.node; });
  for (std::size_t index = 0; index < lists.size(); ++index) {
    const std::int32_t node = lists[index].node;
    const std::string field = fmt::format("{}.{}", key, node);
    if (index > 0 && lists[index - 1].node == node) c.fail(field, "the node is there twice");
    if (node >= c.n_nodes()) c.fail(field, fmt::format("there is no such node, the tree has {}", c.n_nodes()));
    if (c.is_leaf(node)) c.fail(field, "the node is a leaf, only an inner node has categories");
  }
}

/// The row of a leaf, before the weight of its tree.
void read_leaf(const TreeContext& c, std::int32_t node, std::vector<double>& row) {
  const LeafValue& value = c.tree.value[static_cast<std::size_t>(node)];
  const std::span<const double> numbers(c.tree.leaf_numbers.data() + value.begin, value.end - value.begin);
  const auto fail = [&](std::string_view problem) { c.fail("value", node, problem); };
  if (value.type == json::Type::null) fail("is null, but the node is a leaf");
  if (c.ensemble.leaf == LeafForm::vector) {
    if (value.type != json::Type::list) fail("is a number, leaves of the form 'vector' are lists");
    if (std::cmp_not_equal(numbers.size(), c.n_outputs)) {
      fail(fmt::format("has {} numbers, the model has {} outputs", numbers.size(), c.n_outputs));
    }
    row.assign(numbers.begin(), numbers.end());
    return;
  }
  if (value.type != json::Type::number) fail("is a list, only leaves of the form 'vector' are lists");
  if (c.ensemble.leaf == LeafForm::scalar) {
    row.assign(1, numbers[0]);
    return;
  }
  if (numbers[0] != std::floor(numbers[0]) || numbers[0] < 0.0 || numbers[0] >= c.n_outputs) {
    fail(fmt::format("class {} is out of range, the model has {} outputs", numbers[0], c.n_outputs));
  }
  row.assign(static_cast<std::size_t>(c.n_outputs), 0.0);
  row[static_cast<std::size_t>(numbers[0])] = 1.0;
}

void weigh_leaf(const TreeContext& c, std::int32_t node, std::vector<double>& row) {
  if (!has(c.tree.keys, "weight")) return;
  for (double& value : row) {
    value = model::round_to(c.ensemble.sum_type, value * c.tree.weight);
    if (!std::isfinite(value)) c.fail("value", node, "is too large after it was multiplied by the tree's weight");
  }
}

/// Checks that each node is reached exactly once.
model::Tree read_tree(const TreeContext& c, LeafTable& leaves) {
  ListedTree listed{.nodes = std::vector<ListedNode>(c.tree.feature.size())};
  for (std::int32_t node = 0; node < c.n_nodes(); ++node) list_node(c, node, listed);
  std::vector<double> row;
  const auto row_of = [&](std::int32_t node) {
    read_leaf(c, node, row);
    weigh_leaf(c, node, row);
    return leaves.add(row);
  };
  const auto refuse_child = [&](std::int32_t node, model::NodeId side, std::string_view problem) {
    c.fail(side == to_left ? "left" : "right", node, problem);
  };
  BuiltTree built = build_tree(listed, c.tree.output, {row_of, refuse_child});
  // Children first: what is no child of any node is not asked for what it is.
  if (built.unreached) c.fail("feature", *built.unreached, "the node is not reached from the root");
  for (std::int32_t node = 0; node < c.n_nodes(); ++node) check_node(c, node);
  return std::move(built.tree);
}

void check_base_score(const Source& source, const Part& part) {
  const TreeEnsemble& ensemble = part.part->trees;
  const bool is_zero =
      std::all_of(ensemble.base_score.begin(), ensemble.base_score.end(), [](double v) { return v == 0.0; });
  if (ensemble.aggregate == Aggregate::sum || is_zero || has(part.part->keys, "base_score_at")) return;
  source.fail(part.path, "a mean with a base_score needs base_score_at, 'start' or 'end'");
}

}  // namespace

model::TreeEnsemble build_trees(const Source& source, const Part& part, std::int32_t n_features,
                                std::int32_t n_outputs) {
  TreeEnsemble& document = part.part->trees;
  if (document.trees.empty()) source.fail(part.path + ".trees", "there is no tree");
  check_base_score(source, part);
  const auto width = document.leaf == LeafForm::scalar ? std::size_t{1} : static_cast<std::size_t>(n_outputs);
  model::TreeEnsemble ensemble{.n_features = n_features,
                               .n_outputs = n_outputs,
                               .leaf_width = static_cast<std::int32_t>(width),
                               .leaf_values = {},
                               .trees = {},
                               .feature_type = document.feature_type,
                               .sum_type = document.sum_type,
                               .base_score = std::move(document.base_score),
                               .base_score_at = document.base_score_at,
                               .scale = document.scale,
                               .post_transform = build_post_transform(source, part)};
  if (!has(part.part->keys, "base_score")) ensemble.base_score.assign(static_cast<std::size_t>(n_outputs), 0.0);
  if (document.aggregate == Aggregate::mean) ensemble.divisor = static_cast<double>(document.trees.size());
  LeafTable leaves(width);
  ensemble.trees.reserve(document.trees.size());
  for (std::size_t index = 0; index < document.trees.size(); ++index) {
    Tree tree = std::exchange(document.trees[index], {});
    const TreeContext context{source,   fmt::format("{}.trees[{}]", part.path, index), document, tree, n_features,
                              n_outputs};
    check_lengths(context);
    check_output(context);
    sort_categories(context, tree.categories_left, "categories_left");
    sort_categories(context, tree.categories_right, "categories_right");
    ensemble.trees.push_back(read_tree(context, leaves));
  }
  ensemble.leaf_values = leaves.take_values();
  return ensemble;
}

}  // namespace emlc::formats::emlc_json
