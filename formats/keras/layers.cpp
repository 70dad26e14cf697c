#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "formats/keras/network.hpp"

namespace emlc::formats::keras {
namespace {

using json::Type;

double number(const Building& building, const Layer& layer, std::string_view key, double otherwise) {
  const Setting* setting = find(layer, key);
  if (setting == nullptr) return otherwise;
  if (setting->type != Type::number || !std::isfinite(setting->number)) {
    LayerPlace{layer, building.file}.fail(fmt::format("'{}' is not a number", key));
  }
  return setting->number;
}

bool is_on(const Building& building, const Layer& layer, std::string_view key, bool otherwise) {
  const Setting* setting = find(layer, key);
  if (setting == nullptr) return otherwise;
  if (setting->type != Type::boolean) LayerPlace{layer, building.file}.fail(fmt::format("'{}' is not a boolean", key));
  return setting->number != 0.0;
}

/// A list of values along the last axis, or a number for all.
std::vector<double> along_last_axis(const Building& building, const Layer& layer, std::string_view key,
                                    double otherwise) {
  const LayerPlace place{layer, building.file};
  const Setting* setting = find(layer, key);
  std::vector<double> values = {setting == nullptr ? otherwise : setting->number};
  if (setting != nullptr && (setting->type == Type::list || setting->type == Type::object)) values = setting->numbers;
  const auto width = static_cast<std::size_t>(building.shape.back());
  if (values.size() != 1 && values.size() != width) {
    place.fail(fmt::format("'{}' has {} numbers, expected 1 or {}", key, values.size(), width));
  }
  for (const double value : values) {
    if (!std::isfinite(value)) place.fail(fmt::format("'{}' is not a finite number", key));
  }
  std::vector<double> all(static_cast<std::size_t>(building.chain.width));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = values[i % values.size()];
  return all;
}

/// The axis of the units: -1, or 1 with the batch counted.
void require_last_axis(const Building& building, const Layer& layer) {
  const Setting* setting = find(layer, "axis");
  if (setting == nullptr) return;
  const std::vector<double> axes = setting->type == Type::number ? std::vector{setting->number} : setting->numbers;
  if (axes.size() == 1 && (axes[0] == -1.0 || axes[0] == 1.0)) return;
  LayerPlace{layer, building.file}.fail(
      fmt::format("works along the axes ({}), expected the last one", fmt::join(axes, ", ")));
}

/// The next variables of a layer, in the order that Keras makes them.
struct Variables {
  const Building& building;
  const Layer& layer;
  std::size_t index = 0;
  std::vector<double> next(std::string_view name, std::vector<std::int64_t> shape) {
    return building.weights({.layer = layer.name,
                             .group = layer_kind(layer.class_name)->group,
                             .group_index = building.group_index,
                             .name = name,
                             .index = index++,
                             .shape = std::move(shape)});
  }
};

/// Throws Error for a number that is none.
void check_finite(const Building& building, const Layer& layer, std::string_view name,
                  const std::vector<double>& values) {
  if (std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); })) return;
  LayerPlace{layer, building.file}.fail(fmt::format("'{}' has a number that is not finite", name));
}

void add_nothing(Building& /*building*/, const Layer& /*layer*/) {}

void add_flatten(Building& building, const Layer& layer) {
  const Setting* data_format = find(layer, "data_format");
  if (data_format != nullptr && data_format->text == "channels_first" && building.shape.size() > 1) {
    LayerPlace{layer, building.file}.fail("moves channels that come first to the end, only channels_last is supported");
  }
  building.shape = {building.chain.width};
}

