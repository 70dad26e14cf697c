#include "codegen/c/trees/readback/leaf_reader.hpp"

#include <fmt/format.h>

#include "codegen/c/trees/readback/numbers.hpp"

namespace emlc::c {
namespace {

const layout::LeafMoves* moves_of(const std::optional<TableTrees>& table) {
  if (!table) return nullptr;
  if (const auto* links = std::get_if<layout::LinkTable>(&*table)) return links->moves ? &*links->moves : nullptr;
  if (const auto* scan = std::get_if<layout::ScanTable>(&*table)) return scan->moves ? &*scan->moves : nullptr;
  return nullptr;
}

}  // namespace

LeafReader::LeafReader(std::span<const Token> tokens, const TreeCode& code, const std::optional<TableTrees>& table)
    : code_(code), moves_(moves_of(table)) {
  const auto* links = table ? std::get_if<layout::LinkTable>(&*table) : nullptr;
  if (links != nullptr && !links->first_leaves.empty()) first_leaves_ = unsigned_table(tokens, code, "first_leaves_");
  if (moves_ != nullptr) {
    n_votes_ = links != nullptr ? links->n_votes : code.leaves.width;
    records_ = columns_table(tokens, code, moves_->records, "move");
    amounts_ = table_of(tokens, fmt::format("{}amounts_", code.names.symbol));
  } else if (table && code.store) {
    read_store(tokens);
  } else if (has_leaf_rows(code) || (table && has_scalar_leaves(code))) {
    rows_ = table_of(tokens, fmt::format("{}rows_", code.names.symbol));
    if (const std::optional<RowWord> word = row_word(code)) unpack(*word);
  }
}

void LeafReader::unpack(const RowWord& word) {
  std::vector<double> values;
  for (const double row : rows_) {
    auto left = static_cast<std::uint64_t>(row);
    for (std::uint32_t i = 0; i < code_.leaves.width; ++i, left >>= word.value_bits) {
      values.push_back(static_cast<double>(left & ((std::uint64_t{1} << word.value_bits) - 1)));
    }
  }
  rows_ = std::move(values);
}

void LeafReader::read_store(std::span<const Token> tokens) {
  const LeafStore& shape = *code_.store;
  if (shape.sign == LeafStore::Sign::in_high) {
    const std::vector<std::uint32_t> low = unsigned_table(tokens, code_, "row_0s_");
    const std::vector<double> high = table_of(tokens, fmt::format("{}row_1s_", code_.names.symbol));
    for (std::size_t at = 0; at < low.size(); ++at) rows_.push_back(65536.0 * element(high, at) + low[at]);
    return;
  }
  const auto columns = columns_table(tokens, code_, shape.columns, "row");
  const auto part = [&](const layout::Field& field, std::size_t at) -> std::uint64_t {
    return field.bits == 0 ? 0 : element(columns.at(static_cast<std::size_t>(field.column)), at);
  };
  for (std::size_t at = 0; at < columns.front().size(); ++at) {
    const std::uint64_t value = part(shape.low, at) | part(shape.high, at) << shape.low.bits;
    rows_.push_back(static_cast<double>(static_cast<std::int64_t>(value) + shape.offset));
  }
}

std::vector<double> LeafReader::in_unit(std::size_t tree, std::vector<double> numbers) const {
  if (!has_integer_sums(code_)) return numbers;
  if (!code_.leaves.outputs.empty()) {
    auto output = static_cast<std::size_t>(code_.ensemble.trees[code_.plan.tree_order[tree]].first_output);
    for (double& number : numbers) number /= code_.leaves.outputs[output++].unit;
    return numbers;
  }
  const double unit = code_.leaves.unit;
  if (code_.leaves.is_pair) return {(unit - numbers[0]) / unit, numbers[0] / unit};
  for (double& number : numbers) number /= unit;
  return numbers;
}

std::vector<double> LeafReader::numbered_row(std::size_t tree, std::size_t row) const {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < code_.leaves.width; ++i) numbers.push_back(element(rows_, row * code_.leaves.width + i));
  return in_unit(tree, std::move(numbers));
}

std::vector<double> LeafReader::vote(std::size_t column, double whole) const {
  std::vector<double> row(static_cast<std::size_t>(code_.ensemble.leaf_width), 0.0);
  if (column >= row.size()) throw Unreadable{0, fmt::format("there is no class {}", column)};
  row[column] = whole;
  return row;
}

std::vector<double> LeafReader::moved_row(std::size_t tree, std::size_t record) const {
  const std::uint32_t from = field_of(records_, moves_->from, record);
  std::vector<double> row = vote(from, static_cast<double>(moves_->whole));
  for (bool has_more = true; has_more; ++record) {
    const std::uint32_t low = field_of(records_, moves_->amount, record);
    const std::uint32_t high = field_of(records_, moves_->amount_high, record);
    const double amount = element(amounts_, low | high << moves_->amount.bits);
    const std::uint32_t to = field_of(records_, moves_->to, record), taken = field_of(records_, moves_->from, record);
    if (to >= row.size() || taken >= row.size()) throw Unreadable{0, "a move is to no class"};
    row[taken] -= amount;
    row[to] += amount;
    has_more = (field_of(records_, moves_->more, record) & 1U) != 0;
  }
  return in_unit(tree, std::move(row));
}

std::vector<double> LeafReader::row(std::size_t tree, std::uint32_t leaf) const {
  if (code_.leaves.kind == layout::LeafKind::votes) return vote(leaf, 1.0);
  if (moves_ != nullptr && leaf < n_votes_) return in_unit(tree, vote(leaf, static_cast<double>(moves_->whole)));
  const std::size_t first = first_leaves_.empty() ? 0 : element(first_leaves_, tree);
  return moves_ != nullptr ? moved_row(tree, leaf - n_votes_ + first) : numbered_row(tree, leaf + first);
}

std::vector<double> LeafReader::inline_row(std::size_t tree, double leaf) const {
  if (code_.leaves.kind == layout::LeafKind::votes) return vote(static_cast<std::size_t>(leaf), 1.0);
  const double offset = code_.offsets.empty() ? 0.0 : static_cast<double>(code_.offsets[tree]);
  return has_scalar_leaves(code_) ? in_unit(tree, {leaf + offset}) : numbered_row(tree, static_cast<std::size_t>(leaf));
}

}  // namespace emlc::c
