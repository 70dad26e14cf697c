#include "codegen/model/check/check.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "codegen/model/error.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;
using samples::filter_of;
using samples::regression;
using samples::stump_ensemble;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// What check says about a model after `change`; empty when it is content.
template <class Change>
std::string refusal(Model model, Change change) {
  change(model);
  try {
    check(model, "m");
  } catch (const emlc::Error& error) {
    return error.what();
  }
  return {};
}

Model trees() { return regression(stump_ensemble(2.5, {10.0, 20.0})); }

Model network() {
  const DenseLayer hidden{2, 3, {1, 2, 3, 4, 5, 6}, {0, 0, 0}, Activation::relu};
  const DenseLayer last{3, 1, {1, 2, 3}, {0}, Activation::identity};
  return regression(DenseNetwork{.layers = {hidden, last}, .post_transform = {}}, 2);
}

Model cascade() { return filter_of({.sections = {{}, {}}, .sample_rate = {}, .initial_state = {}}); }

Model scaler() {
  Model model = regression(std::monostate{}, 2, 2);
  model.output.task = Task::transform;
  model.scalers = {{ScalerOp::subtract_divide, {0.0, 0.0}, {1.0, 2.0}, std::nullopt}};
  return model;
}

TreeEnsemble& ensemble_of(Model& model) { return std::get<TreeEnsemble>(model.predictor); }
Split& root_of(Model& model) { return std::get<Split>(ensemble_of(model).trees[0].nodes[0]); }
DenseLayer& layer_of(Model& model, std::size_t index) { return std::get<DenseNetwork>(model.predictor).layers[index]; }
SosCascade& cascade_of(Model& model) { return std::get<SosCascade>(model.predictor); }

}  // namespace

TEST_CASE("check: every kind of model passes as it is") {
  for (const Model& model : {trees(), network(), cascade(), scaler()}) {
    CAPTURE(kind_name(model));
    CHECK(check(model, "m").empty());
  }
}

TEST_CASE("check: the input") {
  const auto wrong = [](auto change) { return refusal(network(), change); };
  CHECK(wrong([](Model& m) { m.name = "a-b"; }) == "m: name: expected a C identifier that is no keyword, found 'a-b'");
  CHECK(wrong([](Model& m) { m.input.n_features = 0; }) == "m: input.n_features: must be at least 1");
  CHECK(wrong([](Model& m) { m.input.feature_names = {"a"}; }) == "m: input.feature_names: has 1 entries, expected 2");
  CHECK(wrong([](Model& m) { m.input.minimum = {0, 0, 0}; }) == "m: input.feature_min: has 3 entries, expected 2");
  CHECK(wrong([](Model& m) { m.input.maximum = {0}; }) == "m: input.feature_max: has 1 entries, expected 2");
  CHECK(wrong([](Model& m) { m.input.minimum = {0, missing}; }) == "m: input.feature_min[1]: must be a finite number");
  CHECK(wrong([](Model& m) { m.input.maximum = {infinity, 0}; }) == "m: input.feature_max[0]: must be a finite number");
  CHECK(wrong([](Model& m) {
          m.input.minimum = {0, 2};
          m.input.maximum = {0, 1};
        }) == "m: input.feature_min[1]: is 2, above feature_max, which is 1");
}

TEST_CASE("check: the output") {
  const auto wrong = [](auto change) { return refusal(scaler(), change); };
  CHECK(wrong([](Model& m) { m.output.n_outputs = 0; }) == "m: output.n_outputs: must be at least 1");
  CHECK(wrong([](Model& m) { m.output.targets = {}; }) == "m: output.targets: the sizes add up to 0, n_outputs is 2");
  CHECK(wrong([](Model& m) {
          m.output.targets = {{.size = 2}, {.size = 1}};
        }) == "m: output.targets: the sizes add up to 3, n_outputs is 2");
  CHECK(wrong([](Model& m) {
          m.output.targets = {{.size = 3}, {.size = -1}};
        }) == "m: output.targets[1].size: must be at least 1");
  CHECK(wrong([](Model& m) { m.output.targets[0].class_names = {"a"}; }) ==
        "m: output.targets[0].class_names: has 1 entries, expected 2");
  CHECK(wrong([](Model& m) { m.output.rule = DecisionRule::greater; }) ==
        "m: output.decision.rule: 'greater' needs targets of one output, targets[0] has 2");
  CHECK(wrong([](Model& m) { m.output.threshold = missing; }) ==
        "m: output.decision.threshold: must be a finite number");
  CHECK(wrong([](Model& m) { m.output.task = Task::filter; }) ==
        "m: output.task: is 'filter', but the model is a scaler");
  const auto one_column = [](Model& m) {
    m.output.rule = DecisionRule::greater_equal;
    m.output.targets[0].class_names = {"no", "maybe", "yes"};
  };
  CHECK(refusal(trees(), one_column) == "m: output.targets[0].class_names: has 3 entries, expected 2");
}

