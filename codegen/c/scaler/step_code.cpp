#include "codegen/c/scaler/step_code.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/c/common/literal.hpp"
#include "codegen/c/common/tables.hpp"

namespace emlc::c {

using model::NumberType;

std::string StepCode::in(std::string_view index) const {
  // Steps compute in float, whatever trees compare.
  const std::string_view cast = from.type == NumberType::float64 ? "(float)" : "";
  return first == 0 ? fmt::format("{}{}[{}]", cast, from.array, index)
                    : fmt::format("{}{}[{} + {}]", cast, from.array, first, index);
}

std::string StepCode::result(std::string_view index) const {
  return first == 0 ? fmt::format("{}[{}]", to.array, index) : fmt::format("{}[{} + {}]", to.array, first, index);
}

std::string StepCode::floats(std::string_view name, const std::vector<double>& values, std::string_view index) const {
  const std::string symbol = fmt::format("{}{}{}_", names.symbol, prefix, name);
  print_table(tables, names, "float", symbol, values.size(),
              [&](std::size_t i) { return rounded_literal(values[i], fmt::format("{}{}[{}]", prefix, name, i)); });
  table_bytes += sizeof(float) * values.size();
  return fmt::format("{}READ_F32(&{}[{}])", names.macro, symbol, index);
}

std::string StepCode::numbers(std::string_view name, const std::vector<std::size_t>& values,
                              std::string_view index) const {
  const bool is_byte = std::all_of(values.begin(), values.end(), [](std::size_t value) { return value <= 255; });
  const std::string symbol = fmt::format("{}{}{}_", names.symbol, prefix, name);
  print_table(tables, names, is_byte ? "uint8_t" : "uint16_t", symbol, values.size(),
              [&](std::size_t i) { return fmt::to_string(values[i]); });
  table_bytes += (is_byte ? 1 : 2) * values.size();
  return fmt::format("{}READ_U{}(&{}[{}])", names.macro, is_byte ? 8 : 16, symbol, index);
}

void StepCode::each(std::size_t n, const std::function<void()>& print) const {
  out.line("for (size_t i = 0; i < {}; ++i) {{", n);
  {
    const auto body = out.indent();
    out.line("float z = (float){};", in("i"));
    print();
  }
  out.line("}}");
}

void StepCode::one(std::size_t column, const std::function<void()>& print) const {
  out.line("{{");
  {
    const auto body = out.indent();
    out.line("float z = (float){};", in(fmt::to_string(column)));
    print();
  }
  out.line("}}");
}

std::string at_least(std::string_view z, double bound) {
  const double first = model::smallest_at_least(NumberType::float32, bound);
  if (std::isfinite(first)) return fmt::format("{} >= {}", z, float_literal(first));
  return fmt::format("{} > {}", z, float_literal(model::info(NumberType::float32).highest));
}

}  // namespace emlc::c
