#pragma once

#include <utility>
#include <vector>

#include "codegen/model/model.hpp"

/// Small models for tests.
namespace emlc::model::samples {

/// x[feature] < threshold gives row 0, otherwise row 1; NaN gives row 1.
inline Tree stump(std::int32_t feature, double threshold) {
  return {.nodes = {Split{.feature = feature, .threshold = threshold, .left = 1, .right = 2, .default_child = 2},
                    Leaf{0}, Leaf{1}},
          .first_output = 0};
}

/// A regression of one output: `leaves[0]` below the threshold, else `leaves[1]`, in float64.
inline TreeEnsemble stump_ensemble(double threshold, std::vector<double> leaves) {
  TreeEnsemble ensemble;
  ensemble.n_features = 1;
  ensemble.leaf_values = std::move(leaves);
  ensemble.trees = {stump(0, threshold)};
  ensemble.base_score = {0.0};
  return ensemble;
}

inline Model regression(Predictor predictor, std::int32_t n_features = 1, std::int32_t n_outputs = 1) {
  Model model;
  model.input.n_features = n_features;
  model.output.n_outputs = n_outputs;
  model.output.targets = {{.name = "y", .size = n_outputs}};
  model.predictor = std::move(predictor);
  return model;
}

inline Model filter_of(SosCascade cascade) {
  Model model;
  model.input.n_features = 1;
  model.output.task = Task::filter;
  model.predictor = std::move(cascade);
  return model;
}

}  // namespace emlc::model::samples
