#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "codegen/layout/trees/leaves.hpp"

namespace emlc::py {

/// Rows of class shares as layout/trees/leaf_moves has them, in whole bytes: the code of a leaf below n_outputs is the
/// column that has the whole. Any other is n_outputs + the first of its moves, each of which takes an amount from the
/// column of the largest share and gives it to another one.
struct Moves {
  std::int64_t whole = 0;
  std::vector<std::int64_t> from{}, to{};  ///< [n_moves] columns
  std::vector<std::int64_t> amounts{};     ///< [n_moves] 2 * where the amount is in `values`, + 1 where another follows
  std::vector<std::int64_t> values{};      ///< distinct amounts
  std::vector<std::int64_t> codes{};       ///< [n_rows of the leaf table]
  [[nodiscard]] std::int64_t n_codes(std::uint32_t n_outputs) const { return n_outputs + std::ssize(from); }
};

/// Nothing for rows that are no shares of one whole, where moves and their code take more bytes, and where sums would
/// not fit 32 bits or the whole the small integers of viper.
std::optional<Moves> make_moves(const layout::LeafTable& leaves, std::size_t n_trees);

}  // namespace emlc::py
