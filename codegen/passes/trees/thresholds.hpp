#pragma once

#include <functional>

#include "codegen/model/model.hpp"

namespace emlc::passes {

/// Calls `see(feature, threshold)` for each split that compares what the caller gives: none behind scalers, and none of
/// other kinds of models.
void for_each_given_threshold(const model::Model& model, const std::function<void(std::size_t, double)>& see);

}  // namespace emlc::passes
