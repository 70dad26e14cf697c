#include "cli/trial/drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "codegen/model/grid.hpp"

namespace emlc::cli {
namespace {

/// 0 to 1; std::uniform_real_distribution differs between standard libraries, this does not.
double uniform(std::mt19937& random) {
  return static_cast<double>(random()) / static_cast<double>(std::mt19937::max());
}

/// The numbers that a feature is drawn from.
struct Hull {
  double low = std::numeric_limits<double>::infinity(), high = -low;

  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] bool is_empty() const { return !(low <= high); }
};

/// Thresholds of each feature, one per split; empty for other models than trees.
std::vector<std::vector<double>> thresholds_of(const model::Model& lowered) {
  std::vector<std::vector<double>> thresholds(static_cast<std::size_t>(lowered.input.n_features));
  const auto* ensemble = std::get_if<model::TreeEnsemble>(&lowered.predictor);
  if (ensemble == nullptr || !takes_inputs(lowered)) return thresholds;
  for (const model::Tree& tree : ensemble->trees) {
    for (const model::TreeNode& node : tree.nodes) {
      const model::Split* split = model::as_split(node);
      if (split == nullptr || !std::isfinite(split->threshold)) continue;
      const auto feature = static_cast<std::size_t>(split->feature);
      const bool has_codes = !lowered.input.grid.empty();
      thresholds[feature].push_back(has_codes ? model::decode_feature(lowered.input, feature, split->threshold)
                                              : split->threshold);
    }
  }
  return thresholds;
}

/// What the first scalers, up to `last`, take to z; infinite or NaN where they give one number for all.
double inverse(const std::vector<model::Scaler>& scalers, std::size_t last, std::size_t feature, double z) {
  for (std::size_t step = last + 1; step-- > 0;) {
    const double offset = scalers[step].offset[feature], scale = scalers[step].scale[feature];
    z = scalers[step].op == model::ScalerOp::subtract_divide ? z * scale + offset : (z - offset) / scale;
  }
  return z;
}

/// What the scalers take to -3 to 3, from where most scaled inputs are; nothing where they give one number for all.
Hull hull_of_scalers(const model::Model& model, std::size_t feature) {
  constexpr double reach = 3.0;
  Hull hull;
  for (const double end : {-reach, reach}) {
    hull.add(inverse(model.scalers, model.scalers.size() - 1, feature, end));
  }
  return hull;
}

/// A little beyond what scalers clip; empty where none does.
Hull hull_of_clips(const model::Model& model, std::size_t feature) {
  constexpr double margin = 0.1;
  Hull hull;
  for (std::size_t step = 0; step < model.scalers.size(); ++step) {
    if (!model.scalers[step].clip) continue;
    const auto [low, high] = *model.scalers[step].clip;
    const double beyond = margin * (high - low);
    for (const double end : {low - beyond, high + beyond}) hull.add(inverse(model.scalers, step, feature, end));
  }
  return hull;
}

/// A source of hulls; an empty hull: it says nothing of the feature.
struct HullSource {
  std::string_view origin;
  Hull (*hull)(const model::Model& trained, const std::vector<double>& thresholds, std::size_t feature);
};

Hull declared(const model::Model& trained, const std::vector<double>& /*thresholds*/, std::size_t feature) {
  Hull hull;
  if (trained.input.minimum.empty() || trained.input.maximum.empty()) return hull;
  hull.add(trained.input.minimum[feature]);
  hull.add(trained.input.maximum[feature]);
  return hull;
}

Hull of_vectors(const model::Model& trained, const std::vector<double>& /*thresholds*/, std::size_t feature) {
  Hull hull;
  for (const std::vector<double>& x : trained.test_vectors.inputs) hull.add(x[feature]);
  return hull;
}

/// A little beyond the outermost thresholds, so that there are inputs on their far sides.
Hull of_thresholds(const model::Model& trained, const std::vector<double>& thresholds, std::size_t feature) {
  constexpr double margin = 0.1;
  Hull hull = of_vectors(trained, thresholds, feature);
  for (const double threshold : thresholds) hull.add(threshold);
  if (thresholds.empty()) return {};
  const double width = hull.high > hull.low ? hull.high - hull.low : std::max(std::abs(hull.high), 1.0);
  hull.add(hull.low - margin * width);
  hull.add(hull.high + margin * width);
  return hull;
}

Hull of_scalers(const model::Model& trained, const std::vector<double>& /*thresholds*/, std::size_t feature) {
  return trained.scalers.empty() || !trained.steps.empty() ? Hull{} : hull_of_scalers(trained, feature);
}

/// Of a type that has so few values that all of them may well arrive.
Hull all_values(model::NumberType narrow) {
  const model::NumberTypeInfo& type = model::info(narrow);
  return type.bytes == 1 ? Hull{type.lowest, type.highest} : Hull{};
}

Hull of_narrow_type(const model::Model& trained, const std::vector<double>& /*thresholds*/, std::size_t /*feature*/) {
  return all_values(trained.input.type);
}

constexpr std::array sources = {
    HullSource{"in the declared ranges", declared},
    HullSource{"around the thresholds", of_thresholds},
    HullSource{"in the range of the test vectors", of_vectors},
    HullSource{"from what the scaler takes to -3 to 3", of_scalers},
    HullSource{"from all values of the type", of_narrow_type},
};
constexpr std::string_view no_source = "noise of +-0.1 to +-1000, nothing says where inputs are";

/// The first source that says something about a feature that trees look at, or about any feature of others.
const HullSource* source_of(const model::Model& trained, const std::vector<std::vector<double>>& thresholds) {
  for (const HullSource& source : sources) {
    for (std::size_t feature = 0; feature < thresholds.size(); ++feature) {
      if (!source.hull(trained, thresholds[feature], feature).is_empty()) return &source;
    }
  }
  return nullptr;
}

double noise(std::mt19937& random, std::size_t row) {
  constexpr std::array sizes = {0.1, 1.0, 10.0, 100.0, 1000.0};
  return sizes[row % sizes.size()] * (2.0 * uniform(random) - 1.0);
}

/// A threshold of the feature, or a value beside it.
double neighbour(std::mt19937& random, const std::vector<double>& thresholds, model::NumberType type) {
  const double at = model::smallest_at_least(type, thresholds[random() % thresholds.size()]);
  if (!std::isfinite(at)) return at > 0.0 ? model::info(type).highest : model::info(type).lowest;
  return random() % 2 == 0 ? at : std::max(model::next_below(type, at), model::info(type).lowest);
}

double drawn(std::mt19937& random, const Hull& hull, model::NumberType type) {
  const double share = uniform(random);
  const double value = hull.low * (1.0 - share) + hull.high * share;
  const model::NumberTypeInfo& info = model::info(type);
  return std::clamp(info.is_integer ? std::round(value) : value, info.lowest, info.highest);
}

/// Where inputs may be besides, as a scaler makes no promise: what it takes to -3 to 3 may be less than one whole
/// number.
Hull beyond_scalers(const model::Model& trained, model::NumberType type, std::size_t feature) {
  constexpr double few = 8.0;
  const Hull all = all_values(type);
  if (!all.is_empty()) return all;
  Hull hull = hull_of_clips(trained, feature);
  if (!model::info(type).is_integer) return hull;
  const Hull usual = hull_of_scalers(trained, feature);
  hull.add(usual.low - few);
  hull.add(usual.high + few);
  return hull;
}

}  // namespace

