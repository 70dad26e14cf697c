#pragma once

#include <cstddef>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

/// Inputs that try the steps of a model: each number that a step compares a column with which is a feature as it comes
/// (an edge, a category, a threshold, what stands for missing), and the values of `type` below and above it, as far as
/// the feature may have them, and NaN where `type` has it. The other features are those of the test vectors, or 0, or
/// what they may have next to it. At most `limit`.
std::vector<std::vector<double>> step_inputs(const Model& model, NumberType type, std::size_t limit);

}  // namespace emlc::model
