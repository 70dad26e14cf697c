#include <doctest/doctest.h>

#include <string>

#include "codegen/model/predict/predict.hpp"
#include "tests/c/frame/hand_made.hpp"
#include "tests/support/compiled.hpp"
#include "tests/support/reference.hpp"

using namespace hand_made;

namespace {

void check_classes(const model::Model& model, const Rows& inputs, const test::Answers& found) {
  REQUIRE(found.classes.size() == inputs.size());
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    CAPTURE(row);
    CAPTURE(inputs[row][0]);
    CHECK(found.classes[row] == model::decide(model.output, model::predict(model, inputs[row])));
  }
}

}  // namespace

TEST_CASE("header: a threshold after a post-transform decides like the interpreter around the exact place") {
  for (const DecisionRule rule : {DecisionRule::greater, DecisionRule::greater_equal}) {
    for (const double threshold : {0.5, 0.2}) {
      model::Model model = pass_on(1);
      model.output.rule = rule;
      model.output.threshold = threshold;
      model.output.task = model::Task::classification;
      std::get<model::DenseNetwork>(model.predictor).post_transform.kind = PostTransformKind::sigmoid;
      Rows inputs = {{-1e-17}, {1e-17}, {-1e-16}, {1e-16}, {-2e-16}, {2e-16}, {0.0}, {1.0}, {-1.0}, {100.0}};
      for (double x = -1.3863; x < -1.3862; x += 1e-6) inputs.push_back({model::round_to(NumberType::float32, x)});
      check_classes(model, inputs, answers(model, inputs));
    }
  }
}

TEST_CASE("header: the score of two classes as two probabilities") {
  model::Model model = pass_on(1);
  model.output.rule = DecisionRule::greater;
  model.output.threshold = 0.5;
  std::get<model::DenseNetwork>(model.predictor).post_transform.kind = PostTransformKind::sigmoid;
  const std::string header = c::emit_header(model, {.name = "m"}).bytes;
  const std::string hpp = c::emit_header(model, {.name = "n", .language = c::Language::cpp}).bytes;
  const std::string main =
      "#include <stdio.h>\n#include \"m.h\"\n#include \"n.hpp\"\n"
      "int main() {\n"
      "  const float x[1] = {1.5f};\n"
      "  float proba[M_N_CLASSES];\n"
      "  m_predict_proba(x, proba);\n"
      "  const std::array<float, n::n_classes> same = n::predict_proba({1.5f});\n"
      "  printf(\"%.6f %.6f %.6f %d\", (double)proba[0], (double)proba[1], (double)m_score(x),\n"
      "         same[0] == proba[0] && same[1] == proba[1]);\n"
      "}\n";
  const test::Program program("c++17", {{"m.h", header}, {"n.hpp", hpp}, {"main.cpp", main}});
  CHECK(program.run("") == "0.182426 0.817574 0.817574 1");  // 1 / (1 + exp(-1.5)) = 0.817574
}

TEST_CASE("header: argmax takes the first of equal outputs, on raw columns and after a transform") {
  for (const PostTransformKind kind : {PostTransformKind::softmax, PostTransformKind::hinge}) {
    model::Model model = pass_on(3);
    model.output.targets = {{.name = "a", .size = 3, .class_names = {"x", "y", "z"}}};
    model.output.rule = DecisionRule::argmax;
    std::get<model::DenseNetwork>(model.predictor).post_transform.kind = kind;
    const Rows inputs = {{1, 1, 1}, {0, 2, 2}, {-1, -1, 3}, {5, 1, 5}, {-3, -2, -1}};
    check_classes(model, inputs, answers(model, inputs));
    check_classes(model, inputs, answers(model, inputs, {.language = c::Language::cpp}, "c++17"));
  }
}

TEST_CASE("header: several targets, each with its classes") {
  model::Model model = network({4, 5}, Activation::identity, Activation::identity);
  model.output.targets = {{.name = "a", .size = 2, .class_names = {"no", "yes"}}, {.name = "b", .size = 3}};
  model.output.rule = DecisionRule::argmax;
  const Rows inputs = random_rows(30, 4, 2.0);
  for (const c::Language language : {c::Language::c, c::Language::cpp}) {
    const auto found = answers(model, inputs, {.language = language}, language == c::Language::c ? "c99" : "c++17");
    check_classes(model, inputs, found);
    CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}

TEST_CASE("header: several labels, each compared with the threshold") {
  model::Model model = network({4, 3}, Activation::identity, Activation::logistic);
  model.output.rule = DecisionRule::greater;
  model.output.threshold = 0.5;
  const Rows inputs = random_rows(30, 4, 2.0);
  const auto found = answers(model, inputs);
  check_classes(model, inputs, found);
  CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-5);
}

TEST_CASE("header: a threshold after a transform over all columns is compared with what was computed") {
  model::Model model = network({4, 3}, Activation::identity, Activation::softmax);
  model.output.rule = DecisionRule::greater_equal;
  model.output.threshold = 0.4;
  const Rows inputs = random_rows(40, 4, 1.0);
  check_classes(model, inputs, answers(model, inputs));
}
