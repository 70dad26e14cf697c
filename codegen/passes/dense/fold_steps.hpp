#pragma once

#include <cstddef>
#include <vector>

#include "codegen/model/dense/dense_network.hpp"
#include "codegen/model/steps/step.hpp"

namespace emlc::passes {

/// The last steps in front of a network become part of its first layer, in double, where that only rounds and takes no
/// more weights: products with a matrix, and columns in another order.
/// @param width  of the row in front of the steps
/// @return       how many steps are gone
std::size_t fold_into_network(std::vector<model::Step>& steps, model::DenseNetwork& network, std::size_t width);

}  // namespace emlc::passes
