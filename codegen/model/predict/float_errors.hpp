#pragma once

#include <span>
#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/model/predict/step_errors.hpp"

namespace emlc::model {

/// How far a device that computes in float32 may be from predict() for x, which it holds exactly: an estimate of the
/// rounding of each step, carried through the steps behind it. Terms that cancel leave what rounding took of each of
/// them. Several times what devices show, but no bound: errors of either sign are added as squares.
/// @param network  the predictor of the model; empty answer where it is in integers, which are exact
/// @param x        [n_features], finite
/// @return         [n_outputs], absolute, of the outputs behind the post-transform; 0 where nothing can be said
std::vector<double> float_errors(const Model& model, const DenseNetwork& network, std::span<const double> x);

/// The same for a model that is its steps and scalers alone. Infinite where anything may come of a step.
std::vector<double> float_errors(const Model& model, std::span<const double> x);

/// The same for trees behind steps that the device computes: what the leaves on both sides of a split make of it whose
/// column is off by more than it is from the threshold.
std::vector<double> float_errors(const Model& model, const TreeEnsemble& ensemble, std::span<const double> x);

/// The answer of any model but a filter, and what float32 may be off by, for a row that is off itself. Of a combination
/// the errors go through the members, the rule and the final model; a decision that may go either way is off by what
/// that changes.
Values float_answer(const Model& model, Values x);
/// The same for a row that is exact.
Values float_answer(const Model& model, std::span<const double> x);

}  // namespace emlc::model
