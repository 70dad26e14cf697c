#pragma once

#include <string_view>
#include <vector>

#include "codegen/c/common/names.hpp"
#include "codegen/layout/artifact.hpp"

namespace emlc::c {

/// What push and the look at a window take at -Os on each target, beside tables and what they call of libraries: by the
/// words of the functions behind `push_` and `looks`, in numbers that are fitted to compilers;
/// docs/architecture.md says how far off they are.
/// @param definitions  those of SignalCode
/// @param looks        the function that looks at a complete window, `ranks_` or `window_features_`
std::vector<layout::CodeEstimate> estimate_signal(std::string_view definitions, std::string_view looks,
                                                  const Names& names);

}  // namespace emlc::c
