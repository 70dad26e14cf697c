#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "codegen/model/dense/integer_network.hpp"
#include "codegen/model/post_transform.hpp"

namespace emlc::model {

enum class Activation { identity, relu, relu6, leaky_relu, tanh, logistic, softmax, softplus, elu, prelu };

std::string_view name(Activation activation);

/// Numbers that 8 or 16 bits stand for: x becomes scale * (code - zero), code = round(x / scale) + zero limited to
/// lowest..highest, with halves to even, quotient and product in float32. NaN stays.
struct CodeGrid {
  double scale = 1.0;                                   ///< positive, a float32
  std::int32_t zero = 0, lowest = -128, highest = 127;  ///< lowest <= zero <= highest
};
double round_to_codes(const CodeGrid& grid, double x);

/// y = activation(bias + weights * x), the products of a row in order, then rounded where the layer has codes
struct DenseLayer {
  std::int32_t n_in = 0, n_out = 0;
  std::vector<double> weights{};  ///< [n_out][n_in]
  std::vector<double> bias{};     ///< [n_out]
  Activation activation = Activation::identity;
  double alpha = 0.0;  ///< leaky_relu: slope below 0; elu: alpha * (exp(x) - 1) below 0; 0 for all others
  NumberType sum_type = NumberType::float64;  ///< each product and each sum of the interpreter is rounded to it
  std::vector<double> slopes{};               ///< prelu: [n_out] slope of each unit below 0; empty for all others
  /// Of a network that somebody has quantised. The pass drop-rounding takes them away: no output has them.
  std::optional<CodeGrid> codes{};
};

/// layers[i].n_out == layers[i + 1].n_in
struct DenseNetwork {
  std::vector<DenseLayer> layers{};
  PostTransform post_transform{};
  std::optional<IntegerNetwork> integers{};  ///< computes in place of the layers, but for the last activation
};

/// n inputs, which it gives as they are.
DenseLayer identity_layer(std::int32_t n);

/// True when a layer has a slope for each unit.
bool has_slopes(const DenseNetwork& network);
/// How many layers round what they give to codes.
std::size_t n_rounded_layers(const DenseNetwork& network);

/// The same network for whoever knows one slope per layer: where units have slopes of their own,
/// y = relu(z) - slope * relu(-z). Such a layer gets twice the units, and the next one a column for each half. Exact
/// but for the rounding of weights times slopes.
DenseNetwork in_relu_pairs(const DenseNetwork& network);

}  // namespace emlc::model
