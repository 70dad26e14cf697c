#include "codegen/c/trees/estimate.hpp"

#include <array>
#include <cmath>
#include <set>

namespace emlc::c {
namespace {

using layout::LeafKind;
using model::NumberType;

enum class FloatUnit { software, hardware };

/// The loop over the trees of a table, with what it takes to decide.
struct WalkBytes {
  double bytes, scan, links;        ///< of each encoding
  double float_order;               ///< to make an integer of a float
  double row_loop;                  ///< to add a row of leaf values
  double narrow_moves, wide_moves;  ///< to add a row of moves, with sums of one or two bytes and of four
};

/// If/else code.
struct InlineBytes {
  double frame;                                            ///< what the function begins and ends with
  double nan_copy;                                         ///< to look for NaN before floats are compared as integers
  double byte_split, half_split, word_split, float_split;  ///< by the type of the features
  double soft_split;                                       ///< of float features that soft float compares
  double vote, row;                                        ///< a leaf that is a vote, or names a row
  double narrow_value, wide_value, float_value;            ///< a leaf of one or two bytes, of four, and a float
};

/// Making floats of sums, and soft float.
struct FloatBytes {
  double power_of_two;  ///< a number from an integer sum whose unit is one
  double number;        ///< from any other integer sum
  double comparison, addition, division;
};

struct Target {
  std::string_view name;
  FloatUnit float_unit;
  WalkBytes walk;
  InlineBytes code;
  FloatBytes floats;
};

/// Fitted to programs linked by gcc at -Os, each less the same program without the model: the smallest largest error,
/// relative to text and data, over the bundled models in all layouts (tests/c/trees_estimate_test.cpp), then rounded.
constexpr std::array targets = {
    Target{code_part_target,
           FloatUnit::software,
           {.bytes = 156,
            .scan = 152,
            .links = 92,
            .float_order = 12,
            .row_loop = 25,
            .narrow_moves = 83,
            .wide_moves = 139},
           {.frame = 30,
            .nan_copy = 31,
            .byte_split = 9.0,
            .half_split = 18.3,
            .word_split = 20,
            .float_split = 18.0,
            .soft_split = 16,
            .vote = 5.5,
            .row = 5.3,
            .narrow_value = 6.6,
            .wide_value = 5.4,
            .float_value = 5.4},
           {.power_of_two = 58, .number = 920, .comparison = 500, .addition = 845, .division = 710}},
    Target{"Cortex-M4",
           FloatUnit::hardware,
           {.bytes = 145,
            .scan = 149,
            .links = 97,
            .float_order = 10,
            .row_loop = 37,
            .narrow_moves = 72,
            .wide_moves = 131},
           {.frame = 22,
            .nan_copy = 0,
            .byte_split = 9.7,
            .half_split = 15.8,
            .word_split = 17,
            .float_split = 20.0,
            .soft_split = 20,
            .vote = 7,
            .row = 4,
            .narrow_value = 8.1,
            .wide_value = 6.4,
            .float_value = 9.2},
           {.power_of_two = 10, .number = 20, .comparison = 0, .addition = 6, .division = 8}},
    Target{"ATmega328P",
           FloatUnit::software,
           {.bytes = 310,
            .scan = 314,
            .links = 161,
            .float_order = 129,
            .row_loop = 60,
            .narrow_moves = 161,
            .wide_moves = 328},
           {.frame = 30,
            .nan_copy = 110,
            .byte_split = 8.2,
            .half_split = 13.4,
            .word_split = 26,
            .float_split = 29.6,
            .soft_split = 36,
            .vote = 4,
            .row = 6,
            .narrow_value = 4.5,
            .wide_value = 8.7,
            .float_value = 1},
           {.power_of_two = 97, .number = 580, .comparison = 110, .addition = 350, .division = 240}},
};

bool has_float_features(const TreeCode& code) { return code.plan.feature_type == NumberType::float32; }

/// Inline code leaves the comparison of floats to the compiler's soft float.
bool has_soft_splits(const Target& target, const TreeCode& code) {
  return has_float_features(code) && !has_float_keys(code) && target.float_unit == FloatUnit::software;
}

double split_bytes(const Target& target, const TreeCode& code) {
  const InlineBytes& bytes = target.code;
  if (has_soft_splits(target, code)) return bytes.soft_split;
  const model::NumberTypeInfo& type = model::info(code.plan.feature_type);
  if (!type.is_integer) return bytes.float_split;
  if (type.bytes == 1) return bytes.byte_split;
  return type.bytes == 2 ? bytes.half_split : bytes.word_split;
}

double leaf_bytes(const InlineBytes& bytes, const TreeCode& code) {
  if (code.leaves.kind == LeafKind::votes) return bytes.vote;
  if (has_leaf_rows(code)) return bytes.row;
  if (code.leaves.kind == LeafKind::float_rows) return bytes.float_value;
  return type_bytes(leaf_value_type(code)) > 2 ? bytes.wide_value : bytes.narrow_value;
}

/// Leaves of inline code: compilers join those of a tree that are equal.
std::size_t count_leaves(const layout::TreePlan& plan) {
  std::size_t n_leaves = 0;
  for (std::size_t region = 0; region < plan.regions.size(); ++region) {
    const std::size_t end = region + 1 < plan.regions.size() ? plan.regions[region + 1] : plan.records.size();
    std::set<layout::LeafCode> codes;
    for (std::size_t id = plan.regions[region]; id < end; ++id) {
      const layout::Record& record = plan.records[id];
      if (record.first_is_leaf) codes.insert(record.first_leaf);
      if (record.second_is_leaf) codes.insert(record.second_leaf);
    }
    n_leaves += codes.size();
  }
  return n_leaves;
}

/// What makes floats of the sums where predict needs them.
double number_bytes(const FloatBytes& bytes, const TreeCode& code) {
  if (code.leaves.kind == LeafKind::float_rows) {
    const bool is_scaled = code.ensemble.divisor != 1.0 || code.ensemble.scale != 1.0;
    return bytes.addition + (is_scaled ? bytes.division : 0.0);
  }
  if (decides_on_sums(code)) return 0.0;
  return code.leaves.places ? bytes.power_of_two : bytes.number;
}

double table_code_bytes(const Target& target, const TreeCode& code, const TableTrees& table) {
  const WalkBytes& walk = target.walk;
  double bytes = 0.0;
  if (has_moves(table)) {
    bytes += type_bytes(code.sum_type) > 2 ? walk.wide_moves : walk.narrow_moves;
  } else if (has_leaf_rows(code)) {
    bytes += walk.row_loop;
  }
  if (std::holds_alternative<layout::TreeTable>(table)) {
    return bytes + walk.bytes + (has_float_features(code) ? target.floats.comparison : 0.0);
  }
  if (has_float_features(code)) bytes += walk.float_order;
  return bytes + (std::holds_alternative<layout::ScanTable>(table) ? walk.scan : walk.links);
}

double inline_code_bytes(const Target& target, const TreeCode& code) {
  double bytes = target.code.frame + (has_soft_splits(target, code) ? target.floats.comparison : 0.0);
  bytes += static_cast<double>(code.plan.records.size()) * split_bytes(target, code);
  bytes += static_cast<double>(count_leaves(code.plan)) * leaf_bytes(target.code, code);
  if (has_float_keys(code)) bytes += target.code.nan_copy;
  if (has_leaf_rows(code)) bytes += target.walk.row_loop;
  return bytes;
}

}  // namespace

std::vector<layout::CodeEstimate> estimate_tree_code(const TreeCode& code, const std::optional<TableTrees>& table) {
  std::vector<layout::CodeEstimate> estimates;
  for (const Target& target : targets) {
    const double trees = table ? table_code_bytes(target, code, *table) : inline_code_bytes(target, code);
    const double bytes = trees + number_bytes(target.floats, code);
    estimates.push_back({std::string(target.name), static_cast<std::size_t>(std::lround(bytes))});
  }
  return estimates;
}

}  // namespace emlc::c
