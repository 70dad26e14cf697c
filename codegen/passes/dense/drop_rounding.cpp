#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "codegen/passes/passes.hpp"

namespace emlc::passes {
namespace {

using model::Activation;
using model::CodeGrid;
using model::DenseLayer;

/// The factor of each unit where a layer has one input for each, else nothing.
std::optional<std::vector<double>> factors_of(const DenseLayer& layer) {
  if (layer.n_in != layer.n_out) return std::nullopt;
  const auto n = static_cast<std::size_t>(layer.n_in);
  std::vector<double> factors(n);
  for (std::size_t index = 0; index < layer.weights.size(); ++index) {
    const std::size_t row = index / n, column = index % n;
    if (row == column) {
      factors[row] = layer.weights[index];
    } else if (layer.weights[index] != 0.0) {
      return std::nullopt;
    }
  }
  return factors;
}

/// Does it give what it gets, but for its activation?
bool passes_on(const DenseLayer& layer, const std::optional<std::vector<double>>& factors) {
  const auto n = static_cast<std::size_t>(layer.n_in);
  return factors && *factors == std::vector<double>(n, 1.0) && layer.bias == std::vector<double>(n, 0.0);
}

/// What the ends of the codes do to sums that have no other activation.
Activation activation_of(const CodeGrid& codes) {
  if (codes.lowest != codes.zero) return Activation::identity;
  const double highest = codes.scale * (codes.highest - codes.zero);
  return std::abs(highest - 6.0) < 1e-5 ? Activation::relu6 : Activation::relu;
}

/// A layer of one input for each unit becomes part of the one before it.
void join(DenseLayer& before, const std::vector<double>& factors, DenseLayer layer) {
  const auto n_in = static_cast<std::size_t>(before.n_in);
  for (std::size_t index = 0; index < before.weights.size(); ++index) before.weights[index] *= factors[index / n_in];
  for (std::size_t unit = 0; unit < factors.size(); ++unit)
    before.bias[unit] = before.bias[unit] * factors[unit] + layer.bias[unit];
  before.activation = layer.activation;
  before.alpha = layer.alpha;
  before.slopes = std::move(layer.slopes);
}

/// A layer without its codes behind those that are there already.
void append(DenseLayer layer, std::vector<DenseLayer>& layers) {
  const std::optional<CodeGrid> codes = std::exchange(layer.codes, std::nullopt);
  const auto factors = factors_of(layer);
  const bool is_input = layers.empty() && passes_on(layer, factors);
  if (codes && !is_input && layer.activation == Activation::identity) layer.activation = activation_of(*codes);
  if (factors && !layers.empty() && layers.back().activation == Activation::identity) {
    join(layers.back(), *factors, std::move(layer));
  } else if (layer.activation != Activation::identity || !passes_on(layer, factors)) {
    layers.push_back(std::move(layer));
  }
}

}  // namespace

PassResult drop_rounding(model::Model& model, const PassConfig& /*config*/) {
  auto& network = std::get<model::DenseNetwork>(model.predictor);
  const std::size_t n_rounded = n_rounded_layers(network);
  if (n_rounded == 0) return {};
  std::vector<DenseLayer> layers;
  for (DenseLayer& layer : network.layers) append(std::move(layer), layers);
  if (layers.empty()) layers.push_back(model::identity_layer(model.output.n_outputs));
  network.layers = std::move(layers);
  return {.changes = n_rounded};
}

}  // namespace emlc::passes
