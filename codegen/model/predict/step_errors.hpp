#pragma once

#include <span>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

/// Numbers on their way through a model, and what a device that computes in float32 may be off by.
struct Values {
  std::vector<double> values, errors;
};

/// The columns behind all steps of a model, before its scalers. Errors are infinite where anything may come of it: a
/// function that jumps, or is not there, near the value.
/// @param n_computed  of the steps, from the first one on, that the device computes; the others are exact
Values columns_behind(const Model& model, std::span<const double> x, std::size_t n_computed);
/// The same for a row that is off by errors of its own; without a grid.
Values columns_behind(const Model& model, Values at, std::size_t n_computed);

/// How many steps the device computes in front of trees: see passes::fold_into_trees.
std::size_t n_computed(std::span<const Step> steps, std::size_t width);

}  // namespace emlc::model
