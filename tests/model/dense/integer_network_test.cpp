#include "codegen/model/dense/integer_network.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"

using namespace emlc::model;

namespace {

/// Two features, one hidden unit, one output: 3 * codes[0] - 2 * codes[1] + 4, an eighth of it, then 5 times that - 7.
Model tiny() {
  DenseNetwork network;
  network.layers = {
      {.n_in = 2, .n_out = 1, .weights = {1.0, 1.0}, .bias = {0.0}, .activation = Activation::relu},
      {.n_in = 1, .n_out = 1, .weights = {1.0}, .bias = {0.0}},
  };
  network.integers = IntegerNetwork{
      .exponent = {2},
      .offset = {128},
      .layers = {{.weights = {3, -2}, .bias = {4}, .shift = 3}, {.weights = {5}, .bias = {-7}}},
      .scale = 0.5,
      .ranges = {{0.0, 1.0}, {0.0, 1.0}, {0.0, 1.0}},
  };
  Model model;
  model.input = {.n_features = 2, .type = NumberType::float32};
  model.output = {.task = Task::regression, .n_outputs = 1, .targets = {{}}};
  model.predictor = network;
  return model;
}

IntegerNetwork& integers(Model& model) { return *std::get<DenseNetwork>(model.predictor).integers; }

std::int32_t code(double x, std::int32_t exponent, std::int32_t offset, IntegerWidth width = IntegerWidth::bits8) {
  const IntegerNetwork network = {.width = width, .exponent = {exponent}, .offset = {offset}};
  return encode(network, NumberType::float64, std::vector{x})[0];
}

}  // namespace

TEST_CASE("integers: a code is the nearest step, halves away from zero, limited") {
  CHECK(code(0.0, 2, 128) == 128);
  CHECK(code(0.124, 2, 128) == 128);
  CHECK(code(0.125, 2, 128) == 129);
  CHECK(code(-0.125, 2, 128) == 127);
  CHECK(code(0.375, 2, 128) == 130);
  CHECK(code(31.75, 2, 128) == 255);
  CHECK(code(1e30, 2, 128) == 255);
  CHECK(code(infinity, 2, 128) == 255);
  CHECK(code(-infinity, 2, 128) == 0);
  CHECK(code(std::nan(""), 2, 40) == 40);
  CHECK(code(1000.0, -2, -200) == 50);
  CHECK(code(2.0, 1, 0, IntegerWidth::bits16) == 4);
  CHECK(code(-1e9, 1, 0, IntegerWidth::bits16) == -32768);
  CHECK(code(1e9, 1, 0, IntegerWidth::bits16) == 32767);
  CHECK(code(0.49999999, 0, 0) == 1);  // rounded to float32 it is a half
}

TEST_CASE("integers: sums, shifts and limits as written down") {
  const Model model = tiny();
  // codes 132 and 128: 3 * 132 - 2 * 128 + 4 = 144, an eighth is 18, 5 * 18 - 7 = 83, half of that.
  CHECK(predict(model, std::vector{1.0, 0.0})[0] == 41.5);
  // 3 * 128 - 2 * 255 + 4 < 0: ReLU
  CHECK(predict(model, std::vector{0.0, 100.0})[0] == -3.5);
  Model steep = tiny();
  integers(steep).layers[0].shift = 0;
  CHECK(predict(steep, std::vector{100.0, -100.0})[0] == 0.5 * (5 * 255 - 7));
}

TEST_CASE("integers: a curve is linear between its values and ends at its ends") {
  const IntegerForm& form = form_of(IntegerWidth::bits8);
  std::vector<std::uint16_t> curve(65, 0);
  for (std::size_t i = 0; i < curve.size(); ++i) curve[i] = static_cast<std::uint16_t>(i * 510);
  CHECK(curve_value(form, curve, 0) == 0);
  CHECK(curve_value(form, curve, 64) == 4);  // 510 / 128
  CHECK(curve_value(form, curve, 96) == 6);  // 765 / 128
  CHECK(curve_value(form, curve, 4095) == 255);
  CHECK(curve_value(form, curve, 1 << 30) == 255);
  CHECK(curve_value(form, curve, -5) == 0);
}

