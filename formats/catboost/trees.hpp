#pragma once

#include "codegen/model/trees/tree_ensemble.hpp"
#include "formats/catboost/document.hpp"

namespace emlc::formats::catboost {

/// The trees of a document, with their leaves; without scale, bias and transform. Its number of outputs is what the
/// leaves of the first tree have.
model::TreeEnsemble build_trees(const Origin& origin, const Document& document, std::int32_t n_features);

}  // namespace emlc::formats::catboost
