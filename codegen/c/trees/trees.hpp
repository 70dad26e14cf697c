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

/// The core of `model`, whose predictor is `ensemble`, as inline code or as a table with its walker. The ensemble's
/// thresholds are values of the device's feature type (pass narrow-features), or become so here.
Core emit_trees(const model::Model& model, const model::TreeEnsemble& ensemble, const EmitConfig& config);

}  // namespace emlc::c
