#include "codegen/c/sos_fixed.hpp"

#include <array>

#include "codegen/c/literal.hpp"
#include "codegen/c/printer.hpp"
#include "codegen/c/sos.hpp"
#include "codegen/c/tables.hpp"
#include "codegen/c/template.hpp"
#include "codegen/model/error.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

using model::Arithmetic;
using model::FixedPoint;
using model::Overflow;
using model::SosRounding;

/// The filter and how it is to be written.
struct Plan {
  const model::SosCascade& cascade;
  const FixedPoint& fixed;
  const Names& names;
  Optimize optimize;

  [[nodiscard]] std::vector<TemplateValue> values() const {
    return {{"function", names.function}, {"symbol", names.symbol}};
  }
  [[nodiscard]] int bits() const { return info(fixed.arithmetic).sample_bits; }
  [[nodiscard]] bool has_feedback() const { return fixed.rounding == SosRounding::feedback; }
};

std::string fill_with(std::string_view text, std::vector<TemplateValue> values,
                      std::initializer_list<TemplateValue> more) {
  values.insert(values.end(), more);
  return fill(text, values);
}

/// b0 b1 b2 -a1 -a2: the generated code adds all products.
std::array<std::int64_t, 5> row_of(const model::SosIntegers& c) { return {c[0], c[1], c[2], -c[3], -c[4]}; }

void print_integers(Printer& out, const Plan& plan, std::string_view type, const std::vector<std::int64_t>& values) {
  std::vector<std::string> literals;
  for (const std::int64_t value : values) literals.push_back(integer_literal(value));
  print_table(out, plan.names, type, plan.names.symbol + "sos_", literals);
}

/// Every coefficient times `factor`.
std::vector<std::int64_t> coefficients(const Plan& plan, std::int64_t factor) {
  std::vector<std::int64_t> values;
  for (const model::SosIntegers& section : integers(plan.cascade)) {
    for (const std::int64_t c : row_of(section)) values.push_back(c * factor);
  }
  return values;
}

/// Every coefficient as two numbers of 16 bits: high * 2^13 + low, low signed.
std::vector<std::int64_t> coefficient_halves(const Plan& plan) {
  constexpr std::int64_t step = 8192;
  std::vector<std::int64_t> values;
  for (const std::int64_t c : coefficients(plan, 1)) {
    const std::int64_t low = ((c + step / 2) & (step - 1)) - step / 2;
    values.push_back((c - low) / step);
    values.push_back(low);
  }
  return values;
}

std::string filter_text(const Plan& plan, std::size_t row) {
  return fill_with(templates::sos_filter_c, plan.values(),
                   {{"word", "uint32_t"},
                    {"sample", plan.bits() == 16 ? "int16_t" : "int32_t"},
                    {"n_sections", fmt::to_string(plan.cascade.sections.size())},
                    {"row", fmt::to_string(row)},
                    {"words", fmt::to_string(fixed_state_words(plan.fixed))}});
}

/// State before the first sample: 0, and the first rest in the first word of each section.
std::string reset_text(const Plan& plan, const std::string& first_rest) {
  const std::size_t words = fixed_state_words(plan.fixed), n = plan.cascade.sections.size();
  const std::string first = first_rest.empty() ? ""
                                               : fmt::format("  for (size_t i = 0; i < {}; i += {}) z[i] = {};",
                                                             n * words, words, first_rest);
  return fill_with(templates::sos_reset_c, plan.values(),
                   {{"words", fmt::to_string(n * words)}, {"first_rest", first}});
}

/// The uppermost byte of the sum tells whether the result fits.
std::string avr_saturation(int shift) {
  const int limit = 1 << (shift - 9);
  return fmt::format(
      "    const int8_t top = (int8_t)(uint8_t)(sum >> 24);\n"
      "    if (top >= {0}) out = INT16_MAX;\n"
      "    if (top < -{0}) out = INT16_MIN;",
      limit);
}

