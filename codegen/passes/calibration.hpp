#pragma once

#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/passes/integer_layers.hpp"

namespace emlc::passes {

/// What the data says about the float network.
struct Calibration {
  const model::DenseNetwork& network;
  model::NumberType type;
  std::vector<Range> features{};             ///< [n_features]
  std::vector<std::vector<double>> means{};  ///< [n_features], then [n_out] of the activations of each layer
  std::vector<std::vector<Range>> layers{};  ///< [n_layers][n_out] before the activation
  /// A part of the data, and what the last layer gives to it before its activation.
  std::vector<std::vector<double>> inputs{}, outputs{};
};

/// Runs the data, at least one row, and inputs at the ends of the features through the float network. The network has
/// to outlive the result.
Calibration calibrate(const model::Model& model, const model::DenseNetwork& network,
                      const std::vector<std::vector<double>>& data);

/// All of the ranges together.
Range range_of(const std::vector<Range>& ranges);
/// Of the input and of what each layer gives; of the last before its activation.
std::vector<Range> observed_ranges(const Calibration& calibration);

}  // namespace emlc::passes
