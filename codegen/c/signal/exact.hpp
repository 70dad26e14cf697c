#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "codegen/c/common/names.hpp"

/// Exact integers in generated code, each in the narrowest width that holds it: int32_t, int64_t, or the struct `wide`
/// of two words (templates/signal/wide.c.in), which no compiler for a microcontroller has.
namespace emlc::c {

/// An expression whose magnitude is at most `bound`.
struct Exact {
  std::string text{};
  double bound = 0.0;
  bool is_natural = false;  ///< never below 0
};

/// 32, 64 or 128. A bound of 2^127 or more is a std::logic_error: infer() has refused it.
int width_of(double bound);
/// `int32_t`, `int64_t`, or `NAME_wide`.
std::string type_of(const Names& names, double bound);

Exact constant(std::int64_t value);
/// Operands widened as far as the result needs it.
Exact times(const Names& names, const Exact& a, const Exact& b);
Exact plus(const Names& names, const Exact& a, const Exact& b);
Exact minus(const Names& names, const Exact& a, const Exact& b);

/// n * energy - sum * sum, of n samples.
Exact spread(const Names& names, std::size_t n, const Exact& energy, const Exact& sum);

/// The expression in the width of `bound`, which is not below its own.
std::string widened(const Names& names, const Exact& value, double bound);
/// The nearest float32, ties to even.
std::string float_of(const Names& names, const Exact& value);

/// A statement that adds a term to a sum: `sum += term;`
/// @param sum    a variable of the type that its bound has
std::string add_text(const Names& names, const Exact& sum, const Exact& term);
/// The square of a variable of integers, for add_text: unsigned where that saves a wider product.
struct Square {
  std::string text;               ///< empty: it has more than 64 bits
  bool is_unsigned_word = false;  ///< 64 bits without a sign
  double bound = 0.0;
};
/// |x|, of a variable.
std::string magnitude_of(const Exact& value);
Square square_of(const Names& names, const Exact& value);
std::string add_square_text(const Names& names, const Exact& sum, const Exact& value);

}  // namespace emlc::c
