#include <limits>

#include "codegen/model/kind.hpp"
#include "codegen/passes/dense/fold_into_layer.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/scalers.hpp"
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

std::size_t fold(model::Model& model, model::TreeEnsemble& ensemble, model::NumberType type) {
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

std::size_t fold(model::Model& model, model::DenseNetwork& network) {
  std::size_t n_folded = join_neighbours(model.scalers);
  while (!model.scalers.empty()) {
    // What cannot be folded, or leaves something in front, is the last one that the network sees.
    const Fold fold = fold_far_scaler(model.scalers.back(), network.layers.front());
    if (fold != Fold::nothing) ++n_folded;
    if (fold != Fold::all) break;
    model.scalers.pop_back();
  }
  return n_folded + keep_digits(model.scalers);
}

/// Scalers that are all there is.
std::size_t fold(model::Model& model) {
  const std::size_t n_joined = join_neighbours(model.scalers);
  return n_joined + keep_digits(model.scalers);
}

}  // namespace

PassResult fold_scaler(model::Model& model, const PassConfig& config) {
  if (model.scalers.empty()) return {};
  // The device may be given values between those of the declared type: the thresholds are for what it is given.
  const model::NumberType type = device_type(model.input.type, config.features);
  const std::size_t n_changed =
      std::visit(model::Overloaded{[&](std::monostate) { return fold(model); },
                                   [&](model::TreeEnsemble& ensemble) { return fold(model, ensemble, type); },
                                   [&](model::DenseNetwork& network) { return fold(model, network); },
                                   [](model::SosCascade&) { return std::size_t{0}; }},
                 model.predictor);
  return {.changes = n_changed};
}

}  // namespace emlc::passes
