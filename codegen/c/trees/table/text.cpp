#include "codegen/c/trees/table/text.hpp"

#include <array>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"

namespace emlc::c {

using layout::Field;
using layout::Missing;
using model::NumberType;

namespace {

/// In C: a float, its bits, and the integers in its order.
struct FloatOrder {
  NumberType type;
  std::string_view value, bits, order;
  int sign_bit;
};
constexpr std::array float_orders = {FloatOrder{NumberType::float32, "float", "uint32_t", "uint32_t", 31},
                                     FloatOrder{NumberType::float64, "double", "uint64_t", "int64_t", 63}};

const FloatOrder& float_order(NumberType type) { return float_orders[type == float_orders[0].type ? 0 : 1]; }

}  // namespace

layout::Part print_integers(Printer& out, const TreeCode& code, std::string part, std::string_view name,
                            std::string_view type, std::size_t n,
                            const std::function<std::int64_t(std::size_t)>& value) {
  print_table(out, code.names, type, fmt::format("{}{}", code.names.symbol, name), n,
              [&](std::size_t index) { return integer_literal(value(index)); });
  return {std::move(part), n * type_bytes(type)};
}

layout::Part print_integers(Printer& out, const TreeCode& code, std::string part, std::string_view name,
                            std::string_view type, const std::vector<std::int64_t>& values) {
  return print_integers(out, code, std::move(part), name, type, values.size(),
                        [&](std::size_t index) { return values[index]; });
}

std::string bytes_text(const TreeCode& code, std::string_view pointer, int offset, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const std::string address = offset + i == 0 ? std::string(pointer) : fmt::format("{} + {}", pointer, offset + i);
    const std::string byte = fmt::format("{}READ_U8({})", code.names.macro, address);
    // int may have 16 bits, so what is shifted is widened first.
    const std::string_view wide = count > 4 ? "(uint64_t)" : count > 2 ? "(uint32_t)" : "(unsigned)";
    if (i == 0) text = count > 2 ? fmt::format("{}{}", wide, byte) : byte;
    if (i > 0) text += fmt::format(" | ({}{} << {})", wide, byte, 8 * i);
  }
  return text;
}

void print_stream(Printer& out, const TreeCode& code) {
  const Names& names = code.names;
  out.line("/* What a table without gaps holds from bit `bit` on. */");
  out.line("{} uint32_t {}stream_(const uint8_t *table, uint32_t bit) {{", names.function, names.symbol);
  out.line("  const uint8_t *at = table + (bit >> 3);");
  out.line("  return ({}) >> (bit & 7u);", bytes_text(code, "at", 0, 4));
  out.line("}}");
}

std::string_view column_type(int bytes) { return bytes == 1 ? "uint8_t" : bytes == 2 ? "uint16_t" : "uint32_t"; }

layout::Part ColumnText::print_tables(Printer& out, std::string part) const {
  if (columns_.stream_bits != 0) {
    const std::vector<std::uint8_t> bytes = layout::stream_bytes(columns_);
    return print_integers(out, code_, std::move(part), variable(0) + "s_", "uint8_t", {bytes.begin(), bytes.end()});
  }
  layout::Part whole{std::move(part), 0};
  for (std::size_t column = 0; column < columns_.bytes.size(); ++column) {
    const auto& values = columns_.values[column];
    whole.bytes += print_integers(out, code_, "", variable(static_cast<int>(column)) + "s_",
                                  column_type(columns_.bytes[column]), {values.begin(), values.end()})
                       .bytes;
  }
  return whole;
}

std::string ColumnText::variable(int column) const {
  return columns_.bytes.size() == 1 ? std::string(name_) : fmt::format("{}_{}", name_, column);
}

std::string ColumnText::read(int column, std::string_view index) const {
  if (columns_.stream_bits != 0) {
    return fmt::format("({0}stream_({0}{1}s_, (uint32_t){2} * {3}u) & {4}u)", code_.names.symbol, variable(column),
                       index, columns_.stream_bits, (std::uint64_t{1} << columns_.stream_bits) - 1);
  }
  const std::string_view type = column_type(columns_.bytes[static_cast<std::size_t>(column)]);
  return fmt::format("{}(&{}{}s_[{}])", read_macro(code_, type), code_.names.symbol, variable(column), index);
}

