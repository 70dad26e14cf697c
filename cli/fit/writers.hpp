#pragma once

#include <string>

#include "cli/fit/result.hpp"
#include "cli/fit/tell.hpp"
#include "cli/report/report.hpp"

namespace emlc::cli::fit {

/// The front as a picture and tables, with the command of each point. Depends on nothing but model, data and options,
/// and on the number of trials.
report::Report page_of(const Problem& problem, const Goal& goal, const Result& result);

/// The same as JSON: schema emlc.fit/1, in docs/schemas.
std::string json_of(const Problem& problem, const Goal& goal, const Result& result);

}  // namespace emlc::cli::fit
