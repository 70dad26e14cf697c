#include "codegen/layout/trees/leaf_moves.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>

namespace emlc::layout {
namespace {

int bits_for(std::uint64_t largest) { return static_cast<int>(std::bit_width(largest)); }

struct Share {
  std::uint32_t column = 0;
  std::int64_t amount = 0;
};

/// The shares of a row, the largest first.
std::vector<Share> shares_of(const LeafTable& leaves, LeafCode row) {
  std::vector<Share> shares;
  for (std::uint32_t column = 0; column < leaves.width; ++column) {
    const std::int64_t amount = leaves.integers[std::size_t{row} * leaves.width + column];
    if (amount != 0) shares.push_back({column, amount});
  }
  std::stable_sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.amount > b.amount; });
  return shares;
}

bool is_row_of(const LeafTable& leaves, const std::vector<Share>& shares, std::int64_t whole) {
  std::int64_t rest = whole;
  for (const Share& share : shares) {
    if (share.amount < 0) return false;
    rest -= share.amount;
  }
  // Every share is rounded by at most a half.
  const auto slack = leaves.kind == LeafKind::fixed_rows ? static_cast<std::int64_t>(shares.size() / 2) : 0;
  return !shares.empty() && std::abs(rest) <= slack;
}

bool has_integer_rows(const LeafTable& leaves) {
  return leaves.kind != LeafKind::votes && leaves.kind != LeafKind::float_rows && leaves.width > 1 &&
         leaves.outputs.empty();
}

/// Fills the moves with rows; their fields have their bits already.
class Filler {
 public:
  explicit Filler(LeafMoves& moves) : moves_(moves) {}

  void put_row(const std::vector<Share>& shares);

 private:
  void put_move(std::uint32_t from, const Share& share, bool is_last);

  LeafMoves& moves_;
};

void Filler::put_move(std::uint32_t from, const Share& share, bool is_last) {
  const auto found = std::lower_bound(moves_.amounts.begin(), moves_.amounts.end(), share.amount);
  const auto index = static_cast<std::uint64_t>(found - moves_.amounts.begin());
  add_record(moves_.records);
  put_field(moves_.records, moves_.to, share.column);
  put_field(moves_.records, moves_.from, from);
  put_field(moves_.records, moves_.more, is_last ? 0 : 1);
  put_field(moves_.records, moves_.amount, index & ((std::uint64_t{1} << moves_.amount.bits) - 1));
  put_field(moves_.records, moves_.amount_high, index >> moves_.amount.bits);
}

void Filler::put_row(const std::vector<Share>& shares) {
  moves_.first_records.push_back(static_cast<std::uint32_t>(moves_.records.n_records()));
  moves_.columns.push_back(shares.front().column);
  moves_.has_moves.push_back(shares.size() > 1);
  moves_.longest_row = std::max(moves_.longest_row, shares.size() - 1);
  for (std::size_t i = 1; i < shares.size(); ++i) put_move(shares[0].column, shares[i], i + 1 == shares.size());
}

}  // namespace

std::optional<LeafMoves> make_moves(const LeafTable& leaves, std::span<const LeafCode> numbers) {
  if (!has_integer_rows(leaves)) return std::nullopt;
  LeafMoves moves{.whole = std::llround(leaves.unit)};
  std::vector<std::vector<Share>> rows;
  for (const LeafCode number : numbers) {
    std::vector<Share> shares = shares_of(leaves, number);
    if (!is_row_of(leaves, shares, moves.whole)) return std::nullopt;
    for (std::size_t i = 1; i < shares.size(); ++i) moves.amounts.push_back(shares[i].amount);
    rows.push_back(std::move(shares));
  }
  std::sort(moves.amounts.begin(), moves.amounts.end());
  moves.amounts.erase(std::unique(moves.amounts.begin(), moves.amounts.end()), moves.amounts.end());
  if (moves.amounts.empty()) return std::nullopt;
  moves.more.bits = 1;
  moves.to.bits = moves.from.bits = bits_for(leaves.width - 1);
  moves.amount.bits = bits_for(moves.amounts.size() - 1);
  const std::array<Field* const, 4> fields = {&moves.more, &moves.from, &moves.to, &moves.amount};
  std::optional<Columns> records = place_fields(fields, moves.amount_high);
  if (!records) return std::nullopt;
  moves.records = std::move(*records);
  Filler filler(moves);
  for (const std::vector<Share>& row : rows) filler.put_row(row);
  return moves;
}

std::uint32_t code_of_row(const LeafMoves& moves, std::size_t row, std::uint32_t n_columns) {
  return moves.has_moves[row] ? n_columns + moves.first_records[row] : moves.columns[row];
}

std::size_t table_bytes(const LeafMoves& moves) {
  const std::size_t amount_bytes = moves.amounts.back() <= 0xff ? 1 : moves.amounts.back() <= 0xffff ? 2 : 4;
  return moves.records.table_bytes() + moves.amounts.size() * amount_bytes;
}

}  // namespace emlc::layout
