#pragma once

#include "cli/console/progress.hpp"
#include "cli/fit/fit.hpp"
#include "cli/fit/trial.hpp"

namespace emlc::cli::fit {

/// Reads model, data, labels and groups, and makes the parts. Throws Error for what does not fit together, and for data
/// that can tell nothing.
/// @param line  with the compile options as given
Problem prepare(const FitOptions& options, const CommandLine& line, Progress& progress);

/// Fills in what follows from the data: the measure, what may be chosen, the parts. Without a seed in the job it is 1.
void take_data(Problem& problem, const CommandLine& line, const Inputs& inputs, const std::optional<Labels>& labels);

}  // namespace emlc::cli::fit
