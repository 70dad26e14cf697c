#include "cli/commands/command_tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "codegen/passes/pass.hpp"
#include "formats/format.hpp"

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

Argument argument(const CLI::Option& option) {
  Argument result;
  for (const std::string& name : option.get_snames()) result.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) result.names.push_back("--" + name);
  result.description = option.get_description();
  result.group = option.get_group();
  if (option.get_items_expected_max() == 0) return result;
  const std::string type = option.get_type_name();
  const bool is_choice = type.find('|') != std::string::npos;
  result.label = option.get_positional() && !is_choice ? option.get_name(true) : type;
  const auto* const meaning = std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& row) {
    return result.label.substr(0, result.label.find("...")) == row.label;
  });
  if (meaning != meanings.end()) {
    result.takes = meaning->takes;
    result.words = meaning->words();
  } else {
    result.takes = is_choice ? Takes::word : Takes::other;
    if (is_choice) result.words = CLI::detail::split(type, '|');
  }
  return result;
}

Subcommand subcommand(const CLI::App& app) {
  Subcommand result{.name = app.get_name(),
                    .summary = app.get_description(),
                    .examples = CLI::detail::split(app.get_footer(), '\n'),
                    .arguments = {}};
  for (const CLI::Option* option : app.get_options()) result.arguments.push_back(argument(*option));
  return result;
}

}  // namespace

CommandTree command_tree(const CLI::App& program) {
  CommandTree tree{.program = subcommand(program), .subcommands = {}};
  for (const CLI::App* sub : program.get_subcommands({})) tree.subcommands.push_back(subcommand(*sub));
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
