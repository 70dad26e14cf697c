#include <fmt/format.h>

#include <algorithm>

#include "codegen/model/error.hpp"
#include "codegen/passes/passes.hpp"

namespace emlc::passes {
namespace {

/// What is not a vote of class proportions about the model; empty when all is.
std::string obstacle(const model::Model& model) {
  const auto* ensemble = std::get_if<model::TreeEnsemble>(&model.predictor);
  if (ensemble == nullptr) return fmt::format("a {}", model::kind_name(model));
  if (model.output.task != model::Task::classification) return fmt::format("a {} model", name(model.output.task));
  if (model.output.targets.size() != 1) return fmt::format("a model of {} targets", model.output.targets.size());
  if (ensemble->leaf_width == 1) return "boosted: its leaves add to a single output";
  if (model.output.rule != model::DecisionRule::argmax) {
    return fmt::format("decided by '{}'", name(model.output.rule));
  }
  if (ensemble->post_transform.kind != model::PostTransformKind::identity) {
    return fmt::format("transformed by {}", name(ensemble->post_transform.kind));
  }
  const bool has_base =
      std::any_of(ensemble->base_score.begin(), ensemble->base_score.end(), [](double score) { return score != 0.0; });
  return has_base ? "summed on top of a base score" : "";
}

}  // namespace

PassResult hard_vote(model::Model& model, const PassConfig& /*config*/) {
  if (const std::string what = obstacle(model); !what.empty()) {
    throw Error({.field = "--voting"},
                fmt::format("hard needs a classifier whose leaves hold class proportions, the model is {}", what));
  }
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  PassResult result;
  const auto width = static_cast<std::ptrdiff_t>(ensemble.leaf_width);
  std::vector<double> vote(static_cast<std::size_t>(width));
  for (auto row = ensemble.leaf_values.begin(); row != ensemble.leaf_values.end(); row += width) {
    std::fill(vote.begin(), vote.end(), 0.0);
    vote[static_cast<std::size_t>(std::max_element(row, row + width) - row)] = 1.0;
    if (std::equal(vote.begin(), vote.end(), row)) continue;
    std::copy(vote.begin(), vote.end(), row);
    ++result.changes;
  }
  return result;
}

}  // namespace emlc::passes
