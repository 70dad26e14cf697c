#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "formats/onnx/trees/forest_nodes.hpp"
#include "formats/trees/listed_tree.hpp"

namespace emlc::formats::onnx {
namespace {

using model::infinity;

/// The nodes of one tree as a list that begins with its root.
class Lister {
 public:
  Lister(const Call& call, const TreeNodes& nodes, std::int32_t n_features)
      : call_(call), nodes_(nodes), n_features_(n_features), is_reached_(nodes.comparisons.size(), false) {}

  /// @param places  the node that each entry of the list is
  ListedTree list(std::int64_t root, std::vector<std::size_t>& places);
  /// Refuses nodes that no tree has.
  void check_all_reached() const;

 private:
  void add(std::int64_t node, std::vector<std::size_t>& places);
  [[nodiscard]] ListedNode listed(std::size_t node) const;

  const Call& call_;
  const TreeNodes& nodes_;
  std::int32_t n_features_;
  std::vector<bool> is_reached_;
};

void Lister::add(std::int64_t node, std::vector<std::size_t>& places) {
  if (node < 0 || std::cmp_greater_equal(node, is_reached_.size())) {
    call_.fail(fmt::format("child {} is out of range, there are {} nodes", node, is_reached_.size()));
  }
  const auto place = static_cast<std::size_t>(node);
  if (is_reached_[place])
    call_.fail(fmt::format("entry {} of its nodes is reached a second time, every node has one parent", place));
  is_reached_[place] = true;
  places.push_back(place);
}

/// The test without its children. `left` is where the number is small, or equal.
ListedNode Lister::listed(std::size_t node) const {
  const Comparison comparison = nodes_.comparisons[node];
  const double threshold = nodes_.thresholds[node];
  const std::int64_t feature = nodes_.features[node];
  if (feature < 0 || feature >= n_features_) {
    call_.fail(fmt::format("feature {} is out of range, {} come in", feature, n_features_));
  }
  if (std::isnan(threshold))
    call_.fail(fmt::format("entry {} of its nodes has a threshold that is not a number", node));
  ListedNode made{.test = NodeTest::below, .feature = static_cast<std::int32_t>(feature), .threshold = threshold};
  const bool is_equality = comparison == Comparison::equal || comparison == Comparison::not_equal;
  if (is_equality) made.test = NodeTest::equal;
  if (comparison == Comparison::less_equal || comparison == Comparison::greater) {
    // No number is above infinity.
    if (threshold == infinity) made.test = NodeTest::any;
    made.threshold = std::nextafter(threshold, infinity);
  }
  return made;
}

ListedTree Lister::list(std::int64_t root, std::vector<std::size_t>& places) {
  ListedTree tree;
  add(root, places);
  for (std::size_t entry = 0; entry < places.size(); ++entry) {
    const std::size_t node = places[entry];
    if (nodes_.comparisons[node] == Comparison::leaf) {
      tree.nodes.emplace_back();
      continue;
    }
    ListedNode made = listed(node);
    const auto first = static_cast<std::int32_t>(places.size());
    add(nodes_.when_true[node], places);
    add(nodes_.when_false[node], places);
    const Comparison comparison = nodes_.comparisons[node];
    const bool is_true_left =
        comparison == Comparison::less_equal || comparison == Comparison::less || comparison == Comparison::equal;
    made.left = is_true_left ? first : first + 1;
    made.right = is_true_left ? first + 1 : first;
    // A missing value differs from every number.
    const bool is_missing_true = nodes_.missing_is_true[node] || comparison == Comparison::not_equal;
    made.missing = is_missing_true == is_true_left ? to_left : to_right;
    tree.nodes.push_back(made);
  }
  return tree;
}

void Lister::check_all_reached() const {
  const auto orphan = std::find(is_reached_.begin(), is_reached_.end(), false);
  if (orphan != is_reached_.end())
    call_.fail(fmt::format("entry {} of its nodes is in no tree", orphan - is_reached_.begin()));
}

/// What each node gives: entries of TreeNodes, by node.
std::vector<std::vector<std::size_t>> entries_by_node(const Call& call, const TreeNodes& nodes,
                                                      std::int32_t n_outputs) {
  std::vector<std::vector<std::size_t>> entries(nodes.comparisons.size());
  for (std::size_t entry = 0; entry < nodes.leaves.size(); ++entry) {
    if (nodes.outputs[entry] < 0 || nodes.outputs[entry] >= n_outputs) {
      call.fail(fmt::format("a leaf gives to output {}, there are {}", nodes.outputs[entry], n_outputs));
    }
    if (!std::isfinite(nodes.weights[entry])) call.fail("the value of a leaf is not a finite number");
    std::vector<std::size_t>& of_node = entries[static_cast<std::size_t>(nodes.leaves[entry])];
    for (const std::size_t other : of_node) {
      if (nodes.outputs[other] == nodes.outputs[entry])
        call.fail(fmt::format("a leaf gives twice to output {}", nodes.outputs[entry]));
    }
    of_node.push_back(entry);
  }
  return entries;
}

/// Do all leaves of each tree give to one output alone, the same one in a tree?
bool gives_single_values(const TreeNodes& nodes, const std::vector<std::vector<std::size_t>>& entries,
                         const std::vector<std::vector<std::size_t>>& trees) {
  for (const std::vector<std::size_t>& tree : trees) {
    std::int64_t output = -1;
    for (const std::size_t node : tree) {
      for (const std::size_t entry : entries[node]) {
        if (output >= 0 && output != nodes.outputs[entry]) return false;
        output = nodes.outputs[entry];
      }
    }
  }
  return true;
}

}  // namespace

BuiltTrees build_members(const Call& call, const TreeNodes& nodes, std::int32_t n_outputs, std::int32_t n_features) {
  const auto entries = entries_by_node(call, nodes, n_outputs);
  Lister lister(call, nodes, n_features);
  std::vector<std::vector<std::size_t>> trees;
  std::vector<ListedTree> listed;
  for (const std::int64_t root : nodes.roots) listed.push_back(lister.list(root, trees.emplace_back()));
  lister.check_all_reached();
  const bool is_single = gives_single_values(nodes, entries, trees);
  BuiltTrees built{.is_always_given = std::vector<bool>(static_cast<std::size_t>(n_outputs), false)};
  for (std::size_t index = 0; index < trees.size(); ++index) {
    Member member{.leaf_width = is_single ? 1 : n_outputs};
    std::vector<std::size_t> n_given(static_cast<std::size_t>(n_outputs), 0);
    model::RowId n_leaves = 0;
    const auto width = static_cast<std::size_t>(member.leaf_width);
    const auto row_of = [&](std::int32_t entry) {
      call.make(width);
      member.leaves.resize(member.leaves.size() + width, 0.0);
      for (const std::size_t given : entries[trees[index][static_cast<std::size_t>(entry)]]) {
        const auto output = static_cast<std::size_t>(nodes.outputs[given]);
        if (is_single) member.first_output = static_cast<std::int32_t>(output);
        member.leaves[member.leaves.size() - width + (is_single ? 0 : output)] = nodes.weights[given];
        ++n_given[output];
      }
      return n_leaves++;
    };
    BuiltTree tree = build_tree(listed[index], 0, {.row_of = row_of, .refuse_child = {}});
    member.tree = std::make_shared<const model::Tree>(std::move(tree.tree));
    for (std::size_t output = 0; output < n_given.size(); ++output) {
      if (std::cmp_equal(n_given[output], n_leaves)) built.is_always_given[output] = true;
    }
    built.members.push_back(std::make_shared<const Member>(std::move(member)));
  }
  return built;
}

}  // namespace emlc::formats::onnx
