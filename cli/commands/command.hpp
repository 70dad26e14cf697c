#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console/terminal.hpp"

namespace emlc::cli {

/// What a subcommand does once its options are parsed. Returns 0, or 1 when a check, budget or comparison did not hold.
using Action = std::function<int(const Terminal&)>;

struct Command {
  std::string_view name;
  std::string_view summary;          ///< one line of `emlc --help`
  std::string_view examples;         ///< lines of the help, one example each
  Action (*declare)(CLI::App& app);  ///< declares the options and returns what uses them
};
std::span<const Command> all_commands();

Action declare_convert(CLI::App& app);
Action declare_inspect(CLI::App& app);
Action declare_run(CLI::App& app);
Action declare_verify(CLI::App& app);
Action declare_check(CLI::App& app);
Action declare_list(CLI::App& app);
Action declare_completions(CLI::App& app);
Action declare_manual(CLI::App& app);

/// The command line of emlc.
struct Program {
  CLI::App app;
  Terminal terminal;
  std::vector<Action> actions;  ///< of all_commands()
};
void declare(Program& program);
int run_selected(const Program& program);

}  // namespace emlc::cli