TEST_CASE("check: what an ensemble says about all its trees") {
  const auto wrong = [](auto change) { return refusal(trees(), change); };
  CHECK(wrong([](Model& m) { m.input.n_features = 2; }) == "m: model: the trees have 1 features, the input has 2");
  CHECK(wrong([](Model& m) { ensemble_of(m).base_score = {}; }) == "m: model.base_score: has 0 entries, expected 1");
  CHECK(wrong([](Model& m) {
          ensemble_of(m).n_outputs = 2;
          ensemble_of(m).base_score = {0, 0};
        }) == "m: model outputs: has 2 entries, expected 1");
  CHECK(wrong([](Model& m) { ensemble_of(m).leaf_width = 0; }) ==
        "m: model.leaf: rows of 0 values do not fit 1 outputs");
  CHECK(wrong([](Model& m) { ensemble_of(m).leaf_width = 2; }) ==
        "m: model.leaf: rows of 2 values do not fit 1 outputs");
  CHECK(wrong([](Model& m) { ensemble_of(m).leaf_values[1] = infinity; }) ==
        "m: model.leaf_values[1]: must be a finite number");
  CHECK(wrong([](Model& m) { ensemble_of(m).base_score[0] = missing; }) ==
        "m: model.base_score[0]: must be a finite number");
  CHECK(wrong([](Model& m) { ensemble_of(m).scale = infinity; }) == "m: model.output_scale: must be a finite number");
  CHECK(wrong([](Model& m) { ensemble_of(m).divisor = 0.0; }) ==
        "m: model.aggregate: the divisor must be a finite number other than 0");
  CHECK(wrong([](Model& m) { ensemble_of(m).trees = {}; }) == "m: model.trees: there is no tree");
  CHECK(wrong([](Model& m) { ensemble_of(m).post_transform.scale = missing; }) ==
        "m: post_transform: scale and offset must be finite numbers");
  CHECK(wrong([](Model& m) { ensemble_of(m).post_transform.denominator = 0.0; }) ==
        "m: post_transform.denominator: must be a finite number other than 0");
  Model two_outputs = regression(stump_ensemble(2.5, {1.0, 2.0, 3.0, 4.0, 5.0}), 1, 2);
  CHECK(refusal(two_outputs, [](Model& m) {
          ensemble_of(m).n_outputs = ensemble_of(m).leaf_width = 2;
          ensemble_of(m).base_score = {0, 0};
        }) == "m: model.leaf: the leaf table does not end with a whole row");
}

TEST_CASE("check: the nodes of a tree") {
  const auto wrong = [](auto change) { return refusal(trees(), change); };
  const auto nodes = [](Model& m) -> std::vector<TreeNode>& { return ensemble_of(m).trees[0].nodes; };
  CHECK(wrong([&](Model& m) { nodes(m).clear(); }) == "m: trees[0]: has no node");
  for (const std::int32_t column : {1, -1, std::numeric_limits<std::int32_t>::max()}) {
    CHECK(wrong([&](Model& m) { ensemble_of(m).trees[0].first_output = column; }) ==
          "m: trees[0].output: column " + std::to_string(column) + " is out of range, the model has 1 outputs");
  }
  CHECK(wrong([](Model& m) { root_of(m).feature = 1; }) ==
        "m: trees[0] node 0: feature 1 is out of range, the model has 1 features");
  CHECK(wrong([](Model& m) { root_of(m).feature = -1; }) ==
        "m: trees[0] node 0: feature -1 is out of range, the model has 1 features");
  CHECK(wrong([](Model& m) { root_of(m).threshold = missing; }) == "m: trees[0] node 0: the threshold is not a number");
  CHECK(wrong([](Model& m) { root_of(m).threshold = infinity; }).empty());
  CHECK(wrong([](Model& m) { root_of(m).left = 0; }) == "m: trees[0] node 0: child 0 is out of range, expected 1 to 2");
  CHECK(wrong([](Model& m) { root_of(m).right = 3; }) ==
        "m: trees[0] node 0: child 3 is out of range, expected 1 to 2");
  CHECK(wrong([](Model& m) { root_of(m).right = -7; }) ==
        "m: trees[0] node 0: child -7 is out of range, expected 1 to 2");
  CHECK(wrong([&](Model& m) {
          nodes(m)[2] = Split{0, 1.0, 1, 1, 1};
        }) == "m: trees[0] node 2: child 1 is out of range, this is the last node");
  CHECK(wrong([](Model& m) { root_of(m).default_child = 0; }) ==
        "m: trees[0] node 0: the default child is neither the left nor the right one");
  CHECK(wrong([](Model& m) { root_of(m).right = root_of(m).default_child = 1; }) ==
        "m: trees[0] node 2: is not reached from the root");
  CHECK(wrong([&](Model& m) { nodes(m)[1] = Leaf{2}; }) ==
        "m: trees[0] node 1: leaf row 2 is out of range, there are 2");
  CHECK(wrong([&](Model& m) { nodes(m)[1] = Leaf{-1}; }) ==
        "m: trees[0] node 1: leaf row -1 is out of range, there are 2");
}

