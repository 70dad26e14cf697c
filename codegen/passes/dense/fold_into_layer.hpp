#pragma once

#include "codegen/model/dense/dense_network.hpp"
#include "codegen/model/scaler.hpp"

namespace emlc::passes {

/// The scaler in front of a layer, which does not clip, becomes part of its weights and its bias.
void fold_into_layer(const model::Scaler& scaler, model::DenseLayer& layer);

/// True when no number of the layer loses digits in float32, or is beyond it.
bool fits_float32(const model::DenseLayer& layer);

enum class Fold {
  nothing,      ///< the scaler clips, or a number would leave float32
  all_but_far,  ///< the scaler now only takes away the offsets that are far off, which are float32 values
  all           ///< the scaler is not needed any more
};
/// Moves of the scaler what a layer in float32 can take; what an offset far off leaves is `x - offset` in front.
Fold fold_far_scaler(model::Scaler& scaler, model::DenseLayer& layer);

}  // namespace emlc::passes
