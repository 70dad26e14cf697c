#include "codegen/c/trees/estimate.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/c/trees/code_bytes.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using model::NumberType;

/// The row of a target, and what it says of the optimisation.
struct Target {
  const CodeBytes& row;
  const InlineBytes& code;
};

Target target_of(const CodeBytes& row, Optimize optimize) {
  const bool is_fast = optimize == Optimize::speed;
  return {row, is_fast ? row.fast_code : row.small_code};
}

/// The functions of soft float that a program needs, each once.
struct FloatFunctions {
  bool power_of_two = false, conversion = false, multiplication = false, division = false, addition = false,
       subtraction = false, comparison = false;
};

double bytes_of(const FloatFunctions& used, const FloatBytes& bytes) {
  return (used.power_of_two ? bytes.power_of_two : 0.0) + (used.conversion ? bytes.conversion : 0.0) +
         (used.multiplication ? bytes.multiplication : 0.0) + (used.division ? bytes.division : 0.0) +
         (used.addition ? bytes.addition : 0.0) + (used.subtraction ? bytes.subtraction : 0.0) +
         (used.comparison ? bytes.comparison : 0.0);
}

bool has_float_features(const TreeCode& code) { return !model::info(code.plan.feature_type).is_integer; }

/// Inline code leaves the comparison of floats to the compiler's soft float.
bool has_soft_splits(const Target& target, const TreeCode& code) {
  return has_float_features(code) && !has_float_keys(code) && target.row.processor.float_unit == FloatUnit::software;
}

/// Of few outputs the loop over them is unrolled, and a negative base score becomes a subtraction.
bool has_mixed_bases(const TreeCode& code) {
  constexpr std::size_t most_unrolled = 3;
  const std::vector<double>& bases = code.ensemble.base_score;
  return bases.size() <= most_unrolled &&
         std::any_of(bases.begin(), bases.end(), [](double base) { return base < 0; }) &&
         std::any_of(bases.begin(), bases.end(), [](double base) { return base >= 0; });
}

/// What makes floats of the sums where predict needs them, and decides on floats.
FloatFunctions number_functions(const TreeCode& code) {
  const bool has_rule = code.model.output.rule != model::DecisionRule::none;
  if (has_rule && decides_on_sums(code)) return {};
  FloatFunctions used{.comparison = has_rule};
  const model::TreeEnsemble& ensemble = code.ensemble;
  const bool is_scaled = ensemble.scale != 1.0 || !code.leaves.outputs.empty();
  used.power_of_two = code.leaves.places.has_value();
  if (used.power_of_two) return used;
  used.conversion = has_integer_sums(code);
  used.multiplication = is_scaled;
  used.division = !is_scaled && ensemble.divisor * code.leaves.unit != 1.0;
  used.addition = !has_integer_sums(code) || has_base(code);
  used.subtraction = has_base(code) && has_mixed_bases(code);
  return used;
}

/// Inline code without keys leaves the comparison of floats to the compiler.
FloatFunctions float_functions(const Target& target, const TreeCode& code) {
  FloatFunctions used = number_functions(code);
  if (has_soft_splits(target, code)) used.comparison = true;
  return used;
}

const InlineTerms& bytes_of_form(const InlineBytes& bytes, InlineForm form) {
  switch (form) {
    case InlineForm::sum:
      return bytes.sum;
    case InlineForm::functions:
      return bytes.functions;
    case InlineForm::votes:
      break;
  }
  return bytes.votes;
}

/// Instructions of two bytes: to load a feature, to compare it and to jump for each split, and to return a constant.
/// What was fitted to forests may be less than that, or below 0, for a few splits.
double least_code_bytes(const TreeCode& code) {
  constexpr double split = 6.0, last_leaf = 4.0;
  const auto n_splits = std::count_if(code.plan.records.begin(), code.plan.records.end(),
                                      [](const layout::Record& record) { return !layout::is_lone_leaf(record); });
  return split * static_cast<double>(n_splits) + last_leaf;
}

