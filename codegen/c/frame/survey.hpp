#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace emlc::c {

/// What there is of one function, or of those that differ by a number in their name: `rows4_` and `rows1_` are `rows`.
struct PieceCount {
  double functions = 0;
  double statements = 0;  ///< in all of them; an instruction of assembly is one
  double single = 0;  ///< of the functions, those that are called once for one value: a compiler leaves their loops out
  double repeated = 0;  ///< calls after the first one
};

/// What a compiler for one target finds in the definitions of a header.
struct Survey {
  std::map<std::string, PieceCount, std::less<>> pieces;  ///< by name; with the type of x where it is one of C
  /// What they compute in float, each once: + - * / < (or <=) > (or >=), i and u (from an integer, from an unsigned
  /// one), z (to an unsigned one), e l t (expf, logf, tanhf).
  std::string operations{};
};

/// A piece that computes in float, and with what at most: elsewhere the same characters are about integers.
struct FloatPiece {
  std::string_view name, operations;
};

struct SurveyOptions {
  std::string_view symbol;                    ///< before the names of functions, see Names
  std::string_view macro;                     ///< before macros
  std::span<const std::string_view> defined;  ///< macros that hold, those of the header without `macro`
  std::string_view conversion{};              ///< what makes a float of a feature: `i`, `u`, or nothing for floats
};

/// Follows the calls from the function that predicts, transforms or filters; what it does not reach counts nothing.
/// @param text  definitions as Core has them, one function after the other
Survey survey(std::string_view text, const SurveyOptions& options);

}  // namespace emlc::c
