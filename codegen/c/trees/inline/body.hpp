#pragma once

#include <cstddef>
#include <cstdint>
#include <set>

#include "codegen/c/trees/code.hpp"

namespace emlc::c {

// One body for all trees: a leaf adds what it adds and jumps to the next tree. That saves the calls, and the values
// stay in registers.

/// Compilers take more than linear time for a function, so there is an end to what one holds.
bool fits_one_body(const TreeCode& code);

/// The blocks of 32 features that the body reads through pointers of their own (RegionText::far_blocks): loads of small
/// processors reach 32 elements, and as many blocks are chosen, those with most splits first, as registers are free.
/// @param n_words  registers that the body keeps its sums in
std::set<std::int32_t> choose_far_blocks(const TreeCode& code, std::size_t n_words);

/// Prints, in front of the function, the macros that the following may use.
void print_pointer_macros(Printer& out, const TreeCode& code, const std::set<std::int32_t>& far_blocks);
/// Prints the statements at the top of the body, before the first jump: x cleaned, and the pointers.
void print_body_start(Printer& out, const TreeCode& code, const std::set<std::int32_t>& far_blocks);

/// Prints, behind the label of a tree, that its features are read anew. See note [trees apart].
void print_apart(Printer& out, const TreeCode& code, const std::set<std::int32_t>& far_blocks);

/// Prints sum_ as one body, for ensembles with one sum and single values in the leaves.
void print_sum_body(Printer& out, const TreeCode& code);

}  // namespace emlc::c
