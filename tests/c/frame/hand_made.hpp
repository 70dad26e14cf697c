#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "codegen/c/common/emit.hpp"
#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/support/compiled.hpp"
#include "tests/support/reference.hpp"

/// Hand-made models: emitted, compiled, run, and compared with the interpreter.
namespace hand_made {

using namespace emlc;
using model::Activation;
using model::DecisionRule;
using model::NumberType;
using model::PostTransformKind;
using test::Rows;

inline constexpr std::array optimizations = {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed};

/// A network of the given widths with weights in [-1, 1], regression with several outputs.
inline model::Model network(const std::vector<std::int32_t>& widths, Activation hidden, Activation last) {
  std::mt19937 random(7);
  const auto weight = [&] { return static_cast<double>(random()) / 2147483648.0 - 1.0; };
  model::DenseNetwork dense;
  for (std::size_t index = 0; index + 1 < widths.size(); ++index) {
    model::DenseLayer layer{.n_in = widths[index], .n_out = widths[index + 1]};
    for (std::int32_t i = 0; i < layer.n_in * layer.n_out; ++i) layer.weights.push_back(weight());
    for (std::int32_t i = 0; i < layer.n_out; ++i) layer.bias.push_back(weight());
    layer.activation = index + 2 == widths.size() ? last : hidden;
    if (layer.activation == Activation::leaky_relu) layer.alpha = 0.125;
    if (layer.activation == Activation::elu) layer.alpha = 1.5;
    if (layer.activation == Activation::prelu) {
      for (std::int32_t i = 0; i < layer.n_out; ++i) layer.slopes.push_back(0.25 * i - 0.5);
    }
    dense.layers.push_back(layer);
  }
  model::Model result;
  result.input.n_features = widths.front();
  result.output.n_outputs = widths.back();
  for (std::int32_t i = 0; i < widths.back(); ++i) result.output.targets.push_back({});
  result.predictor = dense;
  return result;
}

/// Passes its features on, so that only what follows is under test.
inline model::Model pass_on(std::int32_t n) {
  model::Model result = network({n, n}, Activation::identity, Activation::identity);
  auto& layer = std::get<model::DenseNetwork>(result.predictor).layers[0];
  for (std::size_t i = 0; i < layer.weights.size(); ++i) {
    layer.weights[i] = i % static_cast<std::size_t>(n + 1) == 0 ? 1.0 : 0.0;
  }
  layer.bias.assign(static_cast<std::size_t>(n), 0.0);
  return result;
}

inline Rows random_rows(std::size_t n_rows, std::int32_t n_features, double scale,
                        NumberType type = NumberType::float32) {
  std::mt19937 random(11);
  Rows rows(n_rows, std::vector<double>(static_cast<std::size_t>(n_features)));
  for (auto& row : rows) {
    for (double& value : row) {
      value = scale * (static_cast<double>(random()) / 2147483648.0 - 1.0);
      value = model::info(type).is_integer ? std::round(value) : model::round_to(type, value);
    }
  }
  return rows;
}

inline test::Answers answers(const model::Model& model, const Rows& inputs, c::EmitConfig config = {},
                             std::string_view standard = "c99") {
  model::check(model, "hand-made");
  config.name = "m";
  return test::run_header(c::emit_header(model, config).bytes, model, config, inputs, standard);
}

inline Rows expected_outputs(const model::Model& model, const Rows& inputs) {
  Rows rows;
  for (const auto& x : inputs) rows.push_back(model::predict(model, x));
  return rows;
}

}  // namespace hand_made
