#pragma once

#include <string_view>

#include "codegen/c/combine/values.hpp"

namespace emlc::c {

/// Prints `FUNCTION void pairs_(const INPUT *x, unsigned *votes, float *sums);` of one_vs_one: how many members decide
/// for each class, and the sum of what its members say, negative for the first class of a pair.
void print_pairs_function(Combining& combining);

/// Prints statements that make the values of one_vs_one.
void print_pair_values(Combining& combining, std::string_view x, std::string_view into);

/// Prints `FUNCTION int decide_(const INPUT *x);`: the class with the most votes, of several the one with the largest
/// sum, and of these the first. That is the largest of the values, without dividing. In integers where the outputs of all
/// members are those of one part.
void print_pair_decision(Combining& combining);

}  // namespace emlc::c
