// The only source that sees CLI11, which is large: a CLI::App is made of a command line, and asked once.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <map>

#include "cli/console/command_line.hpp"
#include "cli/console/help.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

CLI::Option* declare_option(CLI::App& app, const CommandLine& line, const Option& option) {
  const std::string names = is_positional(option) ? option.name : fmt::format("{}", fmt::join(option.flags, ","));
  const std::string& text = option.description;
  switch (option.kind) {
    case OptionKind::help:
      return app.set_help_flag(names, text);
    case OptionKind::version:
      return app.set_version_flag(names, line.version, text);
    case OptionKind::flag:
      return app.add_flag_callback(
          names, [&option] { option.use({}); }, text);
    case OptionKind::value:
      return app.add_option_function<std::string>(
          names, [&option](const std::string& value) { option.use({value}); }, text);
    case OptionKind::list:
      return app.add_option_function<std::vector<std::string>>(names, option.use, text)
          ->allow_extra_args(is_positional(option));
  }
  throw std::logic_error("an option of no kind");
}

using Declared = std::map<const Option*, CLI::Option*>;

/// What options say of one another.
void relate(const Option& option, const Declared& declared) {
  CLI::Option* own = declared.at(&option);
  for (const Option* other : option.needed) own->needs(declared.at(other));
  for (const Option* other : option.excluded) own->excludes(declared.at(other));
  if (option.replaced.empty()) return;
  std::vector<CLI::Option*> others;
  for (const Option* other : option.replaced) own->excludes(others.emplace_back(declared.at(other)));
  own->each([others](const std::string& /*value*/) {
    for (CLI::Option* other : others) other->required(false);
  });
}

void declare(CLI::App& app, const CommandLine& line) {
  app.set_help_flag();  // it has one unless told otherwise
  Declared declared;
  for (const Option& option : line.options) {
    CLI::Option* own = declare_option(app, line, option);
    declared[&option] = own;
    if (takes_value(option)) own->type_name(option.type);
    own->required(option.is_required);
  }
  for (const Option& option : line.options) relate(option, declared);
  for (const CommandLine& sub : line.subcommands) declare(*app.add_subcommand(sub.name, sub.summary), sub);
}

/// Notes what was given; the app has the options and the subcommands of the line in the same order.
void note_given(const CLI::App& app, CommandLine& line) {
  const std::vector<const CLI::Option*> options = app.get_options();
  for (std::size_t index = 0; index < options.size(); ++index) line.options[index].given = options[index]->results();
  const std::vector<CLI::App*> selected = app.get_subcommands();
  auto sub = line.subcommands.begin();
  for (const CLI::App* app_of_sub : app.get_subcommands({})) {
    if (!selected.empty() && selected.front() == app_of_sub) line.selected = &*sub;
    note_given(*app_of_sub, *sub++);
  }
}

void parse_and_note(CLI::App& app, CommandLine& line, std::span<const std::string> arguments) {
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (...) {
    note_given(app, line);
    throw;
  }
  note_given(app, line);
}

/// The names of the options, or of the subcommands.
std::vector<std::string_view> known_names(const CommandLine& line, std::string_view like) {
  std::vector<std::string_view> names;
  if (!like.starts_with('-')) {
    for (const CommandLine& sub : line.subcommands) names.push_back(sub.name);
    return names;
  }
  for (const Option& option : line.options) {
    std::copy_if(option.flags.begin(), option.flags.end(), std::back_inserter(names),
                 [](const std::string& flag) { return flag.starts_with("--"); });
  }
  return names;
}

/// The first argument that nobody wanted; behind a subcommand options come before words.
std::string unwanted(const CLI::App& app) {
  const std::vector<std::string> left = app.remaining(true);
  if (left.empty()) return {};
  if (app.get_subcommands().empty()) return left.front();
  const auto option = std::find_if(left.begin(), left.end(), [](const auto& word) { return word.starts_with('-'); });
  return option == left.end() ? left.front() : *option;
}

/// The option that takes one value and was given several; nullptr when there is none.
const Option* repeated(const CommandLine& line) {
  const auto found = std::find_if(line.options.begin(), line.options.end(), [](const Option& option) {
    return option.kind == OptionKind::value && option.given.size() > 1;
  });
  return found == line.options.end() ? nullptr : &*found;
}

std::string problem(const CLI::App& app, const CommandLine& line, const CLI::ParseError& error) {
  if (const Option* option = repeated(selected_line(line))) {
    return fmt::format("{} takes one value, it is given {} times", option->name, option->given.size());
  }
  const std::string word = unwanted(app);
  if (word.empty()) return error.what();
  const std::vector<std::string_view> names = known_names(selected_line(line), word);
  if (names.empty()) return fmt::format("unexpected argument '{}'", printable(word));
  return unknown_name(word.starts_with('-') ? "option" : "subcommand", word.substr(0, word.find('=')), names);
}

}  // namespace

std::optional<std::string> parse(CommandLine& line, std::span<const std::string> arguments) {
  CLI::App app(line.summary, line.name);
  declare(app, line);
  try {
    parse_and_note(app, line, arguments);
  } catch (const CLI::CallForHelp&) {
    return help(selected_line(line));
  } catch (const CLI::CallForVersion& version) {
    return std::string(version.what()) + "\n";
  } catch (const CLI::ParseError& error) {
    throw UsageError(problem(app, line, error));
  }
  return std::nullopt;
}

}  // namespace emlc::cli
