#include <fmt/format.h>

#include <array>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/signal/operations.hpp"
#include "codegen/c/signal/stream.hpp"
#include "codegen/model/sos/float_sections.hpp"
#include "codegen/signal/filtering.hpp"

namespace emlc::c {
namespace {

using signal::Signal;

/// A section of a cascade in float32: the transposed direct form II.
void print_real_section(Printer& out, const Names& names, const Signal& signal, std::size_t index,
                        const std::string& z) {
  std::array<std::string, 5> c;
  const std::array<double, 5> exact = model::coefficients(signal.filter.sections[index], model::SosStructure::direct);
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = float_literal(static_cast<float>(exact[i]));
  const auto product = [&](std::size_t i, const char* x) { return rounded_product(names, c[i], x); };
  out.line("y = {} + {}[{}];", product(0, "x"), z, 2 * index);
  out.line("{0}[{1}] = ({2} + {0}[{3}]) - {4};", z, 2 * index, product(1, "x"), 2 * index + 1, product(3, "y"));
  out.line("{}[{}] = {} - {};", z, 2 * index + 1, product(2, "x"), product(4, "y"));
  out.line("x = y;");
}

void print_real_filter(Printer& out, Making& making, std::int32_t index, const Signal& signal) {
  const std::size_t n = signal.filter.sections.size();
  const std::string z = making.member("float", fmt::format("z{}", index), 4, 2 * n, "state of " + signal.name);
  const std::vector<std::array<float, 2>> words = signal::settled_words(signal.filter);
  out.line("float x = (float)v{}, y;", signal.from.front());
  out.line("if (is_first) {{");
  for (std::size_t i = 0; i < 2 * n; ++i) {
    out.line("  {}[{}] = {} * x;", z, i, float_literal(words[i / 2][i % 2]));
  }
  out.line("}}");
  for (std::size_t i = 0; i < n; ++i) print_real_section(out, making.names, signal, i, z);
  out.line("v{} = x;", index);
}

/// What a section settles at after x for ever.
void print_settled(Printer& out, const model::FixedPoint& fixed, const model::SosIntegers& c, const std::string& z) {
  const std::int64_t divisor =
      ((std::int64_t{1} << fixed.fraction_bits) + c[3] + c[4]) * (std::int64_t{1} << fixed.guard());
  const std::string reset = fmt::format("{0}[0] = {0}[1] = (int32_t)x;", z);
  out.line("if (is_first) {{");
  {
    const auto body = out.indent();
    out.line("{}", reset);
    if (divisor <= 0) {
      out.line("y = 0;");
    } else {
      const std::int64_t gain = 2 * (std::int64_t{c[0]} + c[1] + c[2]);
      out.line("sum = {} * x + {};", integer_literal(gain), integer_literal(divisor));
      out.line("y = sum / {0} - (sum % {0} < 0 ? 1 : 0);", integer_literal(2 * divisor));
    }
    out.line("y = y < lowest ? lowest : y > highest ? highest : y;");
    out.line("{0}[2] = {0}[3] = (int32_t)(y * {1});", z, std::int64_t{1} << fixed.guard());
    if (fixed.rounding == model::SosRounding::feedback) {
      out.line("{}[4] = {};", z, integer_literal(fixed.first_rest()));
    }
  }
  out.line("}}");
}

void print_integer_section(Printer& out, const model::FixedPoint& fixed, const model::SosIntegers& c,
                           const std::string& z) {
  print_settled(out, fixed, c, z);
  const bool feeds_back = fixed.rounding == model::SosRounding::feedback;
  const std::string rest = feeds_back ? z + "[4]" : integer_literal(fixed.first_rest());
  const auto product = [](std::int64_t factor, const std::string& x) {
    return fmt::format("(int64_t){} * {}", integer_literal(factor), x);
  };
  out.line("sum = {} + {} + {};", rest, product(c[0], "x"), product(c[1], z + "[0]"));
  out.line("sum += {} + {} + {};", product(c[2], z + "[1]"), product(-std::int64_t{c[3]}, z + "[2]"),
           product(-std::int64_t{c[4]}, z + "[3]"));
  out.line("y = sum >> {};", fixed.shift());
  if (feeds_back) out.line("{}[4] = (int32_t)(sum & {});", z, integer_literal((std::int64_t{1} << fixed.shift()) - 1));
  out.line("y = y < lowest ? lowest : y > highest ? highest : y;");
  out.line("y *= {};", std::int64_t{1} << fixed.guard());
  out.line("{0}[1] = {0}[0];", z);
  out.line("{0}[0] = (int32_t)x;", z);
  out.line("{0}[3] = {0}[2];", z);
  out.line("{0}[2] = (int32_t)y;", z);
  out.line("x = y;");
}

void print_integer_filter(Printer& out, Making& making, std::int32_t index, const Signal& signal) {
  const model::FixedPoint& fixed = signal.filter.fixed.value();
  const model::ArithmeticInfo& row = model::info(fixed.arithmetic);
  const std::size_t words = fixed.rounding == model::SosRounding::feedback ? 5 : 4;
  const std::vector<model::SosIntegers> sections = model::integers(signal.filter);
  const std::string z =
      making.member("int32_t", fmt::format("z{}", index), 4, words * sections.size(), "state of " + signal.name);
  const std::int64_t scale = std::int64_t{1} << signal.input_shift;
  const std::int64_t limit = std::int64_t{1} << (row.sample_bits - 1 - fixed.guard());
  out.line("const int64_t lowest = {}, highest = {};", integer_literal(-limit), integer_literal(limit - 1));
  out.line("int64_t x = (int64_t)v{} * {}, y, sum;", signal.from.front(), scale);
  if (row.unused_input_bits > 0) out.line("x &= {};", -(std::int64_t{1} << row.unused_input_bits));
  for (std::size_t i = 0; i < sections.size(); ++i) {
    print_integer_section(out, fixed, sections[i], i == 0 ? z : fmt::format("({} + {})", z, words * i));
  }
  if (fixed.lift > 0) {
    const std::int64_t full = (std::int64_t{1} << (row.sample_bits - 1)) >> fixed.lift;
    out.line("x = x < {0} ? {0} : x > {1} ? {1} : x;", integer_literal(-full), integer_literal(full - 1));
    out.line("x *= {};", std::int64_t{1} << fixed.lift);
  }
  out.line("v{} = ({})x;", index, sample_type(signal));
}

}  // namespace

void print_filter(Printer& out, Making& making, std::int32_t index) {
  const Signal& signal = at(making.plan.signals, index);
  out.line("{{");
  {
    const auto body = out.indent();
    if (signal.arithmetic == model::Arithmetic::float32) {
      print_real_filter(out, making, index, signal);
    } else {
      print_integer_filter(out, making, index, signal);
    }
  }
  out.line("}}");
}

}  // namespace emlc::c
