#include "codegen/passes/dense/fold_steps.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "codegen/passes/dense/fold_into_layer.hpp"

namespace emlc::passes {
namespace {

using model::DenseLayer;

/// The layer behind a product with a matrix; nothing where it would have more weights than both.
bool fold(const model::Linear& linear, DenseLayer& layer) {
  const auto n_in = static_cast<std::size_t>(linear.n_in);
  const std::size_t n_between = linear.bias.size(), n_out = layer.bias.size();
  if (n_out * n_in > n_between * n_in + n_out * n_between) return false;
  std::vector<double> weights(n_out * n_in, 0.0), bias = layer.bias;
  for (std::size_t row = 0; row < n_out; ++row) {
    for (std::size_t k = 0; k < n_between; ++k) {
      const double factor = layer.weights[row * n_between + k];
      bias[row] += factor * linear.bias[k];
      for (std::size_t i = 0; i < n_in; ++i) weights[row * n_in + i] += factor * linear.weights[k * n_in + i];
    }
  }
  DenseLayer folded = layer;
  folded.n_in = linear.n_in;
  folded.weights = std::move(weights);
  folded.bias = std::move(bias);
  if (!fits_float32(folded)) return false;
  layer = std::move(folded);
  return true;
}

/// A choice that keeps every column: one that goes could be missing, and must not count.
bool fold(const model::Columns& columns, std::size_t width, DenseLayer& layer) {
  const std::set<std::int32_t> chosen(columns.indices.begin(), columns.indices.end());
  if (chosen.size() != width) return false;
  DenseLayer folded = layer;
  folded.n_in = static_cast<std::int32_t>(width);
  folded.weights.assign(layer.bias.size() * width, 0.0);
  for (std::size_t row = 0; row < layer.bias.size(); ++row) {
    for (std::size_t i = 0; i < columns.indices.size(); ++i) {
      folded.weights[row * width + static_cast<std::size_t>(columns.indices[i])] +=
          layer.weights[row * columns.indices.size() + i];
    }
  }
  layer = std::move(folded);
  return true;
}

/// A scaler of some columns, as one of all that leaves the others as they are.
bool fold(const model::Scaler& scaler, std::int32_t first, DenseLayer& layer) {
  const auto width = static_cast<std::size_t>(layer.n_in);
  model::Scaler of_all = scaler;
  of_all.offset.assign(width, 0.0);
  of_all.scale.assign(width, 1.0);
  std::copy(scaler.offset.begin(), scaler.offset.end(), of_all.offset.begin() + first);
  std::copy(scaler.scale.begin(), scaler.scale.end(), of_all.scale.begin() + first);
  DenseLayer folded = layer;
  if (fold_far_scaler(of_all, folded) != Fold::all) return false;
  layer = std::move(folded);
  return true;
}

bool fold(const model::Step& step, DenseLayer& layer) {
  if (const auto* scaler = std::get_if<model::Scaler>(&step.kind)) return fold(*scaler, step.first, layer);
  const model::Run run = model::run_of(step, static_cast<std::size_t>(layer.n_in));
  const bool has_all = step.first == 0 && std::cmp_equal(run.n_out, layer.n_in);
  if (!has_all || step.type != model::NumberType::float64) return false;
  if (const auto* linear = std::get_if<model::Linear>(&step.kind)) return fold(*linear, layer);
  return false;
}

}  // namespace

std::size_t fold_into_network(std::vector<model::Step>& steps, model::DenseNetwork& network, std::size_t width) {
  std::size_t n_gone = 0;
  for (; !steps.empty(); steps.pop_back(), ++n_gone) {
    const model::Step& step = steps.back();
    const auto* columns = std::get_if<model::Columns>(&step.kind);
    const std::size_t n_before = model::width_behind(std::span(steps).first(steps.size() - 1), width);
    const bool is_gone = columns != nullptr && step.type == model::NumberType::float64
                             ? fold(*columns, n_before, network.layers.front())
                             : fold(step, network.layers.front());
    if (!is_gone) break;
  }
  return n_gone;
}

}  // namespace emlc::passes
