#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::passes {

/// Takes results that are not used from the last step of a model, where its kind allows it.
/// @param is_used  [n_columns]
/// @return         the new number of each column that is still there
std::vector<std::int32_t> drop_results(model::Model& model, const std::vector<char>& is_used);

/// Scalers in front of a linear step of the same columns become part of it, where that only rounds.
/// @return  how many steps are gone
std::size_t simplify(std::vector<model::Step>& steps);

}  // namespace emlc::passes
