#pragma once

#include <string>

#include "codegen/c/common/emit.hpp"

namespace emlc::c {

/// Class names and feature names of the model for its user; empty when it has none. Nothing of it takes flash unless
/// it is used. Throws Error for a class name that no C99 compiler takes.
std::string labels_text(const model::Model& model, const EmitConfig& config);

}  // namespace emlc::c
