#include <fmt/format.h>

#include <optional>
#include <stdexcept>

#include "codegen/model/error.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/value_order.hpp"

namespace emlc::passes {
namespace {

using model::NumberType;

[[noreturn]] void refuse(std::string_view problem) { throw Error({.field = "--features"}, problem); }

bool is_integer(NumberType type) { return model::info(type).is_integer; }

/// The integers from lowest to highest that `type` holds, every one of them.
struct Span {
  double lowest, highest;
};
Span integers_of(NumberType type) {
  constexpr double last_without_gaps = 0x1p24;
  if (type == NumberType::float32) return {-last_without_gaps, last_without_gaps};
  return {model::info(type).lowest, model::info(type).highest};
}

/// The declared range of a feature has to fit, and so has the declared type where no range is declared.
void require_range(const model::Input& input, NumberType type) {
  const bool any_float_fits = !is_integer(type) && !is_integer(input.type);
  if (any_float_fits) return;
  const auto [lowest, highest] = integers_of(type);
  const model::NumberTypeInfo& declared = model::info(input.type);
  for (std::size_t f = 0; f < static_cast<std::size_t>(input.n_features); ++f) {
    // The values of a floating type are not expected to reach its ends; what is known of them is checked.
    const double low = input.minimum.empty() ? (declared.is_integer ? declared.lowest : lowest) : input.minimum[f];
    const double high = input.maximum.empty() ? (declared.is_integer ? declared.highest : highest) : input.maximum[f];
    if (low >= lowest && high <= highest) continue;
    const bool is_declared = !input.minimum.empty() || !input.maximum.empty();
    refuse(fmt::format("{} holds {} to {}, feature {} of the model {} {} to {}{}", model::info(type).name, lowest,
                       highest, f, is_declared ? "has" : "is " + std::string(declared.name) + ",", low, high,
                       is_declared ? "" : "; feature_min and feature_max in the model can say that it is less"));
  }
}

/// Where the first value is that `type` cannot hold.
struct Misfit {
  std::size_t row, feature;
  double value;
};
std::optional<Misfit> find_misfit(const std::vector<std::vector<double>>& inputs, NumberType type) {
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    for (std::size_t feature = 0; feature < inputs[row].size(); ++feature) {
      const double value = inputs[row][feature];
      if (model::smallest_at_least(type, value) != value) return Misfit{row, feature, value};
    }
  }
  return std::nullopt;
}

void require_data(const std::vector<std::vector<double>>& data, NumberType type) {
  if (!is_integer(type)) return;
  if (const auto misfit = find_misfit(data, type)) {
    throw Error({.field = "--data"}, fmt::format("row {} has {} for feature {}, which {} cannot hold", misfit->row,
                                                 misfit->value, misfit->feature, model::info(type).name));
  }
}

/// Checks that the asked type holds what the model says of its inputs.
void require_fit(const model::Model& model, NumberType type) {
  if (takes_signals(model) && is_integer(type)) {
    refuse(fmt::format("a signal cannot be {}, a filter takes float", model::info(type).name));
  }
  require_range(model.input, type);
  if (!is_integer(type)) return;
  if (const auto misfit = find_misfit(model.test_vectors.inputs, type)) {
    refuse(fmt::format("{} cannot hold {}, feature {} of test vector {}", model::info(type).name, misfit->value,
                       misfit->feature, misfit->row));
  }
}

/// Returns how many thresholds changed, and the type as one more.
std::size_t narrow_thresholds(const model::Model& model, model::TreeEnsemble& ensemble, NumberType type) {
  if (!model.scalers.empty()) throw std::logic_error("narrow-features runs after fold-scaler");
  if (!model.steps.empty()) type = predictor_input(model).type;
  std::size_t n_changed = 0;
  for (model::Tree& tree : ensemble.trees) {
    for (model::TreeNode& node : tree.nodes) {
      auto* split = std::get_if<model::Split>(&node);
      if (split == nullptr) continue;
      const double threshold = model::smallest_rounded_at_least(type, ensemble.feature_type, split->threshold);
      if (threshold == split->threshold) continue;
      split->threshold = threshold;
      ++n_changed;
    }
  }
  if (ensemble.feature_type != type) ++n_changed;
  ensemble.feature_type = type;
  return n_changed;
}

}  // namespace

PassResult narrow_features(model::Model& model, const PassConfig& config) {
  const NumberType declared = model.input.type;
  const NumberType type = device_type(declared, config.features);
  PassResult result;
  if (type != device_type(declared, std::nullopt)) {
    require_fit(model, type);
    if (type == NumberType::float64 && !model.steps.empty()) {
      refuse(fmt::format("doubles are compared by trees, and the step '{}' in front of these is computed in float32",
                         model::name(model.steps.front())));
    }
    if (is_integer(type) && !is_integer(declared)) {
      result.warnings.push_back(
          fmt::format("the device takes {} features, exact for whole numbers; the model declares {}",
                      model::info(type).name, model::info(declared).name));
    }
  }
  if (model.input.grid.empty()) require_data(config.data, type);
  result.changes = std::visit(
      model::Overloaded{[](std::monostate) { return std::size_t{0}; },
                        [&](model::TreeEnsemble& ensemble) { return narrow_thresholds(model, ensemble, type); },
                        [](model::DenseNetwork&) { return std::size_t{0}; },
                        [](model::SosCascade&) { return std::size_t{0}; },
                        [](model::Combination&) { return std::size_t{0}; }},
      model.predictor);
  if (type != declared) ++result.changes;
  model.input.type = type;
  return result;
}

}  // namespace emlc::passes
