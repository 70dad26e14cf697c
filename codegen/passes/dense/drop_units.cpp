#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/judge.hpp"
#include "codegen/passes/passes.hpp"

// note [standing in]
// On the sample inputs a unit is about a constant plus a mix of the other units of its layer. What that misses, times
// the weights that the layer behind has for the unit, is what goes wrong there when the unit goes and its weights are
// mixed into those of the others. With C the covariance of the units, P its inverse: the mix is -P_ij / P_jj and misses
// 1 / P_jj of the variance. A little is added to the variances, so that units which never say anything, or always the
// same as another one, leave C an inverse.

namespace emlc::passes {
namespace {

using model::DenseLayer;
using model::DenseNetwork;
using Matrix = std::vector<double>;  ///< [n][n]

/// What the units of a layer say on the sample inputs.
struct Statistics {
  std::vector<double> means{};
  Matrix covariance{};
};

/// Of all layers, from the first one on.
std::vector<Statistics> statistics_of(const model::Model& model, const DenseNetwork& network, const Judge& judge) {
  std::vector<Statistics> all;
  for (const DenseLayer& layer : network.layers) {
    const auto n = static_cast<std::size_t>(layer.n_out);
    all.push_back({std::vector<double>(n, 0.0), Matrix(n * n, 0.0)});
  }
  const double share = 1.0 / static_cast<double>(judge.n_rows());
  for (const std::vector<double>& input : judge.inputs()) {
    std::vector<double> x = model::scaled(model, input);
    for (std::size_t index = 0; index < all.size(); ++index) {
      x = model::layer_sums(network.layers[index], x);
      model::activate_layer(network.layers[index], x);
      for (std::size_t i = 0; i < x.size(); ++i) {
        all[index].means[i] += share * x[i];
        for (std::size_t j = 0; j < x.size(); ++j) all[index].covariance[i * x.size() + j] += share * x[i] * x[j];
      }
    }
  }
  for (Statistics& layer : all) {
    const std::size_t n = layer.means.size();
    for (std::size_t i = 0; i < n * n; ++i) layer.covariance[i] -= layer.means[i / n] * layer.means[i % n];
  }
  return all;
}

/// The inverse of a matrix that is symmetric and positive definite.
Matrix inverse(Matrix matrix, std::size_t n) {
  Matrix result(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) result[i * n + i] = 1.0;
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    const double scale = 1.0 / matrix[pivot * n + pivot];
    for (std::size_t j = 0; j < n; ++j) {
      matrix[pivot * n + j] *= scale;
      result[pivot * n + j] *= scale;
    }
    for (std::size_t row = 0; row < n; ++row) {
      const double factor = matrix[row * n + pivot];
      if (row == pivot || factor == 0.0) continue;
      for (std::size_t j = 0; j < n; ++j) {
        matrix[row * n + j] -= factor * matrix[pivot * n + j];
        result[row * n + j] -= factor * result[pivot * n + j];
      }
    }
  }
  return result;
}

/// See note [standing in].
Matrix precision_of(const Statistics& layer) {
  constexpr double added_share = 1e-3;
  const std::size_t n = layer.means.size();
  double trace = 0.0;
  for (std::size_t i = 0; i < n; ++i) trace += layer.covariance[i * n + i];
  Matrix matrix = layer.covariance;
  const double added = trace > 0.0 ? added_share * trace / static_cast<double>(n) : 1.0;
  for (std::size_t i = 0; i < n; ++i) matrix[i * n + i] += added;
  return inverse(std::move(matrix), n);
}

double squared_weights(const DenseLayer& behind, std::size_t unit) {
  double sum = 0.0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(behind.n_out); ++row) {
    const double weight = behind.weights[row * static_cast<std::size_t>(behind.n_in) + unit];
    sum += weight * weight;
  }
  return sum;
}

/// The variance of the sums of a layer, over all its units.
double variance_of_sums(const DenseLayer& layer, const Statistics& before) {
  const std::size_t n = before.means.size();
  double sum = 0.0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(layer.n_out); ++row) {
    const double* weights = &layer.weights[row * n];
    for (std::size_t i = 0; i < n * n; ++i) sum += weights[i / n] * weights[i % n] * before.covariance[i];
  }
  return sum;
}

/// What a mix of the others misses of a unit.
double missed_variance(const Statistics& layer, std::size_t unit, const std::vector<double>& mix) {
  const std::size_t n = mix.size();
  std::vector<double> difference(n);
  for (std::size_t i = 0; i < n; ++i) difference[i] = (i == unit ? 1.0 : 0.0) - mix[i];
  double sum = 0.0;
  for (std::size_t i = 0; i < n * n; ++i) sum += difference[i / n] * difference[i % n] * layer.covariance[i];
  return std::max(sum, 0.0);
}

