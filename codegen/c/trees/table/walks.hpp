#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/trees/code.hpp"
#include "codegen/layout/artifact.hpp"
#include "codegen/layout/trees/levels.hpp"
#include "codegen/layout/trees/links.hpp"
#include "codegen/layout/trees/perfect.hpp"
#include "codegen/layout/trees/scan.hpp"
#include "codegen/layout/trees/table.hpp"

namespace emlc::c {

// The walkers of the encodings, and what they share.

/// No C literal is infinite: a table with such a threshold holds the bits of all of them.
bool holds_bits(const layout::TreeTable& table);

std::vector<layout::Part> print_byte_walk(Printer& out, const TreeCode& code, const layout::TreeTable& table);
std::vector<layout::Part> print_link_walk(Printer& out, const TreeCode& code, const layout::LinkTable& table);
std::vector<layout::Part> print_level_walk(Printer& out, const TreeCode& code, const layout::LevelTable& table);
std::vector<layout::Part> print_perfect_walk(Printer& out, const TreeCode& code, const layout::PerfectTable& table);
/// By its `way`.
std::vector<layout::Part> print_scan_walk(Printer& out, const TreeCode& code, const layout::ScanTable& table);

/// Prints what every encoding has besides its splits: the first output of each tree where they differ, and the leaf
/// values where they are single numbers.
std::vector<layout::Part> print_leaf_parts(Printer& out, const TreeCode& code);

/// Prints the statements that add leaf `leaf` of tree `tree` to `sum`.
void print_add_leaf(Printer& out, const TreeCode& code);

/// Prints the tables of moves and the function that adds a row of them. Returns their bytes.
layout::Part print_moves(Printer& out, const TreeCode& code, const layout::LeafMoves& moves);

/// A leaf code at hand: a column below n_votes, else the row whose moves begin at a record.
struct MovesLeaf {
  std::string code;  ///< a variable
  std::uint32_t n_votes = 0;
  std::string record;  ///< an expression
};
void print_add_moves(Printer& out, const TreeCode& code, const layout::LeafMoves& moves, const MovesLeaf& leaf);

/// What is different in the sum_ of every encoding.
struct SumLoop {
  std::function<void()> start = [] {};  ///< prints what goes before the loop over the trees
  std::function<void()> find = {};      ///< prints what sets, for tree `tree`, the variable `leaf`: the leaf's number
  std::function<void()> add = {};       ///< prints what adds the leaf; nothing: the vote, value or row of that number
  /// In place of all these, for one sum: prints the statement that adds the trees from `begin` on, up to `end`.
  std::function<void(std::string_view begin, std::string_view end)> add_trees = {};
};

void print_sum(Printer& out, const TreeCode& code, const SumLoop& loop);

}  // namespace emlc::c
