#pragma once

#include <string>

#include "cli/console/command_line.hpp"

namespace emlc::cli {

/// Help as a user reads it: what it is for, examples, usage, then the options in groups.
std::string help(const CommandLine& line);

}  // namespace emlc::cli