/// A unit that could go, and what the others of its layer have to do with it.
struct Candidate {
  std::size_t layer = 0, unit = 0;
  double cost = 0.0;          ///< the share of the variance behind that is missed, for a weight that goes
  std::vector<double> mix{};  ///< [n_out] of the other units
};

/// The cheapest unit of a layer; nothing where none can go.
std::optional<Candidate> cheapest_of(const DenseNetwork& network, std::size_t index, const Statistics& statistics) {
  const DenseLayer &layer = network.layers[index], &behind = network.layers[index + 1];
  const auto n = static_cast<std::size_t>(layer.n_out);
  if (n < 2 || layer.activation == model::Activation::softmax) return std::nullopt;
  const Matrix precision = precision_of(statistics);
  const double whole = variance_of_sums(behind, statistics);
  const double n_weights = layer.n_in + behind.n_out;
  std::optional<Candidate> best;
  for (std::size_t unit = 0; unit < n; ++unit) {
    std::vector<double> mix(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      if (i != unit) mix[i] = -precision[unit * n + i] / precision[unit * n + unit];
    }
    const double missed = squared_weights(behind, unit) * missed_variance(statistics, unit, mix);
    const double cost = whole > 0.0 ? missed / whole / n_weights : 0.0;
    if (!best || cost < best->cost) best = {.layer = index, .unit = unit, .cost = cost, .mix = std::move(mix)};
  }
  return best;
}

std::optional<Candidate> cheapest(const DenseNetwork& network, const std::vector<Statistics>& statistics) {
  std::optional<Candidate> best;
  for (std::size_t index = 0; index + 1 < network.layers.size(); ++index) {
    std::optional<Candidate> found = cheapest_of(network, index, statistics[index]);
    if (found && !(best && best->cost <= found->cost)) best = std::move(found);
  }
  return best;
}

/// The unit goes from its layer, the others take its weights in the layer behind.
void drop(DenseNetwork& network, const Candidate& candidate, const Statistics& statistics) {
  DenseLayer &layer = network.layers[candidate.layer], &behind = network.layers[candidate.layer + 1];
  const auto n = static_cast<std::size_t>(layer.n_out), n_in = static_cast<std::size_t>(layer.n_in);
  std::vector<double> weights;
  for (std::size_t row = 0; row < static_cast<std::size_t>(behind.n_out); ++row) {
    const double of_unit = behind.weights[row * n + candidate.unit];
    behind.bias[row] += of_unit * statistics.means[candidate.unit];
    for (std::size_t i = 0; i < n; ++i) {
      if (i == candidate.unit) continue;
      weights.push_back(behind.weights[row * n + i] + of_unit * candidate.mix[i]);
      behind.bias[row] -= of_unit * candidate.mix[i] * statistics.means[i];
    }
  }
  behind.weights = std::move(weights);
  --behind.n_in;
  const auto at = static_cast<std::ptrdiff_t>(candidate.unit), width = static_cast<std::ptrdiff_t>(n_in);
  layer.weights.erase(layer.weights.begin() + at * width, layer.weights.begin() + (at + 1) * width);
  layer.bias.erase(layer.bias.begin() + at);
  if (!layer.slopes.empty()) layer.slopes.erase(layer.slopes.begin() + at);
  --layer.n_out;
}

std::size_t n_hidden(const DenseNetwork& network) {
  std::size_t n = 0;
  for (std::size_t index = 0; index + 1 < network.layers.size(); ++index) {
    n += static_cast<std::size_t>(network.layers[index].n_out);
  }
  return n;
}

}  // namespace

PassResult drop_units(model::Model& model, const PassConfig& config) {
  auto& network = std::get<DenseNetwork>(model.predictor);
  const std::size_t n = config.keep_units.value(), n_before = n_hidden(network);
  if (n_before <= n || network.integers) return {};
  const Judge judge(model, config, "--keep-units");
  const double before = judge.loss(model);
  for (std::size_t left = n_before; left > n; --left) {
    const std::vector<Statistics> statistics = statistics_of(model, network, judge);
    const std::optional<Candidate> next = cheapest(network, statistics);
    if (!next) break;
    drop(network, *next, statistics[next->layer]);
    if (config.watch) config.watch(static_cast<double>(n_before - left) / static_cast<double>(n_before - n));
  }
  return {.changes = n_before - n_hidden(network),
          .warnings = {},
          .notes = {fmt::format("drop-units: {} of {} hidden units are left; {}", n_hidden(network), n_before,
                                judge.change(before, judge.loss(model)))}};
}

}  // namespace emlc::passes
