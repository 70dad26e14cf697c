#pragma once

#include <span>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::cli::fit {

/// What an input takes on average, in steps of its kind: comparisons of trees, multiplications of networks and filters
/// (of a filter for each sample), those of all parts of a combination. To compare models of one kind with.
double operations_of(const model::Model& model, std::span<const std::vector<double>> inputs);

}  // namespace emlc::cli::fit
