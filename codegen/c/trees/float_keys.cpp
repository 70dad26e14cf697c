#include "codegen/c/trees/float_keys.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <vector>

#include "codegen/c/common/template.hpp"
#include "templates.hpp"

namespace emlc::c {
namespace {

using layout::Missing;

constexpr std::uint32_t sign_bit = 0x80000000U;
constexpr std::uint32_t infinity_bits = 0x7f800000U;

/// Where a compiler says that floats are software. A processor that is not here compares them as floats.
constexpr std::string_view no_fpu =
    "defined(__SOFTFP__) || defined(__AVR__) || defined(__MSP430__) || defined(__mips_soft_float) || "
    "defined(_SOFT_FLOAT) || \\\n    (defined(__arm__) && !defined(__ARM_FP)) || "
    "(defined(__riscv) && !defined(__riscv_flen))";

std::string macro_of(const Names& names) { return names.macro + "ON_FPU"; }

/// The bits that a threshold is compared as; those of -0.0 for both zeros.
std::uint32_t threshold_bits(double threshold) {
  return threshold == 0.0 ? sign_bit : std::bit_cast<std::uint32_t>(static_cast<float>(threshold));
}

/// The side of a split that sends NaN left, where NaN is positive.
std::string long_condition(std::uint32_t threshold, const std::string& bits, bool is_left) {
  if (threshold < sign_bit) {  // right are the numbers from the threshold to infinity
    return fmt::format("{} - 0x{:08x}u {} 0x{:08x}u", bits, threshold, is_left ? ">" : "<=", infinity_bits - threshold);
  }
  const std::string number = fmt::format("{0} > 0x{1:08x}u", bits, threshold);
  const std::string nan =
      fmt::format("{0} - 0x{1:08x}u < 0x{2:08x}u", bits, infinity_bits + 1, sign_bit - infinity_bits - 1);
  const std::string goes_left = fmt::format("{} || {}", number, nan);
  return is_left ? goes_left : fmt::format("!({})", goes_left);
}

void print_macros(Printer& out, const Names& names) {
  out.line("#if {}", no_fpu);
  out.line("#define {}(fpu, bits) (bits) /* floats are compared as integers */", macro_of(names));
  out.line("#define {}FLOAT_KEYS 1", names.macro);
  out.line("#else");
  out.line("#define {}(fpu, bits) (fpu)", macro_of(names));
  out.line("#define {}FLOAT_KEYS 0", names.macro);
  out.line("#endif");
}

/// True of a NaN of the sign that the model does not want.
std::string is_wrong(const FloatCode& code, const Names& names, std::string_view value) {
  if (code.missing != Missing::left) {
    return fmt::format("{}bits_({}) > 0x{:08x}u", names.symbol, value, sign_bit | infinity_bits);
  }
  return fmt::format("{}bits_({}) - 0x{:08x}u < 0x{:08x}u", names.symbol, value, infinity_bits + 1,
                     sign_bit - infinity_bits - 1);
}

/// Features that one round of a loop looks at: a few, so that the loop itself costs little.
std::int32_t group_size(std::int32_t n_features) {
  for (const std::int32_t size : {6, 5, 4, 3, 2}) {
    if (n_features % size == 0) return size;
  }
  return 1;
}

}  // namespace

std::string_view no_fpu_condition() { return no_fpu; }

std::string pick(const FloatCode& code, const Names& names, const std::string& on_fpu, const std::string& on_bits) {
  if (code.fpu == Fpu::automatic) return fmt::format("{}({}, {})", macro_of(names), on_fpu, on_bits);
  return code.fpu == Fpu::yes ? on_fpu : on_bits;
}

void print_float_bits(Printer& out, const FloatCode& code, const Names& names, std::int32_t n_features) {
  if (code.fpu == Fpu::yes) return;
  if (code.fpu == Fpu::automatic) {
    print_macros(out, names);
    // In a source compilers warn of functions that nothing calls.
    out.line("#if {}FLOAT_KEYS", names.macro);
  }
  const std::int32_t n_at_once = group_size(n_features);
  std::vector<std::string> group;
  group.reserve(static_cast<std::size_t>(n_at_once));
  for (std::int32_t i = 0; i < n_at_once; ++i) group.push_back(is_wrong(code, names, fmt::format("at[{}]", i)));
  out.text(
      fill(templates::float_bits_c,
           std::array<TemplateValue, 8>{{{"function", names.function},
                                         {"symbol", names.symbol},
                                         {"input", names.input},
                                         {"n_features", fmt::to_string(n_features)},
                                         {"n_at_once", fmt::to_string(n_at_once)},
                                         {"is_wrong", is_wrong(code, names, "x[i]")},
                                         {"any_is_wrong", fmt::format("{}", fmt::join(group, " || "))},
                                         {"nan", code.missing == Missing::left ? "0xffc00000u" : "0x7fc00000u"}}}));
  if (code.fpu == Fpu::automatic) out.line("#endif");
}

void print_clean(Printer& out, const FloatCode& code, const Names& names, std::int32_t n_features) {
  if (code.fpu == Fpu::yes) return;
  if (code.fpu == Fpu::automatic) out.line("#if {}FLOAT_KEYS", names.macro);
  out.line("{} copy[{}];", names.input, n_features);
  out.line("x = {}clean_(x, copy);", names.symbol);
  if (code.fpu == Fpu::automatic) out.line("#endif");
}

void print_key(Printer& out, const FloatCode& code, const Names& names) {
  if (code.fpu == Fpu::yes) return;
  const bool is_left = code.missing == Missing::left;
  out.text(fill(templates::float_key_c,
                std::array<TemplateValue, 4>{{{"function", names.function},
                                              {"symbol", names.symbol},
                                              {"is_nan", "(bits & 0x7fffffff) > 0x7f800000"},
                                              {"nan", is_left ? "-0x7fffffff - 1" : "0x7fffffff"}}}));
}

std::int32_t threshold_key(double threshold) {
  const auto bits = static_cast<std::int32_t>(threshold_bits(threshold));
  return bits < 0 ? bits ^ 0x7fffffff : bits;
}

std::string bits_condition(const FloatCode& code, const Names& names, const std::string& value,
                           const layout::Record& record, bool is_left) {
  const std::string bits = fmt::format("{}bits_({})", names.symbol, value);
  const std::uint32_t threshold = threshold_bits(record.threshold);
  if (code.missing == Missing::per_split && record.default_left) return long_condition(threshold, bits, is_left);
  if (threshold < sign_bit) return fmt::format("(int32_t){} {} 0x{:08x}", bits, is_left ? "<" : ">=", threshold);
  return fmt::format("{} {} 0x{:08x}u", bits, is_left ? ">" : "<=", threshold);
}

}  // namespace emlc::c
