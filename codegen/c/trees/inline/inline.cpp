#include "codegen/c/trees/inline/inline.hpp"

#include <map>
#include <string>
#include <vector>

#include "codegen/c/trees/inline/body.hpp"
#include "codegen/c/trees/inline/regions.hpp"
#include "codegen/c/trees/stage_text.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using layout::Record;

/// Where sums are looked at in stages, a tree of some size is called: compilers make longer code of it inside another
/// function, and the trees that are not asked make up for the calls.
bool is_apart(const TreeCode& code, std::uint32_t region) {
  constexpr std::size_t fewest_records = 3;
  const auto& regions = code.plan.regions;
  const std::size_t end = region + 1 < regions.size() ? regions[region + 1] : code.plan.records.size();
  return has_stages(code) && end - regions[region] >= fewest_records;
}

void print_tree(Printer& out, const TreeCode& code, std::uint32_t region) {
  const Names& names = code.names;
  const RegionText text{
      .leaf = [&](layout::LeafCode leaf) { return fmt::format("return {};", leaf_text(code, region, leaf)); }};
  out.line("{} {} {}tree_{}_(const {} *x) {{", is_apart(code, region) ? names.macro + "WALK" : names.function,
           leaf_text_type(code), names.symbol, region, names.input);
  {
    const auto body = out.indent();
    print_regions(out, code, text, region);
  }
  out.line("}}");
}

/// The statement that adds `value`, what tree `region` gives.
std::string add_tree(const TreeCode& code, std::uint32_t region, const std::string& value) {
  const std::int32_t column = code.ensemble.trees[code.plan.tree_order[region]].first_output;
  if (code.leaves.kind == LeafKind::votes) return fmt::format("++sum[{}];", value);
  if (code.n_sums == 1) return added(code, "sum", value);
  if (code.leaves.width == 1) return added(code, fmt::format("sum[{}]", column), value);
  const std::string offset = column == 0 ? "" : fmt::format(" + {}", column);
  return fmt::format("{}add_row_({}, sum{});", code.names.symbol, value, offset);
}

/// What gives the leaf of each tree: a call, or a lone leaf.
struct TreeValues {
  std::vector<std::string> values{};
  bool has_split = false;
};

/// Prints a function for each tree that has a split.
TreeValues print_trees(Printer& out, const TreeCode& code) {
  TreeValues trees;
  for (std::uint32_t tree = 0; tree < code.plan.tree_order.size(); ++tree) {
    const Record& root = code.plan.records[code.plan.regions[tree]];
    const bool is_leaf = is_lone_leaf(root);
    if (!is_leaf) print_tree(out, code, tree);
    trees.has_split = trees.has_split || !is_leaf;
    trees.values.push_back(is_leaf ? leaf_text(code, tree, root.first_leaf)
                                   : fmt::format("{}tree_{}_(x)", code.names.symbol, tree));
  }
  return trees;
}

/// The trees that are asked without a look at the sums in between.
struct Run {
  std::uint32_t begin = 0, end = 0;
};

void print_run(Printer& out, const TreeCode& code, const TreeValues& trees, const Run& run) {
  for (std::uint32_t tree = run.begin; tree < run.end; ++tree) {
    if (tree > 0 && trees.has_split) print_apart(out, code, {});
    out.line("{}", add_tree(code, tree, trees.values[tree]));
  }
}

/// The trees of one output together, so that its sum is read and written once.
void print_run_by_output(Printer& out, const TreeCode& code, const TreeValues& trees, const Run& run) {
  std::map<std::int32_t, std::string> sums;
  for (std::uint32_t tree = run.begin; tree < run.end; ++tree) {
    std::string& sum = sums[code.ensemble.trees[code.plan.tree_order[tree]].first_output];
    sum += (sum.empty() ? "" : " + ") + trees.values[tree];
  }
  for (const auto& [column, sum] : sums) {
    if (trees.has_split) print_apart(out, code, {});
    out.line("{}", added(code, fmt::format("sum[{}]", column), sum));
  }
}

/// All trees, with a look at the sums at each stage.
void print_runs(Printer& out, const TreeCode& code, const TreeValues& trees) {
  const auto n_trees = static_cast<std::uint32_t>(trees.values.size());
  Run run{0, has_stages(code) ? code.stages.first : n_trees};
  for (const Stage& stage : code.stages.stages) {
    (code.n_sums > 1 ? print_run_by_output : print_run)(out, code, trees, run);
    run = {run.end, run.end + code.stages.step};
    if (run.begin == n_trees) return;
    out.line("if ({}) return{};", ends_at_stage(code, stage), code.n_sums == 1 ? " sum" : "");
  }
  print_run(out, code, trees, run);
}

/// A function for each tree, and a sum_ that calls them.
void print_functions(Printer& out, const TreeCode& code) {
  if (has_stages(code)) print_walk_macro(out, code);
  const TreeValues trees = print_trees(out, code);
  if (trees.has_split) print_pointer_macros(out, code, {});
  print_lead(out, code);
  out.line("{}", sum_head(code));
  {
    const auto body = out.indent();
    if (!trees.has_split) out.line("(void)x;");
    if (trees.has_split) print_clean(out, code.floats, code.names, code.plan.n_features);
    print_sum_start(out, code);
    print_runs(out, code, trees);
    if (code.n_sums == 1) out.line("return sum;");
  }
  out.line("}}");
}

}  // namespace

void print_inline_trees(Printer& out, const TreeCode& code) {
  print_float_bits(out, code.floats, code.names, code.plan.n_features);
  if (has_scalar_leaves(code) && code.n_sums == 1 && fits_one_body(code)) return print_sum_body(out, code);
  print_functions(out, code);
}

}  // namespace emlc::c
