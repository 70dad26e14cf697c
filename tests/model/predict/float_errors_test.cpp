#include "codegen/model/predict/float_errors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;
using samples::regression;

namespace {

/// -1 to 1.
double uniform(std::mt19937& random) { return 2.0 * static_cast<double>(random()) / 4294967295.0 - 1.0; }

DenseLayer random_layer(std::mt19937& random, std::int32_t n_in, std::int32_t n_out, Activation activation) {
  DenseLayer layer{n_in, n_out, {}, {}, activation};
  const double size = std::sqrt(3.0 / n_in);  // what comes out is as large as what comes in
  for (std::int32_t i = 0; i < n_in * n_out; ++i) layer.weights.push_back(size * uniform(random));
  for (std::int32_t i = 0; i < n_out; ++i) layer.bias.push_back(0.1 * uniform(random));
  return layer;
}

/// What a device computes: every number a float, the terms of a sum one after the other.
std::vector<double> in_floats(const DenseNetwork& network, const std::vector<double>& x) {
  std::vector<float> at(x.begin(), x.end());
  for (const DenseLayer& layer : network.layers) {
    std::vector<float> sums;
    for (std::size_t row = 0; row < layer.bias.size(); ++row) {
      auto sum = static_cast<float>(layer.bias[row]);
      for (std::size_t i = 0; i < at.size(); ++i) {
        sum += static_cast<float>(layer.weights[row * at.size() + i]) * at[i];
      }
      if (layer.activation == Activation::relu) sum = std::max(sum, 0.0F);
      if (layer.activation == Activation::tanh) sum = std::tanh(sum);
      if (layer.activation == Activation::logistic) sum = 1.0F / (1.0F + std::exp(-sum));
      sums.push_back(sum);
    }
    at = sums;
  }
  return {at.begin(), at.end()};
}

/// For a network on inputs of size 1.
struct Seen {
  double largest_output = 0.0, largest_error = 0.0;  ///< as float_errors has it
  double largest_share = 0.0;                        ///< of its error that a device is off by
};

Seen seen(const DenseNetwork& network, std::mt19937& random) {
  const std::int32_t n_in = network.layers.front().n_in, n_out = network.layers.back().n_out;
  const Model model = regression(network, n_in, n_out);
  Seen most;
  for (int row = 0; row < 200; ++row) {
    std::vector<double> x;
    for (std::int32_t i = 0; i < n_in; ++i) x.push_back(round_to(NumberType::float32, uniform(random)));
    const std::vector<double> expected = predict(model, x), found = in_floats(network, x);
    const std::vector<double> errors = float_errors(model, network, x);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      most.largest_output = std::max(most.largest_output, std::abs(expected[i]));
      most.largest_error = std::max(most.largest_error, errors[i]);
      most.largest_share = std::max(most.largest_share, std::abs(found[i] - expected[i]) / errors[i]);
    }
  }
  return most;
}

}  // namespace

TEST_CASE("float errors: more than a device is off by, and no more than 1e-5 of the outputs") {
  std::mt19937 random;
  for (const Activation activation : {Activation::identity, Activation::relu, Activation::tanh, Activation::logistic}) {
    for (const std::int32_t width : {1, 8, 64, 200}) {
      CAPTURE(name(activation));
      CAPTURE(width);
      DenseNetwork network;
      network.layers = {random_layer(random, 10, width, activation), random_layer(random, width, width, activation),
                        random_layer(random, width, 3, Activation::identity)};
      const Seen most = seen(network, random);
      CHECK(most.largest_share > 0.0);
      CHECK(most.largest_share < 1.0);
      CHECK(most.largest_error < 1e-5 * std::max(most.largest_output, 0.5));
    }
  }
}

TEST_CASE("float errors: what is left of terms that cancel has the errors of the terms") {
  // 10000 (3.3 x + 0.1) - 30000 (1.1 x + 0.7) + 20000 is 0 for every x.
  const DenseNetwork network{.layers = {{1, 2, {3.3, 1.1}, {0.1, 0.7}}, {2, 1, {1e4, -3e4}, {2e4}}},
                             .post_transform = {}};
  std::mt19937 random;
  const Seen most = seen(network, random);
  CHECK(most.largest_output < 1e-9);
  CHECK(most.largest_share > 0.05);
  CHECK(most.largest_share < 1.0);
  CHECK(most.largest_error < 0.1);  // of terms of 3e4: a part in 3e5
}

TEST_CASE("float errors: transforms take errors to where they lead") {
  const auto errors = [](double weight, double bias, PostTransform transform, double x) {
    const DenseNetwork network{.layers = {{1, 1, {weight}, {bias}}}, .post_transform = transform};
    return float_errors(regression(network), network, std::vector{x}).at(0);
  };
  using Kind = PostTransformKind;
  // Where the sum may be on either side of 0, hinge may be 0 or 1.
  CHECK(errors(3.3, -3.3, {.kind = Kind::hinge}, 1.0) == 1.0);
  CHECK(errors(3.3, -3.2, {.kind = Kind::hinge}, 1.0) < 1e-6);
  // exp(80) has 80 times the error of 80; 1 / (1 + exp(80)) has next to none.
  const double plain = errors(80.0, 0.0, {}, 1.0);
  CHECK(errors(80.0, 0.0, {.kind = Kind::exp}, 1.0) / std::exp(80.0) == doctest::Approx(plain).epsilon(0.1));
  CHECK(errors(80.0, 0.0, {.kind = Kind::sigmoid}, 1.0) < 1e-6);
  CHECK(errors(80.0, 0.0, {.kind = Kind::log1p_exp}, 1.0) == doctest::Approx(plain).epsilon(0.5));
  CHECK(errors(80.0, 0.0, {.kind = Kind::identity, .scale = 3.0}, 1.0) == doctest::Approx(3.0 * plain));
}

TEST_CASE("float errors: a scaler whose offset is far off leaves less digits") {
  const DenseNetwork network{.layers = {{1, 1, {1.0}, {0.0}}}, .post_transform = {}};
  Model model = regression(network);
  const std::vector<double> x = {1e6};
  model.scalers = {{.op = ScalerOp::subtract_divide, .offset = {999'999.0}, .scale = {1.0}}};
  CHECK(float_errors(model, network, x).at(0) > 0.05);
  model.scalers = {{.op = ScalerOp::multiply_add, .offset = {0.0}, .scale = {1e-6}}};
  CHECK(float_errors(model, network, x).at(0) < 1e-6);
}
