#include "codegen/py/trees/moves.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>

#include "codegen/layout/trees/leaf_moves.hpp"
#include "codegen/py/common/text.hpp"

namespace emlc::py {
namespace {

std::int64_t field_of(const layout::Columns& columns, const layout::Field& field, std::size_t record) {
  if (field.bits == 0) return 0;
  const std::uint64_t value = columns.values[static_cast<std::size_t>(field.column)][record];
  return static_cast<std::int64_t>((value >> field.shift) & ((std::uint64_t{1} << field.bits) - 1));
}

std::size_t bytes_of(std::span<const std::int64_t> values) {
  const std::int64_t largest = *std::max_element(values.begin(), values.end());
  return values.size() * static_cast<std::size_t>(unsigned_width(static_cast<std::uint64_t>(largest)));
}

std::size_t table_bytes(const Moves& moves) {
  return bytes_of(moves.from) + bytes_of(moves.to) + bytes_of(moves.amounts) + bytes_of(moves.values);
}

/// All trees may give the whole to one column.
bool fits(const layout::LeafTable& leaves, std::int64_t whole, std::size_t n_trees) {
  constexpr std::int64_t most_small = (std::int64_t{1} << 30) - 1;
  const std::int64_t most = (std::int64_t{1} << (leaves.kind == layout::LeafKind::fixed_rows ? 31 : 32)) - 1;
  return whole <= most_small && whole <= most / static_cast<std::int64_t>(n_trees);
}

}  // namespace

std::optional<Moves> make_moves(const layout::LeafTable& leaves, std::size_t n_trees) {
  std::vector<layout::LeafCode> rows(leaves.n_codes);
  std::iota(rows.begin(), rows.end(), 0U);
  const std::optional<layout::LeafMoves> found = layout::make_moves(leaves, rows);
  if (!found || found->records.stream_bits != 0 || !fits(leaves, found->whole, n_trees)) return std::nullopt;
  Moves moves{.whole = found->whole, .values = found->amounts};
  for (std::size_t record = 0; record < found->records.n_records(); ++record) {
    moves.from.push_back(field_of(found->records, found->from, record));
    moves.to.push_back(field_of(found->records, found->to, record));
    const std::int64_t high = field_of(found->records, found->amount_high, record) << found->amount.bits;
    const std::int64_t amount = field_of(found->records, found->amount, record) + high;
    moves.amounts.push_back(amount << 1 | field_of(found->records, found->more, record));
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    moves.codes.push_back(layout::code_of_row(*found, row, leaves.width));
  }
  constexpr std::size_t code = 150;  // that their loop takes more
  if (table_bytes(moves) + code >= bytes_of(leaves.integers)) return std::nullopt;
  return moves;
}

}  // namespace emlc::py
