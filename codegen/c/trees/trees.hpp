#pragma once

#include "codegen/c/common/emit.hpp"

namespace emlc::c {

/// The core of `model`, whose predictor is `ensemble`, as inline code or as a table with its walker. The ensemble's
/// thresholds are values of the device's feature type (pass narrow-features), or become so here.
Core emit_trees(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config);

}  // namespace emlc::c
