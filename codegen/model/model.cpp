#include "codegen/model/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace emlc::model {

std::string_view name(Task task) {
  switch (task) {
    case Task::classification:
      return "classification";
    case Task::regression:
      return "regression";
    case Task::anomaly:
      return "anomaly";
    case Task::transform:
      return "transform";
    case Task::filter:
      return "filter";
  }
  throw std::logic_error("task without a name");
}

std::string_view name(DecisionRule rule) {
  switch (rule) {
    case DecisionRule::argmax:
      return "argmax";
    case DecisionRule::greater:
      return "greater";
    case DecisionRule::greater_equal:
      return "greater_equal";
    case DecisionRule::none:
      return "none";
  }
  throw std::logic_error("decision rule without a name");
}

std::vector<std::string> class_names(const Model& model, std::size_t target) {
  const Target& group = model.output.targets.at(target);
  if (!group.class_names.empty()) return group.class_names;
  const bool is_threshold =
      model.output.rule == DecisionRule::greater || model.output.rule == DecisionRule::greater_equal;
  std::vector<std::string> names(is_threshold ? 2U : static_cast<std::size_t>(group.size));
  for (std::size_t index = 0; index < names.size(); ++index) names[index] = fmt::to_string(index);
  return names;
}

const IntegerNetwork* integers_of(const Model& model) {
  const auto* network = std::get_if<DenseNetwork>(&model.predictor);
  return network != nullptr && network->integers ? &*network->integers : nullptr;
}

}  // namespace emlc::model
