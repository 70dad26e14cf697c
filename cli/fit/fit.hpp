#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/compile/job.hpp"
#include "cli/compile/target_options.hpp"
#include "cli/console/command_line.hpp"
#include "cli/console/terminal.hpp"
#include "cli/fit/goal.hpp"
#include "cli/fit/search.hpp"

namespace emlc::cli::fit {

/// What `emlc fit` is asked for. The job's output: --to; nothing: what the name of the output means.
struct FitOptions : Job {
  Goal goal;
  Limits limits;
  TargetOptions target_options;
  std::string pareto;  ///< path of the page, empty when not given
  bool json = false;   ///< tell on stdout as JSON
};

/// Searches, tells what was found and writes the chosen point. Returns 0, or 1 when none meets budgets and loss; then
/// nothing is written but the page and what is told. Throws Error for what is wrong with options, model or data.
/// @param line  with the compile options as given
int run(const FitOptions& options, const CommandLine& line, const Terminal& terminal);

}  // namespace emlc::cli::fit
