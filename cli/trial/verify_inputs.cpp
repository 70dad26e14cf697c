#include "cli/trial/verify_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "codegen/model/kind.hpp"
#include "codegen/model/predict/predict.hpp"

namespace emlc::cli {
namespace {

constexpr std::size_t most_boundary_inputs = 100'000;
constexpr std::size_t n_made_up = 1000;

/// The inputs as the device gets them.
InputSet on_device(std::string name, const Inputs& inputs, const model::Model& lowered) {
  InputSet set{.name = std::move(name), .inputs = {}};
  for (const std::vector<double>& x : inputs) {
    if (!takes_signals(lowered) && !holds(lowered, x)) {
      ++set.n_left_out;
      continue;
    }
    set.inputs.push_back(x);
    for (double& value : set.inputs.back()) value = model::round_to(lowered.input.type, value);
  }
  return set;
}

/// 0 to 1; std::uniform_real_distribution differs between standard libraries, this does not.
double uniform(std::mt19937& random) {
  return static_cast<double>(random()) / static_cast<double>(std::mt19937::max());
}

/// Of the declared range, else from -1 to 1: integers may overflow beyond.
Inputs made_up_signals(const model::Input& input) {
  constexpr std::size_t n_samples = 1000;
  std::mt19937 random;  // the standard's fixed seed
  const bool is_declared = !input.minimum.empty() && !input.maximum.empty();
  const double low = is_declared ? input.minimum[0] : -1.0, high = is_declared ? input.maximum[0] : 1.0;
  std::vector<double> impulse(n_samples, 0.0), step(n_samples, high), noise(n_samples);
  impulse[0] = high;
  for (double& sample : noise) sample = low + (high - low) * uniform(random);
  return {impulse, step, noise};
}

/// The range that inputs of a feature are drawn from: as declared, else that of the test vectors, else -1 to 1.
std::pair<double, double> range_of(const model::Model& model, std::size_t feature) {
  const model::Input& input = model.input;
  if (!input.minimum.empty() && !input.maximum.empty()) return {input.minimum[feature], input.maximum[feature]};
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const std::vector<double>& x : model.test_vectors.inputs) {
    if (std::isnan(x[feature])) continue;
    low = std::min(low, x[feature]);
    high = std::max(high, x[feature]);
  }
  return low <= high ? std::pair(low, high) : std::pair(-1.0, 1.0);
}

Inputs made_up_inputs(const model::Model& model) {
  std::mt19937 random;
  const bool is_integer = model::info(model.input.type).is_integer;
  Inputs inputs(n_made_up, std::vector<double>(static_cast<std::size_t>(model.input.n_features)));
  for (std::size_t feature = 0; feature < inputs.front().size(); ++feature) {
    const auto [low, high] = range_of(model, feature);
    for (std::vector<double>& x : inputs) {
      const double share = uniform(random);
      const double value = low * (1.0 - share) + high * share;
      x[feature] = is_integer ? std::round(value) : value;
    }
  }
  return inputs;
}

}  // namespace

std::vector<InputSet> verify_inputs(const model::Model& trained, const model::Model& lowered,
                                    const std::optional<std::string>& input_path) {
  std::vector<InputSet> sets;
  sets.push_back(on_device("test vectors", trained.test_vectors.inputs, lowered));
  if (input_path) sets.push_back(on_device(*input_path, read_inputs(*input_path, trained), lowered));
  const auto add = [&](std::string name, const Inputs& inputs) {
    sets.push_back(on_device(std::move(name), inputs, lowered));
  };
  std::visit(
      model::Overloaded{[&](std::monostate) { add("drawn", made_up_inputs(lowered)); },
                        [&](const model::TreeEnsemble&) {
                          add("around thresholds", model::boundary_inputs(lowered, most_boundary_inputs));
                          add("drawn", made_up_inputs(lowered));
                        },
                        [&](const model::DenseNetwork&) { add("drawn", made_up_inputs(lowered)); },
                        [&](const model::SosCascade&) { add("impulse, step, noise", made_up_signals(lowered.input)); }},
      lowered.predictor);
  return sets;
}

}  // namespace emlc::cli
