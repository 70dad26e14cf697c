#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "codegen/c/trees/code_bytes.hpp"
#include "codegen/c/trees/estimate.hpp"
#include "codegen/c/trees/table/store.hpp"
#include "codegen/c/trees/table/table.hpp"

namespace emlc::c {
namespace {

using layout::LeafKind;
using layout::LevelTable;
using layout::LinkTable;
using layout::PerfectCosts;
using layout::PerfectTable;
using layout::ScanTable;

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

std::size_t bytes_of(const TreeCode& code, const TableTrees& table) {
  if (const auto* scan = std::get_if<ScanTable>(&table)) return layout::table_bytes(*scan, scan_costs(code));
  if (const auto* links = std::get_if<LinkTable>(&table)) return layout::table_bytes(*links, link_costs(code));
  if (const auto* levels = std::get_if<LevelTable>(&table)) return layout::table_bytes(*levels, scan_costs(code));
  return byte_table_bytes(code, std::get<layout::TreeTable>(table));
}

/// Levels are a fast walk, so they are taken where they are smaller too. Not for votes, whose code says all.
std::optional<LevelTable> levels_of(const TreeCode& code, const EmitConfig& config) {
  const bool is_free = config.encoding == TableEncoding::automatic;
  if (!is_free || code.leaves.kind == LeafKind::votes) return std::nullopt;
  return layout::encode_levels(code.ensemble, code.plan, code.leaves.codes);
}

PerfectCosts perfect_costs(const TreeCode& code) {
  return {.ordinal_bytes = ordinal_bytes(code),
          .row_bits = leaf_bits(code),
          .names = code.optimize == Optimize::speed ? PerfectCosts::Names::none : PerfectCosts::Names::smaller};
}

std::optional<PerfectTable> perfect_of(const TreeCode& code, const EmitConfig& config) {
  if (config.encoding != TableEncoding::automatic && config.encoding != TableEncoding::perfect) return std::nullopt;
  return layout::encode_perfect(code.plan, perfect_costs(code));
}

/// The time that a walk of perfect trees takes, in that of the other encodings, by instructions on a Cortex-M0+.
double time_share(const TreeCode& code, const PerfectTable& table) {
  constexpr double level = 15, tree = 20, other_split = 24, other_tree = 40, row = 12, column = 8;
  const double add = has_leaf_rows(code) ? row + column * code.leaves.width : 0;
  const double walk = level * table.levels + tree + add;
  return walk / (other_split * table.asked / table.n_trees + other_tree + add);
}

/// Is the walk of perfect trees worth its bytes? For size it has to take less flash, its code included; else half of
/// the time is worth a quarter more, and twice as much for speed.
bool is_worth(const TreeCode& code, const PerfectTable& perfect, std::uint32_t n_codes, const TableTrees& other) {
  const WalkBytes& walk = walk_of_tables;
  const double bytes =
      static_cast<double>(layout::table_bytes(perfect, perfect_costs(code), n_codes)) + walk_bytes(walk, code, perfect);
  const double other_bytes = static_cast<double>(bytes_of(code, other)) + walk_bytes(walk, code, other);
  if (code.optimize == Optimize::size) return bytes < other_bytes;
  const double saved = 1.0 - time_share(code, perfect);
  return saved > 0.0 && bytes <= (1.0 + saved * (code.optimize == Optimize::speed ? 2.0 : 0.5)) * other_bytes;
}

}  // namespace

TableTrees make_table(TreeCode& code, const EmitConfig& config) {
  constexpr std::size_t level_code_bytes = 40;
  const layout::LeafTable leaves = code.leaves;
  std::optional<LevelTable> levels = levels_of(code, config);
  std::optional<PerfectTable> perfect = perfect_of(code, config);
  TableTrees table = choose_table(code, config);
  if (levels && layout::table_bytes(*levels, scan_costs(code)) + level_code_bytes < bytes_of(code, table)) {
    code.leaves = layout::select_leaves(leaves, levels->leaves);
    table = *std::move(levels);
  }
  const bool is_asked_for = config.encoding == TableEncoding::perfect;
  if (perfect && (is_asked_for || is_worth(code, *perfect, leaves.n_codes, table))) {
    code.leaves = perfect->has_codes ? leaves : layout::select_leaves(leaves, perfect->leaves);
    table = *std::move(perfect);
  }
  take_store(code, make_store(code));
  return table;
}

}  // namespace emlc::c
