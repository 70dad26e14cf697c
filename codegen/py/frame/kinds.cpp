#include "codegen/py/frame/kinds.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "codegen/c/common/template.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/py/frame/answers.hpp"
#include "codegen/py/trees/trees.hpp"
#include "templates.hpp"

namespace emlc::py {
namespace {

[[noreturn]] void refuse(std::string_view what) { throw Error({.field = "--to"}, what); }

/// The model takes what its caller gives, and no doubles.
void require_plain_input(const model::Model& model) {
  if (model.input.type == model::NumberType::float64) {
    throw Error({.field = "--features"}, "a MicroPython module holds no double; write c or cpp, or take --features float");
  }
  if (takes_inputs(model)) return;
  refuse(
      "a MicroPython module holds no scalers or steps that stay in front of a model, as here; write c, cpp or tmdl, or "
      "scale before the call");
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
  return c::fill(templates::driver_py, std::array<c::TemplateValue, 5>{
                                        {{"module", file},
                                         {"n_features", fmt::to_string(model.input.n_features)},
                                         {"code", std::string(1, feature_code(model))},
                                         {"values", is_float ? "row" : "[int(value) for value in row]"},
                                         {"calls", indented(decision_calls(model), "    ")}}});
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
          [&](const model::DenseNetwork& /*network*/) -> Core {
            refuse("a MicroPython module holds networks in int8 only; take --weights int8, or write c, cpp or tmdl");
          },
          [&](const model::SosCascade& /*cascade*/) -> Core {
            refuse("a MicroPython module holds filters in q15 only; take --arithmetic q15, or write c, cpp, csv or tmdl");
          },
          [](const model::Combination&) -> Core {
            refuse("a MicroPython module holds no combination of models; write c or cpp");
          }},
      model.predictor);
}

std::string api_text(const Core& core, const model::Model& model) { return answers_text(core, model); }

std::string driver_text(const model::Model& model, const std::string& file) { return answers_driver(model, file); }

}  // namespace emlc::py
