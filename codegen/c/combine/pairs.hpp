#pragma once

#include <string_view>

#include "codegen/c/combine/values.hpp"

namespace emlc::c {

/// Prints `FUNCTION void pairs_(const INPUT *x, unsigned *votes, float *sums, float *against);` of one_vs_one: how many
/// members decide for each class, and the sums of what members say where it is the second of a pair, and the first.
void print_pairs_function(Combining& combining);

/// Prints statements that make the values of one_vs_one.
void print_pair_values(Combining& combining, std::string_view x, std::string_view into);

/// Prints `FUNCTION int decide_(const INPUT *x);`: the class with the most votes, of several the one with the largest
/// difference of these, and of several the first. That is the largest of the values, without dividing. In integers
/// where the outputs of all members are those of one part.
void print_pair_decision(Combining& combining);

}  // namespace emlc::c
