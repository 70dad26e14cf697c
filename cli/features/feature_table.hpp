#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codegen/signal/plan.hpp"

namespace emlc::cli {

/// One row for each complete window of the recordings, in order.
struct FeatureTable {
  /// Where a row comes from.
  struct Origin {
    std::string file;
    std::size_t first_frame = 0;
    std::string label{};  ///< empty: none
  };
  std::vector<double> values{};   ///< [n_rows][n_features]
  std::vector<Origin> origins{};  ///< [n_rows]
};

/// The table as NPY in feature_type() of the plan: [n_rows][n_features].
std::string feature_npy(const signal::Plan& plan, const FeatureTable& table);
/// With the names of the features as a header; integers as they are, the rest as the shortest text of its float32.
std::string feature_csv(const signal::Plan& plan, const FeatureTable& table);
/// `file,first_frame` of each row, and `label` where there are labels.
std::string index_csv(const FeatureTable& table, bool has_labels);

}  // namespace emlc::cli
