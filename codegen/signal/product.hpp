#pragma once

#include "codegen/model/model.hpp"
#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// A plan and the model of its features: from samples to a decision. What changes both keeps this true.
struct Product {
  Plan plan{};
  model::Model model{};  ///< feature i of its input is feature i of the plan
};

/// Proves that the model takes the features of the plan: as many, of the same names in the same order, in a type that
/// can have them. Throws Error with the field of the model.
void check_product(const Plan& plan, const model::Model& model);

}  // namespace emlc::signal
