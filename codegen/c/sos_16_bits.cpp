#include <fmt/format.h>

#include "codegen/c/sos.hpp"
#include "codegen/c/sos_plan.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

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
  const auto pair = [&](int first) {
    return fill_with(templates::sos_q15_pair_c, {{"symbol", plan.names.symbol}},
                     {{"i", fmt::to_string(first)}, {"rest", rest}, {"keep_rest", keep}});
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
       {"half", plan.fixed.rounding == model::SosRounding::nearest ? fmt::format(" + {}u", half) : ""},
       {"up", fmt::to_string(16 - shift)},
       {"saturate_avr", saturates ? avr_saturation(shift) : ""},
       {"saturate", saturates ? fmt::format("    if (out != (int16_t)out) {}", clip) : ""},
       {"feed_back", feeds_back ? fmt::format(" + (sum & {}u)", mask) : ""}});
}

}  // namespace

void add_sos_16_bits(Printer& out, const SosPlan& plan, Core& core) {
  print_sos_table(out, plan, "int16_t", sos_coefficients(plan, 1));
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
  core.parts.push_back({std::string(code_part), 174});
  core.definitions = out.text() + "\n" +
                     sos_reset_text(plan, has_feedback(plan) ? fmt::format("{}u", plan.fixed.first_rest()) : "") +
                     "\n" + q15_text(plan) + "\n" + sos_filter_text(plan, 5);
}

}  // namespace emlc::c