TEST_CASE("check: a million nodes in a row need no deep stack") {
  constexpr std::int32_t depth = 1'000'000;
  Model model = trees();
  std::vector<TreeNode>& nodes = ensemble_of(model).trees[0].nodes;
  nodes.clear();
  for (std::int32_t level = 0; level < depth; ++level) {
    nodes.emplace_back(Split{0, -level - 0.5, 2 * level + 2, 2 * level + 1, 2 * level + 1});
    nodes.emplace_back(Leaf{1});
  }
  nodes.emplace_back(Leaf{0});
  CHECK(check(model, "m").empty());
  CHECK(emlc::model::depth(ensemble_of(model).trees[0]) == depth);
}

TEST_CASE("check: dense layers") {
  const auto wrong = [](auto change) { return refusal(network(), change); };
  CHECK(wrong([](Model& m) { m.predictor = DenseNetwork{}; }) == "m: model.layers: there is no layer");
  CHECK(wrong([](Model& m) { layer_of(m, 0).n_in = 3; }) == "m: layers[0].weights: rows have 3 values, 2 come in");
  CHECK(wrong([](Model& m) { layer_of(m, 1).n_in = 2; }) == "m: layers[1].weights: rows have 2 values, 3 come in");
  CHECK(wrong([](Model& m) { layer_of(m, 0).n_out = 0; }) == "m: layers[0].weights: there is no row");
  CHECK(wrong([](Model& m) { layer_of(m, 0).bias.pop_back(); }) == "m: layers[0].bias: has 2 entries, expected 3");
  CHECK(wrong([](Model& m) { layer_of(m, 1).weights.pop_back(); }) ==
        "m: layers[1].weights: has 2 entries, expected 3");
  CHECK(wrong([](Model& m) { layer_of(m, 0).weights[5] = missing; }) ==
        "m: layers[0].weights[5]: must be a finite number");
  CHECK(wrong([](Model& m) { layer_of(m, 0).bias[2] = infinity; }) == "m: layers[0].bias[2]: must be a finite number");
  CHECK(wrong([](Model& m) { layer_of(m, 0).alpha = missing; }) == "m: layers[0].alpha: must be a finite number");
  CHECK(wrong([](Model& m) { layer_of(m, 0).slopes = {1.0}; }) == "m: layers[0].slopes: has 1 entries, expected 0");
  CHECK(wrong([](Model& m) { layer_of(m, 0).activation = Activation::prelu; }) ==
        "m: layers[0].slopes: has 0 entries, expected 3");
  CHECK(wrong([](Model& m) { layer_of(m, 0).codes = {.scale = 0.0}; }) ==
        "m: layers[0].codes: the scale must be a finite number above 0");
  CHECK(wrong([](Model& m) { layer_of(m, 0).codes = {.zero = 128}; }) ==
        "m: layers[0].codes: the zero must be one of the codes");
  CHECK(wrong([](Model& m) {
          m.output.n_outputs = 2;
          m.output.targets[0].size = 2;
        }) == "m: model.layers: the last layer has 1 outputs, the model 2");
  CHECK(wrong([](Model& m) { std::get<DenseNetwork>(m.predictor).post_transform.offset = infinity; }) ==
        "m: post_transform: scale and offset must be finite numbers");
}

TEST_CASE("check: scalers") {
  const auto wrong = [](auto change) { return refusal(scaler(), change); };
  CHECK(wrong([](Model& m) { m.scalers = {}; }) == "m: model: there is neither a scaler nor a predictor");
  CHECK(wrong([](Model& m) {
          m.output.n_outputs = 3;
          m.output.targets[0].size = 3;
        }) == "m: model outputs: has 3 entries, expected 2");
  CHECK(wrong([](Model& m) { m.scalers[0].offset = {0}; }) == "m: scaler.offset: has 1 entries, expected 2");
  CHECK(wrong([](Model& m) { m.scalers[0].scale = {}; }) == "m: scaler.scale: has 0 entries, expected 2");
  CHECK(wrong([](Model& m) { m.scalers[0].offset[1] = missing; }) == "m: scaler.offset[1]: must be a finite number");
  CHECK(wrong([](Model& m) { m.scalers[0].scale[0] = infinity; }) == "m: scaler.scale[0]: must be a finite number");
  CHECK(wrong([](Model& m) { m.scalers[0].scale[1] = 0.0; }) ==
        "m: scaler.scale[1]: must not be 0, the feature is divided by it");
  CHECK(wrong([](Model& m) { m.scalers[0] = {ScalerOp::multiply_add, {0, 0}, {0, 1}, std::nullopt}; }).empty());
  for (const auto& limits : {std::pair{1.0, 0.0}, std::pair{missing, 0.0}, std::pair{0.0, infinity}}) {
    CHECK(wrong([&](Model& m) { m.scalers[0].clip = limits; }) ==
          "m: scaler.clip: must be two finite numbers, the lower one first");
  }
}

