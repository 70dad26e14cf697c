#include "cli/console/help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t line_width = 100, column = 28;

std::string indented(const std::string& lines, std::string_view prefix) {
  std::string result;
  for (const std::string_view line : formats::split_fields(lines, '\n')) result += fmt::format("{}{}\n", prefix, line);
  return result;
}

/// `  label   text`, the text wrapped in the right column.
std::string entry(const std::string& label, const std::string& text) {
  std::string result, line = "  " + label;
  const auto flush = [&] {
    result += line + "\n";
    line.clear();
  };
  if (line.size() + 2 > column) flush();
  line.resize(column, ' ');
  for (const std::string_view word : formats::split_fields(text, ' ')) {
    if (line.size() > column && line.size() + word.size() > line_width) {
      line.pop_back();
      flush();
      line.resize(column, ' ');
    }
    line += word;
    line += ' ';
  }
  line.pop_back();
  flush();
  return result;
}

/// `-o, --output OUT`
std::string label(const Option& option) {
  if (is_positional(option)) return option.name;
  const std::string indent = option.flags.front().starts_with("--") ? "    " : "";
  const std::string start = fmt::format("{}{}", indent, fmt::join(option.flags, ", "));
  return takes_value(option) ? fmt::format("{} {}", start, option.type) : start;
}

std::string usage(const CommandLine& line) {
  std::string text = fmt::format("Usage: {}", full_name(line));
  if (!line.subcommands.empty()) return text + " SUBCOMMAND ...\n";
  for (const Option& option : line.options) {
    if (!is_positional(option)) continue;
    const std::string name = option.name + (option.kind == OptionKind::list ? "..." : "");
    text += option.is_required ? " " + name : " [" + name + "]";
  }
  for (const Option& option : line.options) {
    if (!option.is_required || is_positional(option)) continue;
    text += fmt::format(" {} {}", option.flags.front(), option.type);
  }
  return text + " [options]\n";
}

std::string groups(const CommandLine& line) {
  std::vector<std::string> names;
  for (const Option& option : line.options) {
    const bool is_known = std::find(names.begin(), names.end(), option.group) != names.end();
    if (!is_known) names.push_back(option.group);
  }
  // The help flag comes first and is the least interesting one.
  std::rotate(names.begin(), std::min(names.begin() + 1, names.end()), names.end());
  std::string text;
  for (const std::string& name : names) {
    text += fmt::format("\n{}:\n", name);
    for (const Option& option : line.options) {
      if (option.group == name) text += entry(label(option), option.description);
    }
  }
  return text;
}

}  // namespace

std::string help(const CommandLine& line) {
  std::string text = fmt::format("{}: {}\n\nExamples:\n{}\n{}", full_name(line), line.summary,
                                 indented(line.examples, "  "), usage(line));
  if (!line.subcommands.empty()) text += "\nSubcommands (each has its own --help):\n";
  for (const CommandLine& sub : line.subcommands) text += entry(sub.name, sub.summary);
  return text + groups(line);
}

}  // namespace emlc::cli
