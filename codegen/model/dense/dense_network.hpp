#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "codegen/model/dense/integer_network.hpp"
#include "codegen/model/post_transform.hpp"

namespace emlc::model {

enum class Activation { identity, relu, relu6, leaky_relu, tanh, logistic, softmax, softplus, elu };

std::string_view name(Activation activation);

/// y = activation(bias + weights * x), the products of a row in order
struct DenseLayer {
  std::int32_t n_in = 0, n_out = 0;
  std::vector<double> weights{};  ///< [n_out][n_in]
  std::vector<double> bias{};     ///< [n_out]
  Activation activation = Activation::identity;
  double alpha = 0.0;  ///< leaky_relu: slope below 0; elu: alpha * (exp(x) - 1) below 0; 0 for all others
  NumberType sum_type = NumberType::float64;  ///< each product and each sum of the interpreter is rounded to it
};

/// layers[i].n_out == layers[i + 1].n_in
struct DenseNetwork {
  std::vector<DenseLayer> layers{};
  PostTransform post_transform{};
  std::optional<IntegerNetwork> integers{};  ///< computes in place of the layers, but for the last activation
};

}  // namespace emlc::model
