#include "cli/console/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "cli/console/escape.hpp"

namespace emlc::cli {
namespace {

constexpr std::string_view bold = "1", red = "1;31", yellow = "1;33";

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

std::string painted(const Terminal& terminal, std::string_view code, std::string_view text) {
  return uses_colour(terminal) ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string padded(const std::string& cell, std::size_t width, Align align) {
  return align == Align::left ? fmt::format("{:<{}}", cell, width) : fmt::format("{:>{}}", cell, width);
}

}  // namespace

bool uses_colour(const Terminal& terminal) {
  if (terminal.colour != Colour::automatic) return terminal.colour == Colour::always;
  if (is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE")) return true;
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

void say(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void error(const Terminal& terminal, std::string_view text) {
  say(fmt::format("emlc: {} {}\n", painted(terminal, red, "error:"), for_terminal(text)));
}

void warning(const Terminal& terminal, std::string_view text) {
  say(fmt::format("emlc: {} {}\n", painted(terminal, yellow, "warning:"), for_terminal(text)));
}

void note(const Terminal& terminal, std::string_view text) {
  if (terminal.verbosity == Verbosity::quiet) return;
  say(fmt::format("{}{}", for_terminal(text), text.ends_with('\n') ? "" : "\n"));
}

void heading(const Terminal& terminal, std::string_view text) {
  if (terminal.verbosity == Verbosity::quiet) return;
  say(fmt::format("{}\n", painted(terminal, bold, for_terminal(text))));
}

std::string table(const std::vector<std::vector<std::string>>& rows, const std::vector<Align>& columns,
                  std::size_t indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line(indent, ' ');
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += padded(row[column], widths[column], column < columns.size() ? columns[column] : Align::left) + "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string count(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace emlc::cli
