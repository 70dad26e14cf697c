#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>

#include "tests/formats/onnx/reading.hpp"

// Expected answers are those of onnxruntime 1.32.0 for the same graphs.

using namespace emlc;
using namespace emlc::test::onnx;

namespace {

using Inputs = std::vector<std::vector<double>>;

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN(),
                 inf = std::numeric_limits<double>::infinity();
const Inputs left_and_right = {{0.0}, {2.0}};

bool are_near(const std::vector<double>& found, const std::vector<double>& expected) {
  if (found.size() != expected.size()) return false;
  for (std::size_t index = 0; index < found.size(); ++index) {
    if (!(std::abs(found[index] - expected[index]) <= 1e-6)) return false;
  }
  return true;
}

/// One tree with a split at 1 and two leaves.
std::string stump(const std::string& mode = "BRANCH_LEQ", std::int64_t missing = 0) {
  return attribute("nodes_treeids", Integers{0, 0, 0}) + attribute("nodes_nodeids", Integers{0, 1, 2}) +
         attribute("nodes_featureids", Integers{0, 0, 0}) + attribute("nodes_values", Numbers{1, 0, 0}) +
         attribute("nodes_modes", Texts{mode, "LEAF", "LEAF"}) + attribute("nodes_truenodeids", Integers{1, 0, 0}) +
         attribute("nodes_falsenodeids", Integers{2, 0, 0}) +
         attribute("nodes_missing_value_tracks_true", Integers{missing, 0, 0});
}

/// A classifier whose leaves give `left` and `right` to the classes `ids`.
std::string classifier(const Integers& ids, const Numbers& left, const Numbers& right, const Integers& labels,
                       const std::string& more = "") {
  Integers trees(2 * ids.size(), 0), nodes(ids.size(), 1), all = ids;
  nodes.resize(2 * ids.size(), 2);
  all.insert(all.end(), ids.begin(), ids.end());
  Numbers weights = left;
  weights.insert(weights.end(), right.begin(), right.end());
  const std::string attributes = stump() + attribute("class_treeids", trees) + attribute("class_nodeids", nodes) +
                                 attribute("class_ids", all) + attribute("class_weights", weights) +
                                 attribute("classlabels_int64s", labels) + more;
  return file(node(ml({"TreeEnsembleClassifier", {"X"}, {"label", "scores"}, attributes})) + input("X", {-1, 1}) +
              output("label", 7) + output("scores"));
}

std::string regressor(const std::string& attributes, const std::string& after = "", const std::string& out = "y") {
  return file(node(ml({"TreeEnsembleRegressor", {"X"}, {"y"}, attributes})) + after + input("X", {-1, 1}) +
              output(out));
}

std::string leaves(const Numbers& weights) {
  return attribute("target_treeids", Integers{0, 0}) + attribute("target_nodeids", Integers{1, 2}) +
         attribute("target_ids", Integers{0, 0}) + attribute("target_weights", weights) +
         attribute("n_targets", std::int64_t{1});
}

}  // namespace

