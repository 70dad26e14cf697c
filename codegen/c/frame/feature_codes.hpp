#pragma once

#include <string>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"

namespace emlc::c {

/// Adds what makes codes of features on a grid (model::Input::grid) to a header's definitions, and says so in its
/// banner; nothing without a grid.
void add_feature_codes(Core& core, const model::Model& model, const Names& names);

/// NAME_quantize of such a model; empty without a grid.
std::string feature_codes_text(const model::Model& model, const EmitConfig& config, const Names& names);

}  // namespace emlc::c
