#pragma once

#include <vector>

#include "codegen/c/combine/combine.hpp"
#include "codegen/model/model.hpp"

namespace emlc::c {

/// The models that a combination is computed by, and where its members are among them.
struct JoinedModels {
  std::vector<model::Model> models;  ///< of the members, then the final model
  Parts parts{};
};

/// Takes out the members that a mean counts 0 times, where that is 0 whatever the input: those of trees, whose sums are
/// finite. Of a network, or of steps alone, infinity or NaN times 0 would be NaN, and they stay.
void drop_weightless(model::Combination& combination);

/// Neighbours among the members become one model with the outputs of all, so that they have one walk over one table, or
/// one layer: trees of one output and single layers, where all that is around them is the same. What each output is
/// stays as it was, but for the rounding of leaves, which have a unit for all or each their own. Where
/// speed counts, trees stay apart, whose sums are then in registers, but for those of pairs.
JoinedModels join_members(const model::Combination& combination, Optimize optimize);

}  // namespace emlc::c