TEST_CASE("onnx forests: every comparison at its threshold, next to it, and where nothing is") {
  const float below = std::nextafter(1.0F, 0.0F), above = std::nextafter(1.0F, 2.0F);
  const Inputs inputs = {{0.0}, {below}, {1.0}, {above}, {2.0}, {missing_value}, {inf}, {-inf}};
  struct Row {
    const char* mode;
    std::int64_t missing;
    std::vector<double> answers;
  };
  for (const Row& row : {
           Row{"BRANCH_LEQ", 0, {1, 1, 1, 0, 0, 0, 0, 1}},
           Row{"BRANCH_LEQ", 1, {1, 1, 1, 0, 0, 1, 0, 1}},
           Row{"BRANCH_LT", 0, {1, 1, 0, 0, 0, 0, 0, 1}},
           Row{"BRANCH_LT", 1, {1, 1, 0, 0, 0, 1, 0, 1}},
           Row{"BRANCH_GTE", 0, {0, 0, 1, 1, 1, 0, 1, 0}},
           Row{"BRANCH_GTE", 1, {0, 0, 1, 1, 1, 1, 1, 0}},
           Row{"BRANCH_GT", 0, {0, 0, 0, 1, 1, 0, 1, 0}},
           Row{"BRANCH_GT", 1, {0, 0, 0, 1, 1, 1, 1, 0}},
           Row{"BRANCH_EQ", 0, {0, 0, 1, 0, 0, 0, 0, 0}},
           Row{"BRANCH_EQ", 1, {0, 0, 1, 0, 0, 1, 0, 0}},
           Row{"BRANCH_NEQ", 0, {1, 1, 0, 1, 1, 1, 1, 1}},
           Row{"BRANCH_NEQ", 1, {1, 1, 0, 1, 1, 1, 1, 1}},
       }) {
    CAPTURE(row.mode);
    CAPTURE(row.missing);
    CHECK(answers(read(regressor(stump(row.mode, row.missing) + leaves({1, 0}))), inputs) == row.answers);
  }
}

TEST_CASE("onnx forests: inputs in double are compared in double, with thresholds in float32") {
  const std::string content = file(node(ml({"TreeEnsembleRegressor", {"X"}, {"y"}, stump() + leaves({1, 0})})) +
                                   input("X", {-1, 1}, 11) + output("y"));
  const model::Model found = read(content);
  CHECK(found.input.type == model::NumberType::float64);
  CHECK(answers(found, {{1.0}, {1.0 + 1e-10}, {1.0 - 1e-12}, {std::nextafter(1.0, 2.0)}}) ==
        std::vector<double>{1, 0, 1, 0});
}

TEST_CASE("onnx forests: TreeEnsemble of version 5, in every comparison") {
  const Inputs inputs = {{0.0}, {1.0}, {1.5}, {2.0}, {3.0}, {missing_value}};
  const std::vector<std::vector<double>> expected = {
      {1, 0, 1, 0, 0, 2, 0, 2, 3, 0, 3, 0}, {1, 0, 0, 2, 0, 2, 0, 2, 3, 0, 3, 0}, {0, 2, 1, 0, 1, 0, 1, 0, 1, 0, 3, 0},
      {0, 2, 0, 2, 1, 0, 1, 0, 1, 0, 3, 0}, {0, 2, 1, 0, 0, 2, 0, 2, 3, 0, 3, 0}, {1, 0, 0, 2, 1, 0, 1, 0, 1, 0, 1, 0},
  };
  for (std::size_t mode = 0; mode < expected.size(); ++mode) {
    CAPTURE(mode);
    // Bytes of type uint8 (2), as a tensor has them.
    const std::string modes = integer(1, 2) + integer(2, 2) + text(9, std::string{static_cast<char>(mode), '\0'});
    const std::string attributes =
        tensor_attribute("nodes_splits", tensor({2}, Numbers{1, 2})) + attribute("nodes_featureids", Integers{0, 0}) +
        tensor_attribute("nodes_modes", modes) + attribute("nodes_truenodeids", Integers{0, 1}) +
        attribute("nodes_trueleafs", Integers{1, 1}) + attribute("nodes_falsenodeids", Integers{1, 2}) +
        attribute("nodes_falseleafs", Integers{0, 1}) + attribute("tree_roots", Integers{0}) +
        attribute("leaf_targetids", Integers{0, 1, 0}) +
        tensor_attribute("leaf_weights", tensor({3}, Numbers{1, 2, 3})) + attribute("n_targets", std::int64_t{2});
    const std::string content =
        file(node(ml({"TreeEnsemble", {"X"}, {"y"}, attributes})) + input("X", {-1, 1}) + output("y"), 20, 5);
    CHECK(answers(read(content), inputs) == expected[mode]);
  }
}

