#pragma once

#include <string>
#include <vector>

#include "cli/compile/job.hpp"
#include "cli/compile/target_options.hpp"

namespace emlc::cli {

/// Options that bring a model which is over its budget of flash or RAM within it, each by itself, with the bytes that
/// it takes then: `--leaf-bits 8 (1290 bytes of flash, 40 of RAM; approximate)`, with targets on each of them. Exact
/// ones come first. Converts the model once for each option that is tried, and measures it as `measuring` says; none
/// for a model that is within.
std::vector<std::string> options_that_fit(const Job& job, const Converted& converted, const Measuring& measuring,
                                          Progress& progress);

/// Notes them, a line each that starts with `subject`, unless --quiet.
void say_what_fits(const Terminal& terminal, const std::string& subject, const Job& job, const Converted& converted,
                   const Measuring& measuring, Progress& progress);

}  // namespace emlc::cli
