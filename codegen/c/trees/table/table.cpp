#include "codegen/c/trees/table/table.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

#include "codegen/c/trees/stage_text.hpp"
#include "codegen/c/trees/table/store.hpp"
#include "codegen/c/trees/table/text.hpp"
#include "codegen/c/trees/table/walks.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using layout::LevelTable;
using layout::LinkTable;
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

/// The statements that add leaf `leaf` of tree `tree`.
void print_add(Printer& out, const TreeCode& code) {
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

std::size_t row_bytes(const TreeCode& code) { return (leaf_bits(code) + 7) / 8; }

std::size_t ordinal_bytes(const TreeCode& code) {
  return static_cast<std::size_t>(model::info(code.plan.feature_type).bytes);
}

/// Where leaf values are a stream too its reader is there already.
layout::ScanCosts scan_costs(const TreeCode& code) {
  return {.ordinal_bytes = ordinal_bytes(code),
          .leaf_bits = leaf_bits(code),
          .stream_share = leaf_bits(code) % 8 == 0 ? 12U : 16U};
}

layout::LinkCosts link_costs(const TreeCode& code) {
  return {.ordinal_bytes = ordinal_bytes(code), .row_bytes = row_bytes(code)};
}

/// The codes of leaf rows that are moves, [n_rows of the model].
std::vector<layout::LeafCode> codes_of(const layout::LeafMoves& moves, const layout::LeafTable& leaves) {
  std::vector<layout::LeafCode> codes;
  for (const layout::LeafCode row : leaves.codes) codes.push_back(layout::code_of_row(moves, row, leaves.width));
  return codes;
}

std::optional<layout::LeafMoves> moves_of(const layout::LeafTable& leaves) {
  std::vector<layout::LeafCode> numbers(leaves.n_codes);
  std::iota(numbers.begin(), numbers.end(), 0U);
  return layout::make_moves(leaves, numbers);
}

std::optional<ScanTable> encode_scan(const TreeCode& code, std::span<const layout::LeafCode> codes,
                                     std::uint32_t n_codes, const layout::ScanCosts& costs,
                                     ScanTable::Way way = ScanTable::Way::count) {
  const layout::TreePlan plan = layout::plan_trees(code.ensemble, code.plan.feature_type, codes, n_codes,
                                                   layout::ChildOrder::left, tree_order(code));
  return layout::encode_scan(plan, costs, way);
}

std::optional<ScanTable> make_scan_table(const TreeCode& code) {
  const layout::LeafTable& leaves = code.leaves;
  std::optional<ScanTable> plain = encode_scan(code, leaves.codes, leaves.n_codes, scan_costs(code));
  std::optional<layout::LeafMoves> moves = moves_of(leaves);
  if (!plain || !moves) return plain;
  const std::uint32_t n_codes = leaves.width + static_cast<std::uint32_t>(moves->records.n_records());
  // No streams: a leaf has many moves to read.
  const layout::ScanCosts costs{.ordinal_bytes = ordinal_bytes(code), .stream_share = 1};
  std::optional<ScanTable> table = encode_scan(code, codes_of(*moves, leaves), n_codes, costs);
  if (!table) return plain;
  table->moves = std::move(moves);
  const bool is_smaller = layout::table_bytes(*table, costs) < layout::table_bytes(*plain, scan_costs(code));
  return is_smaller ? std::move(table) : std::move(plain);
}

std::optional<ScanTable> make_jump_table(const TreeCode& code) {
  return encode_scan(code, code.leaves.codes, code.leaves.n_codes, scan_costs(code), ScanTable::Way::jump);
}

std::size_t byte_table_bytes(const TreeCode& code, const layout::TreeTable& table) {
  return table.splits.size() + table.thresholds.size() * ordinal_bytes(code) + 2 * table.starts.size() +
         code.leaves.n_codes * row_bytes(code);
}

/// What `--optimize` says of the encodings that are to choose from. A walk of links takes about half the time of one of
/// bytes, which is worth a quarter more flash; one of jumps a third longer than one of links, which has to save a
/// quarter; a scan several times as much.
constexpr std::size_t jump_code_bytes = 76;  ///< that the walk of jumps takes more, on a Cortex-M0+
struct Candidates {
  layout::TreeTable bytes;
  std::optional<ScanTable> scan, jumps;
  std::optional<LinkTable> links;
};

TableEncoding choose(const TreeCode& code, const EmitConfig& config, const Candidates& tables) {
  const std::size_t bytes = byte_table_bytes(code, tables.bytes);
  const std::size_t links = tables.links ? layout::table_bytes(*tables.links, link_costs(code)) : 0;
  if (config.optimize == Optimize::size) {
    const std::size_t scan = tables.scan ? layout::table_bytes(*tables.scan, scan_costs(code)) : bytes;
    if (tables.links && links < std::min(scan, bytes)) return TableEncoding::links;
    return tables.scan && scan <= bytes ? TableEncoding::scan : TableEncoding::bytes;
  }
  if (config.optimize == Optimize::balanced && tables.jumps) {
    const std::size_t jumps = layout::table_bytes(*tables.jumps, scan_costs(code));
    const std::size_t others = tables.links ? std::min(links, bytes) : bytes;
    if (4 * jumps <= 3 * others && jumps + jump_code_bytes <= others) return TableEncoding::jumps;
  }
  const bool is_fast = tables.links && (config.optimize == Optimize::speed || 4 * links <= 5 * bytes);
  return is_fast ? TableEncoding::links : TableEncoding::bytes;
}

/// The largest share of a row has the rounding of all others, and may have its own.
void add_rounding(layout::LeafTable& leaves, const std::optional<layout::LeafMoves>& moves) {
  if (moves) leaves.rounding *= static_cast<double>(moves->longest_row + 1);
}

}  // namespace

