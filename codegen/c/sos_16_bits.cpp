#include <fmt/format.h>

#include "codegen/c/sos.hpp"
#include "codegen/c/sos_plan.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// Pairs that a product of pairs takes are beside each other: -a2 -a1, b2 b1 and b1 b0.
std::vector<std::int64_t> pairwise_coefficients(const SosPlan& plan) {
  std::vector<std::int64_t> values;
  for (const auto& section : sos_coefficients(plan)) values.insert(values.end(), section.rbegin(), section.rend());
  return values;
}

bool has_feedback(const SosPlan& plan) { return plan.fixed.rounding == model::SosRounding::feedback; }

/// The uppermost byte of the sum tells whether the result fits.
std::string avr_saturation(int shift) {
  const int limit = 1 << (shift - 9);
  return fmt::format(
      "    const int8_t top = (int8_t)(uint8_t)(sum >> 24);\n"
      "    if (top >= {0}) out = INT16_MAX;\n"
      "    if (top < -{0}) out = INT16_MIN;",
      limit);
}

std::string q15_text(const SosPlan& plan) {
  const int shift = plan.fixed.shift();
  const std::int64_t half = std::int64_t{1} << (shift - 1), mask = 2 * half - 1;
  const bool feeds_back = has_feedback(plan), saturates = plan.saturates();
  const std::string rest = feeds_back ? "rest" : fmt::to_string(plan.fixed.first_rest());
  const std::string keep = feeds_back ? fmt::format("    rest = sum & {};", mask) : "";
  const bool is_long = plan.optimize == Optimize::speed;
  const int n_samples = is_long ? 4 : 2;
  // The first load moves x on, for all: GCC makes one instruction of both only there.
  const auto pair = [&](int first, int n) {
    return fill_with(templates::sos_q15_pair_c, {{"symbol", plan.names.symbol}},
                     {{"from", first == 0 ? "x" : fmt::format("x - {}", n - first)},
                      {"advance", first == 0 ? fmt::format("    x += {};", n) : ""},
                      {"to", first == 0 ? "y" : fmt::format("y + {}", first)},
                      {"rest", rest},
                      {"keep_rest", keep}});
  };
  std::string pairs = pair(0, n_samples) + (is_long ? pair(2, n_samples) : "");
  pairs.pop_back();  // the template ends the line
  const std::string clip = "out = sum >> 31 != 0 ? INT16_MIN : INT16_MAX;";
  return fill_with(
      templates::sos_q15_c, plan.values(),
      {{"macro", plan.names.macro},
       {"first_word", feeds_back ? "1" : "0"},
       {"second_word", feeds_back ? "2" : "1"},
       {"declare_rest", feeds_back ? "  int32_t rest = (int32_t)z[0];" : ""},
       {"samples", fmt::to_string(n_samples)},
       {"pairs", pairs},
       {"rest_of_pairs", is_long ? "  if (n >= 2) {\n" + pair(0, 2) + "    y += 2;\n    n -= 2;\n  }" : ""},
       {"rest", rest},
       {"shift", fmt::to_string(shift)},
       {"keep_rest", keep},
       {"store_rest", feeds_back ? "  z[0] = (uint32_t)rest;" : ""},
       {"half", plan.fixed.rounding == model::SosRounding::nearest ? fmt::format(" + {}u", half) : ""},
       {"up", fmt::to_string(16 - shift)},
       {"saturate_avr", saturates ? avr_saturation(shift) : ""},
       {"saturate", saturates ? fmt::format("    if (out != (int16_t)out) {}", clip) : ""},
       {"feed_back", feeds_back ? fmt::format(" + (sum & {}u)", mask) : ""}});
}

}  // namespace

void add_sos_16_bits(Printer& out, const SosPlan& plan, Core& core) {
  out.line("/* -a2 -a1 b2 b1 b0 of each section, times 2^{}. */", plan.fixed.fraction_bits);
  print_sos_table(out, plan, "int16_t", pairwise_coefficients(plan));
  // smlad and its kin: GCC has them since version 10.
  core.prologue = fmt::format(
      "#if defined(__ARM_FEATURE_SIMD32) && !defined(__ARM_BIG_ENDIAN) && \\\n"
      "    (defined(__clang__) || !defined(__GNUC__) || __GNUC__ >= 10) && !defined({0}PLAIN)\n"
      "#define {0}DSP /* two 16-bit products an instruction */\n"
      "#include <arm_acle.h>\n"
      "#include <string.h>\n"
      "#endif\n",
      plan.names.macro);
  core.parts.push_back({"coefficients", 10 * plan.n_sections()});
  core.parts.push_back({std::string(code_part), 180});
  const SosForm form = {"int16_t", 5, state_words(plan.fixed).narrow,
                        has_feedback(plan) ? fmt::format("{}u", plan.fixed.first_rest()) : ""};
  core.definitions = fmt::format("{}\n{}\n{}\n{}", out.text(), sos_reset_text(plan, form), q15_text(plan),
                                 sos_filter_text(plan, form));
}

}  // namespace emlc::c
