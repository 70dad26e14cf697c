#include "codegen/model/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace emlc::model {

void append_step(Model& model, Step step) {
  auto* scaler = std::get_if<Scaler>(&step.kind);
  const bool has_all = scaler != nullptr && step.first == 0 && std::cmp_equal(scaler->offset.size(), n_columns(model));
  if (has_all) {
    model.scalers.push_back(std::move(*scaler));
    return;
  }
  for (Scaler& before : model.scalers) model.steps.push_back({.kind = std::move(before)});
  model.scalers.clear();
  model.steps.push_back(std::move(step));
}

std::int32_t n_columns(const Model& model) {
  return static_cast<std::int32_t>(width_behind(model.steps, static_cast<std::size_t>(model.input.n_features)));
}

bool takes_inputs(const Model& model) { return model.steps.empty() && model.scalers.empty(); }

Input predictor_input(const Model& model) {
  if (takes_inputs(model)) return model.input;
  return {.n_features = n_columns(model), .type = NumberType::float32};
}

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

std::size_t n_rounded_layers(const Model& model) {
  const auto* network = std::get_if<DenseNetwork>(&model.predictor);
  return network != nullptr ? n_rounded_layers(*network) : 0;
}

}  // namespace emlc::model