namespace {

TableTrees choose_table(TreeCode& code, const EmitConfig& config) {
  Candidates tables{
      .bytes = layout::encode_bytes(code.plan, code.plan.feature_type), .scan = {}, .jumps = {}, .links = {}};
  const bool is_free = config.encoding == TableEncoding::automatic;
  if (config.encoding == TableEncoding::scan || (is_free && config.optimize == Optimize::size)) {
    tables.scan = make_scan_table(code);
  }
  if (config.encoding == TableEncoding::jumps || (is_free && config.optimize == Optimize::balanced)) {
    tables.jumps = make_jump_table(code);
  }
  if (config.encoding == TableEncoding::links || is_free) {
    tables.links = layout::encode_links(code.plan, code.leaves, link_costs(code));
  }
  const TableEncoding encoding = is_free ? choose(code, config, tables) : config.encoding;
  std::optional<ScanTable>& scan = encoding == TableEncoding::jumps ? tables.jumps : tables.scan;
  if ((encoding == TableEncoding::scan || encoding == TableEncoding::jumps) && scan) {
    if (!scan->leaves.empty()) code.leaves = layout::select_leaves(code.leaves, scan->leaves);
    add_rounding(code.leaves, scan->moves);
    return *std::move(scan);
  }
  if (encoding == TableEncoding::links && tables.links) {
    const bool is_numbered = !tables.links->first_leaves.empty() && !tables.links->moves;
    if (is_numbered) code.leaves = layout::select_leaves(code.leaves, tables.links->rows);
    add_rounding(code.leaves, tables.links->moves);
    return *std::move(tables.links);
  }
  return std::move(tables.bytes);
}

bool has_stream(const TreeCode& code, const TableTrees& table) {
  const auto* scan = std::get_if<ScanTable>(&table);
  return (scan != nullptr && scan->records.stream_bits != 0) || (code.store && code.store->columns.stream_bits != 0);
}

std::size_t bytes_of(const TreeCode& code, const TableTrees& table) {
  if (const auto* scan = std::get_if<ScanTable>(&table)) return layout::table_bytes(*scan, scan_costs(code));
  if (const auto* links = std::get_if<LinkTable>(&table)) return layout::table_bytes(*links, link_costs(code));
  return byte_table_bytes(code, std::get<layout::TreeTable>(table));
}

/// Levels are the fastest walk, so they are taken where they are smaller too. Not for votes, whose code says all.
std::optional<LevelTable> levels_of(const TreeCode& code) {
  if (code.leaves.kind == LeafKind::votes) return std::nullopt;
  return layout::encode_levels(code.ensemble, code.plan, code.leaves.codes);
}

}  // namespace

TableTrees make_table(TreeCode& code, const EmitConfig& config) {
  constexpr std::size_t level_code_bytes = 40;
  const layout::LeafTable leaves = code.leaves;
  std::optional<LevelTable> levels = config.encoding == TableEncoding::automatic ? levels_of(code) : std::nullopt;
  TableTrees table = choose_table(code, config);
  if (levels && layout::table_bytes(*levels, scan_costs(code)) + level_code_bytes < bytes_of(code, table)) {
    code.leaves = layout::select_leaves(leaves, levels->leaves);
    table = *std::move(levels);
  }
  take_store(code, make_store(code));
  return table;
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
    loop.add ? loop.add() : print_add(out, code);
  }
  out.line("}}");
}

/// The trees before `limit`, by rounds where there are any.
void print_trees(Printer& out, const TreeCode& code, const SumLoop& loop, std::string_view limit) {
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
