#pragma once

#include <string>

#include "codegen/model/trees/tree_ensemble.hpp"
#include "formats/text/json_events.hpp"
#include "formats/xgboost/document.hpp"

namespace emlc::formats::xgboost {

/// Where the trees of a document are, and what is known of all of them.
struct TreeContext {
  const json::Source& source;
  const std::string path;  ///< of the object that has `trees`
  std::int32_t n_features, n_outputs;
};

/// The first `n_trees` trees of the booster, with their leaves, weighted for dart; without base scores and transform.
/// Empties the trees that it reads.
model::TreeEnsemble build_trees(const TreeContext& context, Booster& booster, std::size_t n_trees);

}  // namespace emlc::formats::xgboost
