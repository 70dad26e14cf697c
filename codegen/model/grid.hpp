#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

// Features on a grid: a device takes codes, integers of input.type, that stand for the values of its caller. On the
// host every model takes the values of the caller, with a grid or without.

/// The code of a value of feature `feature`: value * grid, rounded to nearest with halves away from 0, limited to the
/// type. NaN has the code 0. Value, grid and product are float32, as on the device, which computes the same codes.
double encode_feature(const Input& input, std::size_t feature, double value);
/// A float32 that has this code, next to the middle of those that have it.
double decode_feature(const Input& input, std::size_t feature, double code);

/// The same for all features, which are copied where there is no grid.
std::vector<double> encoded(const Input& input, std::span<const double> x);
std::vector<double> decoded(const Input& input, std::span<const double> codes);

/// The type of the values that a caller has: float32 in front of a grid, else that of the input.
NumberType given_type(const Input& input);

}  // namespace emlc::model
