#include "codegen/model/kind.hpp"

#include <doctest/doctest.h>

#include "tests/model/samples.hpp"

using namespace emlc::model;

TEST_CASE("kind: of each predictor, and what an input is") {
  struct Case {
    Predictor predictor;
    Kind kind;
    InputForm input;
  };
  for (const Case& expected : {
           Case{std::monostate{}, Kind::scaler, InputForm::features},
           Case{TreeEnsemble{}, Kind::trees, InputForm::features},
           Case{DenseNetwork{}, Kind::dense, InputForm::features},
           Case{SosCascade{}, Kind::sos, InputForm::signal},
           Case{Combination{}, Kind::combine, InputForm::features},
       }) {
    const Model model = samples::regression(expected.predictor);
    CAPTURE(kind_name(model));
    CHECK(kind(model) == expected.kind);
    CHECK(info(expected.kind).kind == expected.kind);
    CHECK(takes_signals(model) == (expected.input == InputForm::signal));
  }
}
