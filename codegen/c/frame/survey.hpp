#pragma once

#include <span>
#include <string>
#include <string_view>

#include "codegen/c/frame/preprocess.hpp"
#include "codegen/c/frame/statements.hpp"

namespace emlc::c {

/// What a compiler for one target finds in the definitions of a header.
struct Survey {
  /// Of a function `rows2_` (the piece `rows`; with the type of x where it is one of C): `rows` functions, `rows;`
  /// their statements, `rows*` those that are called once for one value, `rows+` calls beyond the first and `rows+;`
  /// their statements, `rows#2` calls whose second argument is 1. What differs from model to model counts line by line
  /// too.
  Terms terms;
  /// What they compute in float, each once: + - * / < (or <=) > (or >=), i and u (from an integer, from an unsigned
  /// one), z (to an unsigned one), e l t (expf, logf, tanhf).
  std::string operations{};
};

/// A piece that computes in float, and with what at most: elsewhere the same characters are about integers.
struct FloatPiece {
  std::string_view name, operations;
};

struct SurveyOptions {
  std::string_view symbol;            ///< before the names of functions, see Names
  std::string_view macro;             ///< before macros
  std::span<const Macro> predefined;  ///< by the compiler of the target
  std::string_view conversion{};      ///< what makes a float of a feature: `i`, `u`, or nothing for floats
  NumberClass feature = NumberClass::single;
  std::string_view shape{};  ///< of the model, behind the names of pieces, where it makes other code of them
};

/// Follows the calls from the function that predicts, transforms or filters; what it does not reach counts nothing.
/// @param text  definitions as Core has them, one function after the other
Survey survey(std::string_view text, const SurveyOptions& options);

}  // namespace emlc::c
