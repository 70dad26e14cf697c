#include <algorithm>
#include <vector>

#include "codegen/model/kind.hpp"
#include "codegen/passes/chains/fold_jumps.hpp"
#include "codegen/passes/dense/fold_into_layer.hpp"
#include "codegen/passes/dense/fold_steps.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/scalers.hpp"
#include "codegen/passes/steps.hpp"
#include "codegen/passes/trees/fold_steps.hpp"
#include "codegen/passes/value_order.hpp"

namespace emlc::passes {
namespace {

using model::NumberType;

std::size_t fold(model::Model& model, model::DenseNetwork& network, NumberType type) {
  std::size_t n_folded = fold_jumps(model, type) + join_neighbours(model.scalers);
  while (!model.scalers.empty()) {
    // What cannot be folded, or leaves something in front, is the last one that the network sees.
    const Fold fold = fold_far_scaler(model.scalers.back(), network.layers.front());
    if (fold != Fold::nothing) ++n_folded;
    if (fold != Fold::all) break;
    model.scalers.pop_back();
  }
  if (model.scalers.empty())
    n_folded += fold_into_network(model.steps, network, static_cast<std::size_t>(model.input.n_features));
  return n_folded + simplify(model.steps) + keep_digits(model.scalers);
}

/// Steps and scalers that nothing takes in.
std::size_t fold(model::Model& model, NumberType type) {
  const std::size_t n_changed = fold_jumps(model, type) + join_neighbours(model.scalers);
  return n_changed + simplify(model.steps) + keep_digits(model.scalers);
}

/// In front of all that the model has.
void prepend(model::Model& model, const std::vector<model::Scaler>& scalers) {
  if (model.steps.empty()) {
    model.scalers.insert(model.scalers.begin(), scalers.begin(), scalers.end());
    return;
  }
  std::vector<model::Step> steps;
  for (const model::Scaler& scaler : scalers) steps.push_back({.kind = scaler});
  model.steps.insert(model.steps.begin(), steps.begin(), steps.end());
}

/// Scalers alone go into the members, in which they disappear. What clips may have to be computed, once for all then;
/// so has what others take too: those behind in a chain, and a final model.
std::size_t fold(model::Model& model, model::Combination& combination, NumberType type) {
  const bool clips = std::any_of(model.scalers.begin(), model.scalers.end(),
                                 [](const model::Scaler& scaler) { return scaler.clip.has_value(); });
  if (!model.steps.empty() || clips || combination.is_chained || combination.passes_columns) return fold(model, type);
  const std::size_t n_scalers = model.scalers.size();
  for (model::Member& member : combination.members) prepend(member.model, model.scalers);
  model.scalers.clear();
  return n_scalers;
}

}  // namespace

PassResult fold_scaler(model::Model& model, const PassConfig& config) {
  if (takes_inputs(model)) return {};
  // The device may be given values between those of the declared type: the thresholds are for what it is given.
  const NumberType type = device_type(model.input.type, config.features);
  const std::size_t n_changed = std::visit(
      model::Overloaded{[&](std::monostate) { return fold(model, type); },
                        [&](model::TreeEnsemble& ensemble) { return fold_into_trees(model, ensemble, type); },
                        [&](model::DenseNetwork& network) { return fold(model, network, type); },
                        [](model::SosCascade&) { return std::size_t{0}; },
                        [&](model::Combination& combination) { return fold(model, combination, type); }},
      model.predictor);
  return {.changes = n_changed};
}

}  // namespace emlc::passes
