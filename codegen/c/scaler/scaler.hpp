#pragma once

#include <string_view>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"

namespace emlc::c {

/// Adds `FUNCTION void scale_(const FEATURE *x, float *out)`: all steps and scalers of the model in order, each in
/// float32. out may be x when features are floats and there are scalers alone.
void add_scaler(Core& core, const model::Model& model, const Names& names);

/// A core that is nothing but scale_.
Core emit_scaler(const model::Model& model, const Names& names);

}  // namespace emlc::c