TEST_CASE("check: filters") {
  const auto wrong = [](auto change) { return refusal(cascade(), change); };
  CHECK(wrong([](Model& m) { cascade_of(m).sections = {}; }) == "m: model.sections: there is no second-order section");
  CHECK(wrong([](Model& m) { cascade_of(m).sections[1].a0 = 0.0; }) ==
        "m: sections[1]: a0 must not be 0, every coefficient is divided by it");
  CHECK(wrong([](Model& m) { cascade_of(m).sections[1].b2 = missing; }) ==
        "m: sections[1][2]: must be a finite number");
  CHECK(wrong([](Model& m) {
          cascade_of(m).initial_state = {{0, 0}};
        }) == "m: model.initial_state: has 1 entries, expected 2");
  CHECK(wrong([](Model& m) {
          cascade_of(m).initial_state = {{0, 0}, {0, infinity}};
        }) == "m: model.initial_state: must be finite numbers");
  CHECK(wrong([](Model& m) {
          m.output.task = Task::regression;
          m.output.targets = {{}};
        }) == "m: output.task: is 'regression', a filter has the task 'filter'");
  CHECK(wrong([](Model& m) { m.input.n_features = 2; }) == "m: input.n_features: must be 1, a filter takes one signal");
  CHECK(wrong([](Model& m) { m.output.n_outputs = 2; }) == "m: output.n_outputs: must be 1, a filter gives one signal");
  CHECK(wrong([](Model& m) { m.output.rule = DecisionRule::argmax; }) ==
        "m: output.decision.rule: must be 'none', a filter decides nothing");
  CHECK(wrong([](Model& m) {
          m.scalers = {{ScalerOp::multiply_add, {0}, {1}, std::nullopt}};
        }) == "m: model: a filter takes no scaler");
}

TEST_CASE("check: an unstable filter is a warning") {
  Model model = cascade();
  cascade_of(model).sections[1].a2 = 1.0;
  CHECK(check(model, "m") == std::vector<std::string>{"sections[1]: the filter is unstable, a pole has radius 1"});
}

TEST_CASE("check: test vectors") {
  const auto wrong = [](auto change) {
    Model model = regression(stump_ensemble(2.5, {10.0, 20.0}));
    model.output.rule = DecisionRule::greater;
    model.test_vectors = {.inputs = {{1.0}, {missing}}, .outputs = {{10.0}, {20.0}}, .labels = {{"0"}, {"1"}}};
    return refusal(model, change);
  };
  CHECK(wrong([](Model&) {}).empty());
  CHECK(wrong([](Model& m) { m.test_vectors.outputs.pop_back(); }) ==
        "m: test_vectors.outputs: has 1 entries, expected 2");
  CHECK(wrong([](Model& m) { m.test_vectors.labels.pop_back(); }) ==
        "m: test_vectors.labels: has 1 entries, expected 2");
  CHECK(wrong([](Model& m) {
          m.test_vectors.inputs[1] = {1.0, 2.0};
        }) == "m: test_vectors.inputs[1]: has 2 entries, expected 1");
  CHECK(wrong([](Model& m) { m.test_vectors.outputs[1] = {}; }) ==
        "m: test_vectors.outputs[1]: has 0 entries, expected 1");
  CHECK(wrong([](Model& m) {
          m.test_vectors.labels[0] = {"0", "1"};
        }) == "m: test_vectors.labels[0]: has 2 entries, expected 1");
  CHECK(wrong([](Model& m) { m.output.rule = DecisionRule::none; }) ==
        "m: test_vectors.labels: there is no decision rule that would give labels");
  CHECK(wrong([](Model& m) { m.test_vectors.atol = -1.0; }) ==
        "m: test_vectors.atol: must be a finite number, 0 or more");
  CHECK(wrong([](Model& m) { m.test_vectors.rtol = infinity; }) ==
        "m: test_vectors.rtol: must be a finite number, 0 or more");
  CHECK(refusal(cascade(), [](Model& m) {
          m.test_vectors = {.inputs = {{1, 2}}, .outputs = {{1}}};
        }) == "m: test_vectors.outputs[0]: has 1 entries, expected 2");
}
