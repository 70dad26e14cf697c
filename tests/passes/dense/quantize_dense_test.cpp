#include <array>
#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/passes/dense/grid.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::Activation;
using model::IntegerWidth;
using model::NumberType;
using passes::PassConfig;

namespace {

constexpr std::array widths = {IntegerWidth::bits8, IntegerWidth::bits16};

/// Two features, three hidden units, two outputs.
model::Model small_network(Activation hidden = Activation::relu) {
  model::DenseNetwork network;
  network.layers = {
      {.n_in = 2,
       .n_out = 3,
       .weights = {1.0, -0.5, 0.25, 0.75, -1.0, 0.5},
       .bias = {0.5, -0.25, 0.125},
       .activation = hidden},
      {.n_in = 3, .n_out = 2, .weights = {1.0, -1.0, 0.5, -0.5, 2.0, -1.0}, .bias = {0.25, -0.75}},
  };
  model::Model model;
  model.input = {.n_features = 2, .type = NumberType::float32};
  model.output = {.task = model::Task::regression, .n_outputs = 2, .targets = {{}, {}}};
  model.predictor = network;
  return model;
}

const model::IntegerNetwork& integers_after(model::Model& model, const PassConfig& config) {
  passes::run_passes(model, config);
  REQUIRE(model::integers_of(model) != nullptr);
  return *model::integers_of(model);
}

double largest_error(const model::Model& before, const model::Model& after) {
  return model::measure_distance(before, after, grid(8.0)).largest;
}

}  // namespace

TEST_CASE("quantize-dense: outputs stay close, in 16 bits closer") {
  for (const Activation hidden : {Activation::relu, Activation::tanh, Activation::logistic, Activation::identity}) {
    CAPTURE(model::name(hidden));
    const model::Model before = small_network(hidden);
    for (const IntegerWidth width : widths) {
      model::Model after = before;
      passes::run_passes(after, {.weights = width, .data = grid(8.0)});
      CHECK(largest_error(before, after) < (width == IntegerWidth::bits8 ? 5e-2 : 1e-3));
    }
  }
}

TEST_CASE("quantize-dense: what the data shows decides the codes of the input") {
  model::Model model = small_network();
  const model::IntegerNetwork symmetric = integers_after(model, {.weights = IntegerWidth::bits8, .data = grid(8.0)});
  CHECK(symmetric.exponent == std::vector<std::int32_t>{6});  // 1 is 64 steps; 128 would not fit -128 to 127
  CHECK(symmetric.offset == std::vector<std::int32_t>{128});
  model = small_network();
  const model::IntegerNetwork positive =
      integers_after(model, {.weights = IntegerWidth::bits8, .data = {{0.0, 0.0}, {1.0, 1.0}}});
  CHECK(positive.exponent == std::vector<std::int32_t>{7});
  CHECK(positive.offset == std::vector<std::int32_t>{0});
  model = small_network();
  model.input.minimum = {-2.0, -2.0};
  model.input.maximum = {2.0, 2.0};
  CHECK(integers_after(model, {.weights = IntegerWidth::bits8, .data = grid(8.0)}).exponent[0] == 5);
}

TEST_CASE("quantize-dense: weights use all of their range, row by row behind ReLU") {
  model::Model model = small_network();
  auto& layer = std::get<model::DenseNetwork>(model.predictor).layers[0];
  for (std::size_t i = 0; i < 2; ++i) layer.weights[i] /= 100.0;
  layer.bias[0] /= 100.0;
  const model::IntegerNetwork integers = integers_after(model, {.weights = IntegerWidth::bits8, .data = grid(8.0)});
  for (std::size_t row = 0; row < 3; ++row) {
    const auto* weights = &integers.layers[0].weights[2 * row];
    CHECK(std::max(std::abs(weights[0]), std::abs(weights[1])) > 63);
  }
}

TEST_CASE("quantize-dense: scalers that fold-scaler leaves become part of the codes") {
  model::Model before = small_network();
  before.scalers = {{.offset = {1000.0, -3000.0}, .scale = {0.5, 2.0}}};
  std::vector<std::vector<double>> data = grid(8.0);
  for (auto& x : data) x = {1000.0 + 0.5 * x[0], -3000.0 + 2.0 * x[1]};
  model::Model after = before;
  passes::run_passes(after, {.weights = IntegerWidth::bits8, .data = data});
  CHECK(after.scalers.empty());
  CHECK(model::measure_distance(before, after, data).largest < 0.05);
}

