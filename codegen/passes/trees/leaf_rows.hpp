#pragma once

#include <vector>

#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::passes {

/// The leaf rows that are in use, each content once (bit for bit, -0 equals 0), in order of first use.
struct DistinctRows {
  std::vector<double> values{};  ///< [n][leaf_width], without -0
  std::vector<model::RowId>
      index_of_row{};  ///< [n_rows] index into values for a row of the ensemble, -1 for unused rows
};
DistinctRows distinct_rows(const model::TreeEnsemble& ensemble);

/// Replaces the table of the ensemble; row r of the old one becomes `new_row[r]`.
void replace_rows(model::TreeEnsemble& ensemble, std::vector<double> values, const std::vector<model::RowId>& new_row);

}  // namespace emlc::passes
