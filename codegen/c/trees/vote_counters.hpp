#pragma once

#include <cstdint>
#include <string>

#include "codegen/c/common/names.hpp"
#include "codegen/c/common/printer.hpp"

namespace emlc::c {

/// One counter for each class, packed into words: nibbles for up to 15 trees, else 8, 16 or 32 bits. Words have 32
/// bits, on AVR as few as a field needs, as that is what its registers hold.
///
/// A counter starts at 2^(field_bits - 1) - trigger, so that its top bit says that the class has `trigger` votes: with
/// half of the trees it can be overtaken no more, except that another class with the other half, if it has a smaller
/// index, wins the tie. With an even number of trees the trigger is that half, with an odd one the majority.
struct VoteCounters {
  std::uint32_t n_classes = 2, n_trees = 1;

  [[nodiscard]] int field_bits() const;
  [[nodiscard]] std::uint32_t trigger() const { return (n_trees + 1) / 2; }
  [[nodiscard]] std::uint32_t start() const;  ///< of every counter
};

/// Prints what the statements below are made of: macros for each class, on both kinds of machines.
///   #define NAME_COUNTERS        declares the counters
///   #define NAME_ADD_3           one more vote for class 3
///   #define NAME_HAS_3           true when it has `trigger` votes or more
///   #define NAME_HAS_MORE_3      when HAS_3: true when it has more
///   #define NAME_RIVAL_3(left)   true when a class before class 3 might have `trigger` votes with `left` more
///   #define NAME_COUNT_3         the counter, as it started plus the votes
void print_counter_macros(Printer& out, const Names& names, const VoteCounters& counters);

/// The condition under which class `index`, which just got its vote as the `n_seen`th tree, wins whatever follows;
/// empty when that cannot be yet.
std::string winning_condition(const Names& names, const VoteCounters& counters, std::uint32_t index,
                              std::uint32_t n_seen);

/// Prints the statements that return the first maximum of the counters, which they may change.
void print_winner(Printer& out, const Names& names, const VoteCounters& counters);

}  // namespace emlc::c
