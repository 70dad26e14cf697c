#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/leaf_rows.hpp"

namespace emlc::passes {

PassResult dedupe_leaves(model::Model& model, const PassConfig& /*config*/) {
  auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr) return {};
  DistinctRows rows = distinct_rows(*ensemble);
  const std::size_t n_before = ensemble->n_rows();
  replace_rows(*ensemble, std::move(rows.values), rows.index_of_row);
  return {.changes = n_before - ensemble->n_rows()};
}

}  // namespace emlc::passes