TEST_CASE("quantize-dense: decisions with all features at their ends stay, or are reported") {
  // Class 0 has what the first unit gives, class 1 half of the second one's and more. The data never wakes both.
  model::Model before = small_network();
  auto& layers = std::get<model::DenseNetwork>(before.predictor).layers;
  layers[0].n_out = 2;
  layers[0].weights = {1.0, 1.0, 2.5, -2.0};
  layers[0].bias = {0.0, 0.0};
  layers[1].n_in = 2;
  layers[1].weights = {1.0, 0.0, 0.0, 1.0};
  layers[1].bias = {0.0, 1.0};
  before.output = {.task = model::Task::classification,
                   .n_outputs = 2,
                   .targets = {{.size = 2}},
                   .rule = model::DecisionRule::argmax};
  const std::vector<std::vector<double>> data = {{1.0, 0.0}, {0.0, 1.0}, {0.125, 0.125}, {0.0, 0.0}};
  for (const IntegerWidth width : widths) {
    model::Model after = before;
    const passes::PassResult result = passes::quantize_dense(after, {.weights = width, .data = data});
    CHECK(result.notes.empty());
    for (const double x : {0.0, 1.0}) {
      for (const double y : {0.0, 1.0}) {
        const std::vector<double> corner = {x, y};
        CHECK(model::decide(after.output, model::predict(after, corner)) ==
              model::decide(before.output, model::predict(before, corner)));
      }
    }
  }
}

TEST_CASE("quantize-dense: a second run changes nothing, and the same input gives the same integers") {
  model::Model model = small_network(), again = small_network();
  const PassConfig config = {.weights = IntegerWidth::bits8, .data = grid(8.0)};
  CHECK(passes::quantize_dense(model, config).changes == 2);
  CHECK(passes::quantize_dense(model, config).changes == 0);
  passes::quantize_dense(again, config);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(model::integers_of(model)->layers[i].weights == model::integers_of(again)->layers[i].weights);
    CHECK(model::integers_of(model)->layers[i].bias == model::integers_of(again)->layers[i].bias);
  }
}

TEST_CASE("quantize-dense: constant, dead and empty units, and data of one row, are no trouble") {
  for (const IntegerWidth width : widths) {
    model::Model model = small_network();
    auto& layers = std::get<model::DenseNetwork>(model.predictor).layers;
    layers[0].weights = {0.0, 0.0, 1e-60, -1e-60, -5.0, -5.0};
    layers[0].bias = {0.0, -1.0, -20.0};
    const model::Model before = model;
    passes::run_passes(model, {.weights = width, .data = {{0.5, 0.5}}});
    CHECK(model::predict(model, std::vector{0.5, 0.5})[0] == doctest::Approx(0.25).epsilon(0.01));
    model = before;
    layers[1].weights.assign(6, 0.0);
    layers[1].bias.assign(2, 0.0);
    passes::run_passes(model, {.weights = width, .data = {{0.0, 0.0}}});
    CHECK(model::predict(model, std::vector{0.0, 0.0})[0] == 0.0);
  }
}

TEST_CASE("quantize-dense: NaN and infinities in the data are left out, very large and very small features are not") {
  model::Model model = small_network();
  auto data = grid(8.0);
  data.push_back({nan_value, 0.0});
  data.push_back({0.0, infinity});
  CHECK(integers_after(model, {.weights = IntegerWidth::bits8, .data = data}).exponent[0] == 6);
  for (const double scale : {1e30, 1e-30}) {
    model::Model before = small_network();
    auto& layer = std::get<model::DenseNetwork>(before.predictor).layers[0];
    for (double& weight : layer.weights) weight /= scale;
    auto scaled = grid(8.0);
    for (auto& x : scaled) x = {x[0] * scale, x[1] * scale};
    model::Model after = before;
    passes::run_passes(after, {.weights = IntegerWidth::bits16, .data = scaled});
    CHECK(model::measure_distance(before, after, scaled).largest < (scale > 1.0 ? 1e-3 : 3.0));
  }
}

TEST_CASE("quantize-dense: what it does not take is refused") {
  const auto refused = [](model::Model model, const PassConfig& config, const char* message) {
    CHECK_THROWS_WITH_AS(passes::run_passes(model, config), message, Error);
  };
  const PassConfig config = {.weights = IntegerWidth::bits8, .data = grid(8.0)};
  refused(small_network(), {.weights = IntegerWidth::bits8},
          "--weights: the ranges of the activations are not known: the model has no test vectors, give --data");
  refused(small_network(Activation::softmax), config,
          "--weights: layers[0] is a softmax between layers, which has no form in integers");
  refused(small_network(), {.weights = IntegerWidth::bits8, .data = {{0.0, 1e37}}}, "--weights: 1e+37 has no code");
  model::Model clipped = small_network();
  clipped.scalers = {{.offset = {0.0, 0.0}, .scale = {1.0, 1.0}, .clip = {{0.0, 1.0}}}};
  refused(clipped, config, "--weights: the input scaler clips, which codes of the input cannot do");
  refused(regression(1, NumberType::float32, {{.nodes = {leaf(0)}}}, {1.0}), {.weights = IntegerWidth::bits16},
          "--weights: needs a dense network, the model is a tree ensemble");
}
