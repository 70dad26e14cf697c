#pragma once

#include <vector>

#include "codegen/model/dense/dense_network.hpp"

namespace emlc::passes {

/// [n_in] which inputs a network looks at: all but those that are multiplied by 0 alone, where 0 comes of it.
/// @param is_finite  [n_in] inputs that are never infinite or NaN
std::vector<char> used_inputs(const model::DenseNetwork& network, const std::vector<char>& is_finite);

/// Takes the weights of the inputs that are not used.
void keep_inputs(model::DenseNetwork& network, const std::vector<char>& is_used);

}  // namespace emlc::passes
