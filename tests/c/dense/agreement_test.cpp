#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "tests/c/frame/hand_made.hpp"
#include "tests/support/compiled.hpp"
#include "tests/support/reference.hpp"

using namespace hand_made;

TEST_CASE("header: every activation, inside a network and at its end, in every plan") {
  std::size_t turn = 0;
  for (const Activation activation :
       {Activation::identity, Activation::relu, Activation::relu6, Activation::leaky_relu, Activation::tanh,
        Activation::logistic, Activation::softmax, Activation::softplus, Activation::elu, Activation::prelu}) {
    CAPTURE(model::name(activation));
    const model::Model model = network({6, 10, 3}, activation, activation);
    const Rows inputs = random_rows(50, 6, 5.0);
    const c::EmitConfig config{.optimize = optimizations[turn++ % optimizations.size()]};
    CHECK(test::largest_difference(answers(model, inputs, config).outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}

TEST_CASE("header: layers whose sizes are no multiple of a block, odd and even") {
  for (const auto& widths : {std::vector<std::int32_t>{1, 1}, {3, 17, 9, 2}, {2, 8, 16, 10}}) {
    CAPTURE(widths.size());
    const model::Model model = network(widths, Activation::relu, Activation::identity);
    const Rows inputs = random_rows(20, widths.front(), 2.0);
    for (const c::Optimize optimize : optimizations) {
      const Rows found = answers(model, inputs, {.optimize = optimize}).outputs;
      CHECK(test::largest_difference(found, expected_outputs(model, inputs)) < 1e-5);
    }
  }
}

TEST_CASE("header: saturated activations keep their limits") {
  for (const Activation activation :
       {Activation::logistic, Activation::softmax, Activation::softplus, Activation::elu, Activation::tanh}) {
    CAPTURE(model::name(activation));
    model::Model model = pass_on(2);
    std::get<model::DenseNetwork>(model.predictor).layers[0].activation = activation;
    if (activation == Activation::elu) std::get<model::DenseNetwork>(model.predictor).layers[0].alpha = 1.0;
    const Rows inputs = {{1000.0, -1000.0}, {-20.0, 20.0}, {0.0, -0.0}, {1e-6, -1e-6}, {-17.5, -16.5}};
    const Rows found = answers(model, inputs).outputs;
    const Rows expected = expected_outputs(model, inputs);
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      for (std::size_t i = 0; i < 2; ++i) {
        CAPTURE(inputs[row][i]);
        CHECK(std::abs(found[row][i] - expected[row][i]) <= 1e-6 * std::abs(expected[row][i]) + 1e-30);
      }
    }
  }
}

TEST_CASE("header: a NaN stays one through every activation, in every plan, as in the interpreter") {
  const double nan = std::nan("");
  for (const Activation activation :
       {Activation::identity, Activation::relu, Activation::relu6, Activation::leaky_relu, Activation::tanh,
        Activation::logistic, Activation::softmax, Activation::softplus, Activation::elu, Activation::prelu}) {
    for (const c::Optimize optimize : optimizations) {
      CAPTURE(model::name(activation));
      const model::Model model = network({2, 3, 2}, activation, Activation::identity);
      const Rows inputs = {{nan, 0.5}, {0.5, nan}, {0.5, 0.5}};
      const Rows found = answers(model, inputs, {.optimize = optimize}).outputs;
      const Rows expected = expected_outputs(model, inputs);
      for (std::size_t row = 0; row < inputs.size(); ++row) {
        for (std::size_t i = 0; i < 2; ++i) {
          CHECK(std::isnan(found[row][i]) == (row < 2));
          CHECK(std::isnan(expected[row][i]) == (row < 2));
        }
      }
    }
  }
}

TEST_CASE("header: every post-transform, with a scale or without") {
  using Kind = PostTransformKind;
  const std::vector<model::PostTransform> transforms = {{.kind = Kind::identity, .scale = -0.75},
                                                        {.kind = Kind::sigmoid},
                                                        {.kind = Kind::softmax},
                                                        {.kind = Kind::softmax, .scale = -2.0},
                                                        {.kind = Kind::log_softmax},
                                                        {.kind = Kind::exp, .scale = 0.5},
                                                        {.kind = Kind::hinge},
                                                        {.kind = Kind::signed_square},
                                                        {.kind = Kind::log1p_exp},
                                                        {.kind = Kind::normalize},
                                                        {.kind = Kind::isolation, .denominator = 7.5, .offset = -0.5}};
  for (const model::PostTransform& transform : transforms) {
    CAPTURE(model::name(transform.kind));
    CAPTURE(transform.scale);
    model::Model model = pass_on(3);
    std::get<model::DenseNetwork>(model.predictor).post_transform = transform;
    Rows inputs = random_rows(40, 3, 3.0);
    if (transform.kind == Kind::normalize) {
      for (auto& row : inputs) {
        for (double& value : row) value = std::abs(value) + 0.25;
      }
    }
    CHECK(test::largest_difference(answers(model, inputs).outputs, expected_outputs(model, inputs)) < 2e-6);
  }
}

TEST_CASE("header: features of every type reach the network as they are") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16, NumberType::int32}) {
    CAPTURE(model::info(type).name);
    model::Model model = network({3, 4, 2}, Activation::tanh, Activation::identity);
    model.input.type = type;
    auto& layer = std::get<model::DenseNetwork>(model.predictor).layers[0];
    const model::NumberTypeInfo& range = model::info(type);
    for (double& weight : layer.weights) weight /= range.highest;
    Rows inputs = {{range.lowest, 0.0, range.highest}, {range.highest, range.highest, range.lowest}};
    for (const auto& row : random_rows(20, 3, range.highest, type)) {
      inputs.push_back(row);
      for (double& value : inputs.back()) value = std::max(value, range.lowest);
    }
    CHECK(test::largest_difference(answers(model, inputs).outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}

TEST_CASE("header: scalers that are left in the model run before the network") {
  model::Model model = network({3, 4, 2}, Activation::relu, Activation::identity);
  model.input.type = NumberType::int16;
  model.scalers.push_back({.offset = {100.0, 200.0, -300.0}, .scale = {50.0, 60.0, 70.0}, .clip = {{-2.0, 2.0}}});
  model.scalers.push_back({.op = model::ScalerOp::multiply_add, .offset = {0.5, 0.5, 0.5}, .scale = {2.0, 3.0, 4.0}});
  const Rows inputs = random_rows(40, 3, 400.0, NumberType::int16);
  for (const c::Language language : {c::Language::c, c::Language::cpp}) {
    const auto found = answers(model, inputs, {.language = language}, language == c::Language::c ? "c99" : "c++17");
    CHECK(test::largest_difference(found.outputs, expected_outputs(model, inputs)) < 1e-5);
  }
}
