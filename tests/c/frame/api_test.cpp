#include "codegen/c/frame/kinds.hpp"

#include <doctest/doctest.h>

using namespace emlc;
using c::ApiForm;
using c::Outputs;
using model::DecisionRule;

namespace {

model::Model network(std::int32_t n_outputs, std::vector<model::Target> targets, DecisionRule rule,
                     model::PostTransformKind kind) {
  model::Model model;
  model.output = {.n_outputs = n_outputs, .targets = std::move(targets), .rule = rule};
  model.predictor = model::DenseNetwork{.layers = {model::DenseLayer{}}, .post_transform = {.kind = kind}};
  return model;
}

}  // namespace

TEST_CASE("api: the form follows from the rule and the targets") {
  using Kind = model::PostTransformKind;
  struct Case {
    model::Model model;
    ApiForm form;
    Outputs outputs;
  };
  model::Model filter, scaler;
  filter.predictor = model::SosCascade{};
  for (const Case& expected : {
           Case{network(3, {{.size = 3}}, DecisionRule::argmax, Kind::softmax), ApiForm::one_class,
                Outputs::probabilities},
           Case{network(3, {{.size = 3}}, DecisionRule::argmax, Kind::identity), ApiForm::one_class, Outputs::scores},
           Case{network(1, {{}}, DecisionRule::greater, Kind::sigmoid), ApiForm::one_class, Outputs::score_and_two},
           Case{network(1, {{}}, DecisionRule::greater, Kind::identity), ApiForm::one_class, Outputs::score},
           Case{network(2, {{}, {}}, DecisionRule::greater, Kind::sigmoid), ApiForm::many_classes,
                Outputs::probabilities},
           Case{network(5, {{.size = 2}, {.size = 3}}, DecisionRule::argmax, Kind::identity), ApiForm::many_classes,
                Outputs::scores},
           Case{network(1, {{}}, DecisionRule::none, Kind::sigmoid), ApiForm::one_value, Outputs::none},
           Case{network(2, {{}, {}}, DecisionRule::none, Kind::identity), ApiForm::many_values, Outputs::none},
           Case{filter, ApiForm::filter, Outputs::none},
           Case{scaler, ApiForm::transform, Outputs::none},
       }) {
    const c::Api found = c::api_of(expected.model);
    CHECK(found.form == expected.form);
    CHECK(found.outputs == expected.outputs);
  }
}
