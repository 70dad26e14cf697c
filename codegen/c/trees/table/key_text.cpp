#include "codegen/c/trees/table/key_text.hpp"

#include <array>

#include "codegen/c/common/literal.hpp"
#include "codegen/layout/trees/split_order.hpp"

namespace emlc::c {
namespace {

using layout::Missing;
using model::NumberType;

/// In C: a float, its bits, and its key; minus infinity as bits.
struct FloatKey {
  NumberType type;
  std::string_view value, bits, key, lowest_bits;
  int sign_bit;
};
constexpr std::array float_keys = {
    FloatKey{NumberType::float32, "float", "uint32_t", "int32_t", "0xff800000u", 31},
    FloatKey{NumberType::float64, "double", "uint64_t", "int64_t", "0xfff0000000000000u", 63}};

const FloatKey& float_key(NumberType type) { return float_keys[type == float_keys[0].type ? 0 : 1]; }

}  // namespace

KeyText::KeyText(const TreeCode& code, Missing missing, const std::vector<std::int64_t>& keys)
    : code_(code), missing_(missing), are_positive_(layout::are_positive(keys)) {}

std::string_view KeyText::type() const {
  return is_float() ? float_key(code_.plan.feature_type).key : model::info(code_.plan.feature_type).c_name;
}

void KeyText::print_key(Printer& out) const {
  if (!is_float()) return;
  const Names& names = code_.names;
  const FloatKey& types = float_key(code_.plan.feature_type);
  out.line("{}", are_positive_
                     ? "/* The bits of a number: in the order of those without a sign, and above all others. */"
                     : "/* An integer in the order of the numbers, NaN being at the ends. */");
  out.line("{} {} {}key_({} value) {{", names.function, types.key, names.symbol, types.value);
  out.line("  union {{");
  out.line("    {} value;", types.value);
  out.line("    {} bits;", types.bits);
  out.line("  }} number;");
  out.line("  number.value = value;");
  const std::string bits =
      are_positive_ ? "number.bits" : fmt::format("(number.bits ^ ((0 - (number.bits >> {})) >> 1))", types.sign_bit);
  out.line("  return ({}){};", types.key, bits);
  out.line("}}");
}

std::string KeyText::key(const std::string& value) const {
  return is_float() ? fmt::format("{}key_({})", code_.names.symbol, value) : value;
}

std::string KeyText::goes_left() const {
  constexpr std::string_view is_less = "key < threshold";
  if (!is_float()) return std::string(is_less);
  const layout::KeyRange range = layout::number_keys(code_.plan.feature_type);
  if (missing_ == Missing::left) return fmt::format("{} || key > {}", is_less, integer_literal(range.highest));
  const FloatKey& types = float_key(code_.plan.feature_type);
  if (are_positive_) return fmt::format("{} && ({})key <= {}", is_less, types.bits, types.lowest_bits);
  return fmt::format("{} && key >= {}", is_less, integer_literal(range.lowest));
}

}  // namespace emlc::c
