#include "cli/console/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace emlc::cli {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Bytes of the character of UTF-8 that `text` begins with; 0 where it begins with none that XML can hold.
std::size_t character_size(std::string_view text) {
  struct Form {
    unsigned char mask, lead;
    std::size_t size;
    std::uint32_t smallest;
  };
  constexpr std::array forms = {Form{0x80, 0x00, 1, 0}, Form{0xE0, 0xC0, 2, 0x80}, Form{0xF0, 0xE0, 3, 0x800},
                                Form{0xF8, 0xF0, 4, 0x10000}};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (const Form& form : forms) {
    if ((byte(0) & form.mask) != form.lead) continue;
    if (text.size() < form.size) return 0;
    std::uint32_t code = byte(0) & static_cast<unsigned char>(~form.mask);
    for (std::size_t at = 1; at < form.size; ++at) {
      if ((byte(at) & 0xC0) != 0x80) return 0;
      code = code << 6 | (byte(at) & 0x3F);
    }
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    const bool is_none = (code & 0xFFFE) == 0xFFFE || code > 0x10FFFF;
    return code < form.smallest || is_surrogate || is_none ? 0 : form.size;
  }
  return 0;
}

/// The text with each character made by `escape`, a byte that is in no character replaced.
template <class Escape>
std::string escaped(std::string_view text, Escape escape) {
  std::string result;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) {
      result += replacement;
    } else if (size == 1) {
      escape(result, text.front());
    } else {
      result += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return result;
}

/// In $'...', which bash, zsh and POSIX.1-2024 know: the only quotes that hold a line end on one line.
std::string in_dollar_quotes(std::string_view text) {
  std::string result = "$'";
  for (const char c : text) {
    if (is_control(c)) {
      result += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else {
      if (c == '\'' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + "'";
}

}  // namespace

std::string markdown_escaped(std::string_view text) {
  return escaped(text, [](std::string& result, char c) {
    constexpr std::string_view special = "\\`*_[]<>|#&~$";
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += is_control(c) ? ' ' : c;
  });
}

std::string xml_escaped(std::string_view text) {
  return escaped(text, [](std::string& result, char c) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += is_control(c) && c != '\n' ? ' ' : c;
    }
  });
}

std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:=@%+-";
  if (!text.empty() && text.find_first_not_of(safe) == std::string_view::npos) return std::string(text);
  return std::any_of(text.begin(), text.end(), is_control) ? in_dollar_quotes(text) : in_quotes(text);
}

std::string shell_file(std::string_view path) {
  return shell_word(path.starts_with('-') ? fmt::format("./{}", path) : std::string(path));
}

std::string for_terminal(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_shown = c == '\n' || (c >= 0x20 && c < 0x7f);
    result += is_shown ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return result;
}

}  // namespace emlc::cli
