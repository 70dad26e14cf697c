#pragma once

#include <optional>

#include "codegen/c/common/emit.hpp"
#include "codegen/c/trees/code.hpp"
#include "codegen/c/trees/table/table.hpp"

namespace emlc::c {

/// What emit_trees prints: inline code, or a table.
struct PlannedTrees {
  TreeCode code;
  std::optional<TableTrees> table;
};
PlannedTrees plan_tree_code(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config);

/// How far the output of an ensemble, before its post-transform, is off at most, the largest of all outputs: by the
/// leaves of a header, and where leaves are added in float32, n_trees * 2^-24 * |its largest sum|.
struct SumError {
  double rounding = 0.0, float32 = 0.0;
};
/// Nothing where leaves are not fixed point that rounds, or are rows.
std::optional<SumError> sum_error(const model::Model& model, const model::TreeEnsemble& ensemble);

/// The core of `model`, whose predictor is `ensemble`, as inline code or as a table with its walker. The ensemble's
/// thresholds are values of the device's feature type (pass narrow-features), or become so here.
Core emit_trees(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config);

}  // namespace emlc::c