void add_dense(Building& building, const Layer& layer) {
  require_flat(building, layer, "a dense layer");
  const LayerPlace place{layer, building.file};
  const double units = number(building, layer, "units", 0.0);
  if (!(units >= 1.0 && units <= most_outputs && units == std::floor(units))) {
    place.fail(fmt::format("has {} units, expected 1 to {}", units, most_outputs));
  }
  const auto n_out = static_cast<std::size_t>(units), n_in = static_cast<std::size_t>(building.chain.width);
  Variables variables{building, layer};
  const std::vector<double> kernel = variables.next("kernel", {building.chain.width, static_cast<std::int64_t>(n_out)});
  std::vector<double> bias(n_out);
  if (is_on(building, layer, "use_bias", true)) bias = variables.next("bias", {static_cast<std::int64_t>(n_out)});
  check_finite(building, layer, "kernel", kernel);
  check_finite(building, layer, "bias", bias);
  std::vector<double> weights(kernel.size());
  for (std::size_t in = 0; in < n_in; ++in) {
    for (std::size_t out = 0; out < n_out; ++out) weights[out * n_in + in] = kernel[in * n_out + out];
  }
  chain::dense(building.chain, std::move(weights), std::move(bias));
  building.shape = {building.chain.width};
  add_set_activation(building, layer);
}

Where where(const Building& building, const Layer& layer) { return LayerPlace{layer, building.file}.where(); }

void add_relu(Building& building, const Layer& layer) {
  const LayerPlace place{layer, building.file};
  const double slope = number(building, layer, "negative_slope", 0.0);
  if (number(building, layer, "threshold", 0.0) != 0.0) {
    place.fail("has a threshold other than 0, where its answers jump; no activation of emlc does that");
  }
  if (find(layer, "max_value") == nullptr) {
    const auto activation = slope == 0.0 ? model::Activation::relu : model::Activation::leaky_relu;
    return chain::activate(building.chain, activation, slope, where(building, layer));
  }
  const double highest = number(building, layer, "max_value", 0.0);
  if (highest <= 0.0) place.fail(fmt::format("has a max_value of {}, expected one above 0", highest));
  chain::activate_limited_relu(building.chain, slope, highest, where(building, layer));
}

/// Keras 3 calls negative_slope what was alpha.
void add_leaky_relu(Building& building, const Layer& layer) {
  const double slope =
      number(building, layer, find(layer, "negative_slope") == nullptr ? "alpha" : "negative_slope", 0.3);
  chain::activate(building.chain, model::Activation::leaky_relu, slope, where(building, layer));
}

void add_elu(Building& building, const Layer& layer) {
  const double alpha = number(building, layer, "alpha", 1.0);
  chain::activate(building.chain, model::Activation::elu, alpha, where(building, layer));
}

void add_prelu(Building& building, const Layer& layer) {
  require_flat(building, layer, "slopes");
  const Setting* shared = find(layer, "shared_axes");
  const bool is_shared = shared != nullptr && !shared->numbers.empty();
  std::vector<double> slopes =
      Variables{building, layer}.next("alpha", {is_shared ? std::int64_t{1} : building.chain.width});
  check_finite(building, layer, "alpha", slopes);
  slopes.resize(static_cast<std::size_t>(building.chain.width), slopes.front());
  chain::activate_prelu(building.chain, std::move(slopes), where(building, layer));
}

void add_softmax(Building& building, const Layer& layer) {
  require_last_axis(building, layer);
  add_activation(building, layer, "softmax");
}

void add_rescaling(Building& building, const Layer& layer) {
  chain::Affine affine{along_last_axis(building, layer, "scale", 1.0), along_last_axis(building, layer, "offset", 0.0)};
  chain::multiply_add(building.chain, std::move(affine));
}

/// Its moments, from the config or from the weights.
chain::Affine moments(const Building& building, const Layer& layer) {
  if (find(layer, "mean") != nullptr) {
    return {along_last_axis(building, layer, "variance", 1.0), along_last_axis(building, layer, "mean", 0.0)};
  }
  // An axis of null is said, and is not the one that holds when nothing is said.
  const bool is_one = layer.settings.contains("axis") && find(layer, "axis") == nullptr;
  Variables variables{building, layer};
  const std::vector<std::int64_t> shape = is_one ? std::vector<std::int64_t>{} : std::vector{building.shape.back()};
  std::vector<double> mean = variables.next("mean", shape), variance = variables.next("variance", shape);
  check_finite(building, layer, "mean", mean);
  check_finite(building, layer, "variance", variance);
  const auto width = static_cast<std::size_t>(building.chain.width);
  mean.resize(width, mean.front());
  variance.resize(width, variance.front());
  return {std::move(variance), std::move(mean)};
}

