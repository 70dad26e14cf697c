#pragma once

#include <span>

#include "codegen/model/model.hpp"

namespace emlc::formats {

/// The names that the MLP CSV has for them, in the order of the enumerators.
std::span<const model::Activation> all_activations();
std::span<const model::ScalerOp> all_scaler_ops();
std::string_view scaler_op_name(model::ScalerOp op);

}  // namespace emlc::formats