double inline_code_bytes(const Target& target, const TreeCode& code) {
  const InlineTerms& bytes = bytes_of_form(target.code, inline_form(code));
  const InlineTerms terms = count_inline_terms(code, target.row.processor);
  double sum = 0.0;
  for (const InlineTerm& term : all_inline_terms()) sum += terms.*term.member * bytes.*term.member;
  return std::max(sum, least_code_bytes(code));
}

/// If/else code with features in double at -Os on the first target, from linked headers of forests and boosted trees.
/// What it costs at -O2 or elsewhere has not been measured.
double double_code_bytes(const TreeCode& code) {
  constexpr double comparison = 700, split = 29.5;
  return comparison + split * static_cast<double>(code.plan.records.size());
}

/// The encoding alone, without what several have.
double encoding_bytes(const WalkBytes& walk, const TreeCode& code, const TableTrees& table) {
  if (std::holds_alternative<layout::TreeTable>(table)) return walk.bytes;
  if (const auto* scan = std::get_if<layout::ScanTable>(&table)) {
    const double stream = scan->records.stream_bits != 0 ? walk.split_stream : 0.0;
    return stream + (scan->way == layout::ScanTable::Way::jump ? walk.jumps : walk.scan);
  }
  if (std::holds_alternative<layout::LevelTable>(table)) return walk.levels;
  if (const auto* perfect = std::get_if<layout::PerfectTable>(&table)) {
    const double float_level = layout::are_positive(perfect->thresholds) ? walk.float_level : walk.key_level;
    return walk.perfect + perfect->levels * (has_float_features(code) ? float_level : walk.level);
  }
  return walk.links;
}

/// Encodings that make an integer of a float.
bool has_float_order(const TreeCode& code, const TableTrees& table) {
  const bool has_order =
      !std::holds_alternative<layout::TreeTable>(table) && !std::holds_alternative<layout::PerfectTable>(table);
  return has_order && has_float_features(code);
}

}  // namespace

double walk_bytes(const WalkBytes& walk, const TreeCode& code, const TableTrees& table) {
  double bytes = encoding_bytes(walk, code, table);
  if (has_moves(table)) {
    bytes += type_bytes(code.sum_type) > 2 ? walk.wide_moves : walk.narrow_moves;
  } else if (has_leaf_rows(code)) {
    bytes += walk.row_loop;
  }
  if (std::holds_alternative<layout::TreeTable>(table)) return bytes;
  if (has_float_order(code, table)) bytes += walk.float_order;
  if (has_stages(code)) bytes += code.n_sums > 1 ? walk.leads : walk.bounds;
  if (code.store && code.store->columns.stream_bits != 0) bytes += walk.leaf_stream;
  return bytes;
}

std::string float_operations(const TreeCode& code, const TableTrees& table) {
  const FloatFunctions used = number_functions(code);
  const bool is_soft = std::holds_alternative<layout::TreeTable>(table) && has_float_features(code);
  const bool is_double = code.plan.feature_type == NumberType::float64;
  std::string operations;
  if (used.conversion) operations += code.sum_type.starts_with('u') ? 'u' : 'i';
  if (used.multiplication) operations += '*';
  if (used.division) operations += '/';
  if (used.addition) operations += '+';
  if (used.subtraction) operations += '-';
  if (used.comparison || (is_soft && !is_double)) operations += '<';
  if (is_soft && is_double) operations += 'd';
  return operations;
}

std::vector<layout::CodeEstimate> estimate_inline_code(const TreeCode& code, Optimize optimize) {
  std::vector<layout::CodeEstimate> estimates;
  if (code.plan.feature_type == NumberType::float64) {
    const CodeBytes& row = all_code_bytes().front();
    const double bytes = double_code_bytes(code) + bytes_of(number_functions(code), row.floats);
    return {{std::string(row.target), static_cast<std::size_t>(std::lround(bytes))}};
  }
  for (const CodeBytes& row : all_code_bytes()) {
    const Target target = target_of(row, optimize);
    const double bytes = inline_code_bytes(target, code) + bytes_of(float_functions(target, code), row.floats);
    estimates.push_back({std::string(row.target), static_cast<std::size_t>(std::lround(bytes))});
  }
  return estimates;
}

}  // namespace emlc::c
