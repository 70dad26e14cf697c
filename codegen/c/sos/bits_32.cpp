#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "codegen/c/sos/fixed.hpp"
#include "codegen/c/sos/plan.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

bool is_mixed(const SosPlan& plan) { return plan.fixed.arithmetic == model::Arithmetic::mixed; }

/// 64-bit sums have samples in their high words: coefficients count as 2^(32 - shift) of their integers.
std::int64_t wide_factor(const SosPlan& plan) { return std::int64_t{1} << (32 - plan.fixed.shift()); }

/// A sum that keeps its high word has its sample in the next one already, times what a coefficient of 1 is; so that is
/// taken off -a1. It saves an instruction, but has to fit.
std::int64_t wide_one(const SosPlan& plan) { return std::int64_t{1} << (32 - plan.fixed.guard()); }

bool keeps_high(const SosPlan& plan) {
  const auto sections = sos_coefficients(plan);
  return std::all_of(sections.begin(), sections.end(),
                     [&](const auto& section) { return section[3] * wide_factor(plan) - wide_one(plan) >= INT32_MIN; });
}

std::vector<std::int64_t> wide_coefficients(const SosPlan& plan) {
  std::vector<std::int64_t> values;
  for (const auto& section : sos_coefficients(plan)) {
    for (const std::int64_t c : section) values.push_back(is_mixed(plan) ? c : c * wide_factor(plan));
  }
  return values;
}

/// The sample of a sum, and what stays of the sum for the next one.
std::string wide_output(const SosPlan& plan, std::string_view y) {
  const bool keeps = keeps_high(plan);
  std::string high = "(int32_t)(sum >> 32)", text;
  if (plan.saturates()) high = fmt::format("{}saturated_({})", plan.names.symbol, high);
  if (keeps && plan.saturates()) {
    text = fmt::format(
        "    high = {};\n"
        "    sum = (int64_t)((uint64_t)(uint32_t)high << 32 | (uint32_t)sum);\n",
        high);
    high = "high";
  }
  text += fmt::format("    {} = {} * {};", y, high, 1 << plan.fixed.guard());
  if (!keeps) text += "\n    sum = (int64_t)(uint64_t)(uint32_t)sum;";
  return text;
}

/// Samples take turns: the newest overwrites the oldest, which is in the second variable of a pair or in the first.
enum class Turn { even, odd };

std::string wide_step(const SosPlan& plan, int i, Turn turn) {
  const bool is_even = turn == Turn::even;
  const std::string_view y_new = is_even ? "y2" : "y1";
  return fill(templates::sos_wide_step_c,
              std::vector<TemplateValue>{{"i", fmt::to_string(i)},
                                         {"in", fmt::format("x[{}]{}", i, is_mixed(plan) ? " & -2" : "")},
                                         {"output", wide_output(plan, y_new)},
                                         {"x_new", is_even ? "x2" : "x1"},
                                         {"x_old", is_even ? "x1" : "x2"},
                                         {"y_new", std::string(y_new)},
                                         {"y_old", is_even ? "y1" : "y2"}});
}

std::string wide_saturation(const SosPlan& plan) {
  if (!plan.saturates()) return "";
  const int guard = plan.fixed.guard();
  return fill_with(templates::sos_wide_sample_c, plan.values(),
                   {{"macro", plan.names.macro},
                    {"bits", fmt::to_string(32 - guard)},
                    {"limit", fmt::format("(INT32_MAX >> {})", guard)}});
}

/// How the code reads the five coefficients.
std::vector<TemplateValue> wide_loads(const SosPlan& plan) {
  constexpr std::array<std::string_view, 5> keys = {"load_0", "load_1", "load_2", "load_3", "load_4"};
  std::vector<TemplateValue> values;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::string load = is_mixed(plan) ? fmt::format("{}READ_I16(&c[{}]) * {}", plan.names.macro, i, wide_factor(plan))
                                      : fmt::format("{}READ_I32(&c[{}])", plan.names.macro, i);
    if (i == 3 && keeps_high(plan)) load += fmt::format(" - {}", wide_one(plan));
    values.emplace_back(keys[i], load);
  }
  return values;
}

