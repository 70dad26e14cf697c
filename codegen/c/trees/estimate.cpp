#include "codegen/c/trees/estimate.hpp"

#include <cmath>
#include <set>

#include "codegen/c/trees/code_bytes.hpp"
#include "codegen/c/trees/inline/body.hpp"
#include "codegen/c/trees/votes.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using model::NumberType;

/// The row of a target, and what it says of the optimisation.
struct Target {
  const CodeBytes& row;
  const WalkBytes& walk;
  const InlineBytes& code;
};

Target target_of(const CodeBytes& row, Optimize optimize) {
  const bool is_fast = optimize == Optimize::speed;
  return {row, is_fast ? row.fast_walk : row.small_walk, is_fast ? row.fast_code : row.small_code};
}

/// The functions of soft float that a program needs, each once.
struct FloatFunctions {
  bool power_of_two = false, conversion = false, multiplication = false, division = false, addition = false,
       comparison = false;
};

double bytes_of(const FloatFunctions& used, const FloatBytes& bytes) {
  return (used.power_of_two ? bytes.power_of_two : 0.0) + (used.conversion ? bytes.conversion : 0.0) +
         (used.multiplication ? bytes.multiplication : 0.0) + (used.division ? bytes.division : 0.0) +
         (used.addition ? bytes.addition : 0.0) + (used.comparison ? bytes.comparison : 0.0);
}

bool has_float_features(const TreeCode& code) { return code.plan.feature_type == NumberType::float32; }

/// Inline code leaves the comparison of floats to the compiler's soft float.
bool has_soft_splits(const Target& target, const TreeCode& code) {
  return has_float_features(code) && !has_float_keys(code) && target.row.float_unit == FloatUnit::software;
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
struct LeafCount {
  std::size_t n_distinct = 0, n_again = 0;
};

LeafCount count_leaves(const layout::TreePlan& plan) {
  LeafCount count;
  for (std::size_t region = 0; region < plan.regions.size(); ++region) {
    const std::size_t end = region + 1 < plan.regions.size() ? plan.regions[region + 1] : plan.records.size();
    std::set<layout::LeafCode> codes;
    const auto see = [&](layout::LeafCode code) { codes.insert(code).second ? ++count.n_distinct : ++count.n_again; };
    for (std::size_t id = plan.regions[region]; id < end; ++id) {
      const layout::Record& record = plan.records[id];
      if (record.first_is_leaf) see(record.first_leaf);
      if (record.second_is_leaf) see(record.second_leaf);
    }
  }
  return count;
}

/// What makes floats of the sums where predict needs them, and decides on floats.
FloatFunctions number_functions(const TreeCode& code) {
  if (decides_on_sums(code)) return {};
  FloatFunctions used{.comparison = code.model.output.rule != model::DecisionRule::none};
  const model::TreeEnsemble& ensemble = code.ensemble;
  const bool is_scaled = ensemble.scale != 1.0 || !code.leaves.outputs.empty();
  used.power_of_two = code.leaves.places.has_value();
  if (used.power_of_two) return used;
  used.conversion = has_integer_sums(code);
  used.multiplication = is_scaled;
  used.division = !is_scaled && ensemble.divisor * code.leaves.unit != 1.0;
  used.addition = !has_integer_sums(code) || has_base(code);
  return used;
}

/// Byte tables and inline code without keys leave the comparison of floats to the compiler.
FloatFunctions float_functions(const Target& target, const TreeCode& code, const std::optional<TableTrees>& table) {
  FloatFunctions used = number_functions(code);
  const bool is_byte_table = table && std::holds_alternative<layout::TreeTable>(*table);
  if (table ? is_byte_table && has_float_features(code) : has_soft_splits(target, code)) used.comparison = true;
  return used;
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
    return bytes + walk.bytes;
  }
  if (has_float_features(code)) bytes += walk.float_order;
  return bytes + (std::holds_alternative<layout::ScanTable>(table) ? walk.scan : walk.links);
}

/// Trees are functions, unless one body adds up their values or counts their votes.
bool has_functions(const TreeCode& code) {
  if (can_print_votes(code)) return false;
  return !(has_scalar_leaves(code) && code.n_sums == 1 && fits_one_body(code));
}

double inline_code_bytes(const Target& target, const TreeCode& code) {
  const InlineBytes& inlined = target.code;
  const auto n_trees = static_cast<double>(code.ensemble.trees.size());
  const LeafCount leaves = count_leaves(code.plan);
  double bytes = inlined.frame + static_cast<double>(code.plan.records.size()) * split_bytes(target, code);
  bytes += static_cast<double>(leaves.n_distinct) * leaf_bytes(inlined, code);
  bytes += static_cast<double>(leaves.n_again) * inlined.again;
  bytes += n_trees * (has_functions(code) ? inlined.call : inlined.tree);
  if (has_float_keys(code)) bytes += inlined.nan_copy;
  if (has_leaf_rows(code)) bytes += target.walk.row_loop;
  return bytes;
}

}  // namespace

std::vector<layout::CodeEstimate> estimate_tree_code(const TreeCode& code, const std::optional<TableTrees>& table,
                                                     Optimize optimize) {
  std::vector<layout::CodeEstimate> estimates;
  for (const CodeBytes& row : all_code_bytes()) {
    const Target target = target_of(row, optimize);
    const double trees = table ? table_code_bytes(target, code, *table) : inline_code_bytes(target, code);
    const double bytes = trees + bytes_of(float_functions(target, code, table), row.floats);
    estimates.push_back({std::string(row.target), static_cast<std::size_t>(std::lround(bytes))});
  }
  return estimates;
}

}  // namespace emlc::c
