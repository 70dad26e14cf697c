#pragma once

#include <functional>

#include "tests/random/document.hpp"

namespace emlc::random {

/// Calls `take` with documents that are a step smaller than this one, the largest steps first: fewer trees, layers,
/// scalers, splits, sections, outputs or features, numbers that are simpler, optional keys left out. Some of them may
/// not be valid: whoever looks for a failure sees that it is another one.
void for_each_smaller(const Json& document, const std::function<void(const Json&)>& take);

}  // namespace emlc::random
