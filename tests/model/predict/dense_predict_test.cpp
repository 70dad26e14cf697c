#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;
using samples::regression;

namespace {

double activated(Activation activation, double x, double alpha = 0.0) {
  const DenseLayer layer{1, 1, {1.0}, {0.0}, activation, alpha};
  return predict(regression(DenseNetwork{.layers = {layer}, .post_transform = {}}), std::vector{x}).at(0);
}

}  // namespace

TEST_CASE("predict: weights are one row per unit, layers chain") {
  const DenseLayer hidden{3, 2, {1, 2, 3, 4, 5, 6}, {0.5, -0.5}, Activation::identity};
  const DenseLayer last{2, 1, {10, 1}, {0.25}, Activation::identity};
  Model model = regression(DenseNetwork{.layers = {hidden}, .post_transform = {}}, 3, 2);
  CHECK(predict(model, std::vector{1.0, 10.0, 100.0}) == std::vector{321.5, 653.5});
  model = regression(DenseNetwork{.layers = {hidden, last}, .post_transform = {}}, 3, 1);
  CHECK(predict(model, std::vector{1.0, 10.0, 100.0}) == std::vector{3868.75});
}

TEST_CASE("predict: each activation against values known from its formula") {
  struct Row {
    Activation activation;
    double x, y, alpha = 0.0;
  };
  constexpr double ln3 = 1.0986122886681098;
  for (const Row& row : {Row{Activation::identity, -2.0, -2.0},
                         {Activation::relu, -2.0, 0.0},
                         {Activation::relu, 2.0, 2.0},
                         {Activation::relu6, -1.0, 0.0},
                         {Activation::relu6, 5.5, 5.5},
                         {Activation::relu6, 6.5, 6.0},
                         {Activation::leaky_relu, -2.0, -0.5, 0.25},
                         {Activation::leaky_relu, 2.0, 2.0, 0.25},
                         {Activation::tanh, ln3, 0.8},
                         {Activation::tanh, -1000.0, -1.0},
                         {Activation::logistic, ln3, 0.75},
                         {Activation::logistic, -1000.0, 0.0},
                         {Activation::logistic, 1000.0, 1.0},
                         {Activation::softmax, 3.0, 1.0},
                         {Activation::softplus, ln3, 1.3862943611198906},
                         {Activation::softplus, 1000.0, 1000.0},
                         {Activation::softplus, -1000.0, 0.0},
                         {Activation::elu, 2.0, 2.0, 0.5},
                         {Activation::elu, -ln3, -1.0 / 3.0, 0.5},
                         {Activation::elu, -1000.0, -0.5, 0.5}}) {
    CAPTURE(name(row.activation));
    CAPTURE(row.x);
    CHECK(std::abs(activated(row.activation, row.x, row.alpha) - row.y) <= 3e-16 * std::max(1.0, std::abs(row.y)));
  }
}

TEST_CASE("predict: prelu has a slope for each unit, at and above 0 none counts") {
  const DenseLayer layer{.n_in = 1,
                         .n_out = 3,
                         .weights = {1.0, 2.0, -1.0},
                         .bias = {0.0, 0.0, 0.0},
                         .activation = Activation::prelu,
                         .slopes = {0.25, -0.5, 3.0}};
  const Model model = regression(DenseNetwork{.layers = {layer}, .post_transform = {}}, 1, 3);
  CHECK(predict(model, std::vector{-4.0}) == std::vector{-1.0, 4.0, 4.0});
  CHECK(predict(model, std::vector{4.0}) == std::vector{4.0, 8.0, -12.0});
  CHECK(predict(model, std::vector{0.0}) == std::vector{0.0, 0.0, 0.0});
  for (const double y : predict(model, std::vector{std::nan("")})) CHECK(std::isnan(y));
}

TEST_CASE("predict: a layer with codes gives numbers on their grid, halves to even, within their ends") {
  DenseLayer layer = identity_layer(1);
  layer.codes = CodeGrid{.scale = 0.5, .zero = 10, .lowest = 0, .highest = 255};
  const Model model = regression(DenseNetwork{.layers = {layer}, .post_transform = {}});
  const auto at = [&](double x) { return predict(model, std::vector{x}).at(0); };
  CHECK(at(0.25) == 0.0);
  CHECK(at(0.75) == 1.0);
  CHECK(at(0.7) == 0.5);
  CHECK(at(-0.25) == 0.0);
  CHECK(at(-100.0) == -5.0);
  CHECK(at(1000.0) == 122.5);
  CHECK(at(std::numeric_limits<double>::infinity()) == 122.5);
  CHECK(std::isnan(at(std::nan(""))));
  CHECK(n_rounded_layers(model) == 1);
}

