#pragma once

#include <vector>

#include "codegen/model/model.hpp"
#include "codegen/passes/dense/integer_layers.hpp"

namespace emlc::passes {

using LayerRanges = std::vector<std::vector<Range>>;  ///< [n_layers][n_out] before the activation

/// What the data says about the float network.
struct Calibration {
  const model::DenseNetwork& network;
  model::NumberType type;
  std::vector<Range> features{};              ///< [n_features], as declared and on the data
  std::vector<std::vector<double>> means{};   ///< [n_features], then [n_out] of the activations of each layer
  LayerRanges observed{};                     ///< on the data
  LayerRanges layers{};                       ///< on the data, and where more data of its kind is likely to go
  std::vector<Compensation> compensations{};  ///< [n_layers]
  /// A part of the data, and what the last layer gives to it before its activation.
  std::vector<std::vector<double>> inputs{}, outputs{};
};

/// Runs the data, at least one row, through the float network. The network has to outlive the result.
Calibration calibrate(const model::Model& model, const model::DenseNetwork& network,
                      const std::vector<std::vector<double>>& data);

/// Inputs at the ends of the features: all at their own lowest, all at their own highest, the same with the lowest and
/// the highest of all features, and alternating.
std::vector<std::vector<double>> extremes_of(const Calibration& calibration);

/// `ranges` of the layers of `network`, wider where `inputs` go further, up to `furthest` times as far.
LayerRanges ranges_reaching(const model::DenseNetwork& network, const LayerRanges& ranges,
                            const std::vector<std::vector<double>>& inputs, double furthest);

/// All of the ranges together.
Range range_of(const std::vector<Range>& ranges);
/// Of the input and of what each layer gives, with the extremes up to twice as far as the data; of the last before its
/// activation.
std::vector<Range> observed_ranges(const Calibration& calibration);

}  // namespace emlc::passes
