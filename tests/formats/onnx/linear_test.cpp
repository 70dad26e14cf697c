#include <doctest/doctest.h>

#include <cmath>

#include "tests/formats/onnx/reading.hpp"

// Expected answers are those of onnxruntime 1.32.0 for the same graphs.

using namespace emlc;
using namespace emlc::test::onnx;

namespace {

using Inputs = std::vector<std::vector<double>>;
const Inputs rows = {{0.0}, {2.0}, {-1.0}};

bool are_near(const std::vector<double>& found, const std::vector<double>& expected) {
  if (found.size() != expected.size()) return false;
  for (std::size_t index = 0; index < found.size(); ++index) {
    if (!(std::abs(found[index] - expected[index]) <= 1e-5)) return false;
  }
  return true;
}

/// An operator of one column with a label and scores.
std::string classifier(const std::string& op, const std::string& attributes) {
  return file(node(ml({op, {"x"}, {"label", "scores"}, attributes})) + input("x", {-1, 1}) + output("label", 7) +
              output("scores"));
}
std::string linear(const Numbers& coefficients, const Numbers& intercepts, const Integers& labels,
                   const std::string& post = "NONE") {
  return classifier("LinearClassifier", attribute("coefficients", coefficients) + attribute("intercepts", intercepts) +
                                            attribute("classlabels_ints", labels) + attribute("post_transform", post));
}
std::string regressor(const std::string& op, const std::string& attributes) {
  return file(node(ml({op, {"x"}, {"y"}, attributes})) + input("x", {-1, 1}) + output("y"));
}

}  // namespace

TEST_CASE("onnx linear: a row of coefficients for each class") {
  const auto with = [](const std::string& post) { return read(linear({1, -2}, {0.5F, -0.5F}, {3, 4}, post)); };
  const std::vector<std::string> expected = {"3", "3", "4"};
  CHECK(labels(with("NONE"), rows) == expected);
  CHECK(labels(with("LOGISTIC"), rows) == expected);
  CHECK(labels(with("SOFTMAX"), rows) == expected);
  CHECK(are_near(answers(with("NONE"), rows), {0.5, -0.5, 2.5, -4.5, -0.5, 1.5}));
  CHECK(are_near(answers(with("LOGISTIC"), rows), {0.6224593, 0.3775407, 0.9241418, 0.0109870, 0.3775407, 0.8175744}));
  CHECK(are_near(answers(with("SOFTMAX"), rows), {0.7310586, 0.2689414, 0.9990890, 0.0009110, 0.1192029, 0.8807970}));
  const model::Model three = read(linear({1, 2, 3}, {0, 0, 1}, {1, 2, 3}, "LOGISTIC"));
  CHECK(labels(three, rows) == std::vector<std::string>{"3", "3", "1"});
  CHECK(are_near(answers(three, rows),
                 {0.5, 0.5, 0.7310586, 0.8807971, 0.9820138, 0.9990889, 0.2689414, 0.1192029, 0.1192029}));
}

TEST_CASE("onnx linear: one row of coefficients for two classes decides at 0") {
  const Inputs around = {{-0.1}, {0.0}, {0.3}, {0.5}, {0.7}};
  const std::vector<std::string> expected = {"3", "3", "4", "4", "4"};
  const model::Model plain = read(linear({1}, {0}, {3, 4}));
  CHECK(labels(plain, around) == expected);
  CHECK(are_near(answers(plain, around), {-0.1, 0.0, 0.3, 0.5, 0.7}));
  const model::Model logistic = read(linear({1}, {0}, {3, 4}, "LOGISTIC"));
  CHECK(labels(logistic, around) == expected);
  CHECK(are_near(answers(logistic, around), {0.4750208, 0.5, 0.5744425, 0.6224593, 0.6681878}));
}

TEST_CASE("onnx linear: regressions, with and without support vectors") {
  const std::string two = attribute("coefficients", Numbers{2, 3}) + attribute("intercepts", Numbers{1, -1}) +
                          attribute("targets", std::int64_t{2});
  CHECK(are_near(answers(read(regressor("LinearRegressor", two)), rows), {1, -1, 5, 5, -1, -4}));
  const std::string linear = attribute("kernel_type", "LINEAR") + attribute("rho", Numbers{0.25F});
  const std::string vectors = linear + attribute("coefficients", Numbers{0.5F, -1.5F}) +
                              attribute("support_vectors", Numbers{1, 2}) + attribute("n_supports", std::int64_t{2});
  CHECK(are_near(answers(read(regressor("SVMRegressor", vectors)), rows), {0.25, -4.75, 2.75}));
  const std::string weights = linear + attribute("coefficients", Numbers{0.5F});
  CHECK(are_near(answers(read(regressor("SVMRegressor", weights)), rows), {0.25, 1.25, -0.25}));
}

