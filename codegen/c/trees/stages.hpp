#pragma once

#include <cstdint>
#include <vector>

#include "codegen/layout/trees/leaves.hpp"
#include "codegen/layout/trees/plan.hpp"
#include "codegen/model/trees/tree_ensemble.hpp"

namespace emlc::c {

/// A place between two trees where the sums so far may tell the decision.
struct Stage {
  /// Of several outputs: the largest sum stays the largest where it is further than this above the second.
  std::int64_t lead = 0;
  /// Of one output that is compared with a bound: a sum from `high` on stays at or above the bound, one below `low`
  /// stays below.
  std::int64_t low = 0, high = 0;
};

/// Stages are evenly spaced: stage i comes before tree first + i * step of the plan, never the first tree. The last one
/// is behind all trees, where everything is decided.
struct Stages {
  std::uint32_t first = 0, step = 0;
  std::vector<Stage> stages{};  ///< empty: all trees are asked
};

/// note [early decisions]
/// Sums of integers are the same in any order, and what the trees to come can add is known: no less than the smallest
/// leaf of each, no more than the largest. Where that cannot change the decision any more, the rest of the trees need
/// not be asked, and the answer is the same for every input. Boosting adds the large leaves first, so it often is.
///
/// What a tree can add, and to which output.
struct TreeRange {
  std::int64_t low = 0, high = 0;
  std::size_t output = 0;
};
/// [n_trees] in the order of the plan.
std::vector<TreeRange> tree_ranges(const model::TreeEnsemble& ensemble, const layout::LeafTable& leaves,
                                   const layout::TreePlan& plan);

/// What the sums are between which a lead is: of the leaves so far, or with the smallest leaf of each tree that is
/// still to come, so that none can get smaller.
enum class LeadOf { leaves, remainders };

/// The stages of trees whose leaves are single integers. The first stage is where a decision is possible at all; there
/// are at most a few, since each is looked at and takes room. Empty where that cannot be before most trees are asked.
Stages lead_stages(const model::TreeEnsemble& ensemble, const layout::LeafTable& leaves, const layout::TreePlan& plan,
                   LeadOf lead_of = LeadOf::leaves);

/// The same for one output whose sum, `leaves.start` included, is compared with `bound`.
Stages bound_stages(const model::TreeEnsemble& ensemble, const layout::LeafTable& leaves, const layout::TreePlan& plan,
                    std::int64_t bound);

}  // namespace emlc::c
