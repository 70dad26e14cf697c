#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/readback/tokens.hpp"
#include "codegen/c/trees/table/table.hpp"

namespace emlc::c {

/// What leaves add, in the model's unit, from the tables of a header.
class LeafReader {
 public:
  /// @param table  the shape of the table of splits; nothing: inline code
  LeafReader(std::span<const Token> tokens, const TreeCode& code, const std::optional<TableTrees>& table);

  /// The row, [leaf_width], of leaf code `leaf` in tree `tree` of the table. Throws Unreadable.
  [[nodiscard]] std::vector<double> row(std::size_t tree, std::uint32_t leaf) const;
  /// The row of what inline code has at a leaf of tree `tree`: its value or its code.
  [[nodiscard]] std::vector<double> inline_row(std::size_t tree, double leaf) const;

 private:
  void read_store(std::span<const Token> tokens);
  void unpack(const RowWord& word);  ///< words of rows_ become their values
  [[nodiscard]] std::vector<double> in_unit(std::size_t tree, std::vector<double> numbers) const;
  [[nodiscard]] std::vector<double> numbered_row(std::size_t tree, std::size_t row) const;
  [[nodiscard]] std::vector<double> vote(std::size_t column, double whole) const;
  [[nodiscard]] std::vector<double> moved_row(std::size_t tree, std::size_t record) const;

  const TreeCode& code_;
  const layout::LeafMoves* moves_ = nullptr;  ///< the shape, if there are any
  std::uint32_t n_votes_ = 0;
  std::vector<std::uint32_t> first_leaves_{};
  std::vector<double> rows_{}, amounts_{};
  std::vector<std::vector<std::uint32_t>> records_{};  ///< of the moves
};

}  // namespace emlc::c