TEST_CASE("onnx forests: two classes with one sum") {
  struct Row {
    Numbers left, right;
    std::string more;
    std::vector<std::string> labels;
    std::vector<double> second;  ///< the score of the second class
  };
  const std::string logistic = attribute("post_transform", "LOGISTIC");
  for (const Row& row : {
           Row{{0.7F}, {0.2F}, "", {"20", "10"}, {0.7, 0.2}},
           Row{{0.7F}, {-0.2F}, "", {"20", "10"}, {0.7, -0.2}},
           Row{{0.7F}, {-0.2F}, logistic, {"20", "10"}, {0.6681877, 0.4501660}},
           Row{{0.7F}, {-0.2F}, attribute("base_values", Numbers{0.1F}), {"20", "10"}, {0.8, -0.1}},
           Row{{0.7F}, {0.2F}, attribute("base_values", Numbers{-0.4F}), {"10", "10"}, {0.3, -0.2}},
       }) {
    CAPTURE(row.more);
    const model::Model found = read(classifier({0}, row.left, row.right, {10, 20}, row.more));
    CHECK(labels(found, left_and_right) == row.labels);
    CHECK(are_near(answers(found, left_and_right), row.second));
  }
}

TEST_CASE("onnx forests: three classes, the first largest sum wins, with post-transforms") {
  const Integers ids = {0, 1, 2}, names = {5, 6, 7};
  const Numbers left = {0.5F, 0.5F, 0.0F}, right = {0.2F, 0.8F, 0.8F};
  const model::Model plain = read(classifier(ids, left, right, names));
  CHECK(labels(plain, left_and_right) == std::vector<std::string>{"5", "6"});
  CHECK(are_near(answers(plain, left_and_right), {0.5, 0.5, 0.0, 0.2, 0.8, 0.8}));
  const model::Model logistic = read(classifier(ids, left, right, names, attribute("post_transform", "LOGISTIC")));
  CHECK(are_near(answers(logistic, left_and_right), {0.6224594, 0.6224594, 0.5, 0.5498340, 0.6899745, 0.6899745}));
  const model::Model softmax = read(classifier(ids, left, right, names, attribute("post_transform", "SOFTMAX")));
  CHECK(labels(softmax, left_and_right) == std::vector<std::string>{"5", "6"});
}

TEST_CASE(
    "onnx forests: regressions with base values, averages and post-transforms that a single target does not have") {
  const std::string two_trees =
      attribute("nodes_treeids", Integers{0, 0, 0, 1, 1, 1}) + attribute("nodes_nodeids", Integers{0, 1, 2, 0, 1, 2}) +
      attribute("nodes_featureids", Integers(6, 0)) + attribute("nodes_values", Numbers{1, 0, 0, 1, 0, 0}) +
      attribute("nodes_modes", Texts{"BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"}) +
      attribute("nodes_truenodeids", Integers{1, 0, 0, 1, 0, 0}) +
      attribute("nodes_falsenodeids", Integers{2, 0, 0, 2, 0, 0}) + attribute("target_treeids", Integers{0, 0, 1, 1}) +
      attribute("target_nodeids", Integers{1, 2, 1, 2}) + attribute("target_weights", Numbers{0.7F, -0.3F, 0.4F, 0.1F});
  const auto with = [&](std::int64_t n, const std::string& more) {
    return answers(read(regressor(two_trees + attribute("target_ids", Integers{0, n - 1, 0, 0}) +
                                  attribute("n_targets", n) + more)),
                   left_and_right);
  };
  const std::string logistic = attribute("post_transform", "LOGISTIC"),
                    softmax = attribute("post_transform", "SOFTMAX");
  CHECK(are_near(with(1, ""), {1.1, -0.2}));
  CHECK(are_near(with(1, logistic), {1.1, -0.2}));
  CHECK(are_near(with(1, softmax), {1.1, -0.2}));
  CHECK(are_near(with(1, attribute("aggregate_function", "AVERAGE") + attribute("base_values", Numbers{1})),
                 {1.55, 0.9}));
  CHECK(are_near(with(2, ""), {1.1, 0.0, 0.1, -0.3}));
  CHECK(are_near(with(2, logistic), {0.7502601, 0.5, 0.5249792, 0.4255575}));
  CHECK(are_near(with(2, softmax), {0.7502601, 0.2497398, 0.5986876, 0.4013123}));
}