void ColumnText::print_column(Printer& out, int column, std::string_view index) const {
  const bool is_wide = columns_.bytes[static_cast<std::size_t>(column)] == 4;
  out.line("const {} {} = {};", is_wide ? "uint32_t" : "unsigned", variable(column), read(column, index));
}

void ColumnText::print_record(Printer& out, std::string_view index) const {
  for (int column = 0; column < static_cast<int>(columns_.bytes.size()); ++column) print_column(out, column, index);
}

void ColumnText::print_field(Printer& out, const Field& field, std::string_view index) const {
  if (field.bits != 0) print_column(out, field.column, index);
}

std::string ColumnText::test(const Field& field, unsigned bits) const {
  return fmt::format("{} & {}u", variable(field.column), std::uint64_t{bits} << field.shift);
}

std::string ColumnText::number(const Field& field) const {
  if (field.bits == 0) return "0";
  const std::string name = variable(field.column);
  const std::string mask = fmt::format("{}u", (std::uint64_t{1} << field.bits) - 1);
  if (field.shift == 0) return field.is_top ? name : fmt::format("({} & {})", name, mask);
  if (field.is_top) return fmt::format("({} >> {})", name, field.shift);
  return fmt::format("(({} >> {}) & {})", name, field.shift, mask);
}

std::string ColumnText::number(const Field& low, const Field& high) const {
  if (high.bits == 0) return number(low);
  return fmt::format("({} | {} << {})", number(low), number(high), low.bits);
}

std::string_view SplitText::type() const {
  if (!is_float()) return model::info(code_.plan.feature_type).c_name;
  return float_order(code_.plan.feature_type).order;
}

layout::Part SplitText::print_thresholds(Printer& out) const {
  if (thresholds_.ordinals.empty()) return {"thresholds", 0};
  return print_integers(out, code_, "thresholds", "thresholds_", type(), thresholds_.ordinals);
}

void SplitText::print_order(Printer& out) const {
  if (!is_float()) return;
  const Names& names = code_.names;
  out.line("/* The place of a number among all floats, {} NaN. */",
           missing_ == Missing::left ? "the first are" : "the last are");
  const FloatOrder& types = float_order(code_.plan.feature_type);
  const bool is_signed = types.order != types.bits;
  out.line("{} {} {}order_({} value) {{", names.function, types.order, names.symbol, types.value);
  out.line("  union {{");
  out.line("    {} value;", types.value);
  out.line("    {} bits;", types.bits);
  out.line("  }} number;");
  out.line("  number.value = value;");
  const std::string place = fmt::format("(number.bits ^ ((0 - (number.bits >> {})) >> 1)) + {}u", types.sign_bit,
                                        layout::order_offset(code_.plan.feature_type, missing_));
  out.line("  return {};", is_signed ? fmt::format("({})({})", types.order, place) : place);
  out.line("}}");
}

std::string SplitText::threshold(std::string_view name) const {
  if (!thresholds_.ordinals.empty()) {
    return fmt::format("{}(&{}thresholds_[{}])", read_macro(code_, type()), code_.names.symbol, name);
  }
  const std::int64_t base = thresholds_.base;
  switch (code_.plan.feature_type) {
    case NumberType::float32:
    case NumberType::uint8:
      return base == 0 ? std::string(name) : fmt::format("{} + {}u", name, base);
    case NumberType::int32:
      return fmt::format("(int32_t)({} + {}u)", name, static_cast<std::uint32_t>(base));
    default:
      // Modulo 2^16, which the type holds again.
      if (base == 0) return fmt::format("({}){}", type(), name);
      return fmt::format("({})({} + {}u)", type(), name, static_cast<std::uint16_t>(base));
  }
}

std::string SplitText::goes_left(std::string_view feature, std::string_view name) const {
  const std::string value = fmt::format("x[{}]", feature);
  if (!is_float()) return fmt::format("{} < {}", value, threshold(name));
  return fmt::format("{}order_({}) < {}", code_.names.symbol, value, threshold(name));
}

}  // namespace emlc::c
