#include "formats/tmdl/c_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "codegen/model/error.hpp"
#include "formats/tmdl/tmdl.hpp"

namespace emlc::formats {
namespace {

constexpr std::string_view maix = "MAIX";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Without the blanks and comments at its start. A comment that does not end takes all.
std::string_view skip_blanks(std::string_view text) {
  while (!text.empty()) {
    std::size_t size = 0;
    if (is_blank(text.front())) {
      size = 1;
    } else if (text.starts_with("/*")) {
      const std::size_t end = text.find("*/", 2);
      size = end == std::string_view::npos ? end : end + 2;
    } else if (text.starts_with("//")) {
      size = text.find('\n');
    } else {
      break;
    }
    text.remove_prefix(std::min(size, text.size()));
  }
  return text;
}

/// What follows the first `= {` near the start; empty when there is none.
std::string_view behind_brace(std::string_view content) {
  constexpr std::size_t looked_at = 65536;  // comments and directives in front of the array
  for (std::string_view rest = skip_blanks(content.substr(0, looked_at)); !rest.empty(); rest = skip_blanks(rest)) {
    const bool is_assigned = rest.front() == '=';
    rest.remove_prefix(1);
    if (!is_assigned) continue;
    rest = skip_blanks(rest);
    if (rest.starts_with('{')) return content.substr(static_cast<std::size_t>(rest.data() - content.data()) + 1);
  }
  return {};
}

/// The characters of a number, or of what stands in its place.
std::string_view word(std::string_view text) { return text.substr(0, text.find_first_of(" \t\r\n,}/")); }

/// 0 to 255 as C writes it, octal numbers left out.
std::optional<std::uint8_t> byte_of(std::string_view number) {
  const bool is_hex = number.starts_with("0x") || number.starts_with("0X");
  if (is_hex) number.remove_prefix(2);
  if (number.ends_with('u') || number.ends_with('U')) number.remove_suffix(1);
  if (!is_hex && number.size() > 1 && number.front() == '0') return std::nullopt;
  std::uint8_t value = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, value, is_hex ? 16 : 10);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

/// The numbers of an array, one by one.
class Numbers {
 public:
  explicit Numbers(std::string_view behind_brace) : rest_(skip_blanks(behind_brace)) {}

  [[nodiscard]] bool at_end() const { return rest_.starts_with('}'); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

  /// The next one; nothing where none stands, or no comma or brace behind it.
  std::optional<std::uint8_t> next() {
    const std::string_view number = word(rest_);
    const std::optional<std::uint8_t> value = byte_of(number);
    const std::string_view behind = skip_blanks(rest_.substr(number.size()));
    if (!value || !(behind.starts_with(',') || behind.starts_with('}'))) return std::nullopt;
    rest_ = behind.starts_with(',') ? skip_blanks(behind.substr(1)) : behind;
    return value;
  }

 private:
  std::string_view rest_;
};

[[noreturn]] void fail(std::string_view content, std::string_view file, std::string_view rest, std::size_t index) {
  constexpr std::size_t shown = 20;
  const auto before = content.substr(0, content.size() - rest.size());
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::string found = rest.empty() ? "the end of the file" : fmt::format("'{}'", printable(word(rest), shown));
  throw Error({.file = std::string(file), .line = line, .field = fmt::format("byte {}", index)},
              fmt::format("expected a number from 0 to 255 and a comma or the end of the array, found {}", found));
}

}  // namespace

bool is_tmdl_c(std::string_view content) {
  Numbers numbers(behind_brace(content));
  return std::all_of(maix.begin(), maix.end(), [&](char c) {
    const std::optional<std::uint8_t> value = numbers.next();
    return value && *value == static_cast<std::uint8_t>(c);
  });
}

std::string blob_in(std::string_view content, std::string_view file) {
  if (!is_tmdl_c(content)) return std::string(content);
  Numbers numbers(behind_brace(content));
  std::string bytes;
  while (!numbers.at_end()) {
    const std::string_view before = numbers.rest();
    const std::optional<std::uint8_t> value = numbers.next();
    if (!value) fail(content, file, before, bytes.size());
    bytes += static_cast<char>(*value);
  }
  return bytes;
}

model::Model read_tmdl_c(std::string_view content, std::string_view file) {
  return read_tmdl_c_product(content, file, {}).model;
}

Reading read_tmdl_c_product(std::string_view content, std::string_view file, const Supplement& supplement) {
  if (!is_tmdl_c(content)) {
    throw Error({.file = std::string(file)}, "there is no array of bytes that begins as a .tmdl blob does");
  }
  return read_tmdl_product(blob_in(content, file), file, supplement);
}

}  // namespace emlc::formats
