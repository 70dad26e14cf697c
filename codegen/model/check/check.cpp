#include "codegen/model/check/check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "codegen/model/check/parts.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/model/names.hpp"

namespace emlc::model {
namespace {

void check_input(const Place& place, const Input& input) {
  const auto n = static_cast<std::size_t>(input.n_features);
  place.require(input.n_features >= 1, "input.n_features", "must be at least 1");
  if (!input.feature_names.empty()) check_length(place, "input.feature_names", input.feature_names.size(), n);
  if (!input.minimum.empty()) check_length(place, "input.feature_min", input.minimum.size(), n);
  if (!input.maximum.empty()) check_length(place, "input.feature_max", input.maximum.size(), n);
  check_finite(place, "input.feature_min", input.minimum);
  check_finite(place, "input.feature_max", input.maximum);
  for (std::size_t i = 0; i < input.minimum.size() && i < input.maximum.size(); ++i) {
    if (input.minimum[i] > input.maximum[i]) {
      place.fail(fmt::format("input.feature_min[{}]", i),
                 fmt::format("is {}, above feature_max, which is {}", input.minimum[i], input.maximum[i]));
    }
  }
}

void check_output(const Place& place, const Output& output) {
  place.require(output.n_outputs >= 1, "output.n_outputs", "must be at least 1");
  place.require(std::isfinite(output.threshold), "output.decision.threshold", "must be a finite number");
  if (output.task == Task::filter) return;
  std::int64_t columns = 0;
  const bool compares = output.rule == DecisionRule::greater || output.rule == DecisionRule::greater_equal;
  for (std::size_t t = 0; t < output.targets.size(); ++t) {
    const Target& target = output.targets[t];
    columns += target.size;
    if (target.size < 1) place.fail(fmt::format("output.targets[{}].size", t), "must be at least 1");
    if (compares && target.size != 1) {
      place.fail("output.decision.rule", fmt::format("'{}' needs targets of one output, targets[{}] has {}",
                                                     name(output.rule), t, target.size));
    }
    if (target.class_names.empty()) continue;
    check_length(place, fmt::format("output.targets[{}].class_names", t), target.class_names.size(),
                 compares ? 2U : static_cast<std::size_t>(target.size));
  }
  if (columns != output.n_outputs) {
    place.fail("output.targets", fmt::format("the sizes add up to {}, n_outputs is {}", columns, output.n_outputs));
  }
}

void check_task(const Place& place, const Model& model) {
  const bool filters = takes_signals(model);
  if ((model.output.task == Task::filter) == filters) return;
  place.fail("output.task", filters ? fmt::format("is '{}', a filter has the task 'filter'", name(model.output.task))
                                    : fmt::format("is 'filter', but the model is a {}", kind_name(model)));
}

/// A model without a predictor.
void check_scalers_alone(const Place& place, const Model& model) {
  place.require(!takes_inputs(model), "model", "there is neither a scaler nor a predictor");
  check_length(place, "model outputs", static_cast<std::size_t>(model.output.n_outputs),
               static_cast<std::size_t>(n_columns(model)));
}

void check_tolerance(const Place& place, std::string_view field, double tolerance) {
  place.require(std::isfinite(tolerance) && tolerance >= 0.0, field, "must be a finite number, 0 or more");
}

void check_test_vectors(const Place& place, const Model& model) {
  const TestVectors& vectors = model.test_vectors;
  const bool is_filter = model.output.task == Task::filter;
  const bool has_labels = !vectors.labels.empty();
  check_tolerance(place, "test_vectors.atol", vectors.atol);
  check_tolerance(place, "test_vectors.rtol", vectors.rtol);
  check_length(place, "test_vectors.outputs", vectors.outputs.size(), vectors.inputs.size());
  if (has_labels) {
    check_length(place, "test_vectors.labels", vectors.labels.size(), vectors.inputs.size());
    place.require(model.output.rule != DecisionRule::none, "test_vectors.labels",
                  "there is no decision rule that would give labels");
  }
  for (std::size_t row = 0; row < vectors.inputs.size(); ++row) {
    const auto check_row = [&](std::string_view field, std::size_t found, std::size_t expected) {
      if (found != expected) check_length(place, fmt::format("test_vectors.{}[{}]", field, row), found, expected);
    };
    if (is_filter) {
      check_row("outputs", vectors.outputs[row].size(), vectors.inputs[row].size());
      continue;
    }
    check_row("inputs", vectors.inputs[row].size(), static_cast<std::size_t>(model.input.n_features));
    check_row("outputs", vectors.outputs[row].size(), static_cast<std::size_t>(model.output.n_outputs));
    if (has_labels) check_row("labels", vectors.labels[row].size(), model.output.targets.size());
  }
}

void check_parts(const Place& place, const Model& model, Nested nested, std::vector<std::string>& warnings) {
  check_input(place, model.input);
  check_output(place, model.output);
  check_task(place, model);
  check_steps(place, model);
  check_scalers(place, model);
  std::visit(Overloaded{[&](std::monostate) { check_scalers_alone(place, model); },
                        [&](const TreeEnsemble& trees) { check_trees(place, trees, model); },
                        [&](const DenseNetwork& network) { check_dense(place, network, model); },
                        [&](const SosCascade& cascade) { check_sos(place, cascade, model, warnings); },
                        [&](const Combination& combination) {
                          check_combination(place, combination, model, {nested.depth + 1});
                        }},
             model.predictor);
}

}  // namespace

void check_nested(const Place& place, const Model& model, Nested nested) {
  std::vector<std::string> warnings;  // of filters, which are no members
  check_parts(place, model, nested, warnings);
}

std::vector<std::string> check(const Model& model, std::string_view file) {
  const Place place(file);
  std::vector<std::string> warnings;
  if (!model.name.empty()) place.require(name_problem(model.name).empty(), "name", name_problem(model.name));
  check_parts(place, model, {}, warnings);
  check_test_vectors(place, model);
  return warnings;
}

}  // namespace emlc::model