TEST_CASE("onnx linear: a support vector machine without support vectors is a row of coefficients for each class") {
  const model::Model found = read(classifier(
      "SVMClassifier", attribute("coefficients", Numbers{0.5F, -1.5F, 1}) + attribute("kernel_type", "LINEAR") +
                           attribute("rho", Numbers{0.25F}) + attribute("classlabels_ints", Integers{1, 2, 3})));
  CHECK(labels(found, rows) == std::vector<std::string>{"1", "3", "2"});
  CHECK(are_near(answers(found, rows), {0.25, 0.25, 0.25, 1.25, -2.75, 2.25, -0.25, 1.75, -0.75}));
}

/// Support vectors (1), (2), (4) with the coefficients 0.5, 0.5 and -1.5: s = 0.25 - 4.5 x.
const std::string vectors = attribute("coefficients", Numbers{0.5F, 0.5F, -1.5F}) +
                            attribute("support_vectors", Numbers{1, 2, 4}) + attribute("kernel_type", "LINEAR");
const std::string of_two =
    attribute("vectors_per_class", Integers{2, 1}) + attribute("classlabels_strings", Texts{"no", "yes"});

TEST_CASE("onnx linear: support vectors of two classes are one function, above 0 for the first class") {
  const model::Model found = read(classifier("SVMClassifier", vectors + of_two + attribute("rho", Numbers{0.25F})));
  CHECK(found.output.n_outputs == 1);
  CHECK(found.output.targets.at(0).class_names == std::vector<std::string>{"yes", "no"});
  CHECK(labels(found, {{0}, {1}, {-1}}) == std::vector<std::string>{"no", "yes", "no"});
  CHECK(are_near(answers(found, {{0}, {1}, {-1}}), {0.25, -4.25, 4.75}));
  CHECK(labels(read(classifier("SVMClassifier", vectors + of_two + attribute("rho", Numbers{0}))), {{0}}) ==
        std::vector<std::string>{"yes"});
}

TEST_CASE("onnx linear: support vectors that are refused") {
  const auto with = [](const std::string& more) { return refusal(classifier("SVMClassifier", more)); };
  const std::string at = "m.onnx: node 0 (SVMClassifier): ", rho = attribute("rho", Numbers{0.25F});
  CHECK(with(vectors + of_two + attribute("rho", Numbers{1, 2, 3})) == at + "has 3 values of rho, expected 1");
  CHECK(with(vectors + rho + attribute("classlabels_ints", Integers{1, 2, 3}) +
             attribute("vectors_per_class", Integers{1, 1, 1})) ==
        at + "has a linear kernel and support vectors of 3 classes, whose pairs vote, expected 2 classes: export a "
             "LinearSVC or another linear model");
  CHECK(with(vectors + of_two + rho + attribute("prob_a", Numbers{-1}) + attribute("prob_b", Numbers{0})) ==
        at +
            "has a linear kernel and probabilities that ONNX Runtime comes near by steps, which the model has no place "
            "for: train it with probability=False, or export a LogisticRegression");
  CHECK(with(vectors + of_two + rho + attribute("post_transform", "LOGISTIC")) ==
        at + "has 2 entries in vectors_per_class, negative coefficients and the post_transform 'LOGISTIC', expected 2, "
             "some and NONE");
  CHECK(with(of_two + rho + attribute("coefficients", Numbers{1, -1}) + attribute("support_vectors", Numbers{1, 2, 3}) +
             attribute("kernel_type", "LINEAR")) ==
        at + "has 3 numbers in support_vectors, expected 1 for each of 2 coefficients");
}

TEST_CASE("onnx linear: what is refused") {
  const std::string at = "m.onnx: node 0 ";
  CHECK(refusal(linear({1, 2, 3}, {0, 0}, {1, 2})) ==
        at + "(LinearClassifier): has 3 coefficients, expected 1 for each of 2 outputs");
  CHECK(refusal(linear({1, 2}, {0}, {1, 2})) == at + "(LinearClassifier): has 1 intercepts, expected 2");
  CHECK(refusal(linear({1, 2}, {0, 0}, {1, 2}, "PROBIT")) ==
        at + "(LinearClassifier): has the post_transform 'PROBIT', expected NONE, LOGISTIC or SOFTMAX");
  const std::string svm = attribute("kernel_type", "LINEAR") + attribute("coefficients", Numbers{1}) +
                          attribute("classlabels_ints", Integers{1, 2});
  CHECK(refusal(classifier("SVMClassifier", svm + attribute("rho", Numbers{1}))) ==
        at +
            "(SVMClassifier): has 2 classes, 1 values of rho and the post_transform 'NONE', expected at least 3, 1 and "
            "NONE");
  CHECK(refusal(regressor("SVMRegressor", attribute("one_class", std::int64_t{1}))) ==
        at + "(SVMRegressor): is a one-class SVM, whose output is a sign, which the model has no place for");
  CHECK(refusal(regressor("SVMRegressor", attribute("coefficients", Numbers{1}))) ==
        at + "(SVMRegressor): has 0 values of rho, expected 1");
  CHECK(refusal(regressor("LinearRegressor", attribute("targets", std::int64_t{0}))) ==
        at + "(LinearRegressor): has 0 targets, expected 1 to 4096");
}
