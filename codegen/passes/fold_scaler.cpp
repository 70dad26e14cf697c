#include <cmath>
#include <limits>

#include "codegen/model/kind.hpp"
#include "codegen/passes/dense/fold_into_layer.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/value_order.hpp"

namespace emlc::passes {
namespace {

/// A chain of scalers on one feature: monotone, falling when an odd number of scales are negative.
class Chain {
 public:
  Chain(const std::vector<model::Scaler>& scalers, std::size_t feature) : scalers_(scalers), feature_(feature) {
    for (const model::Scaler& scaler : scalers) falls_ = falls_ != (scaler.scale[feature] < 0.0);
  }

  [[nodiscard]] bool falls() const { return falls_; }
  [[nodiscard]] double operator()(double x) const {
    for (const model::Scaler& scaler : scalers_) x = model::apply_scaler(scaler, feature_, x);
    return x;
  }

 private:
  const std::vector<model::Scaler>& scalers_;
  std::size_t feature_;
  bool falls_ = false;
};

/// `chain(x) < threshold` as `x < threshold` with the children on the sides that x takes now.
void fold_split(model::Split& split, const Chain& chain, model::NumberType scaled_type, model::NumberType type) {
  const auto turns_high = [&](double x) {
    const bool is_right = model::round_to(scaled_type, chain(x)) >= split.threshold;
    return is_right != chain.falls();
  };
  const std::optional<double> turn = first_value(type, turns_high);
  // Where no x is high, all have to be called high for a threshold to say it: `x < -infinity` never holds, but
  // `x < +infinity` does not hold for every x.
  if (turn.has_value() == chain.falls()) std::swap(split.left, split.right);
  split.threshold = turn.value_or(-std::numeric_limits<double>::infinity());
}

std::size_t fold(model::Model& model, model::TreeEnsemble& ensemble) {
  const model::NumberType type = device_type(model.input.type);
  std::vector<Chain> chains;
  for (std::size_t feature = 0; feature < static_cast<std::size_t>(ensemble.n_features); ++feature) {
    chains.emplace_back(model.scalers, feature);
  }
  for (model::Tree& tree : ensemble.trees) {
    for (model::TreeNode& node : tree.nodes) {
      auto* split = std::get_if<model::Split>(&node);
      if (split == nullptr) continue;
      fold_split(*split, chains[static_cast<std::size_t>(split->feature)], ensemble.feature_type, type);
    }
  }
  ensemble.feature_type = type;
  const std::size_t n_folded = model.scalers.size();
  model.scalers.clear();
  return n_folded;
}

/// gain * x + shift, which is what a scaler without a clip does.
struct Affine {
  double gain = 1.0, shift = 0.0;
};

Affine affine(const model::Scaler& scaler, std::size_t feature) {
  const double offset = scaler.offset[feature], scale = scaler.scale[feature];
  if (scaler.op == model::ScalerOp::multiply_add) return {scale, offset};
  return {1.0 / scale, -offset / scale};
}

/// True when the layer of the device, which is float32, computes nearly the same after folding. With a large shift
/// `gain * x + shift` cancels: at 256 the sum is off by up to 1.5e-5 in the unit of the scaled feature.
bool is_foldable(const model::Scaler& scaler, const model::DenseLayer& layer) {
  constexpr double largest_shift = 256.0;
  if (scaler.clip) return false;
  for (std::size_t column = 0; column < scaler.scale.size(); ++column) {
    const auto [gain, shift] = affine(scaler, column);
    if (!(std::abs(shift) <= largest_shift)) return false;
    for (std::size_t row = 0; row < layer.bias.size(); ++row) {
      const double weight = layer.weights[row * scaler.scale.size() + column] * gain;
      if (!std::isfinite(model::round_to(model::NumberType::float32, weight))) return false;
    }
  }
  return true;
}

/// The scalers next to the network, up to one that cannot be folded.
std::size_t fold(model::Model& model, model::DenseNetwork& network) {
  std::size_t n_folded = 0;
  while (!model.scalers.empty() && is_foldable(model.scalers.back(), network.layers.front())) {
    fold_into_layer(model.scalers.back(), network.layers.front());
    model.scalers.pop_back();
    ++n_folded;
  }
  return n_folded;
}

}  // namespace

void fold_into_layer(const model::Scaler& scaler, model::DenseLayer& layer) {
  const std::size_t n_in = scaler.scale.size();
  for (std::size_t column = 0; column < n_in; ++column) {
    const auto [gain, shift] = affine(scaler, column);
    for (std::size_t row = 0; row < layer.bias.size(); ++row) {
      double& weight = layer.weights[row * n_in + column];
      layer.bias[row] += weight * shift;
      weight *= gain;
    }
  }
}

PassResult fold_scaler(model::Model& model, const PassConfig& /*config*/) {
  if (model.scalers.empty()) return {};
  const std::size_t n_folded =
      std::visit(model::Overloaded{[](std::monostate) { return std::size_t{0}; },
                                   [&](model::TreeEnsemble& ensemble) { return fold(model, ensemble); },
                                   [&](model::DenseNetwork& network) { return fold(model, network); },
                                   [](model::SosCascade&) { return std::size_t{0}; }},
                 model.predictor);
  return {.changes = n_folded};
}

}  // namespace emlc::passes