Drawing draw_inputs(const model::Model& trained, const model::Model& lowered, std::size_t n) {
  const auto thresholds = thresholds_of(lowered);
  const HullSource* source = source_of(trained, thresholds);
  Drawing drawing{.origin = std::string(source == nullptr ? no_source : source->origin),
                  .inputs = Inputs(n, std::vector<double>(thresholds.size()))};
  const model::NumberType type = model::given_type(lowered.input);
  std::mt19937 random;  // the standard's fixed seed
  for (std::size_t feature = 0; feature < thresholds.size(); ++feature) {
    const Hull hull = source == nullptr ? Hull{} : source->hull(trained, thresholds[feature], feature);
    const bool is_declared = source == &sources.front();
    const Hull all = source != nullptr && source->hull == of_scalers ? beyond_scalers(trained, type, feature) : Hull{};
    for (std::size_t row = 0; row < n; ++row) {
      double& value = drawing.inputs[row][feature];
      if (!thresholds[feature].empty() && row % 2 == 0) {
        value = neighbour(random, thresholds[feature], type);
        if (is_declared) value = std::clamp(value, hull.low, hull.high);
      } else if (row % 4 == 3 && !all.is_empty()) {
        value = drawn(random, all, type);
      } else if (hull.is_empty()) {
        const double size = noise(random, row);
        value = drawn(random, {size, size}, type);
      } else {
        value = drawn(random, hull, type);
      }
    }
  }
  return drawing;
}

Drawing draw_small_inputs(const model::Model& trained, const model::Model& lowered, std::size_t n) {
  constexpr double wide = 100.0;
  const auto n_features = static_cast<std::size_t>(trained.input.n_features);
  std::vector<Hull> hulls;
  bool is_wide = false;
  for (std::size_t feature = 0; feature < n_features; ++feature) {
    Hull hull = declared(trained, {}, feature);
    if (hull.is_empty()) return {};
    is_wide = is_wide || hull.high - hull.low > wide;
    if (hull.low < 1.0 && hull.high > -1.0) hull = {std::max(hull.low, -1.0), std::min(hull.high, 1.0)};
    hulls.push_back(hull);
  }
  if (!is_wide) return {};
  Drawing drawing{.origin = "of the declared ranges", .inputs = Inputs(n, std::vector<double>(n_features))};
  std::mt19937 random;
  for (std::vector<double>& x : drawing.inputs) {
    for (std::size_t feature = 0; feature < n_features; ++feature) {
      x[feature] = drawn(random, hulls[feature], lowered.input.type);
    }
  }
  return drawing;
}

Drawing draw_signals(const model::Model& model) {
  constexpr std::size_t n_samples = 1000;
  Drawing drawing{.origin = "of size 1", .inputs = {}};
  Hull hull = declared(model, {}, 0);
  if (!hull.is_empty()) drawing.origin = "in the declared range";
  if (hull.is_empty() && !model.test_vectors.inputs.empty()) {
    for (const std::vector<double>& signal : model.test_vectors.inputs) {
      for (const double sample : signal) hull.add(sample);
    }
    drawing.origin = "in the range of the test vectors";
  }
  // Integers may overflow beyond 1.
  if (hull.is_empty() || !(hull.low < hull.high)) hull = {-1.0, 1.0};
  std::mt19937 random;
  std::vector<double> impulse(n_samples, 0.0), step(n_samples, hull.high), noise(n_samples);
  impulse[0] = hull.high;
  for (double& sample : noise) sample = hull.low + (hull.high - hull.low) * uniform(random);
  drawing.inputs = {impulse, step, noise};
  return drawing;
}

}  // namespace emlc::cli
