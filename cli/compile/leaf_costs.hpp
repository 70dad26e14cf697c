#pragma once

#include <optional>
#include <string>

#include "cli/compile/job.hpp"

namespace emlc::cli {

/// A sentence where changed leaves take more flash than the exact ones: some tables hold only exact leaves tightly.
/// Nothing for a job that leaves them as they are.
std::optional<std::string> warning_of_costly_leaves(const Job& job, const Converted& converted);

}  // namespace emlc::cli
