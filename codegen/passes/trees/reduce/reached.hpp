#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"

namespace emlc::passes {

/// The rows of leaf_values that inputs reach.
struct Reached {
  std::size_t n_trees = 0;
  std::vector<model::RowId> rows{};  ///< [n_inputs][n_trees]

  [[nodiscard]] std::span<const model::RowId> operator[](std::size_t input) const {
    return std::span(rows).subspan(input * n_trees, n_trees);
  }
  [[nodiscard]] std::span<model::RowId> operator[](std::size_t input) {
    return std::span(rows).subspan(input * n_trees, n_trees);
  }
};

/// @param inputs  as the caller of the model gives them
Reached reached_rows(const model::Model& model, const model::TreeEnsemble& ensemble,
                     std::span<const std::vector<double>> inputs);

/// The outputs, after the post-transform, for an input that reaches these rows: what model::predict says of it.
std::vector<double> outputs_of(const model::TreeEnsemble& ensemble, std::span<const model::RowId> rows);

/// True where each tree adds to all outputs, and outputs are the mean of the trees: their order says nothing.
bool is_forest(const model::TreeEnsemble& ensemble);

}  // namespace emlc::passes