TEST_CASE("integers: what breaks their promises is refused") {
  struct Bad {
    void (*spoil)(Model&);
    const char* message;
  };
  CHECK(check(tiny(), "m").empty());
  for (const Bad& bad : {
           Bad{[](Model& m) { integers(m).scale = 0.0; }, "m: integers.scale: must be a positive number"},
           Bad{[](Model& m) {
                 integers(m).exponent = {1, 2, 3};
               },
               "m: integers.exponent: has 3 entries, expected 2"},
           Bad{[](Model& m) { integers(m).exponent = {101}; }, "m: integers.exponent[0]: must be from -100 to 100"},
           Bad{[](Model& m) { integers(m).offset = {5'000'000}; },
               "m: integers.offset[0]: must be from -4194304 to 4194304"},
           Bad{[](Model& m) { integers(m).layers.pop_back(); }, "m: integers.layers: has 1 entries, expected 2"},
           Bad{[](Model& m) { integers(m).layers[0].weights = {1}; },
               "m: integers.layers[0].weights: has 1 entries, expected 2"},
           Bad{[](Model& m) { integers(m).layers[0].weights[1] = 128; },
               "m: integers.layers[0].weights: a weight of 128 does not fit 8 bits"},
           Bad{[](Model& m) { integers(m).layers[1].bias[0] = 2147483647; },
               "m: integers.layers[1].weights: the sum of row 0 can leave 32 bits"},
           Bad{[](Model& m) { integers(m).layers[0].shift = 31; }, "m: integers.layers[0].shift: must be from 0 to 30"},
           Bad{[](Model& m) {
                 integers(m).layers[0].curve = {1, 2};
               },
               "m: integers.layers[0].curve: has 2 entries, expected 65"},
           Bad{[](Model& m) { integers(m).layers[0].curve.assign(65, 32641); },
               "m: integers.layers[0].curve: values must be at most 32640"},
           Bad{[](Model& m) { integers(m).layers[1].shift = 1; },
               "m: integers.layers: the last layer must have neither shift nor curve"},
           Bad{[](Model& m) { integers(m).ranges.pop_back(); }, "m: integers.ranges: has 2 entries, expected 3"},
           Bad{[](Model& m) { integers(m).ranges[1].high = -1.0; },
               "m: integers.ranges: must be finite numbers, the lower one first"},
           Bad{[](Model& m) {
                 m.scalers = {{.offset = {0, 0}, .scale = {1, 1}}};
               },
               "m: model: an integer network takes no scaler"},
       }) {
    CAPTURE(bad.message);
    Model model = tiny();
    bad.spoil(model);
    CHECK_THROWS_WITH_AS(check(model, "m"), bad.message, emlc::Error);
  }
}

TEST_CASE("integers: a trace shows what each layer computes, before limits") {
  Model model = tiny();
  IntegerNetwork& network = integers(model);
  const std::vector<LayerTrace> traces = trace(network, {200, 10});
  REQUIRE(traces.size() == 2);
  CHECK(traces[0].sums == std::vector<std::int32_t>{3 * 200 - 2 * 10 + 4});
  CHECK(traces[0].points == std::vector<std::int32_t>{584 / 8});
  CHECK(traces[1].sums == std::vector<std::int32_t>{5 * (584 / 8) - 7});
  CHECK(traces[1].points.empty());
  CHECK(trace(network, {0, 10})[0].points == std::vector<std::int32_t>{-2});  // -16 / 8
  network.layers[0].shift = 1;
  CHECK(trace(network, {200, 10})[0].points == std::vector<std::int32_t>{292});  // more than the code's 255
  CHECK(trace(network, {200, 10})[1].sums == integer_sums(network, {200, 10}));
  CHECK(largest_point(form_of(network.width), network.layers[0]) == 255);
  network.layers[0].curve.assign(65, 0);
  CHECK(largest_point(form_of(network.width), network.layers[0]) == 4095);
}
