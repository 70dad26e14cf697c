#include <algorithm>
#include <cmath>

#include "codegen/model/error.hpp"
#include "codegen/passes/pass.hpp"
#include "tests/passes/dense/grid.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::Activation;
using passes::PassConfig;

namespace {

/// Two features, four hidden units, one output. Unit 2 is half of unit 0, unit 3 is -0.25 wherever it is asked.
model::Model network(Activation hidden) {
  model::DenseNetwork network;
  network.layers = {{.n_in = 2,
                     .n_out = 4,
                     .weights = {1.0, 0.5, -0.75, 1.0, 0.5, 0.25, 0.0, 0.0},
                     .bias = {0.25, 0.5, 0.125, -0.25},
                     .activation = hidden},
                    {.n_in = 4, .n_out = 1, .weights = {1.0, 2.0, 4.0, 8.0}, .bias = {0.5}}};
  model::Model model;
  model.input = {.n_features = 2, .type = model::NumberType::float32};
  model.output = {.task = model::Task::regression, .n_outputs = 1, .targets = {{}}};
  model.predictor = network;
  return model;
}

const model::DenseNetwork& layers_of(const model::Model& model) {
  return std::get<model::DenseNetwork>(model.predictor);
}

double largest_error(const model::Model& before, const model::Model& after) {
  return model::measure_distance(before, after, grid(8.0)).largest;
}

}  // namespace

TEST_CASE("drop-units: units go that the others can stand in for") {
  for (const Activation hidden : {Activation::identity, Activation::relu}) {
    CAPTURE(model::name(hidden));
    const model::Model before = network(hidden);
    model::Model after = before;
    CHECK(run_twice(passes::drop_units, after, {.keep_units = 2, .data = grid(8.0)}).changes == 2);
    CHECK(layers_of(after).layers[0].n_out == 2);
    CHECK(layers_of(after).layers[1].n_in == 2);
    CHECK(largest_error(before, after) < 0.02);  // outputs reach from -2 to 9
  }
}

TEST_CASE("drop-units: a constant unit becomes a bias, whatever the others do") {
  model::Model after = network(Activation::identity);
  auto& layers = std::get<model::DenseNetwork>(after.predictor).layers;
  layers[0].weights[4] = -3.0;  // no longer half of unit 0
  layers[0].weights[5] = 2.0;
  const model::Model before = after;
  passes::drop_units(after, {.keep_units = 3, .data = grid(8.0)});
  CHECK(layers_of(after).layers[0].bias == std::vector<double>{0.25, 0.5, 0.125});
  CHECK(layers_of(after).layers[1].bias[0] == doctest::Approx(0.5 - 0.25 * 8.0));
  CHECK(largest_error(before, after) < 1e-9);
}

TEST_CASE("drop-units: slopes of their own go with their units") {
  model::Model after = network(Activation::prelu);
  std::get<model::DenseNetwork>(after.predictor).layers[0].slopes = {0.5, 0.25, 0.5, 0.125};
  const model::Model before = after;
  passes::drop_units(after, {.keep_units = 2, .data = grid(8.0)});
  CHECK_NOTHROW(model::check(after, "after the pass"));
  CHECK(layers_of(after).layers[0].slopes.size() == 2);
  CHECK(largest_error(before, after) < 0.02);
}

TEST_CASE("drop-units: each layer keeps a unit, and a softmax all of them") {
  model::Model model = network(Activation::relu);
  CHECK(passes::drop_units(model, {.keep_units = 1, .data = grid(8.0)}).changes == 3);
  CHECK(layers_of(model).layers[0].n_out == 1);
  model::Model shares = network(Activation::softmax);
  CHECK(run_twice(passes::drop_units, shares, {.keep_units = 1, .data = grid(8.0)}).changes == 0);
  CHECK(layers_of(shares).layers[0].n_out == 4);
}

TEST_CASE("drop-units: what does not suit is refused") {
  const model::Model model = network(Activation::relu);
  const auto refused = [&](model::Model changed, const PassConfig& config, const char* message) {
    CHECK_THROWS_WITH_AS(passes::run_passes(changed, config), message, Error);
  };
  refused(model, {.keep_units = 0}, "--keep-units: must be at least 1, found 0");
  refused(model, {.keep_units = 2},
          "--keep-units: looks at the answers to data: needs --data, the model has no test vectors");
  refused(regression(1, model::NumberType::float32, {{.nodes = {leaf(0)}}}, {1.0}), {.keep_units = 2},
          "--keep-units: needs a dense network, the model is a tree ensemble");
}
