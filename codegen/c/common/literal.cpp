#include "codegen/c/common/literal.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "codegen/model/error.hpp"
#include "codegen/model/number_type.hpp"

namespace emlc::c {
namespace {

/// With what tells a number apart from an integer.
std::string as_real(std::string text) {
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string float_literal(double value) {
  const auto narrow = static_cast<float>(value);
  if (!std::isfinite(value) || static_cast<double>(narrow) != value) {
    throw std::logic_error(fmt::format("{} is not a finite float32", value));
  }
  return as_real(fmt::format("{}", narrow)) + "f";
}

std::string double_literal(double value) {
  if (!std::isfinite(value)) throw std::logic_error(fmt::format("{} is not finite", value));
  return as_real(fmt::format("{}", value));
}

std::string rounded_literal(double value, std::string_view field) {
  const double rounded = model::round_to(model::NumberType::float32, value);
  if (std::isfinite(rounded)) return float_literal(rounded);
  throw Error({.file = "", .field = std::string(field)},
              fmt::format("{} is beyond the range of float32, the type of the device", value));
}

std::string integer_literal(long long value) {
  if (value == -2147483648LL) return "(-2147483647 - 1)";
  return fmt::to_string(value);
}

std::string string_literal(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {
      result += '\\';
      result += c;
    } else if (byte >= 0x20 && byte <= 0x7e) {
      result += c;
    } else {
      result += fmt::format("\\{:03o}", byte);
    }
  }
  return result + "\"";
}

}  // namespace emlc::c
