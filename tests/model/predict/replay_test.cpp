#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;
using samples::regression;
using samples::stump_ensemble;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// 10 below 2.5, else 20; the test vectors are right.
Model sample() {
  Model model = regression(stump_ensemble(2.5, {10.0, 20.0}));
  model.test_vectors.inputs = {{1.0}, {2.5}, {missing}};
  model.test_vectors.outputs = {{10.0}, {20.0}, {20.0}};
  return model;
}

/// Two classes, 'no' below 2.5, else 'yes'.
Model classifier() {
  TreeEnsemble ensemble = stump_ensemble(2.5, {0.75, 0.25, 0.0, 1.0});
  ensemble.n_outputs = ensemble.leaf_width = 2;
  ensemble.base_score = {0.0, 0.0};
  Model model = regression(ensemble, 1, 2);
  model.output.task = Task::classification;
  model.output.rule = DecisionRule::argmax;
  model.output.targets = {{.name = {}, .size = 2, .class_names = {"no", "yes"}}};
  model.test_vectors.inputs = {{1.0}, {2.5}};
  model.test_vectors.outputs = {{0.75, 0.25}, {0.0, 1.0}};
  model.test_vectors.labels = {{"no"}, {"yes"}};
  return model;
}

}  // namespace

TEST_CASE("replay: right test vectors pass, and a model without any") {
  CHECK_NOTHROW(replay(sample(), "m.json"));
  CHECK_NOTHROW(replay(classifier(), "m.json"));
  CHECK_NOTHROW(replay(regression(stump_ensemble(2.5, {10.0, 20.0})), "m.json"));
}

TEST_CASE("replay: a wrong answer is refused with its row, its column and both numbers") {
  Model model = sample();
  model.test_vectors.outputs[1][0] = 20.5;
  CHECK_THROWS_WITH_AS(
      replay(model, "m.json"),
      "m.json: test_vectors.outputs[1][0]: the trainer's answer is 20.5, the model as read computes 20", emlc::Error);
  model = classifier();
  model.test_vectors.outputs[0][1] = 0.5;
  CHECK_THROWS_WITH_AS(
      replay(model, "m.json"),
      "m.json: test_vectors.outputs[0][1]: the trainer's answer is 0.5, the model as read computes 0.25", emlc::Error);
}

TEST_CASE("replay: the answer may be off by atol + rtol * |expected|") {
  Model model = sample();
  model.test_vectors.outputs[1][0] = 16.0;
  model.test_vectors.atol = 2.0;
  model.test_vectors.rtol = 0.125;
  CHECK_NOTHROW(replay(model, "m.json"));
  model.test_vectors.atol = 1.875;
  CHECK_THROWS_AS(replay(model, "m.json"), emlc::Error);
}

TEST_CASE("replay: NaN is no answer, whatever the tolerance") {
  Model model = sample();
  std::get<TreeEnsemble>(model.predictor).post_transform.kind = PostTransformKind::normalize;
  std::get<TreeEnsemble>(model.predictor).leaf_values = {0.0, 0.0};
  model.test_vectors.atol = 1e300;
  CHECK_THROWS_WITH_AS(replay(model, "m.json"),
                       "m.json: test_vectors.outputs[0][0]: the trainer's answer is 10, the model as read computes nan",
                       emlc::Error);
}

TEST_CASE("replay: a wrong label is refused with both labels") {
  Model model = classifier();
  model.test_vectors.labels[1] = {"no"};
  CHECK_THROWS_WITH_AS(replay(model, "m.json"),
                       "m.json: test_vectors.labels[1]: the trainer's label is 'no', the model as read decides 'yes'",
                       emlc::Error);
  model.output.targets[0].class_names.clear();  // then the classes are called 0 and 1
  model.test_vectors.labels = {{"0"}, {"1"}};
  CHECK_NOTHROW(replay(model, "m.json"));
}

TEST_CASE("replay: a filter starts from rest, whatever its initial state") {
  Model model = samples::filter_of(
      {.sections = {{1.0, 0.0, 0.0, 1.0, -0.5, 0.0}}, .sample_rate = {}, .initial_state = {{7.0, 7.0}}});
  model.test_vectors.inputs = {{1.0, 0.0, 0.0}};
  model.test_vectors.outputs = {{1.0, 0.5, 0.25}};
  CHECK_NOTHROW(replay(model, "m.json"));
  model.test_vectors.outputs[0][2] = 0.5;
  CHECK_THROWS_WITH_AS(
      replay(model, "m.json"),
      "m.json: test_vectors.outputs[0][2]: the trainer's answer is 0.5, the model as read computes 0.25", emlc::Error);
}

TEST_CASE("measure_distance: the largest and mean difference, and the share of changed decisions") {
  const Model before = classifier();
  Model after = before;
  std::get<TreeEnsemble>(after.predictor).leaf_values = {0.25, 0.75, 0.0, 0.5};
  const std::vector<std::vector<double>> inputs = {{1.0}, {2.5}, {3.0}, {4.0}};
  const Distance distance = measure_distance(before, after, inputs);
  CHECK(distance.n_inputs == 4);
  CHECK(distance.largest == 0.5);
  CHECK(distance.mean == (0.5 + 0.5 + 3 * 0.5) / 8.0);
  CHECK(distance.changed_decisions == 0.25);
  const Distance nothing = measure_distance(before, after, {});
  CHECK(nothing.n_inputs == 0);
  CHECK(nothing.largest == 0.0);
  CHECK(nothing.mean == 0.0);
  CHECK(nothing.changed_decisions == 0.0);
}

TEST_CASE("measure_distance: NaN on one side is an infinite difference, on both sides none") {
  const auto constant = [](double y) { return regression(stump_ensemble(infinity, {y, y})); };
  const std::vector<std::vector<double>> inputs = {{1.0}};
  CHECK(measure_distance(constant(1.0), constant(missing), inputs).largest == infinity);
  CHECK(measure_distance(constant(missing), constant(missing), inputs).largest == 0.0);
  CHECK(measure_distance(constant(infinity), constant(infinity), inputs).largest == 0.0);
}
