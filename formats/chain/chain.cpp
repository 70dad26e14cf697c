#include "formats/chain/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace emlc::formats::chain {
namespace {

using model::Activation;
using model::DenseLayer;

std::size_t width_of(const Chain& chain) { return static_cast<std::size_t>(chain.width); }

/// The outputs of a layer scaled and shifted.
void scale_outputs(DenseLayer& layer, const Affine& affine) {
  const auto n_in = static_cast<std::size_t>(layer.n_in);
  for (std::size_t row = 0; row < layer.bias.size(); ++row) {
    for (std::size_t column = 0; column < n_in; ++column) layer.weights[row * n_in + column] *= affine.scale[row];
    layer.bias[row] = layer.bias[row] * affine.scale[row] + affine.offset[row];
  }
}

/// The same layer for inputs that are not scaled and shifted yet.
void scale_inputs(DenseLayer& layer, const Affine& affine) {
  const auto n_in = static_cast<std::size_t>(layer.n_in);
  for (std::size_t row = 0; row < layer.bias.size(); ++row) {
    for (std::size_t column = 0; column < n_in; ++column) {
      double& weight = layer.weights[row * n_in + column];
      layer.bias[row] += weight * affine.offset[column];
      weight *= affine.scale[column];
    }
  }
}

void compose(Affine& first, const Affine& second) {
  for (std::size_t i = 0; i < first.scale.size(); ++i) {
    first.scale[i] *= second.scale[i];
    first.offset[i] = first.offset[i] * second.scale[i] + second.offset[i];
  }
}

/// At most two in all, whatever a file has: the first one may divide.
void add_to_scalers(std::vector<model::Scaler>& scalers, Affine affine) {
  if (scalers.empty() || scalers.back().op != model::ScalerOp::multiply_add) {
    scalers.push_back({model::ScalerOp::multiply_add, std::move(affine.offset), std::move(affine.scale)});
    return;
  }
  Affine last{std::move(scalers.back().scale), std::move(scalers.back().offset)};
  compose(last, affine);
  scalers.back().scale = std::move(last.scale);
  scalers.back().offset = std::move(last.offset);
}

void add_layer(Chain& chain, DenseLayer layer) {
  if (chain.pending) scale_inputs(layer, *chain.pending);
  chain.pending.reset();
  chain.width = layer.n_out;
  chain.layers.push_back(std::move(layer));
}

void add_diagonal(Chain& chain, const Where& place) {
  chain.n_diagonal += std::int64_t{chain.width} * chain.width;
  if (chain.n_diagonal > most_diagonal) {
    throw Error(
        place, fmt::format("activations without a dense layer just before them take layers of {} weights of their own, "
                           "up to this one of {} values; at most {} may be",
                           chain.n_diagonal, chain.width, most_diagonal));
  }
  add_layer(chain, model::identity_layer(chain.width));
}

/// The layer that takes the next activation.
DenseLayer& layer_to_activate(Chain& chain, const Where& place) {
  const bool is_free =
      !chain.layers.empty() && !chain.pending && chain.layers.back().activation == Activation::identity;
  if (!is_free) add_diagonal(chain, place);
  return chain.layers.back();
}

}  // namespace

void multiply_add(Chain& chain, Affine affine) {
  if (chain.layers.empty()) {
    add_to_scalers(chain.scalers, std::move(affine));
  } else if (chain.pending) {
    compose(*chain.pending, affine);
  } else if (chain.layers.back().activation == Activation::identity) {
    scale_outputs(chain.layers.back(), affine);
  } else {
    chain.pending = std::move(affine);
  }
}

void multiply_add(Chain& chain, double scale, double offset) {
  if (scale == 1.0 && offset == 0.0) return;
  multiply_add(chain, Affine{std::vector(width_of(chain), scale), std::vector(width_of(chain), offset)});
}

void subtract_divide(Chain& chain, Affine affine) {
  if (chain.layers.empty() && chain.scalers.empty()) {
    chain.scalers.push_back({model::ScalerOp::subtract_divide, std::move(affine.offset), std::move(affine.scale)});
    return;
  }
  for (std::size_t i = 0; i < affine.scale.size(); ++i) {
    affine.offset[i] = -affine.offset[i] / affine.scale[i];
    affine.scale[i] = 1.0 / affine.scale[i];
  }
  multiply_add(chain, std::move(affine));
}

void dense(Chain& chain, std::vector<double> weights, std::vector<double> bias) {
  const auto n_out = static_cast<std::int32_t>(bias.size());
  add_layer(chain,
            DenseLayer{.n_in = chain.width, .n_out = n_out, .weights = std::move(weights), .bias = std::move(bias)});
}

void activate(Chain& chain, Activation activation, double alpha, const Where& place) {
  if (activation == Activation::identity) return;
  DenseLayer& layer = layer_to_activate(chain, place);
  layer.activation = activation;
  layer.alpha = alpha;
}

void end_in_log_softmax(Chain& chain, const Where& place) {
  if (chain.layers.empty() || chain.pending) add_diagonal(chain, place);
  chain.ends_in_log_softmax = true;
}

void activate_prelu(Chain& chain, std::vector<double> slopes, const Where& place) {
  const bool is_one = std::all_of(slopes.begin(), slopes.end(), [&](double slope) { return slope == slopes.front(); });
  if (is_one) return activate(chain, Activation::leaky_relu, slopes.front(), place);
  DenseLayer& layer = layer_to_activate(chain, place);
  layer.activation = Activation::prelu;
  layer.slopes = std::move(slopes);
}

void clip(Chain& chain, double low, double high, const Where& place) {
  constexpr double six = 6.0;
  const double factor = six / (high - low);
  multiply_add(chain, factor, -low * factor);
  activate(chain, Activation::relu6, 0.0, place);
  multiply_add(chain, (high - low) / six, low);
}

void activate_limited_relu(Chain& chain, double slope, double highest, const Where& place) {
  if (slope == 0.0) return clip(chain, 0.0, highest, place);
  // min(y, highest) = highest - relu(highest - y)
  activate(chain, Activation::leaky_relu, slope, place);
  multiply_add(chain, -1.0, highest);
  activate(chain, Activation::relu, 0.0, place);
  multiply_add(chain, -1.0, highest);
}

void finish(Chain chain, model::Model& into, const Where& place) {
  if (chain.pending) add_diagonal(chain, place);
  into.scalers = std::move(chain.scalers);
  if (chain.layers.empty()) return;
  model::DenseNetwork network{.layers = std::move(chain.layers)};
  if (chain.ends_in_log_softmax) network.post_transform.kind = model::PostTransformKind::log_softmax;
  into.predictor = std::move(network);
}

}  // namespace emlc::formats::chain
