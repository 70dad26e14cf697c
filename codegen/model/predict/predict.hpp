#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

/// The plain interpreter: the answer every output has to agree with. Computes in double, rounding where the model says
/// so, in the model's order; clear before fast.
/// @param x  [n_features] as the caller has them, also where the input has a grid; NaN is a missing value
/// @return   [n_outputs] after the post-transform
std::vector<double> predict(const Model& model, std::span<const double> x);

/// The same before the post-transform: what libraries call margins or raw scores.
std::vector<double> predict_raw(const Model& model, std::span<const double> x);

/// What the predictor sees of x: its codes where the input has a grid, all steps and scalers
/// applied, in order: [n_columns].
std::vector<double> scaled(const Model& model, std::span<const double> x);

/// bias + weights * x of a dense layer.
std::vector<double> layer_sums(const DenseLayer& layer, std::span<const double> x);
/// The activation of the value of one unit; a softmax, which takes all values, leaves it.
double activate(const DenseLayer& layer, std::size_t unit, double z);
/// The activation of all units [n_out], in place.
void activate_layer(const DenseLayer& layer, std::vector<double>& y);

/// What the post-transform of an ensemble is applied to, for what its trees see: [n_outputs].
std::vector<double> sum_trees(const TreeEnsemble& ensemble, std::span<const double> x);

/// The same for an input that reaches these rows of leaf_values, one in each tree.
std::vector<double> sum_rows(const TreeEnsemble& ensemble, std::span<const RowId> rows);

/// The child of `split` that x goes to.
NodeId next_node(const Split& split, NumberType feature_type, std::span<const double> x);
/// The node where x ends in `tree`.
NodeId find_leaf(const Tree& tree, NumberType feature_type, std::span<const double> x);

/// One signal through a cascade, from its initial state; transposed direct form II. A cascade of integers rounds the
/// signal to its samples first, see to_sample.
std::vector<double> filter(const SosCascade& cascade, std::span<const double> signal);

/// The class index of each target; empty when the rule is none.
std::vector<std::int32_t> decide(const Output& output, std::span<const double> outputs);

/// Runs the embedded test vectors, a filter from a zero state; throws Error naming the row, the column and both numbers
/// when one does not match.
void replay(const Model& model, std::string_view file);

/// How far `changed` is from `reference` on the inputs: absolute differences over all outputs, decisions that differ.
struct Distance {
  std::size_t n_inputs = 0;
  double largest = 0.0, mean = 0.0;
  double changed_decisions = 0.0;  ///< share of inputs, 0 to 1
};
Distance measure_distance(const Model& reference, const Model& changed, std::span<const std::vector<double>> inputs);

/// Inputs that try every threshold of a tree ensemble: for each split, a base input with its feature exactly at, one
/// value below and one value above the threshold: values of input.type (of float32 where float64 inputs are rounded to
/// it) within the declared range. Deterministic. At most `limit` inputs, spread over all thresholds when there are
/// more. Each input reaches its split (where one can), starting from the test vectors. Empty for other kinds, and while
/// scalers are not folded. In front of a grid the values are float32 that have the codes at, below and above.
std::vector<std::vector<double>> boundary_inputs(const Model& model, std::size_t limit);

}  // namespace emlc::model
