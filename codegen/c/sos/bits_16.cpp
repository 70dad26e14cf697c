#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <utility>

#include "codegen/c/sos/plan.hpp"
#include "codegen/c/sos/sos.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

/// What the coefficients b1 and b2 are in terms of b0, when it is the same in all sections. Zeros at 0 Hz and at half
/// the sample rate give such numbers; a product is enough for all three then.
struct Numerators {
  std::optional<int> b1, b2;
};

std::optional<int> multiple_of_b0(const SosPlan& plan, std::size_t index, std::initializer_list<int> multiples) {
  const auto sections = sos_coefficients(plan);
  for (const int multiple : multiples) {
    const auto is_multiple = [&](const auto& section) { return section[index] == multiple * section[0]; };
    if (std::all_of(sections.begin(), sections.end(), is_multiple)) return multiple;
  }
  return std::nullopt;
}

Numerators numerators_of(const SosPlan& plan) {
  return {.b1 = multiple_of_b0(plan, 1, {2, -2, 0}), .b2 = multiple_of_b0(plan, 2, {1, -1})};
}

/// What the code for one kind of core reads: some of -a2 -a1 b2 b1 b0, in this order.
struct Coefficients {
  std::vector<std::string_view> names{};
  std::vector<std::int64_t> values{};  ///< [n_sections][names]
};

Coefficients coefficients_of(const SosPlan& plan, const Numerators& derived) {
  constexpr std::array<std::string_view, 5> names = {"b0", "b1", "b2", "a1", "a2"};
  const std::array<bool, 5> is_derived = {false, derived.b1.has_value(), derived.b2.has_value(), false, false};
  Coefficients found;
  for (std::size_t i = names.size(); i-- > 0;) {
    if (!is_derived[i]) found.names.push_back(names[i]);
  }
  for (const auto& section : sos_coefficients(plan)) {
    for (std::size_t i = names.size(); i-- > 0;) {
      if (!is_derived[i]) found.values.push_back(section[i]);
    }
  }
  return found;
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

std::string dsp_text(const SosPlan& plan) {
  const int shift = plan.fixed.shift();
  const std::int64_t mask = (std::int64_t{1} << shift) - 1;
  const bool feeds_back = has_feedback(plan), is_long = plan.optimize == Optimize::speed;
  const std::string rest = feeds_back ? "rest" : fmt::to_string(plan.fixed.first_rest());
  const std::string keep = feeds_back ? fmt::format("    rest = sum & {};", mask) : "";
  // The first load moves x on, for all: GCC makes one instruction of both only there.
  const auto pair = [&](int first, int n) {
    return fill_with(templates::sos_q15_pair_c, {{"symbol", plan.names.symbol}},
                     {{"from", first == 0 ? "x" : fmt::format("x - {}", n - first)},
                      {"advance", first == 0 ? fmt::format("    x += {};", n) : ""},
                      {"to", first == 0 ? "y" : fmt::format("y + {}", first)},
                      {"rest", rest},
                      {"keep_rest", keep}});
  };
  const int n_samples = is_long ? 4 : 2;
  std::string pairs = pair(0, n_samples) + (is_long ? pair(2, n_samples) : "");
  pairs.pop_back();  // the template ends the line
  return fill_with(
      templates::sos_q15_dsp_c, plan.values(),
      {{"first_word", feeds_back ? "1" : "0"},
       {"second_word", feeds_back ? "2" : "1"},
       {"declare_rest", feeds_back ? "  int32_t rest = (int32_t)z[0];" : ""},
       {"samples", fmt::to_string(n_samples)},
       {"pairs", pairs},
       {"rest_of_pairs", is_long ? "  if (n >= 2) {\n" + pair(0, 2) + "    y += 2;\n    n -= 2;\n  }" : ""},
       {"rest", rest},
       {"shift", fmt::to_string(shift)},
       {"keep_rest", keep},
       {"store_rest", feeds_back ? "  z[0] = (uint32_t)rest;" : ""}});
}

/// ` + the product`: of b1 or b2 and the newest sample.
std::string product_text(std::string_view name, std::optional<int> multiple) {
  if (!multiple) return fmt::format(" + (uint32_t)((int32_t){} * in)", name);
  if (*multiple == 0) return "";
  const std::string_view sign = *multiple < 0 ? "-" : "+";
  return std::abs(*multiple) == 1 ? fmt::format(" {} first", sign)
                                  : fmt::format(" {} {}u * first", sign, std::abs(*multiple));
}

std::string loads_text(const SosPlan& plan, const Coefficients& coefficients) {
  std::vector<std::string> loads;
  for (std::size_t i = coefficients.names.size(); i-- > 0;) {
    loads.push_back(
        fmt::format("  const int16_t {} = {}READ_I16(&c[{}]);", coefficients.names[i], plan.names.macro, i));
  }
  return fmt::format("{}", fmt::join(loads, "\n"));
}

/// Where the sums are. On AVR registers for them have to be pushed; with few products memory takes less code.
std::pair<std::string, std::string> state_text(const SosPlan& plan, const Numerators& numerators) {
  const std::string here = "  uint32_t s[2] = {z[0], z[1]};", back = "  z[0] = s[0];\n  z[1] = s[1];";
  if (plan.optimize != Optimize::size || !numerators.b1 || !numerators.b2) return {here, back};
  return {"#if defined(__AVR__)\n  uint32_t *const s = z;\n#else\n" + here + "\n#endif",
          "#if !defined(__AVR__)\n" + back + "\n#endif"};
}

std::string plain_text(const SosPlan& plan, const Numerators& numerators, const Coefficients& coefficients) {
  const int shift = plan.fixed.shift();
  const std::int64_t half = std::int64_t{1} << (shift - 1), mask = 2 * half - 1;
  const std::string clip = "out = sum >> 31 != 0 ? INT16_MIN : INT16_MAX;";
  const auto [declaration, store] = state_text(plan, numerators);
  return fill(templates::sos_q15_c,
              std::vector<TemplateValue>{
                  {"macro", plan.names.macro},
                  {"symbol", plan.names.symbol},
                  {"loads", loads_text(plan, coefficients)},
                  {"state", declaration},
                  {"store", store},
                  {"shift", fmt::to_string(shift)},
                  {"half", plan.fixed.rounding == model::SosRounding::nearest ? fmt::format(" + {}u", half) : ""},
                  {"up", fmt::to_string(16 - shift)},
                  {"saturate_avr", plan.saturates() ? avr_saturation(shift) : ""},
                  {"saturate", plan.saturates() ? fmt::format("    if (out != (int16_t)out) {}", clip) : ""},
                  {"second", product_text("b1", numerators.b1)},
                  {"third", product_text("b2", numerators.b2)},
                  {"feed_back", has_feedback(plan) ? fmt::format(" + (sum & {}u)", mask) : ""}});
}

std::string form_text(const SosPlan& plan, const Coefficients& coefficients, const std::string& section) {
  Printer out;
  out.line("/* {} of each section, times 2^{}; a1 and a2 negative. */", fmt::join(coefficients.names, " "),
           plan.fixed.fraction_bits);
  print_sos_table(out, plan, "int16_t", coefficients.values);
  return fmt::format("{}\n{}\n{}", out.text(), section,
                     sos_filter_text(plan, {"int16_t", coefficients.names.size(), state_words(plan.fixed).narrow, ""}));
}

}  // namespace