std::string q15_text(const Plan& plan) {
  const int shift = plan.fixed.shift();
  const std::int64_t half = std::int64_t{1} << (shift - 1), mask = 2 * half - 1;
  const bool feeds_back = plan.has_feedback(), saturates = plan.fixed.overflow == Overflow::saturates;
  const std::string rest = feeds_back ? "rest" : fmt::to_string(plan.fixed.first_rest());
  const std::string keep = feeds_back ? fmt::format("    rest = sum & {};", mask) : "";
  const auto pair = [&](int first) {
    return fill_with(
        templates::sos_q15_pair_c, {{"symbol", plan.names.symbol}},
        {{"i", fmt::to_string(first)}, {"rest", rest}, {"shift", fmt::to_string(shift)}, {"keep_rest", keep}});
  };
  const bool is_long = plan.optimize == Optimize::speed;
  std::string pairs = pair(0) + (is_long ? pair(2) : "");
  pairs.pop_back();  // the template ends the line
  const std::string clip = "out = sum >> 31 != 0 ? INT16_MIN : INT16_MAX;";
  return fill_with(
      templates::sos_q15_c, plan.values(),
      {{"macro", plan.names.macro},
       {"first_word", feeds_back ? "1" : "0"},
       {"second_word", feeds_back ? "2" : "1"},
       {"declare_rest", feeds_back ? "  int32_t rest = (int32_t)z[0];" : ""},
       {"samples", is_long ? "4" : "2"},
       {"pairs", pairs},
       {"rest_of_pairs", is_long ? "  if (n >= 2) {\n" + pair(0) + "    x += 2;\n    y += 2;\n    n -= 2;\n  }" : ""},
       {"rest", rest},
       {"shift", fmt::to_string(shift)},
       {"keep_rest", keep},
       {"store_rest", feeds_back ? "  z[0] = (uint32_t)rest;" : ""},
       {"half", plan.fixed.rounding == SosRounding::nearest ? fmt::format(" + {}u", half) : ""},
       {"up", fmt::to_string(16 - shift)},
       {"saturate_avr", saturates ? avr_saturation(shift) : ""},
       {"saturate", saturates ? fmt::format("    if (out != (int16_t)out) {}", clip) : ""},
       {"feed_back", feeds_back ? fmt::format(" + (sum & {}u)", mask) : ""}});
}

void add_q15(Printer& out, const Plan& plan, Core& core) {
  print_integers(out, plan, "int16_t", coefficients(plan, 1));
  // smlad and its kin: GCC has them since version 10.
  core.prologue = fmt::format(
      "#if defined(__ARM_FEATURE_SIMD32) && !defined(__ARM_BIG_ENDIAN) && \\\n"
      "    (defined(__clang__) || !defined(__GNUC__) || __GNUC__ >= 10) && !defined({0}PLAIN)\n"
      "#define {0}DSP /* two 16-bit products an instruction */\n"
      "#include <arm_acle.h>\n"
      "#include <string.h>\n"
      "#endif\n",
      plan.names.macro);
  core.parts.push_back({"coefficients", 10 * plan.cascade.sections.size()});
  core.definitions = out.text() + "\n" +
                     reset_text(plan, plan.has_feedback() ? fmt::format("{}u", plan.fixed.first_rest()) : "") + "\n" +
                     q15_text(plan) + "\n" + filter_text(plan, 5);
}

std::string wide_step(const Plan& plan, int i, bool is_even) {
  return fill_with(
      templates::sos_wide_step_c, {{"symbol", plan.names.symbol}},
      {{"i", fmt::to_string(i)},
       {"in", plan.fixed.arithmetic == Arithmetic::mixed ? fmt::format("x[{}] & -2", i) : fmt::format("x[{}]", i)},
       {"x1", is_even ? "x1" : "x2"},
       {"x2", is_even ? "x2" : "x1"},
       {"y1", is_even ? "y1" : "y2"},
       {"y2", is_even ? "y2" : "y1"}});
}

std::string wide_text(const Plan& plan) {
  const bool is_mixed = plan.fixed.arithmetic == Arithmetic::mixed;
  const int guard = plan.fixed.guard();
  const std::string step = fmt::to_string(1 << guard);
  const int n_samples = plan.optimize == Optimize::speed ? 4 : 2;
  std::string steps;
  for (int i = 0; i < n_samples; ++i) steps += wide_step(plan, i, i % 2 == 0);
  steps.pop_back();
  const std::string swap =
      "    sum = x1;\n    x1 = x2;\n    x2 = (int32_t)sum;\n    sum = y1;\n    y1 = y2;\n    y2 = (int32_t)sum;\n";
  const std::string last = n_samples == 2
                               ? "  if (n != 0) {\n" + wide_step(plan, 0, true) + swap + "  }"
                               : "  for (; n != 0; --n, ++x, ++y) {\n" + wide_step(plan, 0, true) + swap + "  }";
  const std::string limit = fmt::format("(INT32_MAX >> {})", guard);
  const std::string sample =
      plan.fixed.overflow == Overflow::impossible
          ? fmt::format("  return high * {};", step)
          : fmt::format(
                "#if defined(__ARM_FEATURE_SAT)\n  return (int32_t)__ssat(high, {0}) * {1};\n#else\n"
                "  return (high > {2} ? {2} : (high < -{2} - 1 ? -{2} - 1 : high)) * {1};\n#endif",
                32 - guard, step, limit);
  std::vector<TemplateValue> values = plan.values();
  for (int i = 0; i < 5; ++i) {
    constexpr std::array<std::string_view, 5> keys = {"load_0", "load_1", "load_2", "load_3", "load_4"};
    values.emplace_back(keys[static_cast<std::size_t>(i)],
                        is_mixed ? fmt::format("{}READ_I16(&c[{}]) * 65536", plan.names.macro, i)
                                 : fmt::format("{}READ_I32(&c[{}])", plan.names.macro, i));
  }
  return fill_with(templates::sos_wide_c, values,
                   {{"step", step},
                    {"sample", sample},
                    {"coefficient", is_mixed ? "int16_t" : "int32_t"},
                    {"samples", fmt::to_string(n_samples)},
                    {"steps", steps},
                    {"last", last}});
}

