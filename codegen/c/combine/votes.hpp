#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/c/combine/values.hpp"

namespace emlc::c {

/// Votes of the rule `votes` are counted in integers where all weights are whole numbers, if need be of a common unit
/// that is a power of two; else added in float.
struct Votes {
  std::string type;            ///< `unsigned` or `float`
  std::vector<double> counts;  ///< of each member
  double total = 1.0;          ///< that the shares are of
};
Votes plan_votes(const model::Combination& combination);

/// Prints `FUNCTION void votes_(const INPUT *x, TYPE *votes);` which counts from 0.
void print_votes_function(Combining& combining, const Votes& votes);
/// Prints statements that make shares of the votes for x.
void print_shares(Combining& combining, const Votes& votes, std::string_view x, std::string_view into);
/// Prints statements that return the first class with the most votes.
void print_most_votes(Combining& combining, const Votes& votes, std::string_view x);

}  // namespace emlc::c
