#include "codegen/c/trees/table/table.hpp"

#include "codegen/c/trees/stage_text.hpp"
#include "codegen/c/trees/table/store.hpp"
#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using layout::LevelTable;
using layout::LinkTable;
using layout::PerfectTable;
using layout::ScanTable;

/// The first output of each tree, in the order of the table.
std::vector<std::int64_t> columns_of(const TreeCode& code) {
  std::vector<std::int64_t> columns;
  for (const std::uint32_t tree : code.plan.tree_order) columns.push_back(code.ensemble.trees[tree].first_output);
  return columns;
}

std::string_view column_type(const TreeCode& code) {
  return unsigned_type(static_cast<std::uint64_t>(code.ensemble.n_outputs - 1));
}

bool has_stream(const TreeCode& code, const TableTrees& table) {
  const auto* scan = std::get_if<ScanTable>(&table);
  return (scan != nullptr && scan->records.stream_bits != 0) || (code.store && code.store->columns.stream_bits != 0);
}

}  // namespace

void print_add_leaf(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  std::string column = "0";
  if (has_columns(code)) {
    column = fmt::format("{}(&{}columns_[tree])", read_macro(code, column_type(code)), names.symbol);
  }
  if (code.leaves.kind == LeafKind::votes) return out.line("++sum[leaf];");
  if (has_leaf_rows(code)) return out.line("{}add_row_(leaf, sum + {});", names.symbol, column);
  const std::string value =
      code.store ? print_stored_value(out, code)
                 : fmt::format("{}(&{}rows_[leaf])", read_macro(code, leaf_value_type(code)), names.symbol);
  if (code.n_sums == 1) return out.line("{}", added(code, "sum", value));
  if (has_columns(code)) out.line("const {} column = {};", column_type(code), column);
  out.line("{}", added(code, "sum[column]", value));
}

bool has_columns(const TreeCode& code) {
  return code.ensemble.leaf_width < code.ensemble.n_outputs && !has_rounds(code);
}

bool has_moves(const TableTrees& table) {
  if (const auto* links = std::get_if<LinkTable>(&table)) return links->moves.has_value();
  if (const auto* scan = std::get_if<ScanTable>(&table)) return scan->moves.has_value();
  return false;
}

std::vector<layout::Part> print_table_trees(Printer& out, const TreeCode& code, const TableTrees& table) {
  if (has_stream(code, table)) print_stream(out, code);
  if (const auto* scan = std::get_if<ScanTable>(&table)) return print_scan_walk(out, code, *scan);
  if (const auto* links = std::get_if<LinkTable>(&table)) return print_link_walk(out, code, *links);
  if (const auto* levels = std::get_if<LevelTable>(&table)) return print_level_walk(out, code, *levels);
  if (const auto* perfect = std::get_if<PerfectTable>(&table)) return print_perfect_walk(out, code, *perfect);
  return print_byte_walk(out, code, std::get<layout::TreeTable>(table));
}

std::vector<layout::Part> print_leaf_parts(Printer& out, const TreeCode& code) {
  std::vector<layout::Part> parts;
  parts.push_back(print_stage_tables(out, code));
  print_lead(out, code);
  if (has_columns(code) && code.leaves.kind != LeafKind::votes) {
    parts.push_back(print_integers(out, code, "columns", "columns_", column_type(code), columns_of(code)));
  }
  if (code.store) {
    parts.push_back(print_store(out, code));
  } else if (has_scalar_leaves(code)) {
    parts.push_back(print_leaf_values(out, code));
  }
  return parts;
}

namespace {

void print_tree(Printer& out, const TreeCode& code, const SumLoop& loop, const std::string& head) {
  out.line("{}", head);
  {
    const auto tree = out.indent();
    loop.find();
    loop.add ? loop.add() : print_add_leaf(out, code);
  }
  out.line("}}");
}

/// The trees before `limit`, by rounds where there are any.
void print_trees(Printer& out, const TreeCode& code, const SumLoop& loop, std::string_view limit) {
  if (loop.add_trees) {
    loop.add_trees("tree", limit);
    return out.line("tree = {};", limit);
  }
  if (!has_rounds(code)) return print_tree(out, code, loop, fmt::format("for (; tree < {}; ++tree) {{", limit));
  out.line("while (tree < {}) {{", limit);
  {
    const auto round = out.indent();
    print_tree(out, code, loop, fmt::format("for (int column = 0; column < {}; ++column, ++tree) {{", code.n_sums));
  }
  out.line("}}");
}

/// The loop over the trees, which ends at the stage that decides.
void print_staged_trees(Printer& out, const TreeCode& code, const SumLoop& loop) {
  out.line("int tree = 0;");
  out.line("for (int limit = {}, stage = 0; limit <= {}; limit += {}, ++stage) {{", code.stages.first,
           code.ensemble.trees.size(), code.stages.step);
  {
    const auto stages = out.indent();
    print_trees(out, code, loop, "limit");
    out.line("if ({}) break; /* the other trees cannot change the decision */", ends_at_stage(code));
  }
  out.line("}}");
}

}  // namespace

void print_sum(Printer& out, const TreeCode& code, const SumLoop& loop) {
  out.line("{}", sum_head(code));
  {
    const auto body = out.indent();
    print_sum_start(out, code);
    loop.start();
    const std::string n_trees = fmt::to_string(code.ensemble.trees.size());
    if (has_stages(code)) {
      print_staged_trees(out, code, loop);
    } else if (loop.add_trees) {
      loop.add_trees("0", n_trees);
    } else if (has_rounds(code)) {
      out.line("int tree = 0;");
      print_trees(out, code, loop, n_trees);
    } else {
      print_tree(out, code, loop, fmt::format("for (int tree = 0; tree < {}; ++tree) {{", n_trees));
    }
    if (code.n_sums == 1) out.line("return sum;");
  }
  out.line("}}");
}

}  // namespace emlc::c
