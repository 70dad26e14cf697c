#pragma once

#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

/// The values that a feature may have: those of its type in [low, high], none where low is above high.
struct Interval {
  double low, high;
};

/// [n_features] of what the model declares, as values of `type`; all of the type where it declares nothing. Missing
/// values come besides.
std::vector<Interval> declared_ranges(const Input& input, NumberType type);

}  // namespace emlc::model
