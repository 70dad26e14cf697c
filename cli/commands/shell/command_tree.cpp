#include "cli/commands/shell/command_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "codegen/passes/pass.hpp"
#include "formats/format.hpp"
#include "formats/text/text.hpp"

namespace emlc::cli {
namespace {

template <class Rows>
std::vector<std::string> names_of(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}
std::vector<std::string> no_words() { return {}; }
std::vector<std::string> format_names() { return names_of(formats::all_formats()); }
std::vector<std::string> pass_names() { return names_of(passes::all_passes()); }

std::vector<std::string> parts(std::string_view text, char separator) {
  const std::vector<std::string_view> fields = formats::split_fields(text, separator);
  return {fields.begin(), fields.end()};
}

/// What a label stands for; any other is a list of words, when it has a `|`, or free text.
struct Meaning {
  std::string_view label;
  Takes takes;
  std::vector<std::string> (*words)();
};
constexpr std::array meanings = {
    Meaning{"MODEL", Takes::file, no_words},    Meaning{"ARTIFACT", Takes::file, no_words},
    Meaning{"FILE", Takes::file, no_words},     Meaning{"OUT", Takes::file, no_words},
    Meaning{"X", Takes::file, no_words},        Meaning{"Y", Takes::file, no_words},
    Meaning{"DIR", Takes::directory, no_words}, Meaning{"FORMAT", Takes::word, format_names},
    Meaning{"PASS", Takes::word, pass_names},
};

Argument argument(const Option& option) {
  Argument result{.names = option.flags, .label = {}, .description = option.description, .group = option.group};
  if (!takes_value(option)) return result;
  const bool is_choice = option.type.find('|') != std::string::npos;
  result.label = is_positional(option) && !is_choice ? option.name : option.type;
  const auto* const meaning =
      std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& row) { return result.label == row.label; });
  if (meaning != meanings.end()) {
    result.takes = meaning->takes;
    result.words = meaning->words();
  } else {
    result.takes = is_choice ? Takes::word : Takes::other;
    if (is_choice) result.words = parts(option.type, '|');
  }
  return result;
}

Subcommand subcommand(const CommandLine& line) {
  Subcommand result{
      .name = line.name, .summary = line.summary, .examples = parts(line.examples, '\n'), .arguments = {}};
  for (const Option& option : line.options) result.arguments.push_back(argument(option));
  return result;
}

}  // namespace

CommandTree command_tree(const CommandLine& program) {
  CommandTree tree{.program = subcommand(program), .subcommands = {}};
  for (const CommandLine& sub : program.subcommands) tree.subcommands.push_back(subcommand(sub));
  return tree;
}

bool is_positional(const Argument& argument) { return argument.names.empty(); }

std::string subcommand_names(const CommandTree& tree) {
  std::vector<std::string> names;
  for (const Subcommand& row : tree.subcommands) names.push_back(row.name);
  return fmt::format("{}", fmt::join(names, " "));
}

std::string option_names(const Subcommand& subcommand) {
  std::vector<std::string> names;
  for (const Argument& row : subcommand.arguments) names.insert(names.end(), row.names.begin(), row.names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace emlc::cli
