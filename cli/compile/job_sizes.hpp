#pragma once

#include "cli/compile/job.hpp"
#include "cli/sizes/sizes.hpp"

namespace emlc::cli {

/// As Sizes::title of the job.
std::string title_of(const Job& job, const Source& source);

/// What a converted model costs, to be compared with a baseline and with limits; without its targets.
Sizes sizes_of(const Job& job, const Converted& converted);

}  // namespace emlc::cli