std::string wide_text(const SosPlan& plan) {
  const int n_samples = plan.optimize == Optimize::speed ? 4 : 2;
  std::string steps;
  for (int i = 0; i < n_samples; ++i) steps += wide_step(plan, i, i % 2 == 0 ? Turn::even : Turn::odd);
  steps.pop_back();  // the template ends the line
  const std::string_view left = n_samples == 2 ? "  if (n != 0) {" : "  for (; n != 0; --n, ++x, ++y) {";
  std::string last = fmt::format("{}\n{}", left, wide_step(plan, 0, Turn::even));
  last.pop_back();
  std::vector<TemplateValue> values = wide_loads(plan);
  const bool has_high = keeps_high(plan) && plan.saturates();
  values.insert(values.end(), {{"macro", plan.names.macro},
                               {"symbol", plan.names.symbol},
                               {"coefficient", is_mixed(plan) ? "int16_t" : "int32_t"},
                               {"declare_high", has_high ? "  int32_t high;" : ""},
                               {"samples", fmt::to_string(n_samples)},
                               {"steps", steps},
                               {"last", last}});
  return wide_saturation(plan) + fill(templates::sos_wide_c, values);
}

std::string narrow_saturation(const SosPlan& plan) {
  if (!plan.saturates()) return "";
  const int guard = plan.fixed.guard();
  return fmt::format("    if (out >> {0} != (int32_t)high) out = (int32_t)high < 0 ? INT32_MIN : INT32_MAX - {1};",
                     guard, (1 << guard) - 1);
}

/// Every coefficient c as two numbers of 16 bits, c = high * 2^13 + low, low signed: of a section all low ones first.
std::vector<std::int64_t> coefficient_halves(const SosPlan& plan) {
  constexpr std::int64_t step = 8192;
  const auto low_of = [](std::int64_t c) { return ((c + step / 2) & (step - 1)) - step / 2; };
  std::vector<std::int64_t> values;
  for (const auto& [b0, b1, b2, a1, a2] : sos_coefficients(plan)) {
    const std::array<std::int64_t, 5> in_order = {b0, b1, a1, b2, a2};
    for (const std::int64_t c : in_order) values.push_back(low_of(c));
    for (const std::int64_t c : in_order) values.push_back((c - low_of(c)) / step);
  }
  return values;
}

/// The sums of low and of high halves of coefficients, one after the other or in a loop.
std::string narrow_parts(const SosPlan& plan) {
  const std::string part = fill(templates::sos_narrow_part_c, std::vector<TemplateValue>{{"macro", plan.names.macro}});
  if (plan.optimize != Optimize::speed) {
    return fmt::format(
        "    const int16_t *k = c;\n"
        "    uint32_t *s = z;\n"
        "    do {{\n{}"
        "      k += 5;\n"
        "      s += 4;\n"
        "    }} while (s != z + 8);",
        part);
  }
  constexpr std::string_view block =
      "    {{\n"
      "      const int16_t *const k = &c[{}];\n"
      "      uint32_t *const s = &z[{}];\n{}"
      "    }}";
  return fmt::format(block, 0, 0, part) + "\n" + fmt::format(block, 5, 4, part);
}

std::string narrow_q31_text(const SosPlan& plan) {
  return fill(templates::sos_narrow_q31_c, std::vector<TemplateValue>{{"macro", plan.names.macro},
                                                                      {"symbol", plan.names.symbol},
                                                                      {"guard", fmt::to_string(plan.fixed.guard())},
                                                                      {"saturate", narrow_saturation(plan)},
                                                                      {"parts", narrow_parts(plan)}});
}

