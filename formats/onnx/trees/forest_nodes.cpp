#include "formats/onnx/trees/forest_nodes.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>

namespace emlc::formats::onnx {
namespace {

/// Where the nodes of an operator are, by tree and number.
using Places = std::map<std::pair<std::int64_t, std::int64_t>, std::size_t>;

/// Refuses an attribute whose length is not that of the list of nodes.
void check_length(const Call& call, std::string_view attribute, std::size_t found, std::size_t expected) {
  if (found != expected)
    call.fail(fmt::format("attribute '{}' has {} entries, expected {}", attribute, found, expected));
}

Comparison comparison_called(const Call& call, const std::string& mode) {
  constexpr std::array<std::pair<std::string_view, Comparison>, 7> modes = {{
      {"LEAF", Comparison::leaf},
      {"BRANCH_LEQ", Comparison::less_equal},
      {"BRANCH_LT", Comparison::less},
      {"BRANCH_GTE", Comparison::greater_equal},
      {"BRANCH_GT", Comparison::greater},
      {"BRANCH_EQ", Comparison::equal},
      {"BRANCH_NEQ", Comparison::not_equal},
  }};
  for (const auto& [name, comparison] : modes) {
    if (name == mode) return comparison;
  }
  call.fail(fmt::format("has a node of the mode '{}', expected LEAF or one of BRANCH_LEQ, LT, GTE, GT, EQ, NEQ",
                        printable(mode)));
}

void read_missing(const Call& call, std::size_t n_nodes, TreeNodes& nodes) {
  const std::vector<std::int64_t> tracks = call.integers("nodes_missing_value_tracks_true");
  if (!tracks.empty()) check_length(call, "nodes_missing_value_tracks_true", tracks.size(), n_nodes);
  nodes.missing_is_true.resize(n_nodes, false);
  for (std::size_t node = 0; node < tracks.size(); ++node) nodes.missing_is_true[node] = tracks[node] != 0;
}

bool has_doubles(const Call& call, std::string_view attribute) {
  const Attribute* found = call.attribute(attribute);
  return found != nullptr && found->tensor && found->tensor->type == ElementType::float64;
}

Places places_of(const Call& call, const std::vector<std::int64_t>& trees, const std::vector<std::int64_t>& numbers,
                 TreeNodes& nodes) {
  Places places;
  std::map<std::int64_t, bool> has_root;
  for (std::size_t node = 0; node < trees.size(); ++node) {
    if (!places.emplace(std::pair{trees[node], numbers[node]}, node).second) {
      call.fail(fmt::format("has node {} of tree {} twice", numbers[node], trees[node]));
    }
    if (!std::exchange(has_root[trees[node]], true)) nodes.roots.push_back(static_cast<std::int64_t>(node));
  }
  return places;
}

void read_leaves(const Call& call, const LeafWords& words, const Places& places, TreeNodes& nodes) {
  const std::vector<std::int64_t> trees = call.integers(words.trees), numbers = call.integers(words.nodes);
  nodes.outputs = call.integers(words.outputs);
  nodes.weights = call.numbers(words.weights);
  check_length(call, words.nodes, numbers.size(), trees.size());
  check_length(call, words.outputs, nodes.outputs.size(), trees.size());
  check_length(call, words.weights, nodes.weights.size(), trees.size());
  for (std::size_t entry = 0; entry < trees.size(); ++entry) {
    const auto found = places.find({trees[entry], numbers[entry]});
    if (found == places.end() || nodes.comparisons[found->second] != Comparison::leaf) {
      call.fail(
          fmt::format("attribute '{}': there is no leaf {} in tree {}", words.nodes, numbers[entry], trees[entry]));
    }
    nodes.leaves.push_back(static_cast<std::int64_t>(found->second));
  }
}

/// Comparisons of TreeEnsemble, by their numbers.
void read_modes(const Call& call, TreeNodes& nodes) {
  constexpr std::array modes = {Comparison::less_equal, Comparison::less,  Comparison::greater_equal,
                                Comparison::greater,    Comparison::equal, Comparison::not_equal};
  for (const double mode : call.numbers("nodes_modes")) {
    if (!(mode >= 0.0) || mode >= static_cast<double>(modes.size())) {
      call.fail(
          fmt::format("has a node of mode {}, expected 0 to 5: sets of values (BRANCH_MEMBER) are not read", mode));
    }
    nodes.comparisons.push_back(modes[static_cast<std::size_t>(mode)]);
  }
}

/// Children of the inner nodes of TreeEnsemble. A leaf becomes a node for each of its parents: a tree without splits
/// has one whose sides are the same leaf.
std::vector<std::int64_t> children_of_ensemble(const Call& call, std::string_view ids, std::string_view leafs,
                                               TreeNodes& nodes) {
  const std::vector<std::int64_t> targets = call.integers("leaf_targetids");
  const std::vector<double> weights = call.numbers("leaf_weights");
  check_length(call, "leaf_targetids", targets.size(), weights.size());
  std::vector<std::int64_t> found = call.integers(ids);
  const std::vector<std::int64_t> is_leaf = call.integers(leafs);
  check_length(call, ids, found.size(), nodes.features.size());
  check_length(call, leafs, is_leaf.size(), nodes.features.size());
  for (std::size_t node = 0; node < found.size(); ++node) {
    if (is_leaf[node] == 0) continue;
    if (found[node] < 0 || std::cmp_greater_equal(found[node], weights.size())) {
      call.fail(fmt::format("attribute '{}': there is no leaf {}, there are {}", ids, found[node], weights.size()));
    }
    const auto leaf = static_cast<std::size_t>(found[node]);
    found[node] = static_cast<std::int64_t>(nodes.comparisons.size());
    nodes.leaves.push_back(found[node]);
    nodes.outputs.push_back(targets[leaf]);
    nodes.weights.push_back(weights[leaf]);
    nodes.comparisons.push_back(Comparison::leaf);
  }
  return found;
}

}  // namespace

TreeNodes tree_nodes(const Call& call, const LeafWords& words) {
  TreeNodes nodes;
  const std::vector<std::int64_t> trees = call.integers("nodes_treeids"), numbers = call.integers("nodes_nodeids");
  const std::size_t n = trees.size();
  if (n == 0) call.fail("has no nodes");
  check_length(call, "nodes_nodeids", numbers.size(), n);
  const Places places = places_of(call, trees, numbers, nodes);
  for (const std::string& mode : call.texts("nodes_modes")) nodes.comparisons.push_back(comparison_called(call, mode));
  check_length(call, "nodes_modes", nodes.comparisons.size(), n);
  nodes.features = call.integers("nodes_featureids");
  nodes.thresholds = call.numbers("nodes_values");
  check_length(call, "nodes_featureids", nodes.features.size(), n);
  check_length(call, "nodes_values", nodes.thresholds.size(), n);
  read_missing(call, n, nodes);
  const auto children = [&](std::string_view attribute) {
    std::vector<std::int64_t> found = call.integers(attribute);
    check_length(call, attribute, found.size(), n);
    for (std::size_t node = 0; node < n; ++node) {
      if (nodes.comparisons[node] == Comparison::leaf) continue;
      const auto child = places.find({trees[node], found[node]});
      if (child == places.end())
        call.fail(fmt::format("attribute '{}': tree {} has no node {}", attribute, trees[node], found[node]));
      found[node] = static_cast<std::int64_t>(child->second);
    }
    return found;
  };
  nodes.when_true = children("nodes_truenodeids");
  nodes.when_false = children("nodes_falsenodeids");
  read_leaves(call, words, places, nodes);
  nodes.is_double = has_doubles(call, "nodes_values_as_tensor");
  return nodes;
}

TreeNodes ensemble_nodes(const Call& call) {
  TreeNodes nodes;
  nodes.roots = call.integers("tree_roots");
  nodes.features = call.integers("nodes_featureids");
  nodes.thresholds = call.numbers("nodes_splits");
  const std::size_t n = nodes.features.size();
  check_length(call, "nodes_splits", nodes.thresholds.size(), n);
  read_modes(call, nodes);
  check_length(call, "nodes_modes", nodes.comparisons.size(), n);
  read_missing(call, n, nodes);
  nodes.when_true = children_of_ensemble(call, "nodes_truenodeids", "nodes_trueleafs", nodes);
  nodes.when_false = children_of_ensemble(call, "nodes_falsenodeids", "nodes_falseleafs", nodes);
  nodes.is_double = has_doubles(call, "nodes_splits");
  return nodes;
}

}  // namespace emlc::formats::onnx
