#include <fmt/format.h>

#include <algorithm>
#include <numeric>

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

/// True when shares are not parts of 1 but of what one tree has of the divisor: 255ths, for example.
bool has_larger_shares(const model::TreeEnsemble& ensemble) {
  const double whole = ensemble.divisor / static_cast<double>(ensemble.trees.size());
  const auto width = static_cast<std::ptrdiff_t>(ensemble.leaf_width);
  bool is_larger = false;
  for (auto row = ensemble.leaf_values.begin(); row != ensemble.leaf_values.end(); row += width) {
    is_larger = is_larger || std::accumulate(row, row + width, 0.0) > 1.0 + 1e-6;
  }
  return whole > 1.0 && is_larger;
}

}  // namespace

PassResult hard_vote(model::Model& model, const PassConfig& /*config*/) {
  if (const std::string what = obstacle(model); !what.empty()) {
    throw Error({.field = "--voting"},
                fmt::format("hard needs a classifier whose leaves hold class proportions, the model is {}", what));
  }
  auto& ensemble = std::get<model::TreeEnsemble>(model.predictor);
  if (model::is_one_hot(ensemble)) return {};
  PassResult result;
  // A vote is 1: what its tree has of the divisor has to be 1 too, or outputs would no longer be shares of the votes.
  if (has_larger_shares(ensemble)) ensemble.divisor = static_cast<double>(ensemble.trees.size());
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
