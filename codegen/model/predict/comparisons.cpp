#include "codegen/model/predict/comparisons.hpp"

#include "codegen/model/kind.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::model {
namespace {

std::size_t count_on_way(const TreeEnsemble& ensemble, std::span<const double> x) {
  std::size_t total = 0;
  for (const Tree& tree : ensemble.trees) {
    for (const Split* split = as_split(tree.nodes[0]); split != nullptr; ++total) {
      split = as_split(tree.nodes[static_cast<std::size_t>(next_node(*split, ensemble.feature_type, x))]);
    }
  }
  return total;
}

}  // namespace

Comparisons count_comparisons(const Model& model, const TreeEnsemble& ensemble,
                              std::span<const std::vector<double>> inputs) {
  Comparisons comparisons;
  for (const Tree& tree : ensemble.trees) comparisons.worst += depth(tree);
  if (inputs.empty()) return comparisons;
  std::size_t total = 0;
  for (const std::vector<double>& x : inputs) total += count_on_way(ensemble, scaled(model, x));
  comparisons.mean = static_cast<double>(total) / static_cast<double>(inputs.size());
  return comparisons;
}

std::optional<Comparisons> count_comparisons(const Model& model, std::span<const std::vector<double>> inputs) {
  using Result = std::optional<Comparisons>;
  return std::visit(
      Overloaded{[](std::monostate) -> Result { return {}; },
                 [&](const TreeEnsemble& trees) -> Result { return count_comparisons(model, trees, inputs); },
                 [](const DenseNetwork&) -> Result { return {}; }, [](const SosCascade&) -> Result { return {}; },
                 [](const Combination&) -> Result { return {}; }},
      model.predictor);
}

}  // namespace emlc::model
