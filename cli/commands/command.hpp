#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console/command_line.hpp"
#include "cli/console/terminal.hpp"

namespace emlc::cli {

/// What a subcommand does once its options are parsed. Returns 0, or 1 when a check, budget or comparison did not hold.
using Action = std::function<int(const Terminal&)>;

struct Command {
  std::string_view name;
  std::string_view summary;              ///< one line of `emlc --help`
  std::string_view examples;             ///< lines of the help, one example each
  Action (*declare)(CommandLine& line);  ///< declares the options and returns what uses them
};
std::span<const Command> all_commands();

Action declare_convert(CommandLine& line);
Action declare_features(CommandLine& line);
Action declare_inspect(CommandLine& line);
Action declare_run(CommandLine& line);
Action declare_verify(CommandLine& line);
Action declare_check(CommandLine& line);
Action declare_fit(CommandLine& line);
Action declare_list(CommandLine& line);
Action declare_completions(CommandLine& line);
Action declare_manual(CommandLine& line);

/// The program: parses the command line and does what it says. Returns the exit code, whatever happens: 0 done, 1 a
/// check did not hold, 2 wrong input, 3 a file that cannot be read or written, 70 a bug, 130 interrupted.
int run_program(int argc, const char* const* argv);

}  // namespace emlc::cli
