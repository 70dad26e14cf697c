#include "tests/layout/trees/table_walker.hpp"

#include <doctest/doctest.h>

#include <bit>

using namespace emlc;

namespace table_walker {
namespace {

std::uint64_t read_bytes(const std::vector<std::uint8_t>& bytes, std::size_t& at, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) value |= std::uint64_t{bytes[at++]} << (8 * i);
  return value;
}

}  // namespace

std::uint64_t number(const layout::Columns& columns, const layout::Field& field, std::size_t record) {
  if (field.bits == 0) return 0;
  const std::uint64_t value = columns.values[static_cast<std::size_t>(field.column)][record];
  return value >> field.shift & ((std::uint64_t{1} << field.bits) - 1);
}

std::uint64_t stream_element(const std::vector<std::uint8_t>& bytes, std::size_t bits, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bits; ++i) {
    const std::size_t bit = at * bits + i;
    value |= std::uint64_t{bytes[bit / 8] >> (bit % 8) & 1U} << i;
  }
  // A device reads four bytes at once.
  REQUIRE(at * bits / 8 + 4 <= bytes.size());
  return value;
}

std::int64_t order_of(double x, model::NumberType type, layout::Missing missing) {
  const std::uint64_t offset = layout::order_offset(type, missing);
  if (type == model::NumberType::float64) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    return static_cast<std::int64_t>((bits ^ (bits >> 63) * 0x7fffffffffffffffU) + offset);
  }
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(x));
  return static_cast<std::uint32_t>((bits ^ (bits >> 31) * 0x7fffffffU) + offset);
}

bool goes_left(double x, model::NumberType type, layout::Missing missing, const layout::Thresholds& thresholds,
               std::uint64_t name) {
  const std::int64_t ordinal =
      thresholds.ordinals.empty() ? static_cast<std::int64_t>(name) + thresholds.base : thresholds.ordinals[name];
  if (model::info(type).is_integer) return static_cast<std::int64_t>(x) < ordinal;
  return order_of(x, type, missing) < ordinal;
}

std::vector<layout::LeafCode> walk_scan(const layout::ScanTable& table, const layout::TreePlan& plan,
                                        const std::vector<double>& x) {
  std::vector<layout::LeafCode> leaves;
  std::size_t at = 0;
  const auto inner = [&](std::size_t record) { return number(table.records, table.inner, record); };
  const auto end_of_subtree = [&](std::size_t record) {
    for (std::size_t open = 1; open > 0; ++record) open = open - 1 + (inner(record) & 1U) + (inner(record) >> 1 & 1U);
    return record;
  };
  const bool is_by_record = table.leaf_place == layout::ScanTable::LeafPlace::by_record;
  for (std::size_t tree = 0; tree < plan.tree_order.size(); ++tree) {
    layout::LeafCode leaf = is_by_record ? table.leaves[table.records.n_records() + tree] : table.last_leaves[tree];
    const std::size_t end = end_of_subtree(at);
    while (true) {
      const double value = x[number(table.records, table.feature, at)];
      const bool is_left = goes_left(value, plan.feature_type, table.missing, table.thresholds,
                                     number(table.records, table.threshold, at));
      if (is_left) {
        const std::uint64_t code =
            number(table.records, table.leaf, at) + (number(table.records, table.leaf_high, at) << table.leaf.bits);
        leaf = is_by_record ? table.leaves[at] : static_cast<layout::LeafCode>(code);
      }
      const std::uint64_t children = inner(at);
      if ((children & (is_left ? layout::left_is_inner : layout::right_is_inner)) == 0) break;
      ++at;
      if (!is_left && (children & layout::left_is_inner) != 0) at = end_of_subtree(at);
    }
    leaves.push_back(leaf);
    at = end;
  }
  CHECK(at == table.records.n_records());
  return leaves;
}

std::vector<layout::LeafCode> walk_jumps(const layout::ScanTable& table, const layout::TreePlan& plan,
                                         const std::vector<double>& x) {
  std::vector<layout::LeafCode> leaves;
  std::size_t first = 0;
  const bool is_by_record = table.leaf_place == layout::ScanTable::LeafPlace::by_record;
  for (std::size_t tree = 0; tree < table.sizes.size(); ++tree) {
    layout::LeafCode leaf = is_by_record ? table.leaves[first + table.sizes[tree] + tree] : table.last_leaves[tree];
    std::size_t at = first, n = table.sizes[tree];  // the subtree that is left
    while (n > 0) {
      const std::uint64_t jump = number(table.records, table.jump, at);
      if (goes_left(x[number(table.records, table.feature, at)], plan.feature_type, table.missing, table.thresholds,
                    number(table.records, table.threshold, at))) {
        const std::uint64_t code =
            number(table.records, table.leaf, at) + (number(table.records, table.leaf_high, at) << table.leaf.bits);
        leaf = is_by_record ? table.leaves[at + tree] : static_cast<layout::LeafCode>(code);
        n = jump - 1;
        at += 1;
      } else {
        n -= jump;
        at += jump;
      }
    }
    leaves.push_back(leaf);
    first += table.sizes[tree];
  }
  CHECK(first == table.records.n_records());
  return leaves;
}

std::vector<std::uint32_t> walk_links(const layout::LinkTable& table, model::NumberType type,
                                      const std::vector<double>& x) {
  std::vector<std::uint32_t> codes;
  for (const std::uint32_t start : table.starts) {
    std::size_t record = start;
    while (true) {
      std::size_t at = record;
      const double value = x[read_bytes(table.splits, at, table.feature_bytes)];
      const std::uint64_t name = read_bytes(table.splits, at, table.threshold_bytes);
      const std::uint64_t left = read_bytes(table.splits, at, table.link_bytes);
      const std::uint64_t right = read_bytes(table.splits, at, table.link_bytes);
      const std::uint64_t link = goes_left(value, type, table.missing, table.thresholds, name) ? left : right;
      if (link >= table.first_leaf_link) {
        codes.push_back(static_cast<std::uint32_t>(link - table.first_leaf_link));
        break;
      }
      record += link * static_cast<std::size_t>(table.record_bytes());
    }
  }
  return codes;
}

std::vector<std::int64_t> row_of(const layout::LinkTable& table, std::size_t tree, std::uint32_t code,
                                 std::uint32_t width) {
  const layout::LeafMoves& moves = *table.moves;
  std::vector<std::int64_t> row(width, 0);
  if (code < table.n_votes) {
    row[code] = moves.whole;
    return row;
  }
  std::size_t at = code - table.n_votes + (table.first_leaves.empty() ? 0U : table.first_leaves[tree]);
  row[number(moves.records, moves.from, at)] = moves.whole;
  for (bool more = true; more; ++at) {
    const std::uint64_t index =
        number(moves.records, moves.amount, at) + (number(moves.records, moves.amount_high, at) << moves.amount.bits);
    row[number(moves.records, moves.from, at)] -= moves.amounts[index];
    row[number(moves.records, moves.to, at)] += moves.amounts[index];
    more = number(moves.records, moves.more, at) != 0;
  }
  return row;
}

}  // namespace table_walker