std::string narrow_mixed_text(const SosPlan& plan) {
  return fill(templates::sos_narrow_mixed_c, std::vector<TemplateValue>{{"macro", plan.names.macro},
                                                                        {"symbol", plan.names.symbol},
                                                                        {"guard", fmt::to_string(plan.fixed.guard())},
                                                                        {"saturate", narrow_saturation(plan)}});
}

std::string wide_macros(const std::string& macro) {
  return fmt::format(
      "#if !defined({0}PLAIN) && !defined(__AVR__) && !defined(__MSP430__) && \\\n"
      "    !(defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1 && !defined(__ARM_ARCH_ISA_ARM)) && \\\n"
      "    !(defined(__riscv) && !defined(__riscv_mul))\n"
      "#define {0}WIDE /* products of 64 bits are cheap */\n"
      "#endif\n"
      "#if defined({0}WIDE) && defined(__ARM_FEATURE_SAT)\n"
      "#define {0}SAT /* saturation in an instruction */\n"
      "#include <arm_acle.h>\n"
      "#endif\n",
      macro);
}

/// The table of coefficients, each times 2^fraction_bits.
struct Table {
  std::string_view comment;
  int fraction_bits;
  std::vector<std::int64_t> values;
};

std::string form_text(const SosPlan& plan, const SosForm& form, const Table& table, std::string_view section) {
  Printer out;
  out.line("/* {}, times 2^{}. */", table.comment, table.fraction_bits);
  print_sos_table(out, plan, form.type, table.values);
  return fmt::format("{}\n{}\n{}\n{}", out.text(), sos_reset_text(plan, form), section, sos_filter_text(plan, form));
}

constexpr std::string_view in_order = "b0 b1 b2 -a1 -a2 of each section";

std::string wide_form(const SosPlan& plan) {
  const int bits = plan.fixed.fraction_bits + (is_mixed(plan) ? 0 : 32 - plan.fixed.shift());
  return form_text(plan, {is_mixed(plan) ? "int16_t" : "int32_t", 5, state_words(plan.fixed).wide, "0x80000000u"},
                   {in_order, bits, wide_coefficients(plan)}, wide_text(plan));
}

std::string narrow_form(const SosPlan& plan) {
  const std::size_t words = state_words(plan.fixed).narrow;
  const int bits = plan.fixed.fraction_bits;
  if (is_mixed(plan)) {
    return form_text(plan, {"int16_t", 5, words, "0x4000u"}, {in_order, bits, wide_coefficients(plan)},
                     narrow_mixed_text(plan));
  }
  constexpr std::string_view halves = "b0 b1 -a1 b2 -a2 of each section as high * 2^13 + low, all low ones first";
  return form_text(plan, {"int16_t", 10, words, "0x800u"}, {halves, bits, coefficient_halves(plan)},
                   narrow_q31_text(plan));
}

/// q31 has sums of 64 bits in its state, or the parts of such sums.
std::string state_macros(const SosPlan& plan) {
  const auto [wide, narrow] = state_words(plan.fixed);
  if (wide == narrow) return "";
  const std::string name = fixed_state_words(plan.fixed, plan.names);
  return fmt::format("#if defined({}WIDE)\n#define {} {} /* of a section */\n#else\n#define {} {}\n#endif\n",
                     plan.names.macro, name, wide, name, narrow);
}

}  // namespace

void add_sos_32_bits(Printer& out, const SosPlan& plan, Core& core) {
  core.prologue = wide_macros(plan.names.macro) + state_macros(plan);
  const std::size_t n = plan.n_sections();
  core.parts.push_back({"coefficients", (is_mixed(plan) ? 10 : 20) * n});
  core.definitions = fmt::format("{}#if defined({}WIDE)\n{}#else\n{}#endif\n", out.text(), plan.names.macro,
                                 wide_form(plan), narrow_form(plan));
}

}  // namespace emlc::c
