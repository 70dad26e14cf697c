#include "codegen/c/trees/inline/inline.hpp"

#include <string>
#include <vector>

#include "codegen/c/trees/inline/body.hpp"
#include "codegen/c/trees/inline/regions.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using layout::Record;

void print_tree(Printer& out, const TreeCode& code, std::uint32_t region) {
  const Names& names = code.names;
  const RegionText text{
      .leaf = [&](layout::LeafCode leaf) { return fmt::format("return {};", leaf_text(code, leaf)); }};
  out.line("{} {} {}tree_{}_(const {} *x) {{", names.function, leaf_text_type(code), names.symbol, region, names.input);
  {
    const auto body = out.indent();
    print_regions(out, code, text, region);
  }
  out.line("}}");
}

/// The statement that adds what tree `region` gives.
std::string add_tree(const TreeCode& code, std::uint32_t region, const std::string& leaf) {
  const std::int32_t column = code.ensemble.trees[code.plan.tree_order[region]].first_output;
  if (code.leaves.kind == LeafKind::votes) return fmt::format("++sum[{}];", leaf);
  if (code.n_sums == 1) return added(code, "sum", leaf);
  if (code.leaves.width == 1) return added(code, fmt::format("sum[{}]", column), leaf);
  const std::string offset = column == 0 ? "" : fmt::format(" + {}", column);
  return fmt::format("{}add_row_({}, sum{});", code.names.symbol, leaf, offset);
}

/// A function for each tree, and a sum_ that calls them.
void print_functions(Printer& out, const TreeCode& code) {
  const auto n_trees = static_cast<std::uint32_t>(code.ensemble.trees.size());
  std::vector<std::string> statements;
  bool has_split = false;
  for (std::uint32_t tree = 0; tree < n_trees; ++tree) {
    const Record& root = code.plan.records[code.plan.regions[tree]];
    if (is_lone_leaf(root)) {
      statements.push_back(add_tree(code, tree, leaf_text(code, root.first_leaf)));
      continue;
    }
    has_split = true;
    print_tree(out, code, tree);
    statements.push_back(add_tree(code, tree, fmt::format("{}tree_{}_(x)", code.names.symbol, tree)));
  }
  if (has_split) print_pointer_macros(out, code, {});
  out.line("{}", sum_head(code));
  {
    const auto body = out.indent();
    if (!has_split) out.line("(void)x;");
    if (has_split) print_clean(out, code.floats, code.names, code.plan.n_features);
    print_sum_start(out, code);
    for (std::size_t index = 0; index < statements.size(); ++index) {
      if (index > 0 && has_split) print_apart(out, code, {});
      out.line("{}", statements[index]);
    }
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
