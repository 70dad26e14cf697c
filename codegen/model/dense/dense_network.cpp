#include "codegen/model/dense/dense_network.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace emlc::model {
namespace {

/// relu(z) of each unit, then relu(-z) of each.
DenseLayer in_pairs(DenseLayer layer) {
  const auto append_negated = [](std::vector<double>& values) {
    const std::size_t n = values.size();
    values.reserve(2 * n);
    for (std::size_t i = 0; i < n; ++i) values.push_back(-values[i]);
  };
  append_negated(layer.weights);
  append_negated(layer.bias);
  layer.n_out *= 2;
  layer.activation = Activation::relu;
  layer.slopes.clear();
  return layer;
}

/// The layer behind one of pairs, of whose units `slopes` are.
DenseLayer behind_pairs(DenseLayer layer, const std::vector<double>& slopes) {
  const std::size_t n = slopes.size();
  std::vector<double> weights;
  weights.reserve(2 * layer.weights.size());
  for (auto row = layer.weights.begin(); row != layer.weights.end(); row += static_cast<std::ptrdiff_t>(n)) {
    weights.insert(weights.end(), row, row + static_cast<std::ptrdiff_t>(n));
    for (std::size_t i = 0; i < n; ++i) weights.push_back(-slopes[i] * row[static_cast<std::ptrdiff_t>(i)]);
  }
  layer.weights = std::move(weights);
  layer.n_in *= 2;
  return layer;
}

}  // namespace

std::string_view name(Activation activation) {
  switch (activation) {
    case Activation::identity:
      return "identity";
    case Activation::relu:
      return "relu";
    case Activation::relu6:
      return "relu6";
    case Activation::leaky_relu:
      return "leaky_relu";
    case Activation::tanh:
      return "tanh";
    case Activation::logistic:
      return "logistic";
    case Activation::softmax:
      return "softmax";
    case Activation::softplus:
      return "softplus";
    case Activation::elu:
      return "elu";
    case Activation::prelu:
      return "prelu";
  }
  throw std::logic_error("activation without a name");
}

DenseLayer identity_layer(std::int32_t n) {
  const auto width = static_cast<std::size_t>(n);
  DenseLayer layer{.n_in = n, .n_out = n, .weights = std::vector<double>(width * width), .bias = {}};
  layer.bias.resize(width);
  for (std::size_t i = 0; i < width; ++i) layer.weights[i * width + i] = 1.0;
  return layer;
}

bool has_slopes(const DenseNetwork& network) {
  return std::any_of(network.layers.begin(), network.layers.end(),
                     [](const DenseLayer& layer) { return !layer.slopes.empty(); });
}

std::size_t n_rounded_layers(const DenseNetwork& network) {
  return static_cast<std::size_t>(std::count_if(network.layers.begin(), network.layers.end(),
                                                [](const DenseLayer& layer) { return layer.codes.has_value(); }));
}

double round_to_codes(const CodeGrid& grid, double x) {
  const auto single = [](double value) { return round_to(NumberType::float32, value); };
  // nearbyint takes halves to even: nothing here changes how numbers round.
  const double steps = std::nearbyint(single(single(x) / grid.scale));
  return single(std::clamp<double>(steps, grid.lowest - grid.zero, grid.highest - grid.zero) * grid.scale);
}

DenseNetwork in_relu_pairs(const DenseNetwork& network) {
  DenseNetwork result = network;
  result.layers.clear();
  std::vector<double> slopes;  // of the layer before
  const auto add = [&](const DenseLayer& layer) {
    DenseLayer added = slopes.empty() ? layer : behind_pairs(layer, slopes);
    slopes = added.slopes;
    result.layers.push_back(slopes.empty() ? std::move(added) : in_pairs(std::move(added)));
  };
  for (const DenseLayer& layer : network.layers) add(layer);
  if (!slopes.empty()) add(identity_layer(static_cast<std::int32_t>(slopes.size())));
  return result;
}

}  // namespace emlc::model
