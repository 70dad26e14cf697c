#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/passes/dense/grid.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::Activation;
using model::CodeGrid;
using model::DenseLayer;
using passes::PassConfig;

namespace {

constexpr CodeGrid around_zero{.scale = 0.25, .zero = 0, .lowest = -128, .highest = 127};
constexpr CodeGrid from_zero{.scale = 0.25, .zero = -128, .lowest = -128, .highest = 127};

DenseLayer rounding(std::int32_t n, const CodeGrid& codes) {
  DenseLayer layer = model::identity_layer(n);
  layer.codes = codes;
  return layer;
}

/// As a quantiser leaves a network of one hidden layer: the input is rounded, then what each layer gives.
model::Model quantised(const CodeGrid& hidden, Activation activation = Activation::identity) {
  model::DenseNetwork network;
  network.layers = {rounding(2, around_zero),
                    {.n_in = 2,
                     .n_out = 2,
                     .weights = {1.0, -0.5, 0.25, 0.75},
                     .bias = {0.5, -0.25},
                     .activation = activation,
                     .codes = hidden},
                    {.n_in = 2, .n_out = 1, .weights = {1.0, -1.0}, .bias = {0.25}, .codes = around_zero}};
  model::Model model;
  model.input = {.n_features = 2, .type = model::NumberType::float32};
  model.output = {.task = model::Task::regression, .n_outputs = 1, .targets = {{}}};
  model.predictor = network;
  model::check(model, "m");
  return model;
}

const std::vector<DenseLayer>& layers_of(const model::Model& model) {
  return std::get<model::DenseNetwork>(model.predictor).layers;
}

std::vector<Activation> activations_of(const model::Model& model) {
  std::vector<Activation> found;
  for (const DenseLayer& layer : layers_of(model)) found.push_back(layer.activation);
  return found;
}

}  // namespace

TEST_CASE("drop-rounding: the network without its codes, and how far that is from the one with them") {
  const model::Model before = quantised(around_zero, Activation::tanh);
  model::Model after = before;
  const auto reports = passes::run_passes(after, {.drop_rounding = true, .data = grid(7.0)});
  CHECK(n_rounded_layers(after) == 0);
  CHECK(activations_of(after) == std::vector{Activation::tanh, Activation::identity});
  CHECK(reports.front().pass == "drop-rounding");
  CHECK(reports.front().result.changes == 3);
  const auto& distance = reports.front().distance;
  REQUIRE(distance.has_value());
  double largest = 0.0;
  for (const std::vector<double>& x : grid(7.0)) {
    const double plain = 0.25 + std::tanh(0.5 + x[0] - 0.5 * x[1]) - std::tanh(-0.25 + 0.25 * x[0] + 0.75 * x[1]);
    CHECK(model::predict(after, x).at(0) == doctest::Approx(plain).epsilon(1e-12));
    largest = std::max(largest, std::abs(plain - model::predict(before, x).at(0)));
  }
  CHECK(distance->largest == doctest::Approx(largest));
  CHECK(largest > 0.1);
  CHECK(passes::run_passes(after, {.drop_rounding = true}).front().pass != "drop-rounding");
}

TEST_CASE("drop-rounding: codes that begin at 0 are the activation that a quantiser left out") {
  const auto hidden = [](const CodeGrid& codes, Activation activation = Activation::identity) {
    model::Model model = quantised(codes, activation);
    passes::run_passes(model, {.drop_rounding = true});
    return activations_of(model).front();
  };
  CHECK(hidden(around_zero) == Activation::identity);
  CHECK(hidden(from_zero) == Activation::relu);
  CHECK(hidden(from_zero, Activation::logistic) == Activation::logistic);
  CHECK(hidden({.scale = 6.0F / 255.0F, .zero = 0, .lowest = 0, .highest = 255}) == Activation::relu6);
}

TEST_CASE("drop-rounding: layers that only round go, an activation behind one joins the layer before it") {
  model::Model model = quantised(around_zero);
  auto& layers = std::get<model::DenseNetwork>(model.predictor).layers;
  DenseLayer alone = rounding(2, around_zero);
  alone.activation = Activation::relu;
  layers.insert(layers.begin() + 2, alone);
  passes::run_passes(model, {.drop_rounding = true});
  CHECK(activations_of(model) == std::vector{Activation::relu, Activation::identity});
  model::Model only = quantised(around_zero);
  std::get<model::DenseNetwork>(only.predictor).layers = {rounding(2, from_zero)};
  only.output = {.task = model::Task::regression, .n_outputs = 2, .targets = {{}, {}}};
  passes::run_passes(only, {.drop_rounding = true});
  CHECK(model::predict(only, std::vector<double>{-0.3, 1.7}) == std::vector<double>{-0.3, 1.7});
}

TEST_CASE("drop-rounding: a bias that was rounded apart joins the weights before it, with what its codes imply") {
  model::Model model = quantised(around_zero);
  auto& layers = std::get<model::DenseNetwork>(model.predictor).layers;
  DenseLayer bias = rounding(2, from_zero);
  bias.weights = {2.0, 0.0, 0.0, -1.0};
  bias.bias = {1.0, -3.0};
  layers.insert(layers.begin() + 2, bias);
  passes::run_passes(model, {.drop_rounding = true});
  REQUIRE(layers_of(model).size() == 2);
  const DenseLayer& joined = layers_of(model).front();
  CHECK(joined.weights == std::vector<double>{2.0, -1.0, -0.25, -0.75});
  CHECK(joined.bias == std::vector<double>{2.0, -2.75});
  CHECK(joined.activation == Activation::relu);
}

TEST_CASE("drop-rounding: nothing is left out without being asked for; integers of emlc's own ask, too") {
  model::Model model = quantised(from_zero);
  CHECK_THROWS_WITH_AS(
      passes::run_passes(model, {}),
      "--drop-rounding: the network rounds to the codes of a quantiser in 3 places, which no output "
      "does: give this option to leave the rounding out, or --weights int8 for integers of emlc's own; "
      "the error is measured",
      Error);
  const auto reports = passes::run_passes(model, {.weights = model::IntegerWidth::bits8, .data = grid(7.0)});
  CHECK(reports.front().pass == "drop-rounding");
  CHECK(model::integers_of(model) != nullptr);
  model::Model trees = forest(1, 2, {{.nodes = {leaf(0)}}}, {0.5, 0.5});
  CHECK_THROWS_WITH_AS(passes::run_passes(trees, {.drop_rounding = true}),
                       "--drop-rounding: needs a dense network, the model is a tree ensemble", Error);
}
