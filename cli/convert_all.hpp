#pragma once

#include <string>

#include "cli/terminal.hpp"

namespace emlc::cli {

/// Converts every model of a project. All outputs are written, or none: 1 when one is over its budget.
int convert_all(const std::string& project, const Terminal& terminal);

}  // namespace emlc::cli
