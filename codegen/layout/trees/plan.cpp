#include "codegen/layout/trees/plan.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "codegen/model/error.hpp"
#include "codegen/model/number_type.hpp"

namespace emlc::layout {
namespace {

using model::NodeId;

using model::infinity;

std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }

/// What the plan needs to know of each node of a tree, [n_nodes] each.
struct TreeFacts {
  std::vector<NodeId> stands_for;        ///< the node itself, or the child that every input reaches from it
  std::vector<std::uint32_t> n_parents;  ///< after that; the root has one
  std::vector<std::uint32_t>
      n_records;  ///< of its subtree, shared subtrees counted where they are, not where they are used
};

/// What is the same for all trees of an ensemble.
struct Frame {
  model::NumberType type;
  std::span<const LeafCode> codes;  ///< of the leaf rows
  ChildOrder order;
};

std::optional<LeafCode> code_of(const Frame& frame, const model::TreeNode& node) {
  const model::Leaf* leaf = model::as_leaf(node);
  return leaf == nullptr ? std::nullopt : std::optional(frame.codes[at(leaf->row)]);
}

bool is_same(const Frame& frame, const model::Tree& tree, NodeId left, NodeId right) {
  if (left == right) return true;
  const auto code = code_of(frame, tree.nodes[at(left)]);
  return code && code == code_of(frame, tree.nodes[at(right)]);
}

/// The only child that inputs reach, if there is one. `left` and `right` are what the children stand for.
std::optional<NodeId> only_child(const Frame& frame, const model::Tree& tree, const model::Split& split, NodeId left,
                                 NodeId right) {
  if (is_same(frame, tree, left, right)) return left;
  const model::NumberTypeInfo& number = model::info(frame.type);
  if (!number.is_integer) {
    const bool is_never_left = split.threshold == -infinity && split.default_child == split.right;
    return is_never_left ? std::optional(right) : std::nullopt;
  }
  if (split.threshold > number.highest) return left;
  if (split.threshold <= number.lowest) return right;
  return std::nullopt;
}

std::vector<NodeId> find_stand_ins(const Frame& frame, const model::Tree& tree) {
  std::vector<NodeId> stands_for(tree.nodes.size());
  for (std::size_t id = tree.nodes.size(); id-- > 0;) {
    stands_for[id] = static_cast<NodeId>(id);
    const model::Split* split = model::as_split(tree.nodes[id]);
    if (split == nullptr) continue;
    const auto child = only_child(frame, tree, *split, stands_for[at(split->left)], stands_for[at(split->right)]);
    if (child) stands_for[id] = *child;
  }
  return stands_for;
}

TreeFacts gather(const Frame& frame, const model::Tree& tree) {
  TreeFacts facts{.stands_for = find_stand_ins(frame, tree),
                  .n_parents = std::vector<std::uint32_t>(tree.nodes.size(), 0),
                  .n_records = std::vector<std::uint32_t>(tree.nodes.size(), 0)};
  facts.n_parents[at(facts.stands_for[0])] = 1;
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    const model::Split* split = model::as_split(tree.nodes[id]);
    if (split == nullptr || facts.n_parents[id] == 0) continue;
    ++facts.n_parents[at(facts.stands_for[at(split->left)])];
    ++facts.n_parents[at(facts.stands_for[at(split->right)])];
  }
  for (std::size_t id = tree.nodes.size(); id-- > 0;) {
    const model::Split* split = model::as_split(tree.nodes[id]);
    if (split == nullptr) continue;
    facts.n_records[id] = 1;
    for (const NodeId child : {facts.stands_for[at(split->left)], facts.stands_for[at(split->right)]}) {
      if (facts.n_parents[at(child)] == 1) facts.n_records[id] += facts.n_records[at(child)];
    }
  }
  return facts;
}

/// A child as its parent's record sees it.
struct Child {
  NodeId node = 0;
  std::optional<LeafCode> code;  ///< nothing: a record of its own
};

/// Records that follow one another, and the first of each region.
struct Section {
  std::vector<Record> records;
  std::vector<RecordId> starts;
};

/// Lays out the trees of one ensemble, one after the other, and apart from them the subtrees that they share.
class Planner {
 public:
  Planner(Frame frame, std::size_t n_codes) : frame_(frame), n_codes_(n_codes) {}

  void place_tree(const model::Tree& tree);

  Section trees, shared;

 private:
  void place_region(Section& section, const model::Tree& tree, NodeId root);
  [[nodiscard]] Child child_of(const model::Tree& tree, NodeId node) const;
  void order_children(const model::Split& split, Record& record, Child& first, Child& second) const;

  Frame frame_;
  std::size_t n_codes_;  ///< leaf codes given away so far, those of rows and trees included
  TreeFacts facts_;
  std::vector<LeafCode> shared_code_;  ///< [n_nodes] of the tree at hand, set for shared subtrees
};

Child Planner::child_of(const model::Tree& tree, NodeId node) const {
  if (const auto code = code_of(frame_, tree.nodes[at(node)])) return {node, code};
  if (facts_.n_parents[at(node)] > 1) return {node, shared_code_[at(node)]};
  return {node, std::nullopt};
}

