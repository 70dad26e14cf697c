#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "codegen/layout/trees/bit_columns.hpp"
#include "codegen/layout/trees/leaves.hpp"

namespace emlc::layout {

/// Rows of class shares that are mostly 0, as what sets them apart from a vote: the whole goes to the column of the
/// largest share, then each move takes an amount from there and gives it to another column.
struct LeafMoves {
  std::int64_t whole = 0;                      ///< what every row sums to
  std::vector<std::int64_t> amounts{};         ///< distinct ones, ascending
  Field to{}, from{}, more{}, amount{};        ///< of a move; `more` is 0 in the last one of a row; `amount` an index
  Field amount_high{};                         ///< the index is amount + (amount_high << amount.bits)
  Columns records{};                           ///< moves, row after row
  std::size_t longest_row = 0;                 ///< moves of the row that has most
  std::vector<std::uint32_t> first_records{};  ///< [n_rows] the first move of each row; also of rows without one
  std::vector<std::uint32_t> columns{};        ///< [n_rows] the column of the largest share
  std::vector<bool> has_moves{};               ///< [n_rows]; false: one share that is the whole
};

/// The moves of the leaf rows `numbers`, in this order. Nothing when the rows are not shares of one whole. In rows of
/// LeafKind::fixed_rows, which are rounded, the largest share makes up for the rounding of the others.
std::optional<LeafMoves> make_moves(const LeafTable& leaves, std::span<const LeafCode> numbers);

/// The code of a row: its column if that has the whole, else n_columns + its first move.
std::uint32_t code_of_row(const LeafMoves& moves, std::size_t row, std::uint32_t n_columns);

/// Bytes of the moves and the amounts.
std::size_t table_bytes(const LeafMoves& moves);

}  // namespace emlc::layout
