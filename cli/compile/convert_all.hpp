#pragma once

#include <string>

#include "cli/console/terminal.hpp"

namespace emlc::cli {

/// Converts every model of the project at `path`. All outputs are written, or none: 1 when one is over its budget.
int convert_all(const std::string& path, const Terminal& terminal);

}  // namespace emlc::cli
