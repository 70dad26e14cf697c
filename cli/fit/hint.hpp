#pragma once

#include <optional>
#include <string>

#include "cli/compile/job.hpp"
#include "cli/console/progress.hpp"

namespace emlc::cli::fit {

/// What a search of less than a second finds for a job that is over its budget: `emlc fit would find 1290 bytes of
/// flash, ...`. Nothing without --data, for a large model, and where it finds nothing within budget and 1 % of loss.
std::optional<std::string> hint(const Job& job, const Converted& converted, Progress& progress);

}  // namespace emlc::cli::fit
