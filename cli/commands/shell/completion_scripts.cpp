#include "cli/commands/shell/completion_scripts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "cli/console/escape.hpp"

namespace emlc::cli {
namespace {

/// Puts a backslash before each of the `special` characters.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string joined_words(const Argument& argument) { return fmt::format("{}", fmt::join(argument.words, " ")); }

// bash ---------------------------------------------------------------------------------------------------------------

constexpr std::string_view bash_start = R"(# bash completion of emlc, written by `emlc completions bash`

_emlc_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

# -f: files, -d: directories
_emlc_paths() {
  compopt -o filenames 2> /dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

_emlc() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash splits --option=value at the =
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
)";

std::string bash_values(const Argument& argument) {
  switch (argument.takes) {
    case Takes::word:
      return fmt::format("_emlc_words {}", in_quotes(joined_words(argument)));
    case Takes::file:
      return "_emlc_paths -f";
    case Takes::directory:
      return "_emlc_paths -d";
    case Takes::nothing:
    case Takes::other:
      break;
  }
  return ":";
}

std::string bash_subcommand(const Subcommand& sub) {
  std::string cases, positional = ":";
  for (const Argument& row : sub.arguments) {
    if (is_positional(row)) {
      positional = bash_values(row);
    } else if (row.takes != Takes::nothing) {
      cases += fmt::format("    {}:{}) {} ;;\n", sub.name, fmt::join(row.names, fmt::format(" | {}:", sub.name)),
                           bash_values(row));
    }
  }
  return cases + fmt::format("    {}:*) if [[ $current == -* ]]; then _emlc_words {}; else {}; fi ;;\n", sub.name,
                             in_quotes(option_names(sub)), positional);
}

std::string bash_script(const CommandTree& tree) {
  std::string text{bash_start};
  text += fmt::format("  if ((COMP_CWORD == 1)); then\n    _emlc_words {}\n    return\n  fi\n",
                      in_quotes(subcommand_names(tree) + " " + option_names(tree.program)));
  text += "  case ${COMP_WORDS[1]}:$previous in\n";
  for (const Subcommand& sub : tree.subcommands) text += bash_subcommand(sub);
  return text + "  esac\n}\ncomplete -F _emlc emlc\n";
}

// zsh ----------------------------------------------------------------------------------------------------------------

std::string zsh_values(const Argument& argument) {
  const std::string label = escaped(argument.label, ":");
  switch (argument.takes) {
    case Takes::nothing:
      return "";
    case Takes::word:
      return fmt::format(":{}:({})", label, joined_words(argument));
    case Takes::file:
      return fmt::format(":{}:_files", label);
    case Takes::directory:
      return fmt::format(":{}:_files -/", label);
    case Takes::other:
      break;
  }
  return fmt::format(":{}: ", label);
}

/// One argument of zsh's _arguments: '(-o --output)'{-o,--output=}'[what it is]:OUT:_files'
std::string zsh_argument(const Argument& argument) {
  if (is_positional(argument)) return in_quotes("*" + zsh_values(argument));
  std::vector<std::string> names = argument.names;
  if (argument.takes != Takes::nothing) {
    for (std::string& name : names) name += name.starts_with("--") ? "=" : "+";
  }
  const std::string rest =
      in_quotes(fmt::format("[{}]{}", escaped(argument.description, "[]\\"), zsh_values(argument)));
  if (names.size() == 1) return names.front() + rest;
  return fmt::format("{}{{{}}}{}", in_quotes(fmt::format("({})", fmt::join(argument.names, " "))),
                     fmt::join(names, ","), rest);
}

std::string zsh_arguments(const Subcommand& sub, std::string_view indent) {
  std::string text;
  for (const Argument& row : sub.arguments) text += fmt::format(" \\\n{}{}", indent, zsh_argument(row));
  return text;
}

std::string zsh_script(const CommandTree& tree) {
  std::string text = "#compdef emlc\n# zsh completion of emlc, written by `emlc completions zsh`\n\n_emlc() {\n";
  text += "  local state line\n  local -a subcommands\n  subcommands=(\n";
  for (const Subcommand& sub : tree.subcommands) {
    text += fmt::format("    {}\n", in_quotes(fmt::format("{}:{}", sub.name, sub.summary)));
  }
  text += fmt::format("  )\n  _arguments -C{} \\\n    '1: :->subcommand' '*:: :->arguments'\n",
                      zsh_arguments(tree.program, "    "));
  text += "  case $state in\n  subcommand) _describe subcommand subcommands ;;\n  arguments)\n    case $words[1] in\n";
  for (const Subcommand& sub : tree.subcommands) {
    text += fmt::format("    {})\n      _arguments{}\n      ;;\n", sub.name, zsh_arguments(sub, "        "));
  }
  return text +
         "    esac\n    ;;\n  esac\n}\n\nif [[ $funcstack[1] == _emlc ]]; then\n  _emlc \"$@\"\nelse\n"
         "  compdef _emlc emlc\nfi\n";
}

// fish ---------------------------------------------------------------------------------------------------------------

std::string fish_quoted(std::string_view text) { return fmt::format("'{}'", escaped(text, "'\\")); }

std::string fish_values(const Argument& argument) {
  switch (argument.takes) {
    case Takes::nothing:
      return "";
    case Takes::word:
      return fmt::format(" -x -a {}", fish_quoted(joined_words(argument)));
    case Takes::file:
      return " -r -F";
    case Takes::directory:
      return " -x -a '(__fish_complete_directories)'";
    case Takes::other:
      break;
  }
  return " -x";
}

std::string fish_argument(const Argument& argument) {
  if (is_positional(argument)) {
    return argument.takes == Takes::word ? fmt::format(" -a {}", fish_quoted(joined_words(argument))) : " -F";
  }
  std::string text;
  for (const std::string& name : argument.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return fmt::format("{}{} -d {}", text, fish_values(argument), fish_quoted(argument.description));
}

std::string fish_script(const CommandTree& tree) {
  std::string text = "# fish completion of emlc, written by `emlc completions fish`\ncomplete -c emlc -f\n";
  constexpr std::string_view none = "complete -c emlc -n __fish_use_subcommand";
  for (const Argument& row : tree.program.arguments) text += fmt::format("{}{}\n", none, fish_argument(row));
  for (const Subcommand& sub : tree.subcommands) {
    text += fmt::format("{} -a {} -d {}\n", none, sub.name, fish_quoted(sub.summary));
  }
  for (const Subcommand& sub : tree.subcommands) {
    for (const Argument& row : sub.arguments) {
      text += fmt::format("complete -c emlc -n '__fish_seen_subcommand_from {}'{}\n", sub.name, fish_argument(row));
    }
  }
  return text;
}

}  // namespace

std::span<const Shell> all_shells() {
  static constexpr std::array shells = {Shell{"bash", bash_script}, Shell{"zsh", zsh_script},
                                        Shell{"fish", fish_script}};
  return shells;
}

}  // namespace emlc::cli
