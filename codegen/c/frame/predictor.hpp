#pragma once

#include "codegen/c/common/emit.hpp"
#include "codegen/c/common/names.hpp"

namespace emlc::c {

/// What stands between the core of a predictor and the API: scalers that are left in the model, the post-transform and
/// the decision. Adds to the definitions
///   FUNCTION void outputs_(const FEATURE *x, float *out);  all output columns after the post-transform
/// and, when the model has a rule,
///   FUNCTION int classify_(const FEATURE *x);  one target
///   FUNCTION void classify_(const FEATURE *x, int *classes);  several targets
/// and, with a filter of decisions,
///   FUNCTION int voted_(const FEATURE *x);  the class, or -1 where the margin is smaller than what the filter asks for
/// For an integer network also outputs_q_ and classify_q_, which take the codes of an input.
/// @param filter  null: there is none
void add_predictor(Core& core, const model::Model& model, const signal::DecisionFilter* filter, const Names& names);

/// The same functions of a model that is its scalers alone, as a part of a combination, whose core has scale_.
void add_scaler_answers(Core& core, const model::Model& model, const Names& names);

}  // namespace emlc::c
