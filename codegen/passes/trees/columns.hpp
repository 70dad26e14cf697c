#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::passes {

void for_each_split(model::TreeEnsemble& ensemble, const std::function<void(model::Split&)>& change);

/// [width] which columns of a row of `width` the splits look at.
std::vector<char> used_columns(const model::TreeEnsemble& ensemble, std::size_t width);

/// Columns get their new numbers: [width], of those that no split looks at anything.
void renumber(model::TreeEnsemble& ensemble, const std::vector<std::int32_t>& numbers);

}  // namespace emlc::passes
