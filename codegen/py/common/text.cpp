#include "codegen/py/common/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace emlc::py {
namespace {

constexpr std::size_t most_columns = 110;
constexpr std::uint32_t first_printable = 0x20, last_printable = 0x7e, byte_mask = 0xff;

/// A byte inside of quotes.
std::string escaped(std::uint8_t byte) {
  if (byte == '"' || byte == '\\') return fmt::format("\\{}", static_cast<char>(byte));
  const bool is_printable = byte >= first_printable && byte <= last_printable;
  return is_printable ? std::string(1, static_cast<char>(byte)) : fmt::format("\\x{:02x}", byte);
}

}  // namespace

std::string string_literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool is_plain = byte >= first_printable && byte != 0x7fU;  // the rest of UTF-8 stays as it is
    literal += is_plain && byte > last_printable ? std::string(1, c) : escaped(byte);
  }
  return literal + '"';
}

std::string bytes_literal(std::span<const std::uint8_t> bytes, std::string_view indentation) {
  std::vector<std::string> lines(1);
  for (const std::uint8_t byte : bytes) {
    const std::string text = escaped(byte);
    if (lines.back().size() + text.size() + indentation.size() > most_columns) lines.emplace_back();
    lines.back() += text;
  }
  if (lines.size() == 1) return fmt::format("b\"{}\"", lines.front());
  std::string literal = "(";
  for (const std::string& line : lines) literal += fmt::format("\n{}b\"{}\"", indentation, line);
  return literal + ")";
}

std::string number_literal(double value) {
  if (std::isinf(value)) return value > 0.0 ? "1e999" : "-1e999";
  const std::string text = fmt::format("{}", value);
  const bool is_integer = text.find_first_of(".en") == std::string::npos;
  return is_integer ? text + ".0" : text;
}

std::vector<std::uint8_t> planes(std::span<const std::int64_t> values, int width) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size() * static_cast<std::size_t>(width));
  for (int plane = 0; plane < width; ++plane) {
    for (const std::int64_t value : values) {
      bytes.push_back(static_cast<std::uint8_t>((static_cast<std::uint64_t>(value) >> (8 * plane)) & byte_mask));
    }
  }
  return bytes;
}

std::vector<std::uint8_t> little_endian(std::span<const std::int64_t> values, int width) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size() * static_cast<std::size_t>(width));
  for (const std::int64_t value : values) {
    for (int place = 0; place < width; ++place) {
      bytes.push_back(static_cast<std::uint8_t>((static_cast<std::uint64_t>(value) >> (8 * place)) & byte_mask));
    }
  }
  return bytes;
}

std::string plane_read(std::string_view table, std::string_view index, std::size_t count, int width) {
  std::string text = fmt::format("{}[{}]", table, index);
  for (int plane = 1; plane < width; ++plane) {
    text += fmt::format(" | {}[{} + {}] << {}", table, index, count * static_cast<std::size_t>(plane), 8 * plane);
  }
  return text;
}

std::string signed_plane_read(std::string_view table, std::string_view index, std::size_t count, int width) {
  constexpr int sign = 128;  // of the topmost byte
  const std::string place =
      width == 1 ? std::string(index) : fmt::format("{} + {}", index, count * static_cast<std::size_t>(width - 1));
  std::string text = fmt::format("({}[{}] ^ {}) - {}", table, place, sign, sign);
  if (width == 1) return text;
  return fmt::format("({}) << {} | {}", text, 8 * (width - 1), plane_read(table, index, count, width - 1));
}

int unsigned_width(std::uint64_t largest) {
  int width = 1;
  while (width < 4 && (largest >> (8 * width)) != 0) ++width;
  return width;
}

int signed_width(std::int64_t lowest, std::int64_t highest) {
  int width = 1;
  const auto holds = [&](std::int64_t value) {
    const std::int64_t limit = std::int64_t{1} << (8 * width - 1);
    return value >= -limit && value < limit;
  };
  while (width < 4 && !(holds(lowest) && holds(highest))) ++width;
  return width;
}

std::string indented(std::string_view lines, std::string_view indentation) {
  std::string text;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    if (!line.empty()) text += fmt::format("{}{}", indentation, line);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (!lines.empty()) text += '\n';
  }
  return text;
}

}  // namespace emlc::py
