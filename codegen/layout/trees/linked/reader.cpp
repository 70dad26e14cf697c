#include <emlc/linked_trees.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/linked/decision.hpp"
#include "codegen/layout/trees/linked/layer.hpp"
#include "codegen/model/error.hpp"

namespace emlc::layout {
namespace {

using model::NodeId;

double float_at(const std::uint8_t* at) { return static_cast<double>(emlc_read_f32(at)); }

/// A body, its parts and what is asked of its header.
struct LinkedTrees : emlc_linked_trees {
  std::uint8_t record_bytes = 0, value_bytes = 0, flags = 0;
  std::uint16_t n_outputs = 0, leaf_width = 0, first_leaf = 0, n_votes = 0;
  std::uint32_t n_trees = 0;
  std::int32_t whole = 0, base = 0;
};

LinkedTrees linked_trees_of(const std::uint8_t* body) {
  LinkedTrees trees{emlc_linked_find(body)};
  trees.record_bytes = body[EMLC_LINKED_AT_RECORD_BYTES];
  trees.value_bytes = body[EMLC_LINKED_AT_VALUE_BYTES];
  trees.flags = body[EMLC_LINKED_AT_FLAGS];
  trees.n_outputs = emlc_load_u16(body + EMLC_LINKED_AT_N_OUTPUTS);
  trees.leaf_width = emlc_load_u16(body + EMLC_LINKED_AT_LEAF_WIDTH);
  trees.first_leaf = emlc_load_u16(body + EMLC_LINKED_AT_FIRST_LEAF);
  trees.n_votes = emlc_load_u16(body + EMLC_LINKED_AT_N_VOTES);
  trees.n_trees = emlc_load_u32(body + EMLC_LINKED_AT_N_TREES);
  trees.whole = emlc_linked_i32(body + EMLC_LINKED_AT_WHOLE);
  trees.base = emlc_linked_i32(body + EMLC_LINKED_AT_BASE);
  return trees;
}

/// A body that the runtime's check has accepted, with what its numbers stand for.
struct LinkedBody {
  LinkedTrees trees{};
  double divisor = 1.0, scale = 1.0;
  std::vector<double> factors{}, bases{}, units{};  ///< [n_outputs]; a leaf value is integer / unit

