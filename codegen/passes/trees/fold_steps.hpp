#pragma once

#include <cstddef>

#include "codegen/model/model.hpp"

namespace emlc::passes {

/// The steps and scalers behind the last one that mixes columns become part of the splits: a choice of columns of their
/// features, functions of one column of their thresholds, exactly, with several splits that share their children where
/// a function is not monotone. The steps in front of it stay, without the results that no split looks at.
/// @param type  of the features on the device
/// @return      how many steps and scalers are gone
std::size_t fold_into_trees(model::Model& model, model::TreeEnsemble& ensemble, model::NumberType type);

}  // namespace emlc::passes