TEST_CASE("onnx forests: what is computed on a tree's value is computed on its leaves") {
  // 3 * max(log(y), 0) - y of the leaves 1 and e^2.
  const float large = 7.389056F;
  const std::string after = node({"Log", {"y"}, {"a"}}) + node({"Max", {"a", "zero"}, {"b"}}) +
                            node({"Mul", {"three", "b"}, {"c"}}) + node({"Sub", {"c", "y"}, {"d"}}) +
                            initializer("zero", tensor({}, Numbers{0})) + initializer("three", tensor({1}, Numbers{3}));
  CHECK(are_near(answers(read(regressor(stump() + leaves({1, large}), after, "d")), left_and_right),
                 {-1.0, 6.0 - large}));
}

TEST_CASE("onnx forests: an Imputer says where missing values go") {
  for (const auto& [value, expected] : {std::pair{0.5F, 1.0}, std::pair{1.0F, 1.0}, std::pair{1.5F, 0.0}}) {
    const std::string attributes = attribute("imputed_value_floats", Numbers{value}) +
                                   attribute("replaced_value_float", std::numeric_limits<float>::quiet_NaN());
    const std::string scale = attribute("offset", Numbers{0}) + attribute("scale", Numbers{2});
    const std::string content =
        file(node(ml({"Imputer", {"X"}, {"full"}, attributes})) + node(ml({"Scaler", {"full"}, {"twice"}, scale})) +
             node({"Mul", {"twice", "half"}, {"again"}}) + initializer("half", tensor({}, Numbers{0.5F})) +
             node(ml({"TreeEnsembleRegressor", {"again"}, {"y"}, stump() + leaves({1, 0})})) + input("X", {-1, 1}) +
             output("y"));
    CHECK(answers(read(content), {{missing_value}, {0.0}, {2.0}}) == std::vector<double>{expected, 1.0, 0.0});
  }
}

TEST_CASE("onnx forests: a row is divided by its norm, a category becomes a column, in front of the trees") {
  const auto behind = [](const std::string& op) {
    return read(file(op + node(ml({"TreeEnsembleRegressor", {"z"}, {"y"}, stump() + leaves({1, 0})})) +
                     input("X", {-1, 2}) + output("y")));
  };
  // The stump goes left up to 1.
  const auto norm = attribute("norm", "L1");
  const model::Model normalized =
      behind(node(ml({"Normalizer", {"X"}, {"n"}, norm})) + node({"Mul", {"n", "two"}, {"z"}}) +
             initializer("two", tensor({}, Numbers{2})));
  CHECK(answers(normalized, {{1, 1}, {1, -1.5}, {3, 1}, {0, 0}}) == std::vector<double>{1, 1, 0, 1});
  const auto threshold = attribute("threshold", 3.0F);
  const model::Model flags =
      behind(node(ml({"Binarizer", {"X"}, {"b"}, threshold})) + node({"Add", {"b", "half"}, {"z"}}) +
             initializer("half", tensor({}, Numbers{0.5F})));
  CHECK(answers(flags, {{3, 0}, {3.5, 0}, {-1, 9}}) == std::vector<double>{1, 0, 1});
}

TEST_CASE("onnx forests: a number of features that is left open is what trees look at, which a remark says") {
  const std::string content = file(node({"Identity", {"X"}, {"x"}}) +
                                   node(ml({"TreeEnsembleRegressor", {"x"}, {"y"}, stump() + leaves({1, 0})})) +
                                   input("X", {-1, -1}) + output("y"));
  const formats::Reading reading = formats::read_onnx(content, "m.onnx", {});
  CHECK(reading.model.input.n_features == 1);
  CHECK(reading.remarks == std::vector<std::string>{"m.onnx: input 'X' leaves its number of features open: 1 are what "
                                                    "its trees look at"});
}

