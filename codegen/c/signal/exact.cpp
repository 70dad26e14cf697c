#include "codegen/c/signal/exact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "codegen/c/common/literal.hpp"

namespace emlc::c {
namespace {

constexpr double below_32 = 0x1p31, below_64 = 0x1p63, below_128 = 0x1p127;

/// A function of the struct `wide`.
std::string call(const Names& names, std::string_view function, std::string_view arguments) {
  return fmt::format("{}wide_{}_({})", names.symbol, function, arguments);
}

Exact sum_of(const Names& names, const Exact& a, const Exact& b, std::string_view sign, std::string_view function) {
  const double bound = a.bound + b.bound;
  const std::string left = widened(names, a, bound), right = widened(names, b, bound);
  if (width_of(bound) == 128) return {call(names, function, left + ", " + right), bound};
  return {fmt::format("({} {} {})", left, sign, right), bound};
}

}  // namespace

int width_of(double bound) {
  if (bound < below_32) return 32;
  if (bound < below_64) return 64;
  if (bound < below_128) return 128;
  throw std::logic_error("an exact sum of a signal has more bits than its plan may need");
}

std::string type_of(const Names& names, double bound) {
  const int width = width_of(bound);
  return width == 32 ? "int32_t" : width == 64 ? "int64_t" : names.symbol + "wide";
}

Exact constant(std::int64_t value) { return {integer_literal(value), std::abs(static_cast<double>(value))}; }

std::string widened(const Names& names, const Exact& value, double bound) {
  const int from = width_of(value.bound), to = width_of(std::max(bound, value.bound));
  if (from == to) return value.text;
  return to == 64 ? fmt::format("(int64_t){}", value.text) : call(names, "of", value.text);
}

Exact times(const Names& names, const Exact& a, const Exact& b) {
  const double bound = a.bound * b.bound;
  const int width = width_of(bound), widest = std::max(width_of(a.bound), width_of(b.bound));
  if (width < 128) {
    // One widened factor makes the product as wide.
    return {fmt::format("({} * {})", widened(names, a, bound), b.text), bound};
  }
  if (widest <= 64) return {call(names, "product", fmt::format("{}, {}", a.text, b.text)), bound};
  return {call(names, "times", widened(names, a, bound) + ", " + widened(names, b, bound)), bound};
}

Exact plus(const Names& names, const Exact& a, const Exact& b) { return sum_of(names, a, b, "+", "plus"); }
Exact minus(const Names& names, const Exact& a, const Exact& b) { return sum_of(names, a, b, "-", "minus"); }

Exact spread(const Names& names, std::size_t n, const Exact& energy, const Exact& sum) {
  const Exact count = constant(static_cast<std::int64_t>(n));
  const double bound = count.bound * energy.bound + sum.bound * sum.bound;
  if (width_of(bound) == 128 && width_of(sum.bound) <= 64) {
    return {call(names, "spread", fmt::format("{}, {}u, {}", widened(names, energy, bound), n, sum.text)), bound};
  }
  return minus(names, times(names, count, energy), times(names, sum, sum));
}

std::string float_of(const Names& names, const Exact& value) {
  if (width_of(value.bound) == 128) return call(names, "float", value.text);
  return fmt::format("(float){}", value.text);
}

std::string add_text(const Names& names, const Exact& sum, const Exact& term) {
  if (width_of(sum.bound) < 128) return fmt::format("{} += {};", sum.text, term.text);
  return fmt::format("{0} = {1};", sum.text, call(names, "plus", sum.text + ", " + widened(names, term, sum.bound)));
}

std::string magnitude_of(const Exact& value) {
  return value.is_natural ? value.text : fmt::format("({0} < 0 ? -{0} : {0})", value.text);
}

Square square_of(const Names& names, const Exact& value) {
  const double bound = value.bound * value.bound;
  if (bound < below_32) return {fmt::format("{0} * {0}", value.text), false, bound};
  if (bound < 0x1p32) return {fmt::format("(uint32_t){0} * (uint32_t){0}", value.text), false, bound};
  if (bound >= 0x1p64) return {"", false, bound};
  return {fmt::format("{}square_((uint32_t){})", names.symbol, magnitude_of(value)), true, bound};
}

std::string add_square_text(const Names& names, const Exact& sum, const Exact& value) {
  const Square square = square_of(names, value);
  if (square.text.empty()) return add_text(names, sum, times(names, value, value));
  if (width_of(sum.bound) < 128) {
    return fmt::format("{} += {}{};", sum.text, square.is_unsigned_word ? "(int64_t)" : "", square.text);
  }
  return fmt::format("{}wide_add_(&{}, (uint64_t)({}));", names.symbol, sum.text, square.text);
}

}  // namespace emlc::c