void add_sos_16_bits(Printer& out, const SosPlan& plan, Core& core) {
  // smlad and its kin: GCC has them since version 10.
  core.prologue = fmt::format(
      "#if defined(__ARM_FEATURE_SIMD32) && !defined(__ARM_BIG_ENDIAN) && \\\n"
      "    (defined(__clang__) || !defined(__GNUC__) || __GNUC__ >= 10) && !defined({0}PLAIN)\n"
      "#define {0}DSP /* two 16-bit products an instruction */\n"
      "#include <arm_acle.h>\n"
      "#include <string.h>\n"
      "#endif\n",
      plan.names.macro);
  const Numerators numerators = numerators_of(plan);
  // Pairs that a product of pairs takes are beside each other in all: -a2 -a1, b2 b1 and b1 b0.
  const Coefficients all = coefficients_of(plan, {}), few = coefficients_of(plan, numerators);
  core.parts.push_back({"coefficients", 2 * all.values.size()});
  const std::string first_rest = has_feedback(plan) ? fmt::format("{}u", plan.fixed.first_rest()) : "";
  core.definitions =
      fmt::format("{}{}\n#if defined({}DSP)\n{}#else\n{}#endif\n", out.text(),
                  sos_reset_text(plan, {"int16_t", 0, state_words(plan.fixed).narrow, first_rest}), plan.names.macro,
                  form_text(plan, all, dsp_text(plan)), form_text(plan, few, plain_text(plan, numerators, few)));
}

}  // namespace emlc::c
