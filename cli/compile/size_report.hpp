#pragma once

#include <string>
#include <string_view>

#include "cli/compile/job.hpp"
#include "cli/compile/output.hpp"

namespace emlc::cli {

/// What an artifact takes on the device, as JSON (schema emlc.size/1: keys are added, never changed). No paths: the
/// same model and options give the same bytes. With the numbers of its targets, if it has any, and notes about them.
/// `given` is what the banner records, see given_compile_options().
std::string size_report(const Converted& converted, const Output& output, std::string_view given);

}  // namespace emlc::cli
