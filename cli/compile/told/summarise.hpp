#pragma once

#include "cli/compile/job.hpp"
#include "cli/console/terminal.hpp"

namespace emlc::cli {

/// Says what the passes changed and what it costs, on stderr.
void summarise(const Terminal& terminal, const Job& job, const Converted& converted);

}  // namespace emlc::cli
