#include "cli/console/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t line_width = 100, column = 28;

std::string indented(const std::string& lines, std::string_view prefix) {
  std::string result;
  for (const std::string& line : CLI::detail::split(lines, '\n')) result += fmt::format("{}{}\n", prefix, line);
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
  for (const std::string& word : CLI::detail::split(text, ' ')) {
    if (line.size() > column && line.size() + word.size() > line_width) {
      line.pop_back();
      flush();
      line.resize(column, ' ');
    }
    line += word + " ";
  }
  line.pop_back();
  flush();
  return result;
}

bool is_positional(const CLI::Option& option) { return option.get_positional(); }

/// `-o, --output OUT`
std::string label(const CLI::Option& option) {
  if (is_positional(option)) return option.get_name(true);
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  const std::string start = fmt::format("{}{}", option.get_snames().empty() ? "    " : "", fmt::join(names, ", "));
  return option.get_items_expected_max() == 0 ? start : fmt::format("{} {}", start, option.get_type_name());
}

std::string usage(const CLI::App& app) {
  std::string line = fmt::format("Usage: {}", full_name(app));
  if (!app.get_subcommands({}).empty()) return line + " SUBCOMMAND ...\n";
  for (const CLI::Option* option : app.get_options()) {
    if (!is_positional(*option)) continue;
    const std::string name = option->get_name(true) + (option->get_items_expected_max() > 1 ? "..." : "");
    line += option->get_required() ? " " + name : " [" + name + "]";
  }
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_required() && !is_positional(*option)) {
      const std::string name = option->get_snames().empty() ? option->get_name() : "-" + option->get_snames().front();
      line += fmt::format(" {} {}", name, option->get_type_name());
    }
  }
  return line + " [options]\n";
}

std::string groups(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    const bool is_known = std::find(names.begin(), names.end(), option->get_group()) != names.end();
    if (!is_known) names.push_back(option->get_group());
  }
  // The help flag comes first in CLI11 and is the least interesting one.
  std::rotate(names.begin(), std::min(names.begin() + 1, names.end()), names.end());
  std::string text;
  for (const std::string& name : names) {
    text += fmt::format("\n{}:\n", name);
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_group() == name) text += entry(label(*option), option->get_description());
    }
  }
  return text;
}

std::vector<std::string> known_names(const CLI::App& app, bool options) {
  std::vector<std::string> names;
  if (!options) {
    for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
    return names;
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// The first argument that nobody wanted; options come before words.
std::string unwanted(const CLI::App& app) {
  const std::vector<std::string> left = app.remaining(true);
  if (left.empty()) return {};
  const auto option = std::find_if(left.begin(), left.end(), [](const auto& word) { return word.starts_with('-'); });
  return option == left.end() ? left.front() : *option;
}

}  // namespace

const CLI::App& selected_app(const CLI::App& app) {
  const auto selected = app.get_subcommands();
  return selected.empty() ? app : *selected.front();
}

std::string full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : fmt::format("{} {}", parent->get_name(), app.get_name());
}

std::string ExamplesFirst::make_help(const CLI::App* app, std::string /*name*/, CLI::AppFormatMode /*mode*/) const {
  std::string text = fmt::format("{}: {}\n\nExamples:\n{}\n{}", full_name(*app), app->get_description(),
                                 indented(app->get_footer(), "  "), usage(*app));
  const auto subcommands = app->get_subcommands({});
  if (!subcommands.empty()) text += "\nSubcommands (each has its own --help):\n";
  for (const CLI::App* sub : subcommands) text += entry(sub->get_name(), sub->get_description());
  return text + groups(*app);
}

std::string usage_problem(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& selected = selected_app(app);
  const std::string word = unwanted(app);
  if (word.empty()) return error.what();
  const bool is_option = word.starts_with('-');
  const std::vector<std::string> names = known_names(selected, is_option);
  if (names.empty()) return fmt::format("unexpected argument '{}'", printable(word));
  const std::vector<std::string_view> views(names.begin(), names.end());
  return unknown_name(is_option ? "option" : "subcommand", word.substr(0, word.find('=')), views);
}

}  // namespace emlc::cli
