#pragma once

#include <cstdint>
#include <limits>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/model/model.hpp"

namespace emlc::layout {

/// How the class follows from the sums of a layer 71.
struct LinkedDecision {
  int kind = 0;  ///< EMLC_LINKED_...
  /// What the sum is compared with. Of EMLC_LINKED_LARGEST a sum that no other can pass any more; INT32_MAX where there
  /// is none.
  std::int64_t bound = std::numeric_limits<std::int32_t>::max();
  /// Of comparisons: no tree adds more, and none takes anything off. 0 where one does.
  std::int64_t most = 0;
};

/// @param leaves  the integers that are summed, or votes
LinkedDecision linked_decision(const model::Model& model, const model::TreeEnsemble& ensemble, const LeafTable& leaves);

}  // namespace emlc::layout
