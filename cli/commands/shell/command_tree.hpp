#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/console/command_line.hpp"

namespace emlc::cli {

enum class Takes { nothing, word, file, directory, other };

/// An option or a positional argument, as completions and the manual page need it.
struct Argument {
  std::vector<std::string> names;  ///< `-o`, `--output`; empty for a positional
  std::string label;               ///< `OUT`, `soft|hard`; empty when it takes nothing
  std::string description;
  std::string group;
  Takes takes = Takes::nothing;
  std::vector<std::string> words{};  ///< what Takes::word may be
};

struct Subcommand {
  std::string name;
  std::string summary;
  std::vector<std::string> examples;  ///< one command line each
  std::vector<Argument> arguments;    ///< in the order of --help
};

/// All that the program understands, read from the options as they are declared.
struct CommandTree {
  Subcommand program;
  std::vector<Subcommand> subcommands;
};
CommandTree command_tree(const CommandLine& program);

bool is_positional(const Argument& argument);

/// The names of the subcommands, or of the options, with a blank between.
std::string subcommand_names(const CommandTree& tree);
std::string option_names(const Subcommand& subcommand);

}  // namespace emlc::cli