  [[nodiscard]] bool is_pair() const { return (trees.flags & EMLC_LINKED_PAIR) != 0; }
  [[nodiscard]] bool divides() const { return (trees.flags & EMLC_LINKED_DIVIDES) != 0; }
  [[nodiscard]] std::int32_t start() const { return emlc_linked_i32(trees.body + EMLC_LINKED_AT_START); }
};

/// The output is sum / 2^places, the sum beginning with the base score.
std::optional<int> places_of(const LinkedBody& body) {
  if (body.divides() || body.factors.size() != 1 || body.bases.front() != 0.0) return std::nullopt;
  int exponent = 0;
  if (std::frexp(body.factors.front(), &exponent) != 0.5) return std::nullopt;
  return 1 - exponent;
}

double unit_of(const LinkedBody& body, std::size_t output) {
  const double factor = body.factors[output];
  const double unit = body.divides() ? factor / body.divisor : body.scale / (body.divisor * factor);
  if (std::isfinite(unit) && unit > 0.0) return unit;
  throw Error({}, fmt::format("factors[{}] of the trees gives the unit {}, expected a number above 0", output, unit));
}

LinkedBody open_body(std::span<const std::uint8_t> bytes) {
  emlc_status status = bytes.size() < EMLC_LINKED_AT_DATA ? EMLC_ERR_SIZE : EMLC_OK;
  LinkedBody body;
  if (status == EMLC_OK) {
    const std::uint32_t n_outputs = emlc_load_u16(bytes.data() + EMLC_LINKED_AT_N_OUTPUTS);
    const std::uint32_t n_features = emlc_load_u32(bytes.data() + EMLC_LINKED_AT_N_FEATURES);
    status = emlc_linked_trees_check(bytes.data(), bytes.size(), n_features, n_outputs);
  }
  if (status != EMLC_OK) throw Error({}, fmt::format("the tree layer is not valid: {}", emlc_status_text(status)));
  body.trees = linked_trees_of(bytes.data());
  body.divisor = float_at(bytes.data() + EMLC_LINKED_AT_DIVISOR);
  body.scale = float_at(bytes.data() + EMLC_LINKED_AT_SCALE);
  const std::uint8_t* at = bytes.data() + EMLC_LINKED_AT_DATA;
  for (std::size_t i = 0; i < body.trees.n_outputs; ++i, at += 4) body.factors.push_back(float_at(at));
  for (std::size_t i = 0; i < body.trees.n_outputs; ++i, at += 4) body.bases.push_back(float_at(at));
  for (std::size_t i = 0; i < body.trees.n_outputs; ++i) body.units.push_back(unit_of(body, i));
  if (body.start() == 0 || places_of(body)) return body;
  throw Error({}, "the sums of the trees start from a number, which only a single output has, in a power of two");
}

/// [leaf_width] what the leaf `code` of a tree adds.
std::vector<std::int64_t> integers_of(const LinkedTrees& trees, std::uint32_t first_row, std::uint32_t code) {
  std::vector<std::int64_t> row(trees.leaf_width, 0);
  if (code < trees.n_votes) {
    row[code] = trees.whole;
    return row;
  }
  const std::size_t index = std::size_t{first_row} + code - trees.n_votes;
  const std::uint8_t* values = trees.rows + index * trees.leaf_width * trees.value_bytes;
  for (std::uint32_t i = 0; i < trees.leaf_width; ++i) row[i] = emlc_linked_value(values, trees.value_bytes, i);
  return row;
}

/// One record, decoded.
struct LinkedRecord {
  std::uint32_t feature = 0, left = 0, right = 0;  ///< links
  std::int32_t key = 0;
};

LinkedRecord record_at(const LinkedTrees& trees, std::uint32_t offset) {
  const std::uint8_t* at = trees.splits + offset;
  if (trees.record_bytes == 4) return {at[0], at[2], at[3], trees.base + at[1]};
  const bool is_wide = trees.record_bytes == 12;
  const std::uint8_t* links = at + (is_wide ? 6 : 4);
  return {emlc_load_u16(links - 2), emlc_load_u16(links), emlc_load_u16(links + 2),
          is_wide ? emlc_linked_i32(at) : trees.base + emlc_load_u16(at)};
}

/// The first `n_records` nodes are the splits of a tree.
void check_reached(const model::Tree& tree, std::uint32_t n_records) {
  std::vector<bool> is_reached(tree.nodes.size(), false);
  is_reached[0] = true;
  for (std::size_t id = 0; id < n_records; ++id) {
    if (!is_reached[id]) throw Error({}, fmt::format("split {} of a tree is not reached", id));
    const auto* split = model::as_split(tree.nodes[id]);
    if (split == nullptr) continue;
    is_reached[static_cast<std::size_t>(split->left)] = is_reached[static_cast<std::size_t>(split->right)] = true;
  }
}

class LinkedReader {
 public:
  LinkedReader(const LinkedBody& body, model::TreeEnsemble& ensemble) : body_(body), ensemble_(ensemble) {}

  void read(std::uint32_t index);

 private:
  model::RowId row_of(std::uint32_t code);
  NodeId child(model::Tree& tree, std::uint32_t link, std::uint32_t place);
  [[nodiscard]] double threshold_of(std::int32_t key) const;

