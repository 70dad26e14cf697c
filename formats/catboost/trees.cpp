#include "formats/catboost/trees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <span>

#include "codegen/model/error.hpp"
#include "formats/reading.hpp"
#include "formats/trees/leaf_table.hpp"
#include "formats/trees/listed_tree.hpp"

namespace emlc::formats::catboost {
namespace {

/// Splits of an oblivious tree: its leaves would take gigabytes from here on.
constexpr std::size_t deepest = 30;

/// Where the values of a feature are, and on which side of all borders NaN is.
struct Column {
  std::int32_t column = 0;
  model::NodeId missing = to_left;
};
using Columns = std::map<std::int32_t, Column>;  ///< by the index that splits name

Columns read_columns(const Origin& origin, const std::vector<FloatFeature>& features) {
  Columns columns;
  for (std::size_t index = 0; index < features.size(); ++index) {
    const FloatFeature& feature = features[index];
    const std::string path = fmt::format("features_info.float_features[{}]", index);
    constexpr std::array<std::string_view, 3> treatments = {"AsIs", "AsFalse", "AsTrue"};
    if (!feature.missing.empty() &&
        std::find(treatments.begin(), treatments.end(), feature.missing) == treatments.end()) {
      origin.fail(path + ".nan_value_treatment", unknown_name("treatment", feature.missing, treatments));
    }
    // A feature that had no missing value in training is compared as it is: x > border does not hold for NaN.
    const bool is_above = feature.has_nans && feature.missing == "AsTrue";
    const bool is_new = columns.insert({feature.index, {feature.column, is_above ? to_right : to_left}}).second;
    if (!is_new) origin.fail(path + ".feature_index", fmt::format("feature {} is there twice", feature.index));
  }
  return columns;
}

/// What all trees of a document are read with.
struct Context {
  const Origin& origin;
  Columns columns;
  std::size_t n_outputs;
};

/// False goes left: x > border does not hold for x < T, T the next number above the border.
ListedNode list_split(const Context& context, const Split& split, const std::string& path) {
  if (split.type != "FloatFeature") {
    context.origin.fail(path + ".split_type",
                        fmt::format("'{}' is not supported, only splits of float features are", printable(split.type)));
  }
  const auto column = context.columns.find(split.feature);
  if (column == context.columns.end()) {
    context.origin.fail(path + ".float_feature_index", fmt::format("there is no float feature {}, the model has {}",
                                                                   split.feature, context.columns.size()));
  }
  const double border = model::round_to(model::NumberType::float32, split.border);
  if (std::isinf(border)) context.origin.fail(path + ".border", "the border is beyond float32");
  return {.test = NodeTest::below,
          .feature = column->second.column,
          .threshold = std::nextafter(border, std::numeric_limits<double>::infinity()),
          .missing = column->second.missing};
}

/// All nodes of a level ask the same, the last split at the root, so that leaves are in the order of their index.
model::Tree read_oblivious(const Context& context, const ObliviousTree& tree, const std::string& path,
                           LeafTable& leaves) {
  const std::size_t depth = tree.splits.size();
  const std::size_t n = tree.leaf_values.size();
  if (depth > deepest || n != (context.n_outputs << depth)) {
    context.origin.fail(
        path + ".leaf_values",
        fmt::format("has {} entries, expected {} outputs times 2 to the power of {}", n, context.n_outputs, depth));
  }
  const std::size_t n_inner = (std::size_t{1} << depth) - 1;
  ListedTree listed{.nodes = std::vector<ListedNode>(2 * n_inner + 1)};
  for (std::size_t level = 0; level < depth; ++level) {
    const std::size_t split = depth - 1 - level;
    const ListedNode node = list_split(context, tree.splits[split], fmt::format("{}.splits[{}]", path, split));
    for (std::size_t id = (std::size_t{1} << level) - 1; id < (std::size_t{2} << level) - 1; ++id) {
      listed.nodes[id] = node;
      listed.nodes[id].left = static_cast<std::int32_t>(2 * id + 1);
      listed.nodes[id].right = static_cast<std::int32_t>(2 * id + 2);
    }
  }
  const auto row_of = [&](std::int32_t node) {
    const std::size_t leaf = static_cast<std::size_t>(node) - n_inner;
    return leaves.add(std::span(tree.leaf_values).subspan(leaf * context.n_outputs, context.n_outputs));
  };
  const auto refuse_child = [&](std::int32_t, model::NodeId, std::string_view problem) {
    context.origin.fail(path, problem);
  };
  return build_tree(listed, 0, {row_of, refuse_child}).tree;
}

/// The path of a node, from the root of its tree.
std::string path_of(const Tree& tree, const std::string& path, std::int32_t node) {
  std::vector<std::string_view> steps;
  for (std::int32_t at = node, parent = node - 1; at > 0; --parent) {
    const Node& above = tree.nodes[static_cast<std::size_t>(parent)];
    if (above.left != at && above.right != at) continue;
    steps.push_back(above.left == at ? ".left" : ".right");
    at = parent;
  }
  std::reverse(steps.begin(), steps.end());
  return fmt::format("{}{}", path, fmt::join(steps, ""));
}

model::Tree read_nested(const Context& context, const Tree& tree, const std::string& path, LeafTable& leaves) {
  ListedTree listed;
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    const Node& node = tree.nodes[id];
    const auto place = [&] { return path_of(tree, path, static_cast<std::int32_t>(id)); };
    const bool is_split = std::find(node.keys.begin(), node.keys.end(), "split") != node.keys.end();
    if (is_split && (node.left < 0 || node.right < 0)) context.origin.fail(place(), "the split has not two children");
    if (!is_split && node.value.size() != context.n_outputs) {
      context.origin.fail(place() + ".value", fmt::format("has {} numbers, the model has {} outputs", node.value.size(),
                                                          context.n_outputs));
    }
    listed.nodes.emplace_back();
    if (!is_split) continue;
    listed.nodes.back() = list_split(context, node.split, is_split ? path + ".split" : path);
    listed.nodes.back().left = node.left;
    listed.nodes.back().right = node.right;
  }
  const auto row_of = [&](std::int32_t node) { return leaves.add(tree.nodes[static_cast<std::size_t>(node)].value); };
  const auto refuse_child = [&](std::int32_t node, model::NodeId, std::string_view problem) {
    context.origin.fail(path_of(tree, path, node), problem);
  };
  return build_tree(listed, 0, {row_of, refuse_child}).tree;
}

/// Of the leaves of the first tree.
std::size_t count_outputs(const Origin& origin, const Document& document) {
  if (document.oblivious_trees.empty() && document.trees.empty()) origin.fail("", "there is no tree");
  if (!document.oblivious_trees.empty() && !document.trees.empty()) {
    origin.fail("trees", "there are oblivious_trees too, a model has one of both");
  }
  std::size_t n = 0;
  if (!document.oblivious_trees.empty()) {
    const ObliviousTree& first = document.oblivious_trees.front();
    if (first.splits.size() > deepest) {
      origin.fail("oblivious_trees[0].splits",
                  fmt::format("has {} entries, more than {}", first.splits.size(), deepest));
    }
    n = first.leaf_values.size() >> first.splits.size();
  } else {
    const auto& nodes = document.trees.front().nodes;
    const auto leaf = std::find_if(nodes.begin(), nodes.end(), [](const Node& node) { return !node.value.empty(); });
    n = leaf == nodes.end() ? 0 : leaf->value.size();
  }
  const std::string path = document.trees.empty() ? "oblivious_trees[0]" : "trees[0]";
  if (n == 0) origin.fail(path, "a leaf has no value");
  if (n > most_outputs) origin.fail(path, fmt::format("a leaf has {} values, more than {}", n, most_outputs));
  return n;
}

}  // namespace

model::TreeEnsemble build_trees(const Origin& origin, const Document& document, std::int32_t n_features) {
  const Context context{origin, read_columns(origin, document.features), count_outputs(origin, document)};
  LeafTable leaves(context.n_outputs);
  model::TreeEnsemble ensemble{.n_features = n_features,
                               .n_outputs = static_cast<std::int32_t>(context.n_outputs),
                               .leaf_width = static_cast<std::int32_t>(context.n_outputs),
                               .leaf_values = {},
                               .trees = {}};
  for (std::size_t index = 0; index < document.oblivious_trees.size(); ++index) {
    const std::string path = fmt::format("oblivious_trees[{}]", index);
    ensemble.trees.push_back(read_oblivious(context, document.oblivious_trees[index], path, leaves));
  }
  for (std::size_t index = 0; index < document.trees.size(); ++index) {
    ensemble.trees.push_back(read_nested(context, document.trees[index], fmt::format("trees[{}]", index), leaves));
  }
  ensemble.leaf_values = leaves.take_values();
  return ensemble;
}

}  // namespace emlc::formats::catboost
