#include <emlc/trees.h>
#include <fmt/format.h>

#include <limits>
#include <set>
#include <utility>

#include "codegen/layout/trees/layer.hpp"
#include "codegen/model/error.hpp"

namespace emlc::layout {
namespace {

using model::NodeId;

/// A shared subtree becomes a copy in each tree that uses it. What lay_out_tree_layer writes has none that two trees
/// use, so a record of at least 3 bytes becomes at most 3 nodes.
std::size_t most_nodes(const emlc_trees& trees) { return std::size_t{4} * trees.splits_size; }

struct Children {
  bool first_is_leaf = false, second_is_leaf = false;
  std::uint32_t first = 0, second = 0;  ///< leaf codes, or offsets in the splits
  std::uint32_t end = 0;                ///< offset behind the record
};

Children children_of(const emlc_trees& trees, const emlc_split& split) {
  const auto offset_of = [&](const std::uint8_t* byte) { return static_cast<std::uint32_t>(byte - trees.splits); };
  Children result{.first_is_leaf = (split.head & EMLC_SPLIT_FIRST_IS_LEAF) != 0,
                  .second_is_leaf = (split.head & EMLC_SPLIT_SECOND_IS_LEAF) != 0};
  const std::uint8_t* at = split.children;
  const auto take_code = [&] {
    const std::uint32_t code = emlc_read_uint(at, trees.leaf_bytes);
    at += trees.leaf_bytes;
    return code;
  };
  std::uint32_t jump = 0;
  if (result.first_is_leaf) result.first = take_code();
  if (result.second_is_leaf) {
    result.second = take_code();
  } else {
    jump = emlc_trees_jump(&at);
  }
  result.end = offset_of(at);
  if (!result.first_is_leaf) result.first = result.end;
  if (!result.second_is_leaf) result.second = result.end + jump;
  return result;
}

/// Turns the regions of one tree into nodes: the splits in the order of the bytes, then the leaves, so that every
/// child comes after its parents.
class TreeReader {
 public:
  explicit TreeReader(const emlc_trees& trees) : trees_(trees), node_at_(trees.splits_size, 0) {}

  model::Tree read(std::uint32_t tree);
  [[nodiscard]] std::size_t n_nodes() const { return n_nodes_; }

 private:
  void read_region(model::Tree& result, std::uint32_t region);
  model::TreeNode read_split(model::Tree& result, std::uint32_t offset);
  NodeId child(model::Tree& result, bool is_leaf, std::uint32_t value);

