#include "formats/csv/node_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "codegen/model/error.hpp"

namespace emlc::formats {
namespace {

constexpr std::int32_t no_tree = -1;

/// One field of a line, for messages.
struct Place {
  std::string_view file;
  std::size_t line;
  std::string_view field;

  [[noreturn]] void fail(std::string_view problem) const {
    throw Error({.file = std::string(file), .line = line, .field = std::string(field)}, problem);
  }
};

/// Finds the tree of each node.
class OwnerSearch {
 public:
  OwnerSearch(const NodeTable& table, std::size_t n_leaves)
      : n_leaves_(n_leaves), owner_(table.nodes.size(), no_tree) {}

  /// Node `ref` belongs to `tree`; it is one of the nodes from `first` on, or a leaf.
  void claim(TableRef ref, std::int32_t tree, std::size_t first, const Place& place) {
    check(ref, first, place);
    if (ref < 0) return;
    std::int32_t& current = owner_[static_cast<std::size_t>(ref)];
    if (current != no_tree && current != tree) {
      place.fail(fmt::format("leads to node {}, which belongs to tree {} already", ref, current));
    }
    current = tree;
  }

  [[nodiscard]] std::int32_t of(std::size_t id) const { return owner_[id]; }
  std::vector<std::int32_t> take() { return std::move(owner_); }

 private:
  void check(TableRef ref, std::size_t first, const Place& place) const {
    const std::size_t n_nodes = owner_.size();
    if (ref < 0) {
      if (static_cast<std::size_t>(-ref) <= n_leaves_) return;
      place.fail(fmt::format("leads to leaf {}, there are {}", -ref - 1, n_leaves_));
    }
    if (static_cast<std::size_t>(ref) >= first && static_cast<std::size_t>(ref) < n_nodes) return;
    place.fail(first < n_nodes ? fmt::format("leads to node {}, expected {} to {}", ref, first, n_nodes - 1)
                               : fmt::format("leads to node {}, there is none behind node {}", ref, first - 1));
  }

  std::size_t n_leaves_;
  std::vector<std::int32_t> owner_;
};

/// The tree of each node. Parents come first, so one walk over the table finds every node's tree.
std::vector<std::int32_t> find_owners(const NodeTable& table, std::size_t n_leaves, std::string_view file) {
  OwnerSearch search(table, n_leaves);
  for (std::size_t i = 0; i < table.roots.size(); ++i) {
    search.claim(table.roots[i].node, static_cast<std::int32_t>(i), 0, {file, table.roots[i].line, "root"});
  }
  for (std::size_t id = 0; id < table.nodes.size(); ++id) {
    const TableNode& node = table.nodes[id];
    if (search.of(id) == no_tree) Place{file, node.line, ""}.fail(fmt::format("no tree leads to node {}", id));
    search.claim(node.left, search.of(id), id + 1, {file, node.line, "left"});
    search.claim(node.right, search.of(id), id + 1, {file, node.line, "right"});
  }
  return search.take();
}

/// Ids in their tree: each split is followed by its leaves, so that children come after their parents.
std::vector<model::NodeId> number_nodes(const NodeTable& table, const std::vector<std::int32_t>& owner) {
  std::vector<model::NodeId> next(table.roots.size(), 0);
  std::vector<model::NodeId> ids(table.nodes.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    model::NodeId& counter = next[static_cast<std::size_t>(owner[i])];
    ids[i] = counter;
    counter += 1 + (table.nodes[i].left < 0 ? 1 : 0) + (table.nodes[i].right < 0 ? 1 : 0);
  }
  return ids;
}

model::RowId row_of(TableRef leaf) { return static_cast<model::RowId>(-leaf - 1); }
TableRef leaf_ref(std::size_t row) { return -static_cast<TableRef>(row) - 1; }

/// For every leaf row the first row of equal values in float32.
std::vector<model::RowId> first_equal_rows(const model::TreeEnsemble& ensemble) {
  std::map<std::vector<double>, model::RowId> seen;
  std::vector<model::RowId> first;
  const auto width = static_cast<std::size_t>(ensemble.leaf_width);
  for (std::size_t row = 0; row < ensemble.n_rows(); ++row) {
    std::vector<double> values(width);
    for (std::size_t i = 0; i < width; ++i) {
      values[i] = model::round_to(model::NumberType::float32, ensemble.leaf_values[row * width + i]);
    }
    first.push_back(seen.emplace(std::move(values), static_cast<model::RowId>(row)).first->second);
  }
  return first;
}

/// Puts the trees of an ensemble into a table one by one.
class Flattener {
 public:
  Flattener(const model::TreeEnsemble& ensemble, model::NumberType type)
      : type_(type), first_equal_(first_equal_rows(ensemble)), leaf_of_row_(ensemble.n_rows(), no_leaf) {}

