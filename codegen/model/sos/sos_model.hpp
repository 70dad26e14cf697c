#pragma once

#include "codegen/model/model.hpp"

namespace emlc::model {

/// The numbers of a filter in integers; nullptr for every other model. Part of `model`.
const FixedPoint* fixed_point_of(const Model& model);

}  // namespace emlc::model
