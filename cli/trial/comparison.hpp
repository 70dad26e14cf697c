#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "cli/trial/answers.hpp"
#include "codegen/model/model.hpp"

namespace emlc::cli {

/// How the answers of an artifact differ from the expected ones.
struct Comparison {
  std::size_t n_inputs = 0;
  std::size_t n_same_decision = 0;  ///< inputs with every decision the same; all of them when nothing is decided
  std::size_t n_ties = 0;           ///< inputs whose decision differs only where the expected one is a tie
  double largest_difference = 0.0;  ///< of one output value, absolute
  std::string first_problem{};      ///< the first decision that differs or value out of tolerance; empty: none
};

/// The answers of the interpreter; with the errors that float32 makes of cancelling terms of networks, and of
/// sums of leaves behind a steep transform.
std::vector<Answer> expected_answers(const model::Model& model, const Inputs& inputs);

/// Takes errors that are more than 2^-10 of the largest value of their column for what they are: a jump, of a step or a
/// split behind computed columns, that float32 may miss. Of test vectors that is no excuse.
void forbid_jumps(const model::Model& model, std::vector<Answer>& expected);

/// A value may differ by 1e-4 of what is expected, or of a tenth of the largest one where that is more: of its column
/// where columns are numbers of their own, for a filter of the peak of all signals. For trees the tolerance of the test
/// vectors counts where it is tighter, down to 1e-5; and what rounding to float32 takes of their largest sums may
/// always differ, as may what float32 has no digits for (1.2e-38), and the errors of the expected answer.
/// What is beyond float32 counts as its largest number. NaN is equal to NaN only. A tie is a decision between two
/// outputs, or an output and the threshold, that are within 1e-6 of the largest one, or within their errors: float32
/// and float64 sums fall on either side of it.
/// @param expected  as expected_answers has them
Comparison compare(const model::Model& model, std::span<const Answer> expected, std::span<const Answer> found);

}  // namespace emlc::cli
