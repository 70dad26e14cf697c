#include "codegen/c/trees/trees.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/estimate.hpp"
#include "codegen/c/trees/inline/inline.hpp"
#include "codegen/c/trees/inline_terms.hpp"
#include "codegen/c/trees/table/table.hpp"
#include "codegen/c/trees/votes.hpp"
#include "codegen/layout/trees/sum_rules.hpp"
#include "codegen/model/error.hpp"
#include "codegen/signal/decision/decision.hpp"

namespace emlc::c {
namespace {

std::size_t worst_comparisons(const model::TreeEnsemble& ensemble) {
  std::size_t sum = 0;
  for (const model::Tree& tree : ensemble.trees) sum += model::depth(tree);
  return sum;
}

std::vector<Fact> facts_of(const TreeCode& code) {
  return {{"n_trees", code.ensemble.trees.size(), ""},
          {"n_splits", code.plan.records.size(), ""},
          {"max_comparisons", worst_comparisons(code.ensemble), "splits on the longest way through all trees"}};
}

/// A tree that is a leaf alone has a record too.
std::size_t count_records(const model::TreeEnsemble& ensemble) {
  std::size_t count = 0;
  for (const model::Tree& tree : ensemble.trees) count += tree.nodes.size() == 1 ? 1U : 0U;
  return count + model::n_splits(ensemble);
}

TreeLayout choose_layout(const model::TreeEnsemble& ensemble, const EmitConfig& config) {
  if (config.layout != TreeLayout::automatic) return config.layout;
  if (config.optimize == Optimize::size) return TreeLayout::table;
  if (config.optimize == Optimize::speed) return TreeLayout::inline_code;
  return count_records(ensemble) > 64 ? TreeLayout::table : TreeLayout::inline_code;
}

bool counts_votes(const TreeCode& code, const std::optional<TableTrees>& table) {
  return !table && can_print_votes(code);
}

/// Prints sum_ and what it needs; decide_ too where the layout has its own. Returns the bytes of the tables.
std::vector<layout::Part> print_layout(Printer& out, const TreeCode& code, const std::optional<TableTrees>& table) {
  if (counts_votes(code, table)) {
    print_votes(out, code);
    return {};
  }
  std::vector<layout::Part> parts;
  if (table) {
    parts = print_table_trees(out, code, *table);
  } else {
    print_inline_trees(out, code);
  }
  if (decides_on_sums(code)) print_decide(out, code);
  return parts;
}

/// How far the sum of each output is off at most; of many outputs, the least and the most.
std::string unit_note(const TreeCode& code) {
  constexpr std::size_t most_outputs = 8;
  std::vector<double> errors;
  for (const layout::OutputUnit& output : code.leaves.outputs) {
    errors.push_back(output.rounding * static_cast<double>(code.ensemble.trees.size()));
  }
  const auto [least, most] = std::minmax_element(errors.begin(), errors.end());
  const std::string text = errors.size() <= most_outputs ? fmt::format("{:.2g}", fmt::join(errors, ", "))
                                                         : fmt::format("{:.2g} to {:.2g}", *least, *most);
  return fmt::format("Leaves have a unit for each output: the sums of {} trees are off by at most {}.",
                     code.ensemble.trees.size(), text);
}

std::vector<std::string> notes_of(const TreeCode& code) {
  if (!code.leaves.outputs.empty()) return {unit_note(code)};
  const std::size_t n_trees = layout::most_trees(code.ensemble);
  const double error = code.leaves.rounding * static_cast<double>(n_trees) + code.leaves.start_rounding;
  if (error == 0.0) return {};
  return {fmt::format("Leaves are multiples of 1/{:.10g}: the sum of {} trees is off by at most {:.2g}.",
                      code.leaves.unit, n_trees, error)};
}

std::vector<std::string> warnings_of(const TreeCode& code) {
  const std::optional<std::string> warning = layout::overflow_warning(code.ensemble);
  return warning ? std::vector{*warning} : std::vector<std::string>{};
}

/// The sums that predict has on its stack: an array, or what the caller gave where those of floats are the outputs.
std::size_t sum_bytes(const TreeCode& code, const std::optional<TableTrees>& table) {
  const bool has_array = decides_on_sums(code) || has_integer_sums(code);
  if (code.n_sums == 1 || counts_votes(code, table) || !has_array) return 0;
  return static_cast<std::size_t>(code.n_sums) * type_bytes(code.sum_type);
}

/// What inline code saves and keeps: little where trees are apart, else features; counters beyond the registers, and
/// sums that trees add to in turn.
std::size_t inline_frame_bytes(const TreeCode& code) {
  constexpr std::size_t body = 16, calls = 26, fast = 56, small = 8, most_small_splits = 8, registers = 4, word = 4,
                        turns = 24;
  if (code.plan.records.size() <= most_small_splits) return small;
  const InlineForm form = inline_form(code);
  const std::size_t n_words = form == InlineForm::votes ? vote_words(code) : 0;
  const std::size_t counters = n_words > registers ? n_words * word : 0;
  const std::size_t sums = form == InlineForm::functions && code.n_sums > 1 && has_rounds(code) ? turns : 0;
  if (code.optimize == Optimize::speed) return fast + counters + sums;
  return (form == InlineForm::functions ? calls : body) + counters;
}

std::size_t frame_bytes(const TreeCode& code, const std::optional<TableTrees>& table) {
  constexpr std::size_t walk = 42;
  return table ? walk : inline_frame_bytes(code);
}

/// Comparing bits takes a copy of x now and then.
void add_float_keys(Core& core, const TreeCode& code) {
  core.headers.insert("string.h");
  core.ram += sizeof(float) * static_cast<std::size_t>(code.plan.n_features);
}

/// Some processors have no double that is more than a float: AVR, and others by an option of their compilers.
void require_doubles(Core& core, const TreeCode& code) {
  core.headers.insert("float.h");
  core.prologue += fmt::format(
      "#if DBL_MANT_DIG < 53\n#error \"{} takes double of 64 bits, this compiler has fewer: convert it with --features "
      "float\"\n#endif\n",
      code.names.macro.substr(0, code.names.macro.size() - 1));
}

/// The frame estimates tables from their text.
void add_estimate(Core& core, const TreeCode& code, const std::optional<TableTrees>& table, Optimize optimize) {
  if (table) {
    core.code_kind = "table";
    core.float_operations = float_operations(code, *table);
    return;
  }
  core.code_estimates = estimate_inline_code(code, optimize);
  core.parts.push_back({std::string(code_part), core.code_estimates.front().bytes});
}

}  // namespace

PlannedTrees plan_tree_code(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config) {
  const bool is_table = choose_layout(ensemble, config) == TreeLayout::table;
  PlannedTrees planned{.code = make_tree_code(model, ensemble, config), .table = {}};
  if (is_table) {
    planned.table = make_table(planned.code, config);
  } else {
    take_offsets(planned.code);
  }
  return planned;
}

std::optional<SumError> sum_error(const model::Model& model, const model::TreeEnsemble& ensemble) {
  constexpr double float_rounding = 0x1p-24;
  const layout::LeafTable leaves = layout::make_leaves(ensemble, leaf_use(model));
  const bool rounds = leaves.kind == layout::LeafKind::fixed_rows && leaves.outputs.empty() && leaves.rounding > 0.0;
  if (!rounds || leaves.width > 1) return std::nullopt;
  const std::vector<double> sums = model::largest_sums(ensemble);
  const auto n_trees = static_cast<double>(layout::most_trees(ensemble));
  const double factor = std::abs(ensemble.scale / ensemble.divisor);
  return SumError{.rounding = factor * (n_trees * leaves.rounding + leaves.start_rounding),
                  .float32 = factor * n_trees * float_rounding * *std::max_element(sums.begin(), sums.end())};
}

Core emit_trees(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config) {
  if (config.fpu == Fpu::no && model.input.type == model::NumberType::float64) {
    throw Error({.field = "--fpu"}, "no is for features in float, these are double");
  }
  const auto [code, table] = plan_tree_code(model, ensemble, config);
  Printer out;
  Core core;
  core.parts.push_back(print_base_table(out, code));
  core.parts.push_back(print_unit_table(out, code));
  if (has_leaf_rows(code) && !(table && has_moves(*table))) {
    core.parts.push_back(print_leaf_values(out, code));
    print_add_row(out, code);
  }
  for (layout::Part& part : print_layout(out, code, table)) core.parts.push_back(std::move(part));
  add_estimate(core, code, table, config.optimize);
  if (code.plan.feature_type == model::NumberType::float64) require_doubles(core, code);
  if (!table && has_float_keys(code)) add_float_keys(core, code);
  core.ram += sum_bytes(code, table);
  core.frames = frame_bytes(code, table);
  print_raw(out, code);
  core.has_decide = decides_on_sums(code);
  core.has_judge = config.decision != nullptr && config.decision->reject_below && judges_on_sums(code);
  if (core.has_judge) print_judge(out, code, *config.decision);
  core.definitions = out.text();
  core.facts = facts_of(code);
  core.notes = notes_of(code);
  if (code.leaves.kind == layout::LeafKind::float_rows) core.warnings = warnings_of(code);
  core.integer_sums = integer_sums(code);
  core.sum_type = counts_votes(code, table) ? "votes in bit fields" : code.sum_type;
  std::erase_if(core.parts, [](const layout::Part& part) { return part.bytes == 0; });
  return core;
}

}  // namespace emlc::c