  void append(const model::Tree& tree, LoneLeaf lone_leaf) {
    const std::vector<TableRef> refs = number_splits(tree);
    table_.roots.push_back({0, static_cast<TableRef>(table_.nodes.size()), tree.first_output});
    if (const model::Leaf* leaf = model::as_leaf(tree.nodes.front())) return append_lone_leaf(*leaf, lone_leaf);
    for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
      const model::Split* split = model::as_split(tree.nodes[id]);
      if (split == nullptr || refs[id] == unreached) continue;
      const double threshold = model::smallest_at_least(type_, split->threshold);
      const bool always_left = is_beyond(threshold);
      const TableRef left = reference(tree, refs, split->left);
      const TableRef right = always_left ? left : reference(tree, refs, split->right);
      table_.nodes.push_back({0, split->feature, always_left ? 0.0 : threshold, left, right,
                              split->default_child == split->left && left != right});
    }
  }

  NodeTable take() { return std::move(table_); }

 private:
  static constexpr TableRef unreached = -1;
  static constexpr TableRef no_leaf = 0;

  /// No value of an integer type reaches the threshold. (For a floating type, infinity does.)
  [[nodiscard]] bool is_beyond(double threshold) const {
    return model::info(type_).is_integer && std::isinf(threshold);
  }

  /// The index in the table of every split that can be reached, `unreached` for all other nodes.
  [[nodiscard]] std::vector<TableRef> number_splits(const model::Tree& tree) const {
    std::vector<TableRef> refs(tree.nodes.size(), unreached);
    std::vector<char> reached(tree.nodes.size(), 0);
    reached.front() = 1;
    auto next = static_cast<TableRef>(table_.nodes.size());
    for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
      const model::Split* split = model::as_split(tree.nodes[id]);
      if (split == nullptr || reached[id] == 0) continue;
      refs[id] = next++;
      reached[static_cast<std::size_t>(split->left)] = 1;
      if (is_beyond(model::smallest_at_least(type_, split->threshold))) continue;
      reached[static_cast<std::size_t>(split->right)] = 1;
    }
    return refs;
  }

  TableRef reference(const model::Tree& tree, const std::vector<TableRef>& refs, model::NodeId id) {
    const model::Leaf* leaf = model::as_leaf(tree.nodes[static_cast<std::size_t>(id)]);
    return leaf == nullptr ? refs[static_cast<std::size_t>(id)] : reference(*leaf);
  }

  TableRef reference(const model::Leaf& leaf) {
    const model::RowId row = first_equal_[static_cast<std::size_t>(leaf.row)];
    TableRef& ref = leaf_of_row_[static_cast<std::size_t>(row)];
    if (ref == no_leaf) {
      ref = leaf_ref(table_.leaves.size());
      table_.leaves.push_back(row);
    }
    return ref;
  }

  void append_lone_leaf(const model::Leaf& leaf, LoneLeaf lone_leaf) {
    const TableRef ref = reference(leaf);
    if (lone_leaf == LoneLeaf::is_root) {
      table_.roots.back().node = ref;
    } else {
      table_.nodes.push_back({.left = ref, .right = ref});
    }
  }

  model::NumberType type_;
  std::vector<model::RowId> first_equal_;
  std::vector<TableRef> leaf_of_row_;
  NodeTable table_;
};

}  // namespace

std::vector<model::Tree> build_trees(const NodeTable& table, std::size_t n_leaves, std::string_view file) {
  const std::vector<std::int32_t> owner = find_owners(table, n_leaves, file);
  const std::vector<model::NodeId> ids = number_nodes(table, owner);
  std::vector<model::Tree> trees(table.roots.size());
  for (std::size_t i = 0; i < trees.size(); ++i) {
    trees[i].first_output = table.roots[i].first_output;
    if (table.roots[i].node < 0) trees[i].nodes.emplace_back(model::Leaf{row_of(table.roots[i].node)});
  }
  for (std::size_t i = 0; i < table.nodes.size(); ++i) {
    const TableNode& node = table.nodes[i];
    auto& nodes = trees[static_cast<std::size_t>(owner[i])].nodes;
    model::NodeId next_leaf = ids[i] + 1;
    const auto child = [&](TableRef ref) { return ref < 0 ? next_leaf++ : ids[static_cast<std::size_t>(ref)]; };
    const model::NodeId left = child(node.left);
    const model::NodeId right = child(node.right);
    nodes.emplace_back(model::Split{node.feature, node.threshold, left, right, node.default_left ? left : right});
    if (node.left < 0) nodes.emplace_back(model::Leaf{row_of(node.left)});
    if (node.right < 0) nodes.emplace_back(model::Leaf{row_of(node.right)});
  }
  return trees;
}

NodeTable flatten(const model::TreeEnsemble& ensemble, model::NumberType type, LoneLeaf lone_leaf) {
  Flattener flattener(ensemble, type);
  for (const model::Tree& tree : ensemble.trees) flattener.append(tree, lone_leaf);
  return flattener.take();
}

std::string reference_problem(const NodeTable& table) {
  if (table.leaves.size() > most_leaves) {
    return fmt::format("there are {} different leaf rows, at most {} fit", table.leaves.size(), most_leaves);
  }
  for (std::size_t id = 0; id < table.nodes.size(); ++id) {
    const TableRef jump = std::max(table.nodes[id].left, table.nodes[id].right) - static_cast<TableRef>(id);
    if (jump > highest_jump) {
      return fmt::format("a child is {} nodes behind its parent, at most {} fit", jump, highest_jump);
    }
  }
  return {};
}

}  // namespace emlc::formats
