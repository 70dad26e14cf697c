#include "cli/fit/operations.hpp"

#include "codegen/model/combine/members.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/predict/comparisons.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::cli::fit {
namespace {

double multiplications(const model::DenseNetwork& network) {
  double sum = 0.0;
  for (const model::DenseLayer& layer : network.layers) sum += static_cast<double>(layer.weights.size());
  return sum;
}

/// Parts do not see the inputs of the whole: their longest ways count.
double operations_of_parts(const model::Combination& combination) {
  double sum = 0.0;
  for_each_part(combination, [&](const model::Model& part) { sum += operations_of(part, {}); });
  return sum;
}

}  // namespace

double operations_of(const model::Model& model, std::span<const std::vector<double>> inputs) {
  constexpr double per_section = 5.0;
  return std::visit(
      model::Overloaded{
          [](std::monostate) { return 0.0; },
          [&](const model::TreeEnsemble& trees) {
            const model::Comparisons found = count_comparisons(model, trees, inputs);
            return found.mean.value_or(static_cast<double>(found.worst));
          },
          [](const model::DenseNetwork& network) { return multiplications(network); },
          [&](const model::SosCascade& cascade) { return per_section * static_cast<double>(cascade.sections.size()); },
          [](const model::Combination& combination) { return operations_of_parts(combination); }},
      model.predictor);
}

}  // namespace emlc::cli::fit
