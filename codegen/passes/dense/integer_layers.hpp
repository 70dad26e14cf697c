#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codegen/model/dense/dense_network.hpp"
#include "codegen/passes/dense/weight_rounding.hpp"

/// One layer of a dense network in integers; see quantize_dense.cpp for what chooses between the ways to do it.
namespace emlc::passes {

using Range = model::ValueRange;

/// What codes mean: the real value of code c of value i is scale[i] * (c - zero[i]). On the data it is mean[i], and
/// there rounding a weight of it makes no difference: biases see to that.
struct CodeMeaning {
  std::vector<double> scale, zero, mean;
};

/// A layer with float weights, and the codes that come in.
struct LayerInput {
  const model::DenseLayer& layer;
  const model::IntegerForm& form;
  const CodeMeaning& codes;
  std::int32_t largest_code;     ///< magnitude
  std::span<const double> mean;  ///< [n_out] of the activations, on the data
  const Compensation& compensation;
};

struct QuantizedLayer {
  model::IntegerLayer layer{};
  CodeMeaning codes{};  ///< of what it gives; of the last layer, of its sums
};

/// ReLU. Each row has the finest step that its weights and its largest activation allow, since the layer that follows
/// can undo any positive factor of a row: the scale is per row, and all rows share one shift.
/// @param highest  [n_out] largest activation of each row
QuantizedLayer quantize_relu(const LayerInput& input, std::span<const double> highest, int shift);
/// Any other activation, as a curve over `range` or more; all rows share one step.
QuantizedLayer quantize_curve(const LayerInput& input, Range range);
/// The last layer: all rows share one step. `spread` is how far apart its real outputs are.
QuantizedLayer quantize_last(const LayerInput& input, double spread);

}  // namespace emlc::passes
