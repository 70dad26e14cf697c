#include <fmt/format.h>

#include <array>

#include "codegen/c/sos.hpp"
#include "codegen/c/sos_plan.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// Every coefficient as two numbers of 16 bits: high * 2^13 + low, low signed.
std::vector<std::int64_t> coefficient_halves(const SosPlan& plan) {
  constexpr std::int64_t step = 8192;
  std::vector<std::int64_t> values;
  for (const std::int64_t c : sos_coefficients(plan, 1)) {
    const std::int64_t low = ((c + step / 2) & (step - 1)) - step / 2;
    values.push_back((c - low) / step);
    values.push_back(low);
  }
  return values;
}

/// Samples take turns: the newest overwrites the oldest, which is in the second variable of a pair or in the first.
enum class Turn { even, odd };

std::string wide_step(const SosPlan& plan, int i, Turn turn) {
  const bool is_even = turn == Turn::even;
  return fill_with(templates::sos_wide_step_c, {{"symbol", plan.names.symbol}},
                   {{"i", fmt::to_string(i)},
                    {"in", plan.fixed.arithmetic == model::Arithmetic::mixed ? fmt::format("x[{}] & -2", i)
                                                                             : fmt::format("x[{}]", i)},
                    {"x1", is_even ? "x1" : "x2"},
                    {"x2", is_even ? "x2" : "x1"},
                    {"y1", is_even ? "y1" : "y2"},
                    {"y2", is_even ? "y2" : "y1"}});
}

/// The body of sample_: the high word of a sum, saturated, as a sample.
std::string wide_sample(const SosPlan& plan) {
  const int guard = plan.fixed.guard();
  if (!plan.saturates()) return fmt::format("  return high * {};", 1 << guard);
  const std::string limit = fmt::format("(INT32_MAX >> {})", guard);
  return fill(templates::sos_wide_sample_c, std::vector<TemplateValue>{{"macro", plan.names.macro},
                                                                       {"bits", fmt::to_string(32 - guard)},
                                                                       {"step", fmt::to_string(1 << guard)},
                                                                       {"limit", limit}});
}

/// The loop for the samples that are left: one at a time, after which the newest of each pair has to be the first.
std::string wide_rest(const SosPlan& plan, int n_samples) {
  constexpr std::string_view swap =
      "    sum = x1;\n    x1 = x2;\n    x2 = (int32_t)sum;\n    sum = y1;\n    y1 = y2;\n    y2 = (int32_t)sum;\n  }";
  const std::string_view begin = n_samples == 2 ? "  if (n != 0) {" : "  for (; n != 0; --n, ++x, ++y) {";
  return fmt::format("{}\n{}{}", begin, wide_step(plan, 0, Turn::even), swap);
}

std::string wide_text(const SosPlan& plan) {
  const bool is_mixed = plan.fixed.arithmetic == model::Arithmetic::mixed;
  const int n_samples = plan.optimize == Optimize::speed ? 4 : 2;
  std::string steps;
  for (int i = 0; i < n_samples; ++i) steps += wide_step(plan, i, i % 2 == 0 ? Turn::even : Turn::odd);
  steps.pop_back();  // the template ends the line
  std::vector<TemplateValue> values = plan.values();
  constexpr std::array<std::string_view, 5> loads = {"load_0", "load_1", "load_2", "load_3", "load_4"};
  for (std::size_t i = 0; i < loads.size(); ++i) {
    values.emplace_back(loads[i], is_mixed ? fmt::format("{}READ_I16(&c[{}]) * 65536", plan.names.macro, i)
                                           : fmt::format("{}READ_I32(&c[{}])", plan.names.macro, i));
  }
  return fill_with(templates::sos_wide_c, values,
                   {{"step", fmt::to_string(1 << plan.fixed.guard())},
                    {"sample", wide_sample(plan)},
                    {"coefficient", is_mixed ? "int16_t" : "int32_t"},
                    {"samples", fmt::to_string(n_samples)},
                    {"steps", steps},
                    {"last", wide_rest(plan, n_samples)}});
}

std::string narrow_saturation(const SosPlan& plan) {
  if (!plan.saturates()) return "";
  const int guard = plan.fixed.guard();
  return fmt::format("    if (out >> {0} != (int32_t)high) out = (int32_t)high < 0 ? INT32_MIN : INT32_MAX - {1};",
                     guard, (1 << guard) - 1);
}

std::string narrow_q31_text(const SosPlan& plan) {
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

std::string narrow_mixed_text(const SosPlan& plan) {
  return fill_with(templates::sos_narrow_mixed_c, plan.values(),
                   {{"macro", plan.names.macro},
                    {"guard", fmt::to_string(plan.fixed.guard())},
                    {"saturate", narrow_saturation(plan)}});
}

}  // namespace

void add_sos_32_bits(Printer& out, const SosPlan& plan, Core& core) {
  const bool is_mixed = plan.fixed.arithmetic == model::Arithmetic::mixed;
  const std::string& macro = plan.names.macro;
  core.prologue = fmt::format(
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
  const std::size_t n = plan.n_sections();
  core.parts.push_back({"coefficients", (is_mixed ? 10 : 20) * n});
  const std::size_t q31_code = plan.optimize == Optimize::speed ? 436 : 312;
  core.parts.push_back({std::string(code_part), is_mixed ? 262 : q31_code});
  if (is_mixed) print_sos_table(out, plan, "int16_t", sos_coefficients(plan, 1));
  out.line("");
  out.line("#if defined({}WIDE)", macro);
  if (!is_mixed) print_sos_table(out, plan, "int32_t", sos_coefficients(plan, 16));
  core.definitions = out.text() + "\n" + sos_reset_text(plan, "0x80000000u") + "\n" + wide_text(plan);
  if (!is_mixed) core.definitions += "\n" + sos_filter_text(plan, 5);
  core.definitions += "#else\n";
  Printer narrow;
  if (!is_mixed) print_sos_table(narrow, plan, "int16_t", coefficient_halves(plan));
  core.definitions += narrow.text() + "\n" + sos_reset_text(plan, is_mixed ? "0x4000u" : "0x8000000u") + "\n" +
                      (is_mixed ? narrow_mixed_text(plan) : narrow_q31_text(plan));
  if (!is_mixed) core.definitions += "\n" + sos_filter_text(plan, 10);
  core.definitions += "#endif\n";
  if (is_mixed) core.definitions += "\n" + sos_filter_text(plan, 5);
}

}  // namespace emlc::c
