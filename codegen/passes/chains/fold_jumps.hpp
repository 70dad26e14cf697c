#pragma once

#include <cstddef>

#include "codegen/model/model.hpp"

namespace emlc::passes {

/// Makes steps that jump (bins, binarize, one_hot, lookup, missing_indicator, and quantile where quantiles are equal)
/// look at the columns that are given: what scalers and other functions of one column in front of them compute is in
/// their edges, categories and quantiles then. Computed in float32, a value that lies on an edge would miss it by a
/// rounding. Exact for every value of the type.
/// @param type  of the row that is given
/// @return      how many steps changed
std::size_t fold_jumps(model::Model& model, model::NumberType type);

}  // namespace emlc::passes
