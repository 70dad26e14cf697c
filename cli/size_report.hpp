#pragma once

#include <string>
#include <string_view>

#include "cli/output.hpp"
#include "cli/pipeline.hpp"

namespace emlc::cli {

/// What an artifact takes on the device, as JSON (schema emlc.size/1: keys are added, never changed). No paths: the
/// same model and options give the same bytes. `given` is what the banner records, see given_compile_options().
std::string size_report(const Source& source, const Output& output, std::string_view given,
                        const layout::Artifact& artifact);

}  // namespace emlc::cli
