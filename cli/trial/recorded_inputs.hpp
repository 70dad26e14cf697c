#pragma once

#include <string>
#include <vector>

#include "cli/trial/answers.hpp"
#include "codegen/signal/plan.hpp"
#include "formats/recording/recording.hpp"

namespace emlc::cli {

/// The recording of a file, NPY or CSV; `-` is stdin. Throws Error for one that the input of the plan does not take.
formats::Recording read_recorded(const std::string& path, const signal::Plan& plan);

/// The features of every complete window of frames without a gap, a row each.
Inputs feature_rows(const signal::Plan& plan, std::vector<signal::Column> channels);

/// The features of every complete window, a row each. Throws Error where no window is complete.
Inputs recorded_inputs(const std::string& path, const signal::Plan& plan);

}  // namespace emlc::cli