TEST_CASE("onnx forests: what the model has no place for is refused") {
  const auto node_refusal = [](const std::string& problem) {
    return "m.onnx: node 0 (TreeEnsembleClassifier): " + problem;
  };
  CHECK(
      refusal(classifier({0, 1}, {0.7F, 0.3F}, {0.2F, 0.8F}, {10, 20})) ==
      "m.onnx: output 'label': has leaves for both of its two classes: ONNX Runtime's label is then 1 where the second "
      "sum is above 0, whatever the classes are called; take the scores alone");
  CHECK(
      refusal(classifier({0}, {0.7F}, {0.2F}, {10, 20}, attribute("post_transform", "LOGISTIC"))) ==
      node_refusal("makes probabilities of LOGISTIC with leaves that are all 0 or more: ONNX Runtime then decides at a "
                   "sum of 0.5, and not where the probability is"));
  CHECK(refusal(classifier({0, 1}, {-0.7F, -0.3F}, {-0.2F, -0.8F}, {5, 6, 7})) ==
        "m.onnx: output 'label': has leaves that give nothing to some class: such a class cannot be ONNX Runtime's "
        "label, even where all others are below 0");
  CHECK(refusal(classifier({0, 1, 2}, {1, 2, 3}, {1, 2, 3}, {5, 6, 7}, attribute("post_transform", "SOFTMAX_ZERO"))) ==
        node_refusal("has the post_transform 'SOFTMAX_ZERO', expected NONE, LOGISTIC or SOFTMAX"));
  CHECK(refusal(classifier({0, 0}, {1, 2}, {1, 2}, {5, 6})) == node_refusal("a leaf gives twice to output 0"));
  CHECK(refusal(classifier({3}, {1}, {1}, {5, 6, 7})) == node_refusal("a leaf gives to output 3, there are 3"));
  CHECK(refusal(classifier({0}, {1}, {1}, {})) ==
        node_refusal("expected either classlabels_int64s or classlabels_strings, found neither"));
}

TEST_CASE("onnx features: steps in float32 stay steps in float32") {
  // x * s + o in float32, each step rounded, in front of a split: a double would go the other way.
  const float s = 1.1F, o = 0.3F;
  std::size_t n_different = 0;
  for (int index = 1; index < 2000; ++index) {
    const float x = static_cast<float>(index) * 0.37F;
    const float scaled = x * s + o, threshold = scaled;
    if (static_cast<double>(threshold) < static_cast<double>(x) * s + o) ++n_different;
    const std::string tree =
        attribute("nodes_treeids", Integers{0, 0, 0}) + attribute("nodes_nodeids", Integers{0, 1, 2}) +
        attribute("nodes_featureids", Integers{1, 0, 0}) + attribute("nodes_values", Numbers{threshold, 0, 0}) +
        attribute("nodes_modes", Texts{"BRANCH_LEQ", "LEAF", "LEAF"}) +
        attribute("nodes_truenodeids", Integers{1, 0, 0}) + attribute("nodes_falsenodeids", Integers{2, 0, 0}) +
        attribute("target_treeids", Integers{0, 0}) + attribute("target_nodeids", Integers{1, 2}) +
        attribute("target_ids", Integers{0, 0}) + attribute("target_weights", Numbers{1, 2});
    const model::Model found = read(file(node({"Mul", {"x", "s"}, {"a"}}) + node({"Add", {"a", "o"}, {"b"}}) +
                                         node(ml({"TreeEnsembleRegressor", {"b"}, {"y"}, tree})) +
                                         initializer("s", tensor({2}, Numbers{1, s})) +
                                         initializer("o", tensor({}, Numbers{o})) + input("x", {-1, 2}) + output("y")));
    const float next = std::nextafter(x, std::numeric_limits<float>::infinity());
    CHECK(model::predict(found, std::vector<double>{0, x}) == std::vector<double>{1});
    CHECK(model::predict(found, std::vector<double>{0, next}) ==
          std::vector<double>{next * s + o <= threshold ? 1.0 : 2.0});
  }
  CHECK(n_different > 100);
}
