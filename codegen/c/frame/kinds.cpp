#include "codegen/c/frame/kinds.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "codegen/c/combine/combine.hpp"
#include "codegen/c/combine/join.hpp"
#include "codegen/c/dense/dense.hpp"
#include "codegen/c/dense/integer.hpp"
#include "codegen/c/frame/estimate.hpp"
#include "codegen/c/frame/predictor.hpp"
#include "codegen/c/scaler/scaler.hpp"
#include "codegen/c/sos/sos.hpp"
#include "codegen/c/trees/trees.hpp"
#include "codegen/layout/decision.hpp"
#include "codegen/model/combine/members.hpp"
#include "codegen/model/kind.hpp"

namespace emlc::c {
namespace {

using model::DecisionRule;

Outputs outputs_of(const model::Model& model) {
  const bool are_probable = layout::are_probabilities(model);
  if (model.output.rule != DecisionRule::argmax && model.output.targets.size() == 1) {
    return are_probable ? Outputs::score_and_two : Outputs::score;
  }
  return are_probable ? Outputs::probabilities : Outputs::scores;
}

/// Weights that are all the same are none: their members cost no product.
void level_weights(model::Combination& combination) {
  const double weight = combination.members.front().weight;
  const bool is_level = std::all_of(combination.members.begin(), combination.members.end(),
                                    [&](const model::Member& member) { return member.weight == weight; });
  if (!is_level || weight == 1.0) return;
  for (model::Member& member : combination.members) member.weight = 1.0;
  combination.divisor /= weight;
}

/// Where the values of members are numbers for somebody, and their decisions for nobody, leaves are made for numbers.
void forget_decisions(const model::Output& output, model::Combination& combination) {
  const bool are_numbers = output.rule == DecisionRule::none || !combination.last.empty();
  const bool takes_values =
      combination.rule == model::CombineRule::mean || combination.rule == model::CombineRule::concatenate;
  if (!are_numbers || !takes_values) return;
  for (model::Member& member : combination.members) {
    if (member.result == model::MemberResult::outputs) member.model.output.rule = DecisionRule::none;
  }
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
                                      },
                                      [&](const model::Combination&) { return predictor_api(model); }},
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
                               [&](model::SosCascade&) { take_floats(); },
                               [&](model::Combination& combination) {
                                 take_floats();
                                 give_inputs(model);
                                 drop_weightless(combination);
                                 level_weights(combination);
                                 forget_decisions(model.output, combination);
                                 for_each_part(combination, [](model::Model& part) { prepare(part); });
                               }},
             model.predictor);
}

namespace {

/// The core of a part, with the functions that the combination calls, what it is estimated to take, and its names.
PartCode part_code(const model::Model& part, const EmitConfig& config, const std::string& name) {
  EmitConfig of_part = config;
  of_part.part += name;
  of_part.decision = nullptr;  // is about the answers of the whole
  const Names names = names_of(part, of_part);
  Core core = core_of(part, of_part, names);
  if (kind(part) == model::Kind::scaler) add_scaler_answers(core, part, names);
  add_code_estimates(core, part, names, config.optimize);
  return {std::move(core), names};
}

Core combination_core(const model::Model& model, const model::Combination& combination, const EmitConfig& config,
                      const Names& names) {
  const JoinedModels joined = join_members(combination, config.optimize);
  std::vector<PartCode> codes;
  for (const model::Model& part : joined.models) {
    codes.push_back(part_code(part, config, part_name(joined.parts, codes.size())));
  }
  std::vector<Core> cores;
  for (const PartCode& part : codes) {
    cores.push_back({.definitions = {}, .parts = {}, .facts = {}, .warnings = {}});
    cores.back().code_estimates = part.core.code_estimates;
    cores.back().library_operations = part.core.library_operations;
  }
  Core core = emit_combination(model, combination, names, joined.parts, std::move(codes));
  add_part_estimates(core, cores);
  return core;
}

}  // namespace

Core core_of(const model::Model& model, const EmitConfig& config, const Names& names) {
  const auto with_predictor = [&](Core core) {
    add_predictor(core, model, config.decision, names);
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
          [&](const model::SosCascade& cascade) { return emit_sos(cascade, names, config); },
          [&](const model::Combination& combination) {
            return with_predictor(combination_core(model, combination, config, names));
          }},
      model.predictor);
}

}  // namespace emlc::c