TEST_CASE("relu pairs: a network whose units have slopes answers as one of relu does, inside and at its end") {
  const DenseLayer first{.n_in = 2,
                         .n_out = 2,
                         .weights = {1.0, -1.0, 0.5, 2.0},
                         .bias = {0.5, -0.25},
                         .activation = Activation::prelu,
                         .slopes = {0.25, -0.5}};
  DenseLayer second = first;
  second.slopes = {2.0, 0.0};
  const DenseLayer plain{.n_in = 2, .n_out = 1, .weights = {1.0, 1.0}, .bias = {1.0}, .activation = Activation::relu6};
  // Weights and inputs are small powers of two and their sums, so that all is exact.
  for (const std::vector<DenseLayer>& layers :
       {std::vector{first}, std::vector{first, second}, std::vector{first, plain}, std::vector{first, second, plain},
        std::vector{plain}}) {
    const DenseNetwork network{.layers = layers, .post_transform = {}};
    const DenseNetwork pairs = in_relu_pairs(network);
    CHECK_FALSE(has_slopes(pairs));
    const std::int32_t n_out = layers.back().n_out;
    for (const double a : {-2.0, -0.5, 0.0, 0.25, 3.0}) {
      for (const double b : {-1.0, 0.0, 0.75, 2.0}) {
        CHECK(predict(regression(pairs, 2, n_out), std::vector{a, b}) ==
              predict(regression(network, 2, n_out), std::vector{a, b}));
      }
    }
  }
}

TEST_CASE("predict: a softmax layer shares 1 among its units") {
  constexpr double ln2 = 0.6931471805599453;
  const DenseLayer layer{1, 2, {1.0, 2.0}, {0.0, 0.0}, Activation::softmax};
  const std::vector<double> y =
      predict(regression(DenseNetwork{.layers = {layer}, .post_transform = {}}, 1, 2), std::vector{ln2});
  CHECK(std::abs(y.at(0) - 1.0 / 3.0) <= 1e-16);
  CHECK(std::abs(y.at(1) - 2.0 / 3.0) <= 2e-16);
}

TEST_CASE("predict: the post-transform of a network follows its last layer") {
  const DenseLayer layer{1, 2, {1.0, 3.0}, {0.0, 0.0}, Activation::identity};
  const DenseNetwork network{.layers = {layer}, .post_transform = {.kind = PostTransformKind::normalize}};
  CHECK(predict(regression(network, 1, 2), std::vector{5.0}) == std::vector{0.25, 0.75});
}

TEST_CASE("predict: scalers apply in order before the predictor, and alone are a model") {
  const Scaler centre{ScalerOp::subtract_divide, {1.0, 2.0}, {2.0, 4.0}, std::nullopt};
  const Scaler stretch{ScalerOp::multiply_add, {0.5, -0.5}, {10.0, 100.0}, std::nullopt};
  Model model = regression(std::monostate{}, 2, 2);
  model.scalers = {centre, stretch};
  CHECK(predict(model, std::vector{2.0, 4.0}) == std::vector{5.5, 49.5});
  model = regression(DenseNetwork{.layers = {{2, 1, {1.0, 1.0}, {0.0}}}, .post_transform = {}}, 2, 1);
  model.scalers = {centre, stretch};
  CHECK(predict(model, std::vector{2.0, 4.0}) == std::vector{55.0});
}

TEST_CASE("predict: a scaler clips its result and leaves a missing value missing") {
  Model model = regression(std::monostate{}, 1, 1);
  model.scalers = {{ScalerOp::multiply_add, {0.0}, {2.0}, std::pair{-1.0, 1.0}}};
  CHECK(predict(model, std::vector{0.25}) == std::vector{0.5});
  CHECK(predict(model, std::vector{0.5}) == std::vector{1.0});
  CHECK(predict(model, std::vector{9.0}) == std::vector{1.0});
  CHECK(predict(model, std::vector{-9.0}) == std::vector{-1.0});
  CHECK(std::isnan(predict(model, std::vector{std::numeric_limits<double>::quiet_NaN()}).at(0)));
}