  const LinkedBody& body_;
  model::TreeEnsemble& ensemble_;
  std::map<std::vector<double>, model::RowId> rows_;
  std::uint32_t first_row_ = 0, first_output_ = 0;
};

/// Of the tree at hand. A row that another leaf has too is the same row.
model::RowId LinkedReader::row_of(std::uint32_t code) {
  std::vector<double> values;
  const std::vector<std::int64_t> integers = integers_of(body_.trees, first_row_, code);
  for (std::size_t i = 0; i < integers.size(); ++i) {
    values.push_back(static_cast<double>(integers[i]) / body_.units[body_.is_pair() ? 1 : first_output_ + i]);
  }
  if (body_.is_pair()) values.insert(values.begin(), 1.0 - values.front());
  const auto [found, is_new] = rows_.try_emplace(values, static_cast<model::RowId>(rows_.size()));
  if (is_new) ensemble_.leaf_values.insert(ensemble_.leaf_values.end(), values.begin(), values.end());
  return found->second;
}

double LinkedReader::threshold_of(std::int32_t key) const {
  if (ensemble_.feature_type != model::NumberType::float32) return key;
  const auto bits = static_cast<std::uint32_t>(key < 0 ? key ^ std::numeric_limits<std::int32_t>::max() : key);
  const auto threshold = static_cast<double>(std::bit_cast<float>(bits));
  if (std::isnan(threshold)) throw Error({}, fmt::format("a split compares with the key {}, which is NaN", key));
  return threshold == 0.0 ? 0.0 : threshold;
}

/// What a link of record `place` leads to.
NodeId LinkedReader::child(model::Tree& tree, std::uint32_t link, std::uint32_t place) {
  if (link < body_.trees.first_leaf) {
    return static_cast<NodeId>(place + link * EMLC_LINKED_UNIT / body_.trees.record_bytes);
  }
  tree.nodes.emplace_back(model::Leaf{row_of(link - body_.trees.first_leaf)});
  return static_cast<NodeId>(tree.nodes.size() - 1);
}

void LinkedReader::read(std::uint32_t index) {
  const LinkedTrees& trees = body_.trees;
  const std::uint8_t* at = trees.trees + 8 * std::size_t{index};
  const std::uint32_t root = emlc_load_u32(at);
  const std::uint32_t n_records = (emlc_load_u32(at + 8) - root) / trees.record_bytes;
  first_row_ = emlc_load_u32(at + 4);
  first_output_ = trees.columns == nullptr ? 0 : emlc_load_u16(trees.columns + 2 * std::size_t{index});
  model::Tree tree{.nodes = std::vector<model::TreeNode>(n_records),
                   .first_output = static_cast<std::int32_t>(first_output_)};
  const bool nan_goes_left = trees.body[EMLC_LINKED_AT_MISSING] != 0;
  for (std::uint32_t place = 0; place < n_records; ++place) {
    const LinkedRecord record = record_at(trees, root + place * trees.record_bytes);
    if (record.left == record.right && record.left >= trees.first_leaf) {  // a lone leaf
      tree.nodes[place] = model::Leaf{row_of(record.left - trees.first_leaf)};
      continue;
    }
    const NodeId left = child(tree, record.left, place), right = child(tree, record.right, place);
    tree.nodes[place] = model::Split{.feature = static_cast<std::int32_t>(record.feature),
                                     .threshold = threshold_of(record.key),
                                     .left = left,
                                     .right = right,
                                     .default_child = nan_goes_left ? left : right};
  }
  check_reached(tree, n_records);
  ensemble_.trees.push_back(std::move(tree));
}

void read_arithmetic(const LinkedBody& body, model::TreeEnsemble& ensemble) {
  const std::uint8_t* at = body.trees.body;
  ensemble.base_score_at = model::BaseScoreAt::end;
  for (std::size_t i = 0; i < body.bases.size(); ++i) {
    const double start = body.divides() ? body.start() / body.factors[i] : body.start() * body.factors[i];
    ensemble.base_score.push_back(body.bases[i] + start);
  }
  ensemble.divisor = body.divisor;
  ensemble.scale = body.scale;
  ensemble.post_transform = {.kind = static_cast<model::PostTransformKind>(at[EMLC_LINKED_AT_POST_TRANSFORM]),
                             .scale = float_at(at + EMLC_LINKED_AT_POST_SCALE),
                             .denominator = float_at(at + EMLC_LINKED_AT_POST_SCALE + 4),
                             .offset = float_at(at + EMLC_LINKED_AT_POST_SCALE + 8),
                             .type = model::NumberType::float32};
}

/// The integers that are summed.
LeafTable leaves_of(const LinkedBody& body) {
  const LinkedTrees& trees = body.trees;
  LeafTable leaves{.kind = LeafKind::fixed_rows,
                   .width = trees.leaf_width,
                   .unit = body.units.front(),
                   .places = places_of(body),
                   .start = body.start(),
                   .is_pair = body.is_pair()};
  const std::uint32_t n_rows = emlc_load_u32(trees.body + EMLC_LINKED_AT_N_ROWS);
  for (std::uint32_t code = 0; code < trees.n_votes + n_rows; ++code) {
    const std::vector<std::int64_t> row = integers_of(trees, 0, code);
    leaves.integers.insert(leaves.integers.end(), row.begin(), row.end());
  }
  return leaves;
}

bool has_negative(const LeafTable& leaves) {
  return std::any_of(leaves.integers.begin(), leaves.integers.end(), [](std::int64_t value) { return value < 0; });
}

/// A bound that no sum is below: the answer is the same for all inputs, or for all but those at the end of the range.
constexpr std::int32_t always = std::numeric_limits<std::int32_t>::min();

/// The numbers of a body are rounded to float32, so that a bound found with them may be a little off.
bool is_near(std::int64_t bound, std::int64_t expected) {
  return std::abs(bound - expected) <= 2 + (std::abs(expected) >> 20);
}

}  // namespace

model::TreeEnsemble read_linked_layer(std::span<const std::uint8_t> bytes) {
  const LinkedBody body = open_body(bytes);
  model::TreeEnsemble ensemble;
  ensemble.n_features = static_cast<std::int32_t>(emlc_load_u32(bytes.data() + EMLC_LINKED_AT_N_FEATURES));
  ensemble.n_outputs = body.trees.n_outputs;
  ensemble.feature_type = static_cast<model::NumberType>(bytes[EMLC_LINKED_AT_FEATURE_TYPE]);
  ensemble.leaf_width = body.is_pair() ? 2 : body.trees.leaf_width;
  read_arithmetic(body, ensemble);
  LinkedReader reader(body, ensemble);
  for (std::uint32_t tree = 0; tree < body.trees.n_trees; ++tree) reader.read(tree);
  return ensemble;
}

std::string linked_decision_problem(std::span<const std::uint8_t> bytes, const model::Model& model) {
  const LinkedBody body = open_body(bytes);
  const LeafTable leaves = leaves_of(body);
  const LinkedDecision expected = linked_decision(model, std::get<model::TreeEnsemble>(model.predictor), leaves);
  const int kind = bytes[EMLC_LINKED_AT_DECISION];
  const std::int32_t bound = emlc_linked_i32(bytes.data() + EMLC_LINKED_AT_BOUND);
  const auto most = static_cast<std::int64_t>(emlc_load_u32(bytes.data() + EMLC_LINKED_AT_MOST));
  const bool compares = kind == EMLC_LINKED_AT_LEAST || kind == EMLC_LINKED_BELOW;
  if (compares && most != 0 && (has_negative(leaves) || most < expected.most)) {
    return fmt::format("no tree is to add more than {}, or less than 0, which one does", most);
  }
  if (compares && expected.kind >= EMLC_LINKED_AT_LEAST && (bound == always || expected.bound == always)) return {};
  if (kind != expected.kind) return fmt::format("the decision is {}, that of the model's rule {}", kind, expected.kind);
  if (kind == EMLC_LINKED_LARGEST && bound < expected.bound) {
    return fmt::format("the majority is {}, that of the trees {}", bound, expected.bound);
  }
  if (!compares || is_near(bound, expected.bound)) return {};
  return fmt::format("the sum is compared with {}, that of the model's rule is {}", bound, expected.bound);
}

}  // namespace emlc::layout
