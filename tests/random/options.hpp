#pragma once

#include <cstddef>

#include "tests/random/document.hpp"

namespace emlc::random {

enum class Family { trees, network, filter, scaler, combination };

/// Options of `convert` for the case number `index` of a family: an object of option names without their dashes, with
/// true for one that takes no value. Any as many cases in a row as cover_size() says have every pair of values of any
/// two options.
Json options_of(Family family, std::size_t index);
std::size_t cover_size(Family family);

}  // namespace emlc::random