std::string narrow_saturation(const Plan& plan) {
  if (plan.fixed.overflow == Overflow::impossible) return "";
  const int guard = plan.fixed.guard();
  return fmt::format("    if (out >> {0} != (int32_t)high) out = (int32_t)high < 0 ? INT32_MIN : INT32_MAX - {1};",
                     guard, (1 << guard) - 1);
}

std::string narrow_q31_text(const Plan& plan) {
  std::string taps;
  const auto tap = [&](const std::string& high, const std::string& low, const std::string& sample) {
    taps += fill(templates::sos_narrow_tap_c,
                 std::vector<TemplateValue>{{"macro", plan.names.macro}, {"high", high}, {"low", low}, {"v", sample}});
  };
  if (plan.optimize == Optimize::speed) {
    constexpr std::array<std::string_view, 5> signals = {"in", "x1", "x2", "y1", "y2"};
    for (std::size_t i = 0; i < signals.size(); ++i) {
      tap(fmt::to_string(2 * i), fmt::to_string(2 * i + 1), std::string(signals[i]));
    }
  } else {
    taps = "    const int32_t v[5] = {in, x1, x2, y1, y2};\n    for (int i = 0; i < 5; ++i)\n";
    tap("2 * i", "2 * i + 1", "v[i]");
  }
  taps.pop_back();
  return fill_with(
      templates::sos_narrow_q31_c, plan.values(),
      {{"taps", taps}, {"guard", fmt::to_string(plan.fixed.guard())}, {"saturate", narrow_saturation(plan)}});
}

std::string narrow_mixed_text(const Plan& plan) {
  return fill_with(templates::sos_narrow_mixed_c, plan.values(),
                   {{"macro", plan.names.macro},
                    {"guard", fmt::to_string(plan.fixed.guard())},
                    {"saturate", narrow_saturation(plan)}});
}

void add_32_bits(Printer& out, const Plan& plan, Core& core) {
  const bool is_mixed = plan.fixed.arithmetic == Arithmetic::mixed;
  const std::string& macro = plan.names.macro;
  core.prologue = fmt::format(
      "#if !defined({0}PLAIN) && !defined(__AVR__) && !defined(__MSP430__) && \\\n"
      "    !(defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1 && !defined(__ARM_ARCH_ISA_ARM)) && \\\n"
      "    !(defined(__riscv) && !defined(__riscv_mul))\n"
      "#define {0}WIDE /* products of 64 bits are cheap */\n"
      "#endif\n"
      "#if defined({0}WIDE) && defined(__ARM_FEATURE_SAT)\n"
      "#include <arm_acle.h>\n"
      "#endif\n",
      macro);
  const std::size_t n = plan.cascade.sections.size();
  core.parts.push_back({"coefficients", (is_mixed ? 10 : 20) * n});
  if (is_mixed) print_integers(out, plan, "int16_t", coefficients(plan, 1));
  out.line("");
  out.line("#if defined({}WIDE)", macro);
  if (!is_mixed) print_integers(out, plan, "int32_t", coefficients(plan, 16));
  core.definitions = out.text() + "\n" + reset_text(plan, "0x80000000u") + "\n" + wide_text(plan);
  if (!is_mixed) core.definitions += "\n" + filter_text(plan, 5);
  core.definitions += "#else\n";
  Printer narrow;
  if (!is_mixed) print_integers(narrow, plan, "int16_t", coefficient_halves(plan));
  core.definitions += narrow.text() + "\n" + reset_text(plan, is_mixed ? "0x4000u" : "0x8000000u") + "\n" +
                      (is_mixed ? narrow_mixed_text(plan) : narrow_q31_text(plan));
  if (!is_mixed) core.definitions += "\n" + filter_text(plan, 10);
  core.definitions += "#endif\n";
  if (is_mixed) core.definitions += "\n" + filter_text(plan, 5);
}

}  // namespace

std::size_t fixed_state_words(const FixedPoint& fixed) {
  if (info(fixed.arithmetic).sample_bits == 32) return 5;
  return fixed.rounding == SosRounding::feedback ? 3 : 2;
}

Core emit_sos_fixed(const model::SosCascade& cascade, const Names& names, const EmitConfig& config) {
  if (config.use_runtime) throw Error({.field = "--use-runtime"}, "the runtime filters in float; leave it out");
  const Plan plan{cascade, *cascade.fixed, names, config.optimize};
  Core core;
  Printer out;
  out.line("#if -1 >> 1 != -1");
  out.line("#error \"this filter needs a compiler whose >> keeps the sign\"");
  out.line("#endif");
  out.line("");
  out.line("/* b0 b1 b2 -a1 -a2 of each section, times 2^{}. */", plan.fixed.fraction_bits);
  if (plan.bits() == 16) {
    add_q15(out, plan, core);
  } else {
    add_32_bits(out, plan, core);
  }
  core.ram = sizeof(std::uint32_t) * fixed_state_words(plan.fixed) * cascade.sections.size();
  return core;
}

}  // namespace emlc::c
