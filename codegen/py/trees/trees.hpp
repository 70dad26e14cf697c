#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/py/common/module.hpp"

namespace emlc::py {

/// The core of `model`, whose predictor is `ensemble`: the trees as tables of bytes, a walker in viper, and Python that
/// makes outputs of its sums. Thresholds are values of the type of the features, see the pass narrow-features.
Core emit_trees(const model::Model& model, const model::TreeEnsemble& ensemble, const c::EmitConfig& config);

}  // namespace emlc::py
