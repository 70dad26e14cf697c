#pragma once

#include "codegen/model/dense/dense_network.hpp"
#include "codegen/model/scaler.hpp"

namespace emlc::passes {

/// The scaler in front of a layer, which does not clip, becomes part of its weights and its bias.
void fold_into_layer(const model::Scaler& scaler, model::DenseLayer& layer);

}  // namespace emlc::passes
