#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/keras/network.hpp"

namespace emlc::formats::keras {
namespace {

using model::Activation;

/// Values between an input that is scaled and an output that is.
struct Scaled {
  double scale, offset;  ///< of the input
  Activation activation;
  double alpha, factor;  ///< of the output
};

struct ActivationRow {
  std::string_view name;
  Generation generation;  ///< unknown: the same in all
  Scaled formula;
};

constexpr double selu_alpha = 1.6732632423543772848, selu_scale = 1.0507009873554804934;

constexpr std::array rows = {
    ActivationRow{"linear", Generation::unknown, {1, 0, Activation::identity, 0, 1}},
    ActivationRow{"relu", Generation::unknown, {1, 0, Activation::relu, 0, 1}},
    ActivationRow{"relu6", Generation::unknown, {1, 0, Activation::relu6, 0, 1}},
    ActivationRow{"leaky_relu", Generation::unknown, {1, 0, Activation::leaky_relu, 0.2, 1}},
    ActivationRow{"sigmoid", Generation::unknown, {1, 0, Activation::logistic, 0, 1}},
    ActivationRow{"tanh", Generation::unknown, {1, 0, Activation::tanh, 0, 1}},
    ActivationRow{"softmax", Generation::unknown, {1, 0, Activation::softmax, 0, 1}},
    ActivationRow{"softplus", Generation::unknown, {1, 0, Activation::softplus, 0, 1}},
    ActivationRow{"elu", Generation::unknown, {1, 0, Activation::elu, 1, 1}},
    ActivationRow{"selu", Generation::unknown, {1, 0, Activation::elu, selu_alpha, selu_scale}},
    // 0.2 x + 0.5, and since Keras 3 x / 6 + 0.5, limited to 0 and 1: a sixth of relu6.
    ActivationRow{"hard_sigmoid", Generation::keras_2, {1.2, 3, Activation::relu6, 0, 1.0 / 6.0}},
    ActivationRow{"hard_sigmoid", Generation::keras_3, {1, 3, Activation::relu6, 0, 1.0 / 6.0}},
};

const Scaled* formula_of(std::string_view name, Generation generation) {
  const auto* const found = std::find_if(rows.begin(), rows.end(), [&](const ActivationRow& row) {
    return row.name == name && (row.generation == Generation::unknown || row.generation == generation);
  });
  return found == rows.end() ? nullptr : &found->formula;
}

[[noreturn]] void refuse(const LayerPlace& place, std::string_view name) {
  std::vector<std::string_view> names;
  for (const ActivationRow& row : rows) {
    if (names.empty() || names.back() != row.name) names.push_back(row.name);
  }
  names.push_back("log_softmax");
  const bool is_known = std::find(names.begin(), names.end(), name) != names.end();
  if (is_known) place.fail(fmt::format("'{}' depends on the version of Keras, which the file does not say", name));
  place.fail(
      fmt::format("the activation '{}' is not supported; supported are {}", printable(name), fmt::join(names, ", ")));
}

}  // namespace

void add_activation(Building& building, const Layer& layer, std::string_view name) {
  const LayerPlace place{layer, building.file};
  if (name == "log_softmax") {
    require_flat(building, layer, "a softmax");
    return chain::end_in_log_softmax(building.chain, place.where());
  }
  const Scaled* formula = formula_of(name, building.generation);
  if (formula == nullptr) refuse(place, name);
  if (formula->activation == Activation::softmax) require_flat(building, layer, "a softmax");
  chain::multiply_add(building.chain, formula->scale, formula->offset);
  chain::activate(building.chain, formula->activation, formula->alpha, place.where());
  chain::multiply_add(building.chain, formula->factor, 0.0);
}

void add_set_activation(Building& building, const Layer& layer) {
  const Setting* activation = find(layer, "activation");
  if (activation == nullptr) return;
  const bool is_function = activation->type == json::Type::text || activation->class_name == "function";
  add_activation(building, layer, is_function ? activation->text : activation->class_name);
}

}  // namespace emlc::formats::keras