void Planner::order_children(const model::Split& split, Record& record, Child& first, Child& second) const {
  record.feature = split.feature;
  record.threshold = model::smallest_at_least(frame_.type, split.threshold);
  record.default_left = split.default_child == split.left;
  const bool is_leaf_first = first.code && !second.code;
  const bool is_larger_first =
      !first.code && !second.code && facts_.n_records[at(first.node)] > facts_.n_records[at(second.node)];
  record.flip = frame_.order == ChildOrder::smaller && (is_leaf_first || is_larger_first);
  if (record.flip) std::swap(first, second);
  record.first_is_leaf = first.code.has_value();
  record.second_is_leaf = second.code.has_value();
  record.first_leaf = first.code.value_or(0);
  record.second_leaf = second.code.value_or(0);
}

/// A walk with its own stack: a file decides how deep a tree is.
void Planner::place_region(Section& section, const model::Tree& tree, NodeId root) {
  struct Pending {
    NodeId node;
    std::optional<RecordId> parent;  ///< whose `second` this record is
  };
  section.starts.push_back(static_cast<RecordId>(section.records.size()));
  std::vector<Pending> pending = {{root, std::nullopt}};
  while (!pending.empty()) {
    const Pending item = pending.back();
    pending.pop_back();
    const auto id = static_cast<RecordId>(section.records.size());
    if (item.parent) section.records[*item.parent].second = id;
    const model::Split& split = *model::as_split(tree.nodes[at(item.node)]);
    Child first = child_of(tree, facts_.stands_for[at(split.left)]);
    Child second = child_of(tree, facts_.stands_for[at(split.right)]);
    order_children(split, section.records.emplace_back(), first, second);
    if (!second.code) pending.push_back({second.node, id});
    if (!first.code) pending.push_back({first.node, std::nullopt});
  }
}

Record lone_leaf(LeafCode code) {
  return {.first_is_leaf = true, .second_is_leaf = true, .first_leaf = code, .second_leaf = code};
}

void Planner::place_tree(const model::Tree& tree) {
  facts_ = gather(frame_, tree);
  const NodeId root = facts_.stands_for[0];
  if (const auto code = code_of(frame_, tree.nodes[at(root)])) {
    trees.starts.push_back(static_cast<RecordId>(trees.records.size()));
    trees.records.push_back(lone_leaf(*code));
    return;
  }
  shared_code_.assign(tree.nodes.size(), 0);
  std::vector<NodeId> shared_roots;
  for (std::size_t id = 0; id < tree.nodes.size(); ++id) {
    if (facts_.n_parents[id] < 2 || model::as_leaf(tree.nodes[id]) != nullptr) continue;
    shared_code_[id] = static_cast<LeafCode>(n_codes_++);
    shared_roots.push_back(static_cast<NodeId>(id));
  }
  place_region(trees, tree, root);
  for (const NodeId shared_root : shared_roots) place_region(shared, tree, shared_root);
}

void append(TreePlan& plan, const Section& section) {
  const auto offset = static_cast<RecordId>(plan.records.size());
  plan.records.insert(plan.records.end(), section.records.begin(), section.records.end());
  for (std::size_t i = offset; i < plan.records.size(); ++i) plan.records[i].second += offset;
  for (const RecordId start : section.starts) plan.regions.push_back(start + offset);
}

std::vector<std::uint32_t> order_trees(const model::TreeEnsemble& ensemble, TreeOrder tree_order) {
  std::vector<std::uint32_t> order(ensemble.trees.size());
  std::iota(order.begin(), order.end(), 0U);
  if (tree_order == TreeOrder::as_trained) return order;
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return ensemble.trees[a].first_output < ensemble.trees[b].first_output;
  });
  return order;
}

void check_counts(const model::TreeEnsemble& ensemble) {
  std::size_t n_codes = ensemble.n_rows() + ensemble.trees.size();
  for (const model::Tree& tree : ensemble.trees) n_codes += tree.nodes.size();
  if (n_codes <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) return;
  throw Error({.file = "", .field = "model"}, "has more than 2147483647 nodes and leaf rows");
}

}  // namespace

Missing missing_of(const TreePlan& plan) {
  if (model::info(plan.feature_type).is_integer) return Missing::right;
  bool some_left = false, some_right = false;
  for (const Record& record : plan.records) {
    if (is_lone_leaf(record)) continue;
    (record.default_left ? some_left : some_right) = true;
  }
  if (some_left && some_right) return Missing::per_split;
  return some_left ? Missing::left : Missing::right;
}

bool is_lone_leaf(const Record& record) {
  return record.first_is_leaf && record.second_is_leaf && record.first_leaf == record.second_leaf;
}

bool has_shared_subtrees(const TreePlan& plan) { return plan.regions.size() > plan.tree_order.size(); }

TreePlan plan_trees(const model::TreeEnsemble& ensemble, model::NumberType feature_type,
                    std::span<const LeafCode> leaf_codes, std::uint32_t n_leaf_codes, ChildOrder order,
                    TreeOrder tree_order) {
  check_counts(ensemble);
  TreePlan plan{.feature_type = feature_type,
                .n_features = ensemble.n_features,
                .n_leaf_codes = n_leaf_codes,
                .records = {},
                .regions = {},
                .tree_order = order_trees(ensemble, tree_order)};
  Planner planner({feature_type, leaf_codes, order}, n_leaf_codes + ensemble.trees.size());
  for (const std::uint32_t tree : plan.tree_order) planner.place_tree(ensemble.trees[tree]);
  append(plan, planner.trees);
  append(plan, planner.shared);
  return plan;
}

}  // namespace emlc::layout
