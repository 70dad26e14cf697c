// Dense networks in integers where every feature is at an end of its range: compared with the trained network.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "codegen/passes/pass.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;
using model::Activation;
using model::IntegerWidth;
using test::Rows;

namespace {

constexpr std::array widths = {IntegerWidth::bits8, IntegerWidth::bits16};

/// The trained network, as simple as it can be said.
std::vector<double> trained_sums(const model::DenseNetwork& network, std::vector<double> x) {
  for (const model::DenseLayer& layer : network.layers) {
    std::vector<double> y = layer.bias;
    for (std::size_t row = 0; row < y.size(); ++row) {
      for (std::size_t i = 0; i < x.size(); ++i) y[row] += layer.weights[row * x.size() + i] * x[i];
      if (layer.activation == Activation::relu) y[row] = y[row] > 0.0 ? y[row] : 0.0;
      if (layer.activation == Activation::tanh) y[row] = std::tanh(y[row]);
    }
    x = std::move(y);
  }
  return x;
}

/// All features at the lowest, all at the highest, and alternating.
Rows ends(const std::vector<double>& lowest, const std::vector<double>& highest) {
  Rows rows = {lowest, highest, lowest, highest};
  for (std::size_t i = 0; i < lowest.size(); ++i) std::swap(rows[2][i], i % 2 == 0 ? rows[2][i] : rows[3][i]);
  return rows;
}

model::Model quantised(const model::Model& trained, IntegerWidth width) {
  model::Model result = trained;
  passes::run_passes(result, {.weights = width});
  return result;
}

}  // namespace

TEST_CASE("integers: digits_mlp decides like the trained network with all pixels black, white, or beyond") {
  const model::Model trained = test::read_model("digits_mlp");
  const std::vector<double> black(64, 0.0), white(64, 1.0);
  Rows inputs = ends(black, white);
  // The ends of the codes in 8 bits, and what ends there: from 0 in steps of 1/128.
  for (const double value : {255.0 / 128.0, 300.0, 1e30}) inputs.emplace_back(64, value);
  for (const IntegerWidth width : widths) {
    const model::Model model = quantised(trained, width);
    const c::EmitConfig config{.name = "m"};
    const auto found = test::run_header(c::emit_header(model, config).bytes, model, config, inputs);
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      CAPTURE(row);
      const std::vector<double> sums = trained_sums(std::get<model::DenseNetwork>(trained.predictor), inputs[row]);
      CHECK(found.classes[row][0] == std::max_element(sums.begin(), sums.end()) - sums.begin());
    }
  }
}

TEST_CASE("integers: diabetes_mlpr is right with all features at their ends") {
  const model::Model trained = test::read_model("diabetes_mlpr");
  std::vector<double> lowest = trained.test_vectors.inputs[0], highest = lowest;
  for (const std::vector<double>& x : trained.test_vectors.inputs) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      lowest[i] = std::min(lowest[i], x[i]);
      highest[i] = std::max(highest[i], x[i]);
    }
  }
  const Rows inputs = ends(lowest, highest);
  for (const IntegerWidth width : widths) {
    const model::Model model = quantised(trained, width);
    const c::EmitConfig config{.name = "m"};
    const auto found = test::run_header(c::emit_header(model, config).bytes, model, config, inputs);
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      CAPTURE(row);
      const model::Scaler& scaler = trained.scalers.at(0);
      std::vector<double> x = inputs[row];
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = (x[i] - scaler.offset[i]) / scaler.scale[i];
      const double exact = trained_sums(std::get<model::DenseNetwork>(trained.predictor), x)[0];
      CHECK(std::abs(found.outputs[row][0] - exact) < (width == IntegerWidth::bits8 ? 0.04 : 0.001));
    }
  }
}
