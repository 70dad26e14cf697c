#include "cli/console/escape.hpp"

#include <algorithm>

namespace emlc::cli {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string markdown_escaped(std::string_view text) {
  constexpr std::string_view special = "\\`*_[]<>|#";
  std::string escaped;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) escaped += '\\';
    escaped += is_control(c) ? ' ' : c;
  }
  return escaped;
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += is_control(c) && c != '\n' ? ' ' : c;
    }
  }
  return escaped;
}

}  // namespace emlc::cli
