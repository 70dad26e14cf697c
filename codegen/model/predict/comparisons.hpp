#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::model {

/// How many splits an input passes on its way through all trees.
struct Comparisons {
  std::size_t worst = 0;         ///< on the longest ways
  std::optional<double> mean{};  ///< over the inputs; nothing when there are none
};

/// Nothing for a model that is not made of splits.
/// @param inputs  [n][n_features] as the caller of the model gives them
std::optional<Comparisons> count_comparisons(const Model& model, std::span<const std::vector<double>> inputs);

/// The same for the predictor of `model`.
Comparisons count_comparisons(const Model& model, const TreeEnsemble& ensemble,
                              std::span<const std::vector<double>> inputs);

}  // namespace emlc::model
