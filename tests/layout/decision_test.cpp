#include "codegen/layout/decision.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace emlc;
using layout::RawComparison;
using model::DecisionRule;
using model::NumberType;
using model::PostTransform;
using model::PostTransformKind;

namespace {

model::Output rule(DecisionRule rule, double threshold) {
  return {.task = model::Task::classification, .targets = {{}}, .rule = rule, .threshold = threshold};
}

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
float above(float x) { return std::nextafter(x, std::numeric_limits<float>::infinity()); }
float below(float x) { return std::nextafter(x, -std::numeric_limits<float>::infinity()); }

model::Model trees(std::vector<double> leaf_values, double divisor, PostTransformKind kind) {
  model::TreeEnsemble ensemble;
  ensemble.n_features = 1;
  ensemble.leaf_values = std::move(leaf_values);
  ensemble.trees.resize(2);
  ensemble.base_score = {0.0};
  ensemble.divisor = divisor;
  ensemble.post_transform.kind = kind;
  model::Model result;
  result.predictor = std::move(ensemble);
  return result;
}

}  // namespace

TEST_CASE("decision: a sigmoid and its threshold become a comparison of the raw column, on the same float") {
  const PostTransform transform{.kind = PostTransformKind::sigmoid};
  for (const double threshold : {0.5, 0.25, 0.9, 1e-3}) {
    CAPTURE(threshold);
    const auto at_least = layout::raw_comparison(rule(DecisionRule::greater_equal, threshold), transform);
    REQUIRE(at_least);
    CHECK(at_least->kind == RawComparison::Kind::at_least);
    CHECK(sigmoid(static_cast<double>(at_least->bound)) >= threshold);
    CHECK(sigmoid(static_cast<double>(below(at_least->bound))) < threshold);
    const auto greater = layout::raw_comparison(rule(DecisionRule::greater, threshold), transform);
    REQUIRE(greater);
    CHECK(sigmoid(static_cast<double>(greater->bound)) > threshold);
    CHECK(sigmoid(static_cast<double>(below(greater->bound))) <= threshold);
  }
}

TEST_CASE("decision: a sigmoid of a tiny negative number rounds to 0.5, and 0.5 >= 0.5") {
  const auto found =
      layout::raw_comparison(rule(DecisionRule::greater_equal, 0.5), PostTransform{.kind = PostTransformKind::sigmoid});
  REQUIRE(found);
  CHECK(found->bound < 0.0F);
  CHECK(found->bound > -5e-16F);
}

TEST_CASE("decision: a threshold that is no float is met by the next float") {
  const auto found = layout::raw_comparison(rule(DecisionRule::greater, 0.1), PostTransform{});
  REQUIRE(found);
  CHECK(found->bound == 0.1F);  // the float nearest to 0.1 is above it
  const auto below_it = layout::raw_comparison(rule(DecisionRule::greater, static_cast<double>(0.1F)), PostTransform{});
  REQUIRE(below_it);
  CHECK(below_it->bound == above(0.1F));
}

TEST_CASE("decision: a falling transform turns the comparison round") {
  const auto found = layout::raw_comparison(rule(DecisionRule::greater_equal, 3.0), PostTransform{.scale = -2.0});
  REQUIRE(found);
  CHECK(found->kind == RawComparison::Kind::at_most);
  CHECK(found->bound == -1.5F);
}

TEST_CASE("decision: the score of an isolation forest is compared before its power of two") {
  // -2^(-x / 10) + 0.5 > 0 from x = 10 on.
  const PostTransform transform{.kind = PostTransformKind::isolation, .denominator = 10.0, .offset = -0.5};
  const auto found = layout::raw_comparison(rule(DecisionRule::greater_equal, 0.0), transform);
  REQUIRE(found);
  CHECK(found->bound == doctest::Approx(10.0).epsilon(1e-6));
}

TEST_CASE("decision: a rule that always or never holds is said so") {
  const PostTransform transform{.kind = PostTransformKind::sigmoid};
  CHECK(layout::raw_comparison(rule(DecisionRule::greater, -1.0), transform)->kind == RawComparison::Kind::always);
  CHECK(layout::raw_comparison(rule(DecisionRule::greater, 1.0), transform)->kind == RawComparison::Kind::never);
}

TEST_CASE("decision: a transform over all columns is not undone for one") {
  for (const auto kind : {PostTransformKind::softmax, PostTransformKind::log_softmax, PostTransformKind::normalize}) {
    CHECK_FALSE(layout::raw_comparison(rule(DecisionRule::greater, 0.5), PostTransform{.kind = kind}));
  }
}

TEST_CASE("decision: argmax is on the raw outputs when the transform keeps their order") {
  using Kind = PostTransformKind;
  for (const Kind kind : {Kind::identity, Kind::sigmoid, Kind::softmax, Kind::exp, Kind::signed_square, Kind::log1p_exp,
                          Kind::isolation, Kind::normalize, Kind::log_softmax}) {
    CAPTURE(model::name(kind));
    model::Model model = trees({0.0, 1.0}, 2.0, kind);
    CHECK(layout::argmax_is_on_raw(model));
    std::get<model::TreeEnsemble>(model.predictor).post_transform.scale = -1.0;
    CHECK_FALSE(layout::argmax_is_on_raw(model));
  }
  CHECK_FALSE(layout::argmax_is_on_raw(trees({0.0, 1.0}, 2.0, Kind::hinge)));
  CHECK_FALSE(layout::argmax_is_on_raw(trees({-1.0, 1.0}, 2.0, Kind::normalize)));  // the sum may be negative
}

TEST_CASE("decision: outputs are probabilities when nothing can leave 0 to 1") {
  using Kind = PostTransformKind;
  CHECK(layout::are_probabilities(trees({0.0, 1.0}, 2.0, Kind::identity)));
  CHECK_FALSE(layout::are_probabilities(trees({0.0, 1.5}, 2.0, Kind::identity)));
  CHECK_FALSE(layout::are_probabilities(trees({0.0, 1.0}, 1.0, Kind::identity)));
  CHECK_FALSE(layout::are_probabilities(trees({-0.5, 1.0}, 2.0, Kind::identity)));
  CHECK(layout::are_probabilities(trees({-5.0, 7.0}, 1.0, Kind::sigmoid)));
  CHECK(layout::are_probabilities(trees({-5.0, 7.0}, 1.0, Kind::softmax)));
  CHECK(layout::are_probabilities(trees({3.0, 7.0}, 1.0, Kind::normalize)));
  CHECK_FALSE(layout::are_probabilities(trees({3.0, 7.0}, 1.0, Kind::log_softmax)));
  CHECK_FALSE(layout::are_probabilities(trees({0.0, 1.0}, 2.0, Kind::hinge)));
  model::Model network;
  model::DenseLayer layer{.n_in = 1, .n_out = 1, .weights = {1.0}, .bias = {0.0}};
  network.predictor = model::DenseNetwork{.layers = {layer}, .post_transform = {}};
  CHECK_FALSE(layout::are_probabilities(network));
  layer.activation = model::Activation::logistic;
  network.predictor = model::DenseNetwork{.layers = {layer}, .post_transform = {}};
  CHECK(layout::are_probabilities(network));
}
