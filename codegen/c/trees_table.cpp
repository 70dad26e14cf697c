#include "codegen/c/trees_table.hpp"

#include <optional>

#include "codegen/c/literal.hpp"
#include "codegen/c/table_walks.hpp"
#include "codegen/c/tables.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using layout::ScanTable;

/// The first output of each tree, in the order of the table.
std::vector<std::int64_t> columns_of(const TreeCode& code) {
  std::vector<std::int64_t> columns;
  for (const std::uint32_t tree : code.plan.tree_order) columns.push_back(code.ensemble.trees[tree].first_output);
  return columns;
}

bool has_columns(const TreeCode& code) { return code.ensemble.leaf_width < code.ensemble.n_outputs; }

std::string_view column_type(const TreeCode& code) {
  return unsigned_type(static_cast<std::uint64_t>(code.ensemble.n_outputs - 1));
}

/// The statements that add leaf `leaf` of tree `tree`.
void print_add(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  std::string column = "0";
  if (has_columns(code)) {
    column = fmt::format("{}(&{}columns_[tree])", read_macro(code, column_type(code)), names.symbol);
  }
  if (code.leaves.kind == LeafKind::votes) return out.line("++sum[leaf];");
  if (has_leaf_rows(code)) return out.line("{}add_row_(leaf, sum + {});", names.symbol, column);
  const std::string value = fmt::format("{}(&{}rows_[leaf])", read_macro(code, leaf_value_type(code)), names.symbol);
  if (code.n_sums == 1) return out.line("{}", added(code, "sum", value));
  out.line("const {} column = {};", column_type(code), column);
  out.line("{}", added(code, "sum[column]", value));
}

/// What depends on the leaves and features when tables are compared.
layout::ScanCosts scan_costs(const TreeCode& code) {
  layout::ScanCosts costs{.ordinal_bytes = static_cast<std::size_t>(model::info(code.plan.feature_type).bytes)};
  if (code.leaves.kind != LeafKind::votes) costs.leaf_bytes = code.leaves.width * type_bytes(leaf_value_type(code));
  return costs;
}

std::optional<ScanTable> make_scan_table(const TreeCode& code) {
  const layout::TreePlan plan = layout::plan_trees(code.ensemble, code.plan.feature_type, code.leaves.codes,
                                                   code.leaves.n_codes, layout::ChildOrder::left);
  return layout::encode_scan(plan, scan_costs(code));
}

}  // namespace

TableTrees make_table(TreeCode& code, const EmitConfig& config) {
  const bool is_small = config.optimize == Optimize::size;
  if (config.encoding == TableEncoding::scan || (config.encoding == TableEncoding::automatic && is_small)) {
    if (std::optional<ScanTable> table = make_scan_table(code)) {
      if (!table->leaves.empty()) code.leaves = layout::select_leaves(code.leaves, table->leaves);
      return *std::move(table);
    }
  }
  return layout::encode_bytes(code.plan, code.plan.feature_type);
}

std::vector<layout::Part> print_table_trees(Printer& out, const TreeCode& code, const TableTrees& table) {
  if (const auto* scan = std::get_if<ScanTable>(&table)) return print_scan_walk(out, code, *scan);
  return print_byte_walk(out, code, std::get<layout::TreeTable>(table));
}

layout::Part print_integers(Printer& out, const TreeCode& code, std::string part, std::string_view name,
                            std::string_view type, const std::vector<std::int64_t>& values) {
  std::vector<std::string> literals;
  for (const std::int64_t value : values) literals.push_back(integer_literal(value));
  print_table(out, code.names, type, fmt::format("{}{}", code.names.symbol, name), literals);
  return {std::move(part), values.size() * type_bytes(type)};
}

std::vector<layout::Part> print_leaf_parts(Printer& out, const TreeCode& code) {
  std::vector<layout::Part> parts;
  if (has_columns(code) && code.leaves.kind != LeafKind::votes) {
    parts.push_back(print_integers(out, code, "columns", "columns_", column_type(code), columns_of(code)));
  }
  if (has_scalar_leaves(code)) parts.push_back(print_leaf_values(out, code));
  return parts;
}

void print_sum(Printer& out, const TreeCode& code, const std::function<void()>& start,
               const std::function<void()>& find) {
  out.line("{}", sum_head(code));
  {
    const auto body = out.indent();
    print_sum_start(out, code);
    start();
    out.line("for (int tree = 0; tree < {}; ++tree) {{", code.ensemble.trees.size());
    {
      const auto loop = out.indent();
      find();
      print_add(out, code);
    }
    out.line("}}");
    if (code.n_sums == 1) out.line("return sum;");
  }
  out.line("}}");
}

}  // namespace emlc::c
