#include "codegen/c/trees/readback/numbers.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace emlc::c {

std::vector<std::uint32_t> unsigned_table(std::span<const Token> tokens, const TreeCode& code, std::string_view name) {
  const std::string symbol = fmt::format("{}{}", code.names.symbol, name);
  std::vector<std::uint32_t> values;
  for (const double value : table_of(tokens, symbol)) {
    if (!(value >= 0.0 && value <= 4294967295.0) || value != std::floor(value)) {
      throw Unreadable{0, fmt::format("{} has {}, which its type does not hold", symbol, value)};
    }
    values.push_back(static_cast<std::uint32_t>(value));
  }
  return values;
}

std::uint64_t long_little_endian(const std::vector<std::uint32_t>& bytes, std::size_t at, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) {
    const std::uint32_t byte = element(bytes, at + static_cast<std::size_t>(i));
    if (byte > 255) throw Unreadable{0, fmt::format("{} is no byte", byte)};
    value |= std::uint64_t{byte} << (8 * i);
  }
  return value;
}

std::uint32_t little_endian(const std::vector<std::uint32_t>& bytes, std::size_t at, int count) {
  return static_cast<std::uint32_t>(long_little_endian(bytes, at, count));
}

double number_of_bits(model::NumberType type, std::uint64_t bits) {
  if (type == model::NumberType::float64) return std::bit_cast<double>(bits);
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
}

namespace {

/// The elements of a stream.
std::vector<std::uint32_t> stream_table(std::span<const Token> tokens, const TreeCode& code,
                                        const layout::Columns& shape, std::string_view name) {
  const std::vector<std::uint32_t> bytes = unsigned_table(tokens, code, fmt::format("{}s_", name));
  const auto bits = static_cast<std::size_t>(shape.stream_bits);
  std::vector<std::uint32_t> elements;
  for (std::size_t i = 0; i < shape.n_records(); ++i) {
    const std::size_t first = i * bits;
    const std::uint32_t word = little_endian(bytes, first / 8, 4) >> (first % 8);
    elements.push_back(word & ((std::uint32_t{1} << bits) - 1));
  }
  return elements;
}

}  // namespace

std::vector<std::vector<std::uint32_t>> columns_table(std::span<const Token> tokens, const TreeCode& code,
                                                      const layout::Columns& shape, std::string_view name) {
  if (shape.stream_bits != 0) return {stream_table(tokens, code, shape, name)};
  std::vector<std::vector<std::uint32_t>> columns;
  for (std::size_t column = 0; column < shape.bytes.size(); ++column) {
    const std::string suffix = shape.bytes.size() == 1 ? "" : fmt::format("_{}", column);
    columns.push_back(unsigned_table(tokens, code, fmt::format("{}{}s_", name, suffix)));
    const std::uint64_t limit = std::uint64_t{1} << (8 * shape.bytes[column]);
    for (const std::uint32_t value : columns.back()) {
      if (value >= limit) throw Unreadable{0, fmt::format("{} is too large for its table", value)};
    }
  }
  return columns;
}

std::uint32_t field_of(const std::vector<std::vector<std::uint32_t>>& columns, const layout::Field& field,
                       std::size_t record) {
  if (field.bits == 0) return 0;
  const std::uint32_t value = element(columns.at(static_cast<std::size_t>(field.column)), record);
  const std::uint64_t mask = field.is_top ? ~std::uint64_t{0} : (std::uint64_t{1} << field.bits) - 1;
  return static_cast<std::uint32_t>((std::uint64_t{value} >> field.shift) & mask);
}

double wrapped(model::NumberType type, std::int64_t number) {
  const model::NumberTypeInfo& info = model::info(type);
  const std::int64_t size = std::int64_t{1} << (8 * info.bytes), lowest = static_cast<std::int64_t>(info.lowest);
  return static_cast<double>(((number - lowest) % size + size) % size + lowest);
}

ThresholdReader::ThresholdReader(std::span<const Token> tokens, const TreeCode& code, layout::Missing missing,
                                 const layout::Thresholds& shape)
    : code_(code), missing_(missing), base_(shape.base) {
  if (!shape.ordinals.empty()) ordinals_ = whole_table_of(tokens, fmt::format("{}thresholds_", code.names.symbol));
}

double ThresholdReader::threshold(std::uint32_t name) const {
  const model::NumberType type = code_.plan.feature_type;
  const std::int64_t ordinal = ordinals_.empty() ? base_ + name : element(ordinals_, name);
  if (model::info(type).is_integer) {
    if (type == model::NumberType::uint8) return static_cast<double>(ordinal);  // as int, which C adds in
    return wrapped(type, ordinal);
  }
  // What a device does to the bits of x, backwards: the sign stays, so the same mask takes it back.
  const bool is_double = type == model::NumberType::float64;
  std::uint64_t place = static_cast<std::uint64_t>(ordinal) - layout::order_offset(type, missing_);
  if (!is_double) place &= 0xffffffffU;
  const int sign_bit = is_double ? 63 : 31;
  const std::uint64_t bits = place ^ (place >> sign_bit) * ((std::uint64_t{1} << sign_bit) - 1);
  const double number = number_of_bits(type, bits);
  if (std::isnan(number)) throw Unreadable{0, "a threshold is no number"};
  if (bits == 0) throw Unreadable{0, "a threshold tells 0.0 from -0.0"};
  return number;
}

}  // namespace emlc::c
