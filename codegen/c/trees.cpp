#include "codegen/c/trees.hpp"

#include "codegen/c/tree_code.hpp"
#include "codegen/c/trees_estimate.hpp"
#include "codegen/c/trees_inline.hpp"
#include "codegen/c/trees_table.hpp"

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

TreeLayout choose_layout(const TreeCode& code, const EmitConfig& config) {
  if (config.layout != TreeLayout::automatic) return config.layout;
  if (config.optimize == Optimize::size) return TreeLayout::table;
  if (config.optimize == Optimize::speed) return TreeLayout::inline_code;
  return code.plan.records.size() > 64 ? TreeLayout::table : TreeLayout::inline_code;
}

}  // namespace

Core emit_trees(const model::Model& model, const EmitConfig& config) {
  const TreeCode code = make_tree_code(model, config);
  Printer out;
  Core core;
  core.parts.push_back(print_base_table(out, code));
  if (has_leaf_rows(code)) {
    core.parts.push_back(print_leaf_values(out, code));
    print_add_row(out, code);
  }
  const TreeLayout layout = choose_layout(code, config);
  const bool is_table = layout == TreeLayout::table;
  for (layout::Part& part : is_table ? print_table_trees(out, code) : print_inline_trees(out, code)) {
    core.parts.push_back(std::move(part));
  }
  core.parts.push_back(estimate_tree_code(code, layout));
  if (!is_table && has_float_keys(code)) {
    core.headers.insert("string.h");
    core.ram += sizeof(float) * static_cast<std::size_t>(code.plan.n_features);  // of a copy without wrong NaNs
  }
  core.has_decide = print_outputs(out, code);
  core.definitions = out.text();
  core.facts = facts_of(code);
  std::erase_if(core.parts, [](const layout::Part& part) { return part.bytes == 0; });
  return core;
}

}  // namespace emlc::c
