#pragma once

#include "cli/console/command_line.hpp"
#include "codegen/passes/pass.hpp"

namespace emlc::cli {

/// Options about what models compute with: parts of add_compile_options(), and of commands that need no others. What
/// they set lives as long as the line.
Option* add_arithmetic_option(CommandLine& line, passes::PassConfig& passes);     ///< --arithmetic
Option* add_headroom_option(CommandLine& line, passes::PassConfig& passes);       ///< --headroom
Option* add_structure_option(CommandLine& line, passes::PassConfig& passes);      ///< --structure
Option* add_feature_scale_option(CommandLine& line, passes::PassConfig& passes);  ///< --feature-scale
Option* add_weights_option(CommandLine& line, passes::PassConfig& passes);        ///< --weights

}  // namespace emlc::cli
