#pragma once

#include <vector>

#include "codegen/model/steps/step.hpp"

namespace emlc::passes {

/// Columns [first, first + n) of the run of a step that makes each column of itself, as a step of their own.
model::Step slice_of(const model::Step& step, std::size_t first, std::size_t n);

/// The same for all but some columns of the run: a step for each stretch of those that stay.
/// @param is_gone  [columns of the run]
std::vector<model::Step> without_columns(const model::Step& step, const std::vector<char>& is_gone);

}  // namespace emlc::passes
