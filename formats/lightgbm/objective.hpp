#pragma once

#include "codegen/model/model.hpp"
#include "formats/lightgbm/parts.hpp"

namespace emlc::formats::lightgbm {

/// Fills the outputs and the transform of a model from the objective of its header, computed in double as the library
/// does. Throws by `refuse` for an objective that is unknown or does not fit the number of classes.
void set_objective(const Header& header, model::Model& model, model::PostTransform& transform, const RefuseKey& refuse);

}  // namespace emlc::formats::lightgbm