  const emlc_trees& trees_;
  std::vector<NodeId> node_at_;         ///< [splits_size] of the tree at hand
  std::set<std::uint32_t> to_read_;     ///< regions that a split seen so far leads to
  std::vector<std::uint32_t> offsets_;  ///< [n_nodes] of the splits of the tree at hand
  std::size_t n_nodes_ = 0;
};

void TreeReader::read_region(model::Tree& result, std::uint32_t region) {
  const std::uint32_t end = region + 1 < trees_.n_regions ? emlc_trees_start(&trees_, region + 1) : trees_.splits_size;
  for (std::uint32_t at = emlc_trees_start(&trees_, region); at < end;) {
    node_at_[at] = static_cast<NodeId>(result.nodes.size());
    offsets_.push_back(at);
    result.nodes.emplace_back(model::Split{});
    const Children children = children_of(trees_, emlc_trees_split(&trees_, trees_.splits + at));
    for (const auto& [is_leaf, code] :
         {std::pair(children.first_is_leaf, children.first), std::pair(children.second_is_leaf, children.second)}) {
      if (is_leaf && code >= trees_.n_codes) to_read_.insert(code - trees_.n_codes);
    }
    at = children.end;
  }
}

NodeId TreeReader::child(model::Tree& result, bool is_leaf, std::uint32_t value) {
  if (!is_leaf) return node_at_[value];
  if (value >= trees_.n_codes) return node_at_[emlc_trees_start(&trees_, value - trees_.n_codes)];
  result.nodes.emplace_back(model::Leaf{static_cast<model::RowId>(value)});
  return static_cast<NodeId>(result.nodes.size() - 1);
}

model::TreeNode TreeReader::read_split(model::Tree& result, std::uint32_t offset) {
  const emlc_split bytes = emlc_trees_split(&trees_, trees_.splits + offset);
  const Children children = children_of(trees_, bytes);
  if (children.first_is_leaf && children.first == children.second && children.first < trees_.n_codes) {
    return model::Leaf{static_cast<model::RowId>(children.first)};  // a lone leaf
  }
  const NodeId first = child(result, children.first_is_leaf, children.first);
  const NodeId second = child(result, children.second_is_leaf, children.second);
  const bool flip = (bytes.head & EMLC_SPLIT_FLIP) != 0;
  const bool default_left = trees_.missing == EMLC_MISSING_PER_SPLIT ? (bytes.head & EMLC_SPLIT_DEFAULT_LEFT) != 0
                                                                     : trees_.missing == EMLC_MISSING_LEFT;
  model::Split split{.feature = static_cast<std::int32_t>(emlc_trees_feature(&trees_, bytes.head)),
                     .threshold = static_cast<double>(emlc_trees_threshold(&trees_, &bytes)),
                     .left = flip ? second : first,
                     .right = flip ? first : second};
  split.default_child = default_left ? split.left : split.right;
  return split;
}

model::Tree TreeReader::read(std::uint32_t tree) {
  model::Tree result;
  offsets_.clear();
  for (to_read_ = {tree}; !to_read_.empty(); to_read_.erase(to_read_.begin())) read_region(result, *to_read_.begin());
  for (std::size_t id = 0; id < offsets_.size(); ++id) {
    model::TreeNode node = read_split(result, offsets_[id]);  // appends leaves
    result.nodes[id] = node;
  }
  if (trees_.columns != nullptr) result.first_output = emlc_read_u16(trees_.columns + 2 * std::size_t{tree});
  n_nodes_ += result.nodes.size();
  return result;
}

std::vector<double> read_rows(const emlc_trees& trees) {
  std::vector<double> values;
  if (trees.leaf_kind == EMLC_LEAF_VOTES) {
    values.assign(std::size_t{trees.n_codes} * trees.n_outputs, 0.0);
    for (std::size_t code = 0; code < trees.n_codes; ++code) values[code * trees.n_outputs + code] = 1.0;
    return values;
  }
  const unsigned bytes = emlc_trees_value_bytes(&trees);
  values.resize(std::size_t{trees.n_codes} * trees.leaf_width);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint8_t* at = trees.rows + i * bytes;
    values[i] = trees.leaf_kind == EMLC_LEAF_FLOAT_ROWS
                    ? static_cast<double>(emlc_read_f32(at))
                    : static_cast<double>(emlc_read_uint(at, bytes)) / static_cast<double>(trees.unit);
  }
  return values;
}

model::NumberType read_feature_type(const emlc_trees& trees) {
  for (const model::NumberTypeInfo& row : model::all_number_types()) {
    if (static_cast<unsigned>(row.type) == trees.feature_type && row.bytes <= 4) return row.type;
  }
  throw Error({}, fmt::format("the tree layer has features of the unknown type {}", trees.feature_type));
}

void read_arithmetic(const emlc_trees& trees, model::TreeEnsemble& ensemble) {
  ensemble.sum_type = model::NumberType::float32;
  ensemble.base_score_at = trees.base_score_at_end != 0 ? model::BaseScoreAt::end : model::BaseScoreAt::start;
  for (std::size_t i = 0; i < trees.n_outputs; ++i) {
    ensemble.base_score.push_back(static_cast<double>(emlc_read_f32(trees.base_score + 4 * i)));
  }
  ensemble.divisor = static_cast<double>(trees.divisor);
  ensemble.scale = static_cast<double>(trees.scale);
  ensemble.post_transform = {.kind = static_cast<model::PostTransformKind>(trees.post_transform),
                             .scale = static_cast<double>(trees.post_scale),
                             .denominator = static_cast<double>(trees.post_denominator),
                             .offset = static_cast<double>(trees.post_offset),
                             .type = model::NumberType::float32};
}

}  // namespace

model::TreeEnsemble read_tree_layer(std::span<const std::uint8_t> body) {
  emlc_trees trees;
  emlc_status status = emlc_trees_open(body.data(), body.size(), &trees);
  if (status == EMLC_OK) status = emlc_trees_check(body.data(), body.size(), trees.n_features, trees.n_outputs);
  if (status != EMLC_OK) throw Error({}, fmt::format("the tree layer is not valid: {}", emlc_status_text(status)));
  model::TreeEnsemble ensemble;
  ensemble.n_features = static_cast<std::int32_t>(trees.n_features);
  ensemble.n_outputs = static_cast<std::int32_t>(trees.n_outputs);
  ensemble.feature_type = read_feature_type(trees);
  ensemble.leaf_width =
      static_cast<std::int32_t>(trees.leaf_kind == EMLC_LEAF_VOTES ? trees.n_outputs : trees.leaf_width);
  ensemble.leaf_values = read_rows(trees);
  read_arithmetic(trees, ensemble);
  TreeReader reader(trees);
  for (std::uint32_t tree = 0; tree < trees.n_trees; ++tree) {
    ensemble.trees.push_back(reader.read(tree));
    if (reader.n_nodes() > most_nodes(trees)) {
      throw Error({}, fmt::format("the trees of the layer have over {} nodes in {} bytes, too many subtrees are shared",
                                  most_nodes(trees), trees.splits_size));
    }
  }
  return ensemble;
}

}  // namespace emlc::layout
