#include "codegen/py/frame/kinds.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "codegen/c/common/template.hpp"
#include "codegen/c/dense/dense.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/py/common/text.hpp"
#include "codegen/py/dense/dense.hpp"
#include "codegen/py/frame/answers.hpp"
#include "codegen/py/sos/sos.hpp"
#include "codegen/py/trees/trees.hpp"
#include "templates.hpp"

namespace emlc::py {
namespace {

[[noreturn]] void refuse(std::string_view what) { throw Error({.field = "--to"}, what); }

/// The model takes what its caller gives, and no doubles.
void require_plain_input(const model::Model& model) {
  if (model.input.type == model::NumberType::float64) {
    throw Error({.field = "--features"},
                "a MicroPython module holds no double; write c or cpp, or take --features float");
  }
  if (takes_inputs(model)) return;
  refuse(
      "a MicroPython module holds no scalers or steps that stay in front of a model, as here; write c, cpp or tmdl, or "
      "scale before the call");
}

void require_int8(const model::DenseNetwork& network) {
  if (network.integers && network.integers->width == model::IntegerWidth::bits8) return;
  refuse("a MicroPython module holds networks in int8 only; take --weights int8, or write c, cpp or tmdl");
}

void require_16_bits(const model::SosCascade& cascade) {
  if (cascade.fixed && model::info(cascade.fixed->arithmetic).sample_bits == 16) return;
  refuse("a MicroPython module holds filters of 16-bit samples only; take --arithmetic q15, or write c, cpp or tmdl");
}

std::string decision_calls(const model::Model& model) {
  const model::Output& output = model.output;
  if (output.rule == model::DecisionRule::none) {
    return output.n_outputs == 1 ? "answers.append(m.predict(x))\n" : "answers.extend(m.predict(x))\n";
  }
  const std::string classes =
      output.targets.size() == 1 ? "answers.append(m.predict(x))\n" : "answers.extend(m.predict(x))\n";
  const std::string_view function = outputs_function(model);
  return classes + fmt::format("answers.{}(m.{}(x))\n", function == "score" ? "append" : "extend", function);
}

std::string answers_driver(const model::Model& model, const std::string& file) {
  const bool is_float = feature_code(model) == 'f';
  return c::fill(templates::driver_py,
                 std::array<c::TemplateValue, 5>{{{"module", file},
                                                  {"n_features", fmt::to_string(model.input.n_features)},
                                                  {"code", std::string(1, feature_code(model))},
                                                  {"values", is_float ? "row" : "[int(value) for value in row]"},
                                                  {"calls", indented(decision_calls(model), "    ")}}});
}

std::string filter_driver(const model::SosCascade& cascade, const std::string& file) {
  const double one = 32768.0 / std::exp2(cascade.fixed->headroom);
  return c::fill(templates::filter_driver_py,
                 std::array<c::TemplateValue, 2>{{{"module", file}, {"one", number_literal(one)}}});
}

}  // namespace

Core core_of(const model::Model& model, const c::EmitConfig& config) {
  return std::visit(
      model::Overloaded{
          [](std::monostate) -> Core {
            refuse("a MicroPython module holds no scalers alone, which compute in float; write c, cpp or tmdl");
          },
          [&](const model::TreeEnsemble& trees) -> Core {
            require_plain_input(model);
            return emit_trees(model, trees, config);
          },
          [&](const model::DenseNetwork& network) -> Core {
            require_int8(network);
            require_plain_input(model);
            return emit_network(model, network);
          },
          [](const model::SosCascade& cascade) -> Core {
            require_16_bits(cascade);
            return emit_filter(cascade);
          },
          [](const model::Combination&) -> Core {
            refuse("a MicroPython module holds no combination of models; write c or cpp");
          }},
      model.predictor);
}

void prepare(model::Model& model) {
  std::visit(model::Overloaded{[](std::monostate) {}, [](model::TreeEnsemble&) {},
                               [&](model::DenseNetwork& network) {
                                 c::lift_last_activation(network);
                                 if (model.input.type == model::NumberType::float64) {
                                   model.input.type = model::NumberType::float32;
                                 }
                               },
                               [](model::SosCascade&) {}, [](model::Combination&) {}},
             model.predictor);
}

std::string api_text(const Core& core, const model::Model& model) {
  const auto answers = [&] { return answers_text(core, model); };
  return std::visit(model::Overloaded{[&](std::monostate) { return answers(); },
                                      [&](const model::TreeEnsemble&) { return answers(); },
                                      [&](const model::DenseNetwork&) { return answers(); },
                                      [](const model::SosCascade& cascade) { return filter_api(cascade); },
                                      [&](const model::Combination&) { return answers(); }},
                    model.predictor);
}

std::string driver_text(const model::Model& model, const std::string& file) {
  const auto answers = [&] { return answers_driver(model, file); };
  return std::visit(model::Overloaded{[&](std::monostate) { return answers(); },
                                      [&](const model::TreeEnsemble&) { return answers(); },
                                      [&](const model::DenseNetwork&) { return answers(); },
                                      [&](const model::SosCascade& cascade) { return filter_driver(cascade, file); },
                                      [&](const model::Combination&) { return answers(); }},
                    model.predictor);
}

}  // namespace emlc::py
