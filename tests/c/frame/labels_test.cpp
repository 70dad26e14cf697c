#include "codegen/c/frame/labels.hpp"

#include <doctest/doctest.h>

#include "codegen/model/error.hpp"

using namespace emlc;

namespace {

model::Model classifier(std::vector<model::Target> targets) {
  model::Model model;
  model.output.rule = model::DecisionRule::argmax;
  model.output.targets = std::move(targets);
  return model;
}

}  // namespace

TEST_CASE("labels: a model without names adds nothing") {
  CHECK(c::labels_text(classifier({{.size = 3}}), {.name = "m"}).empty());
}

TEST_CASE("labels: feature names are an enum of their indices") {
  model::Model model;
  model.input.feature_names = {"petal width (cm)", "Petal-width (cm)"};
  CHECK(c::labels_text(model, {.name = "iris"}) ==
        "/* Where each feature is in x. */\n"
        "enum iris_feature_index {\n"
        "  IRIS_FEATURE_PETAL_WIDTH_CM = 0,\n"
        "  IRIS_FEATURE_PETAL_WIDTH_CM_2 = 1\n"
        "};\n");
  CHECK(c::labels_text(model, {.name = "iris", .language = c::Language::cpp}) ==
        "/// Where each feature is in x.\n"
        "enum feature_index : std::size_t {\n"
        "  feature_petal_width_cm = 0,\n"
        "  feature_petal_width_cm_2 = 1\n"
        "};\n");
}

TEST_CASE("labels: class names keep their bytes") {
  const std::string text = c::labels_text(classifier({{.size = 2, .class_names = {"no \"x\"", "*/"}}}), {.name = "m"});
  CHECK(text.find("M_TABLE char names[M_N_CLASSES][7] = {\n    \"no \\\"x\\\"\",\n    \"*/\"\n  };") !=
        std::string::npos);
}

TEST_CASE("labels: a class name that no compiler takes is refused") {
  const model::Model model = classifier({{.size = 1, .class_names = {std::string(4001, 'x')}}});
  CHECK_THROWS_WITH_AS(c::labels_text(model, {.name = "m"}),
                       "output.targets[0].class_names: a name has 4001 bytes, a header takes at most 4000", Error);
}
