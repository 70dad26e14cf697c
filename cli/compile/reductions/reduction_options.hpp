#pragma once

#include <vector>

#include "cli/compile/options.hpp"
#include "cli/console/command_line.hpp"

namespace emlc::cli {

/// The options that take parts of a model away, or fit them to data, and --data-labels: a part of
/// add_compile_options().
std::vector<Option*> add_reduction_options(CommandLine& line, CompileOptions& options);

/// --split-seed and --groups, behind --data.
std::vector<Option*> add_split_options(CommandLine& line, CompileOptions& options);

}  // namespace emlc::cli
