#pragma once

#include <string>
#include <vector>

#include "codegen/c/common/emit.hpp"

namespace emlc::c {

/// How a program calls the model, as lines of the comment at the top: the functions that there are, and a few lines of
/// code that compile as they stand.
/// @param prototypes  of the functions, as prototypes() gives them
std::string usage_text(const model::Model& model, const EmitConfig& config, const std::vector<std::string>& prototypes);

}  // namespace emlc::c
