#pragma once

#include "codegen/model/model.hpp"
#include "codegen/py/common/module.hpp"

namespace emlc::py {

/// The core of a network in int8: codes of the features in Python, layers in viper, the last sums as numbers.
/// Throws Error for a last activation that a module does not compute.
Core emit_network(const model::Model& model, const model::DenseNetwork& network);

}  // namespace emlc::py