/// (x - mean) / max(sqrt(variance), 1e-7), or the way back.
void add_normalization(Building& building, const Layer& layer) {
  require_flat(building, layer, "moments");
  require_last_axis(building, layer);
  constexpr double smallest = 1e-7;
  chain::Affine affine = moments(building, layer);
  for (double& value : affine.scale) {
    if (value < 0.0) LayerPlace{layer, building.file}.fail(fmt::format("has a variance of {}, below 0", value));
    value = std::max(std::sqrt(value), smallest);
  }
  if (is_on(building, layer, "invert", false)) return chain::multiply_add(building.chain, std::move(affine));
  chain::subtract_divide(building.chain, std::move(affine));
}

/// gamma * (x - mean) / sqrt(variance + epsilon) + beta, with the moments of training.
void add_batch_normalization(Building& building, const Layer& layer) {
  require_flat(building, layer, "moments");
  require_last_axis(building, layer);
  const LayerPlace place{layer, building.file};
  const std::vector<std::int64_t> shape = {building.chain.width};
  const double epsilon = number(building, layer, "epsilon", 1e-3);
  Variables variables{building, layer};
  std::vector<double> gamma(static_cast<std::size_t>(building.chain.width), 1.0), beta(gamma.size());
  if (is_on(building, layer, "scale", true)) gamma = variables.next("gamma", shape);
  if (is_on(building, layer, "center", true)) beta = variables.next("beta", shape);
  const std::vector<double> mean = variables.next("moving_mean", shape);
  const std::vector<double> variance = variables.next("moving_variance", shape);
  for (std::size_t i = 0; i < gamma.size(); ++i) {
    if (!(variance[i] + epsilon > 0.0)) {
      place.fail(fmt::format("has a variance of {} with an epsilon of {}, expected more than 0", variance[i], epsilon));
    }
    gamma[i] /= std::sqrt(variance[i] + epsilon);
    beta[i] -= mean[i] * gamma[i];
  }
  check_finite(building, layer, "gamma", gamma);
  check_finite(building, layer, "beta", beta);
  chain::multiply_add(building.chain, chain::Affine{std::move(gamma), std::move(beta)});
}

constexpr std::string_view in_training = "it computes in training only", same_order = "the order of values stays";

constexpr std::array layer_kinds = {
    LayerKind{"InputLayer", "input_layer", add_nothing, "it is the input"},
    LayerKind{"Dense", "dense", add_dense},
    LayerKind{"Activation", "activation", add_set_activation},
    LayerKind{"ReLU", "re_lu", add_relu},
    LayerKind{"LeakyReLU", "leaky_re_lu", add_leaky_relu},
    LayerKind{"PReLU", "p_re_lu", add_prelu},
    LayerKind{"ELU", "elu", add_elu},
    LayerKind{"Softmax", "softmax", add_softmax},
    LayerKind{"Rescaling", "rescaling", add_rescaling},
    LayerKind{"Normalization", "normalization", add_normalization},
    LayerKind{"BatchNormalization", "batch_normalization", add_batch_normalization},
    LayerKind{"Flatten", "flatten", add_flatten, same_order},
    LayerKind{"Dropout", "dropout", add_nothing, in_training},
    LayerKind{"GaussianNoise", "gaussian_noise", add_nothing, in_training},
    LayerKind{"GaussianDropout", "gaussian_dropout", add_nothing, in_training},
    LayerKind{"AlphaDropout", "alpha_dropout", add_nothing, in_training},
    LayerKind{"ActivityRegularization", "activity_regularization", add_nothing, in_training},
};

}  // namespace

const LayerKind* layer_kind(std::string_view class_name) {
  const auto* const found = std::find_if(layer_kinds.begin(), layer_kinds.end(),
                                         [&](const LayerKind& kind) { return kind.class_name == class_name; });
  return found == layer_kinds.end() ? nullptr : found;
}

std::vector<std::string_view> layer_class_names() {
  std::vector<std::string_view> names;
  names.reserve(layer_kinds.size());
  for (const LayerKind& kind : layer_kinds) names.push_back(kind.class_name);
  return names;
}

}  // namespace emlc::formats::keras
