#include "codegen/c/frame/kinds.hpp"

#include "codegen/c/common/decision.hpp"
#include "codegen/c/dense/dense.hpp"
#include "codegen/c/dense/integer.hpp"
#include "codegen/c/frame/predictor.hpp"
#include "codegen/c/scaler/scaler.hpp"
#include "codegen/c/sos/sos.hpp"
#include "codegen/c/trees/trees.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::c {
namespace {

using model::DecisionRule;

Outputs outputs_of(const model::Model& model) {
  const bool are_probable = are_probabilities(model);
  if (model.output.rule != DecisionRule::argmax && model.output.targets.size() == 1) {
    return are_probable ? Outputs::score_and_two : Outputs::score;
  }
  return are_probable ? Outputs::probabilities : Outputs::scores;
}

Api predictor_api(const model::Model& model) {
  if (model.output.rule == DecisionRule::none) {
    return {.form = model.output.n_outputs == 1 ? ApiForm::one_value : ApiForm::many_values};
  }
  return {.form = model.output.targets.size() == 1 ? ApiForm::one_class : ApiForm::many_classes,
          .outputs = outputs_of(model)};
}

}  // namespace

Api api_of(const model::Model& model) {
  return std::visit(model::Overloaded{[](std::monostate) { return Api{.form = ApiForm::transform}; },
                                      [&](const model::TreeEnsemble&) { return predictor_api(model); },
                                      [&](const model::DenseNetwork&) { return predictor_api(model); },
                                      [](const model::SosCascade& cascade) {
                                        return Api{.form = ApiForm::filter, .filter = &cascade};
                                      }},
                    model.predictor);
}

void prepare(model::Model& model) {
  // Trees alone compare doubles, the others compute in float.
  const auto take_floats = [&] {
    if (model.input.type == model::NumberType::float64) model.input.type = model::NumberType::float32;
  };
  std::visit(model::Overloaded{[&](std::monostate) { take_floats(); }, [](model::TreeEnsemble&) {},
                               [&](model::DenseNetwork& network) {
                                 lift_last_activation(network);
                                 take_floats();
                               },
                               [&](model::SosCascade&) { take_floats(); }},
             model.predictor);
}

Core core_of(const model::Model& model, const EmitConfig& config, const Names& names) {
  const auto with_predictor = [&](Core core) {
    add_predictor(core, model, names);
    return core;
  };
  return std::visit(
      model::Overloaded{
          [&](std::monostate) { return emit_scaler(model, names); },
          [&](const model::TreeEnsemble& trees) { return with_predictor(emit_trees(model, trees, config)); },
          [&](const model::DenseNetwork& network) {
            return with_predictor(network.integers ? emit_integer_network(model, network, names, config)
                                                   : emit_dense(model, network, names, config));
          },
          [&](const model::SosCascade& cascade) { return emit_sos(cascade, names, config); }},
      model.predictor);
}

}  // namespace emlc::c
