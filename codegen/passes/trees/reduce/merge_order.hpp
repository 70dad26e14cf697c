#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "codegen/model/model.hpp"

/// The order in which the splits of an ensemble become leaves, from the bottom up: next is always the one of those with
/// two leaves below that costs least.
namespace emlc::passes {

/// A split that becomes a leaf.
struct Merge {
  std::size_t tree = 0;
  model::NodeId node = 0;
  model::RowId row = 0;  ///< of the leaf that it becomes, see MergeOrder::leaf_values
};

struct MergeOrder {
  std::vector<Merge> merges{};        ///< all splits, each behind those below it
  std::vector<double> leaf_values{};  ///< the rows of the ensemble, then new ones
};

/// @param inputs  as the caller of the model gives them: what they reach costs most, see note [cost]
MergeOrder merge_order(const model::Model& model, const model::TreeEnsemble& ensemble,
                       std::span<const std::vector<double>> inputs);

}  // namespace emlc::passes
