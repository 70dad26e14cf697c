#include "codegen/c/trees_table.hpp"

#include <optional>

#include "codegen/c/table_text.hpp"
#include "codegen/c/table_walks.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using layout::LinkTable;
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

std::size_t row_bytes(const TreeCode& code) {
  return code.leaves.kind == LeafKind::votes ? 0 : code.leaves.width * type_bytes(leaf_value_type(code));
}

std::size_t ordinal_bytes(const TreeCode& code) {
  return static_cast<std::size_t>(model::info(code.plan.feature_type).bytes);
}

layout::ScanCosts scan_costs(const TreeCode& code) {
  return {.ordinal_bytes = ordinal_bytes(code), .leaf_bytes = row_bytes(code)};
}

layout::LinkCosts link_costs(const TreeCode& code) {
  return {.ordinal_bytes = ordinal_bytes(code), .row_bytes = row_bytes(code)};
}

std::optional<ScanTable> make_scan_table(const TreeCode& code) {
  const layout::TreePlan plan = layout::plan_trees(code.ensemble, code.plan.feature_type, code.leaves.codes,
                                                   code.leaves.n_codes, layout::ChildOrder::left);
  return layout::encode_scan(plan, scan_costs(code));
}

std::size_t byte_table_bytes(const TreeCode& code, const layout::TreeTable& table) {
  return table.splits.size() + table.thresholds.size() * ordinal_bytes(code) + 2 * table.starts.size() +
         code.leaves.n_codes * row_bytes(code);
}

/// A walk of links takes about half the time of one of bytes, which is worth a quarter more flash.
bool is_worth_its_links(const TreeCode& code, const LinkTable& links, const layout::TreeTable& bytes) {
  return 4 * layout::table_bytes(links, link_costs(code)) <= 5 * byte_table_bytes(code, bytes);
}

/// The encoding to try first.
TableEncoding wanted_encoding(const EmitConfig& config) {
  if (config.encoding != TableEncoding::automatic) return config.encoding;
  return config.optimize == Optimize::size ? TableEncoding::scan : TableEncoding::links;
}

}  // namespace

TableTrees make_table(TreeCode& code, const EmitConfig& config) {
  const TableEncoding wanted = wanted_encoding(config);
  if (wanted == TableEncoding::scan) {
    if (std::optional<ScanTable> table = make_scan_table(code)) {
      if (!table->leaves.empty()) code.leaves = layout::select_leaves(code.leaves, table->leaves);
      return *std::move(table);
    }
  }
  layout::TreeTable bytes = layout::encode_bytes(code.plan, code.plan.feature_type);
  if (wanted != TableEncoding::links) return bytes;
  std::optional<LinkTable> links = layout::encode_links(code.plan, code.leaves, link_costs(code));
  const bool is_forced = config.encoding == TableEncoding::links || config.optimize == Optimize::speed;
  if (!links || !(is_forced || is_worth_its_links(code, *links, bytes))) return bytes;
  if (!links->first_leaves.empty() && !links->moves) code.leaves = layout::select_leaves(code.leaves, links->rows);
  return *std::move(links);
}

bool has_moves(const TableTrees& table) {
  const auto* links = std::get_if<LinkTable>(&table);
  return links != nullptr && links->moves;
}

std::vector<layout::Part> print_table_trees(Printer& out, const TreeCode& code, const TableTrees& table) {
  if (const auto* scan = std::get_if<ScanTable>(&table)) return print_scan_walk(out, code, *scan);
  if (const auto* links = std::get_if<LinkTable>(&table)) return print_link_walk(out, code, *links);
  return print_byte_walk(out, code, std::get<layout::TreeTable>(table));
}

std::vector<layout::Part> print_leaf_parts(Printer& out, const TreeCode& code) {
  std::vector<layout::Part> parts;
  if (has_columns(code) && code.leaves.kind != LeafKind::votes) {
    parts.push_back(print_integers(out, code, "columns", "columns_", column_type(code), columns_of(code)));
  }
  if (has_scalar_leaves(code)) parts.push_back(print_leaf_values(out, code));
  return parts;
}

void print_sum(Printer& out, const TreeCode& code, const SumLoop& loop) {
  out.line("{}", sum_head(code));
  {
    const auto body = out.indent();
    print_sum_start(out, code);
    loop.start();
    out.line("for (int tree = 0; tree < {}; ++tree) {{", code.ensemble.trees.size());
    {
      const auto trees = out.indent();
      loop.find();
      loop.add ? loop.add() : print_add(out, code);
    }
    out.line("}}");
    if (code.n_sums == 1) out.line("return sum;");
  }
  out.line("}}");
}

}  // namespace emlc::c
