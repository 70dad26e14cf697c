#include "codegen/c/signal/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/memory.hpp"

namespace emlc::c {
namespace {

using signal::Operation;
using signal::Signal;

/// What an operation is made of.
struct Inputs {
  const Names& names;
  std::vector<Exact> integers{};     ///< empty where one of them is real
  std::vector<std::string> reals{};  ///< as float
};

Inputs inputs_of(const signal::Plan& plan, const Names& names, const Signal& signal,
                 const std::vector<std::string>& operands) {
  Inputs inputs{names};
  const bool are_integers = std::all_of(signal.from.begin(), signal.from.end(),
                                        [&](std::int32_t from) { return at(plan.signals, from).is_integer; });
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const Signal& operand = at(plan.signals, signal.from[std::min(i, signal.from.size() - 1)]);
    if (are_integers) inputs.integers.push_back(sample_of(operand, operands[i]));
    inputs.reals.push_back(operand.is_integer ? fmt::format("(float){}", operands[i]) : operands[i]);
  }
  return inputs;
}

/// In the type of the signal, which its range fits, whatever the sums on the way to it need.
std::string typed(const Signal& signal, const Exact& value) {
  const std::string type = sample_type(signal);
  const bool is_wider = width_of(value.bound) == 64 && type != "int64_t";
  return is_wider ? fmt::format("({}){}", type, value.text) : value.text;
}

Exact absolute(const Exact& x) { return {fmt::format("({0} < 0 ? -{0} : {0})", x.text), x.bound}; }
std::string absolute(const std::string& x) { return fmt::format("({0} < 0 ? -{0} : {0})", x); }

using Terms = std::function<Exact(std::size_t)>;

Exact exact_sum(const Inputs& in, std::size_t n_terms, const Terms& integer) {
  Exact sum = integer(0);
  for (std::size_t i = 1; i < n_terms; ++i) sum = plus(in.names, sum, integer(i));
  return sum;
}

/// Term after term.
std::string sum_text(const Signal& signal, const Inputs& in, std::size_t n_terms, const Terms& integer,
                     const std::function<std::string(std::size_t)>& real) {
  if (!in.integers.empty()) return typed(signal, exact_sum(in, n_terms, integer));
  std::string sum = real(0);
  for (std::size_t i = 1; i < n_terms; ++i) sum += " + " + real(i);
  return n_terms == 1 ? sum : fmt::format("({})", sum);
}

Terms exact_squares(const Inputs& in) {
  return [&in](std::size_t i) { return times(in.names, in.integers[i], in.integers[i]); };
}

std::string squares_text(const Signal& signal, const Inputs& in) {
  return sum_text(signal, in, signal.from.size(), exact_squares(in),
                  [&](std::size_t i) { return rounded_product(in.names, in.reals[i], in.reals[i]); });
}

std::string dot_text(const Signal& signal, const Inputs& in) {
  const std::size_t n = signal.from.size() / 2;
  return sum_text(
      signal, in, n, [&](std::size_t i) { return times(in.names, in.integers[i], in.integers[n + i]); },
      [&](std::size_t i) { return rounded_product(in.names, in.reals[i], in.reals[n + i]); });
}

std::string scale_text(const Signal& signal, const Inputs& in) {
  if (!signal.is_integer) {
    return fmt::format("{} + {}",
                       rounded_product(in.names, in.reals[0], float_literal(static_cast<float>(signal.gain))),
                       float_literal(static_cast<float>(signal.offset)));
  }
  const Exact product = times(in.names, in.integers[0], constant(static_cast<std::int64_t>(signal.gain)));
  if (signal.offset == 0.0) return typed(signal, product);
  return typed(signal, plus(in.names, product, constant(static_cast<std::int64_t>(signal.offset))));
}

std::string clip_text(const Signal& signal, const Signal& operand, const std::string& x) {
  std::string text = x;
  const auto literal = [&](double bound) {
    return signal.is_integer
               ? fmt::format("({}){}", sample_type(signal), integer_literal(static_cast<long long>(bound)))
               : float_literal(static_cast<float>(bound));
  };
  // A bound that nothing passes may be beyond the type.
  const auto lowest = static_cast<double>(operand.range.lowest), highest = static_cast<double>(operand.range.highest);
  if (signal.maximum && (!signal.is_integer || *signal.maximum < highest)) {
    text = fmt::format("({0} < {1} ? {0} : {2})", literal(*signal.maximum), x, text);
  }
  if (signal.minimum && (!signal.is_integer || *signal.minimum > lowest)) {
    text = fmt::format("({1} < {0} ? {0} : {2})", literal(*signal.minimum), x, text);
  }
  return signal.is_integer && sample_type(signal) != sample_type(operand)
             ? fmt::format("({}){}", sample_type(signal), text)
             : text;
}

}  // namespace

Exact sample_of(const Signal& signal, const std::string& variable) {
  const auto bound = static_cast<double>(magnitude(signal.range));
  // -2^31 is in an int32_t, 2^31 in a uint32_t, what they are added to is in neither.
  const bool is_edge = width_of(bound) == 64 && sample_type(signal) != "int64_t";
  return {is_edge ? fmt::format("(int64_t){}", variable) : variable, bound, signal.range.lowest >= 0};
}

std::string rounded_product(const Names& names, const std::string& a, const std::string& b) {
  return fmt::format("{}ROUNDED({} * {})", names.macro, a, b);
}

std::string operation_text(const signal::Plan& plan, const Names& names, const Signal& signal,
                           const std::vector<std::string>& operands) {
  const Inputs in = inputs_of(plan, names, signal, operands);
  switch (signal.operation) {
    case Operation::difference:
      return in.integers.empty() ? fmt::format("{} - {}", in.reals[0], in.reals[1])
                                 : typed(signal, minus(names, in.integers[0], in.integers[1]));
    case Operation::absolute:
    case Operation::norm1:
      return sum_text(
          signal, in, signal.from.size(), [&](std::size_t i) { return absolute(in.integers[i]); },
          [&](std::size_t i) { return absolute(in.reals[i]); });
    case Operation::square:
    case Operation::norm2_squared:
      return squares_text(signal, in);
    case Operation::norm2:
      return fmt::format("(float)sqrtf({})",
                         in.integers.empty() ? squares_text(signal, in)
                                             : float_of(names, exact_sum(in, signal.from.size(), exact_squares(in))));
    case Operation::dot:
      return dot_text(signal, in);
    case Operation::scale:
      return scale_text(signal, in);
    case Operation::clip:
      return clip_text(signal, at(plan.signals, signal.from.front()), operands.front());
    default:
      throw std::logic_error("a signal that is not made of its operands of now");
  }
}

}  // namespace emlc::c
