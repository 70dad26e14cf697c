#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "codegen/model/error.hpp"
#include "codegen/model/grid.hpp"
#include "codegen/model/kind.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/trees/thresholds.hpp"

// note [powers of two]
// A factor that is a power of two is exact in every product, and shifts are cheap for who computes codes in integers.
// It gives away at most half of the type, one bit. Where a smaller factor makes integers of all data already, it is
// taken: nothing is rounded then, and smaller thresholds take fewer bytes.

namespace emlc::passes {
namespace {

using model::NumberTypeInfo;
using Rows = std::vector<std::vector<double>>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int finest = 30, coarsest = -100;  ///< exponents of factors

/// What is known of one feature.
struct Known {
  double low = infinity, high = -infinity;
  std::vector<double> values{};  ///< of the rows

  void widen(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

std::vector<Known> known_features(const model::Model& model, const PassConfig& config) {
  std::vector<Known> features(static_cast<std::size_t>(model.input.n_features));
  for (const Rows* rows : {&config.data, &model.test_vectors.inputs}) {
    for (const std::vector<double>& x : *rows) {
      for (std::size_t f = 0; f < features.size(); ++f) {
        features[f].widen(x[f]);
        features[f].values.push_back(x[f]);
      }
    }
  }
  for (std::size_t f = 0; f < model.input.minimum.size(); ++f) features[f].widen(model.input.minimum[f]);
  for (std::size_t f = 0; f < model.input.maximum.size(); ++f) features[f].widen(model.input.maximum[f]);
  for_each_given_threshold(model, [&](std::size_t f, double threshold) { features[f].widen(threshold); });
  return features;
}

void require_numbers(const Rows& rows, std::string_view name, const NumberTypeInfo& type) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t f = 0; f < rows[row].size(); ++f) {
      if (std::isfinite(rows[row][f])) continue;
      throw Error({.field = "--feature-scale"}, fmt::format("{} {} has {} for feature {}, which no {} stands for", name,
                                                            row, rows[row][f], f, type.name));
    }
  }
}

bool all_whole(const Known& feature, double factor) {
  return std::all_of(feature.values.begin(), feature.values.end(),
                     [&](double value) { return value * factor == std::floor(value * factor); });
}

/// The power of two for a feature, or for all of them; 1 where nothing is known.
double chosen_factor(const Known& known, const NumberTypeInfo& type, std::string_view whose) {
  if (!(known.low <= known.high)) return 1.0;
  if (known.low < 0.0 && type.lowest == 0.0) {
    throw Error(
        {.field = "--feature-scale"},
        fmt::format("{} has no numbers below 0, {} goes down to {}; take int8 or int16", type.name, whose, known.low));
  }
  int exponent = finest;
  const auto fits = [&](double value) {
    const double code = std::round(std::ldexp(value, exponent));
    return code >= type.lowest && code <= type.highest;
  };
  while (exponent > coarsest && !(fits(known.low) && fits(known.high))) --exponent;
  int whole = std::min(0, exponent);
  while (whole < exponent && !all_whole(known, std::ldexp(1.0, whole))) ++whole;
  return std::ldexp(1.0, known.values.empty() ? exponent : whole);
}

std::vector<double> one_factor(const std::vector<Known>& features, const NumberTypeInfo& type) {
  Known all;
  for (const Known& feature : features) {
    all.widen(feature.low);
    all.widen(feature.high);
    all.values.insert(all.values.end(), feature.values.begin(), feature.values.end());
  }
  if (!(all.low <= all.high)) {
    throw Error(
        {.field = "--feature-scale"},
        "nothing says how large features are: give --data or the factor, or feature_min and feature_max in the model");
  }
  return std::vector<double>(features.size(), chosen_factor(all, type, "a feature"));
}

std::vector<double> factors(const model::Model& model, const PassConfig& config, const NumberTypeInfo& type) {
  const FeatureScale& scale = *config.feature_scale;
  const auto n_features = static_cast<std::size_t>(model.input.n_features);
  if (scale.choice == FeatureScale::Choice::given) {
    if (scale.factors.size() == 1) return std::vector<double>(n_features, scale.factors.front());
    if (scale.factors.size() == n_features) return scale.factors;
    throw Error({.field = "--feature-scale"},
                fmt::format("has {} factors, the model has {} features", scale.factors.size(), n_features));
  }
  const std::vector<Known> features = known_features(model, config);
  if (scale.choice == FeatureScale::Choice::one) return one_factor(features, type);
  std::vector<double> grid;
  for (std::size_t f = 0; f < n_features; ++f) {
    grid.push_back(chosen_factor(features[f], type, fmt::format("feature {}", f)));
  }
  return grid;
}

/// How many values of the sample lie beyond the codes.
std::string saturation_note(const model::Input& input, const Rows& rows) {
  const NumberTypeInfo& type = model::info(input.type);
  std::size_t n_values = 0, n_beyond = 0;
  for (const std::vector<double>& x : rows) {
    for (std::size_t f = 0; f < x.size(); ++f, ++n_values) {
      const double code = std::round(x[f] * input.grid[f]);
      n_beyond += code < type.lowest || code > type.highest ? 1U : 0U;
    }
  }
  return fmt::format("{} of {} values saturate", n_beyond, n_values);
}

std::string grid_note(const model::Input& input) {
  const bool is_one = std::all_of(input.grid.begin(), input.grid.end(), [&](double g) { return g == input.grid[0]; });
  if (is_one) return fmt::format("{}: round(x * {})", model::info(input.type).name, input.grid[0]);
  const auto [least, most] = std::minmax_element(input.grid.begin(), input.grid.end());
  return fmt::format("{}: round(x * {} to {}), by feature", model::info(input.type).name, *least, *most);
}

}  // namespace

PassResult quantize_features(model::Model& model, const PassConfig& config) {
  model::Input& input = model.input;
  if (!input.grid.empty()) return {};
  const NumberTypeInfo& type = model::info(*config.features);
  require_numbers(config.data, "row", type);
  require_numbers(model.test_vectors.inputs, "test vector", type);
  input.grid = factors(model, config, type);
  input.type = type.type;
  for (std::vector<double>* limits : {&input.minimum, &input.maximum}) *limits = model::encoded(input, *limits);
  // A code stands for code / grid: what is in front of the model says so, and folds away.
  model::Scaler of_codes{.op = model::ScalerOp::subtract_divide,
                         .offset = std::vector<double>(input.grid.size(), 0.0),
                         .scale = input.grid};
  if (model.steps.empty()) {
    model.scalers.insert(model.scalers.begin(), std::move(of_codes));
  } else {
    model.steps.insert(model.steps.begin(), {.kind = std::move(of_codes)});
  }
  return {.changes = input.grid.size(),
          .warnings = {},
          .notes = {fmt::format("{}; {}", grid_note(input), saturation_note(input, sample_inputs(model, config)))}};
}

}  // namespace emlc::passes
