#include "codegen/py/frame/lines.hpp"

#include <cmath>

namespace emlc::py {
namespace {

/// Takes the first line off a text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool is_indented(std::string_view line) { return line.starts_with(' ') || line.starts_with(')'); }

bool begins_definition(std::string_view line) { return line.starts_with("def ") || line.starts_with('@'); }

/// The blank lines between two lines, where there were `given`.
int blank_lines(std::string_view before, std::string_view line, int given) {
  constexpr int apart = 2;
  if (before.empty() || before.starts_with('@') || line.starts_with("except ")) return 0;
  if (is_indented(line)) return given > 0 ? 1 : 0;
  if (is_indented(before) || begins_definition(line)) return apart;
  return given > 0 ? 1 : 0;
}

}  // namespace

std::string spaced(std::string_view text) {
  std::string result;
  std::string_view before;
  int given = 0;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) {
      ++given;
      continue;
    }
    result.append(static_cast<std::size_t>(blank_lines(before, line, given)), '\n');
    result += line;
    result += '\n';
    before = line;
    given = 0;
  }
  return result;
}

std::size_t estimated_code(std::string_view module) {
  // Least squares over what the bundled models have, in all forms.
  constexpr double of_viper = 1.1, of_python = 1.35;
  double bytes = 0.0;
  bool is_viper = false, is_decorated = false;
  while (!module.empty()) {
    const std::string_view line = take_line(module);
    const std::size_t first = line.find_first_not_of(' ');
    if (first == std::string_view::npos || line.substr(first).starts_with("b\"")) continue;
    if (first == 0) {
      is_viper = is_decorated;
      is_decorated = line.starts_with('@');
    }
    const std::size_t literal = line.find("b\"");
    const std::size_t end = literal == std::string_view::npos ? line.size() : literal;
    bytes += (is_viper ? of_viper : of_python) * static_cast<double>(end - first);
  }
  return static_cast<std::size_t>(std::lround(bytes));
}

}  // namespace emlc::py
