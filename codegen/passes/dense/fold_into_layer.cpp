#include "codegen/passes/dense/fold_into_layer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "codegen/passes/scalers.hpp"

namespace emlc::passes {
namespace {

/// `gain * x + shift` cancels in float32 where the shift is large: at 16 the sum is off by up to 1e-6 in the unit of
/// the scaled feature.
constexpr double largest_shift = 16.0;

/// What has to be taken off each feature before the layer: a float32, 0 where the layer's bias can do it.
std::vector<double> far_offsets(const model::Scaler& scaler) {
  std::vector<double> offsets;
  for (std::size_t column = 0; column < scaler.scale.size(); ++column) {
    const auto [gain, shift] = affine(scaler, column);
    const bool is_far = gain != 0.0 && std::abs(shift) > largest_shift;
    offsets.push_back(is_far ? model::round_to(model::NumberType::float32, -shift / gain) : 0.0);
  }
  return offsets;
}

/// What is left of the scaler once the offsets are off: small shifts only.
model::Scaler near_part(const model::Scaler& scaler, const std::vector<double>& offsets) {
  model::Scaler rest{.op = model::ScalerOp::multiply_add, .offset = {}, .scale = {}};
  for (std::size_t column = 0; column < scaler.scale.size(); ++column) {
    const auto [gain, shift] = affine(scaler, column);
    rest.scale.push_back(gain);
    rest.offset.push_back(offsets[column] == 0.0 ? shift : model::apply_scaler(scaler, column, offsets[column]));
  }
  return rest;
}

bool keeps_digits(double value) {
  constexpr double smallest = std::numeric_limits<float>::min();  // below it digits are lost
  const double rounded = std::abs(model::round_to(model::NumberType::float32, value));
  return std::isfinite(rounded) && (value == 0.0 || rounded >= smallest);
}

bool is_for_float32(const model::DenseLayer& before, const model::DenseLayer& after) {
  for (std::size_t i = 0; i < after.weights.size(); ++i) {
    if (!keeps_digits(after.weights[i]) && after.weights[i] != before.weights[i]) return false;
  }
  return std::all_of(after.bias.begin(), after.bias.end(),
                     [](double bias) { return std::isfinite(model::round_to(model::NumberType::float32, bias)); });
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

bool fits_float32(const model::DenseLayer& layer) {
  const auto is_finite = [](double value) { return std::isfinite(model::round_to(model::NumberType::float32, value)); };
  return std::all_of(layer.weights.begin(), layer.weights.end(), keeps_digits) &&
         std::all_of(layer.bias.begin(), layer.bias.end(), is_finite);
}

Fold fold_far_scaler(model::Scaler& scaler, model::DenseLayer& layer) {
  if (scaler.clip || only_subtracts(scaler)) return Fold::nothing;
  const std::vector<double> offsets = far_offsets(scaler);
  model::DenseLayer folded = layer;
  fold_into_layer(near_part(scaler, offsets), folded);
  const bool are_finite = std::all_of(offsets.begin(), offsets.end(), [](double x) { return std::isfinite(x); });
  if (!are_finite || !is_for_float32(layer, folded)) return Fold::nothing;
  layer = std::move(folded);
  if (std::all_of(offsets.begin(), offsets.end(), [](double offset) { return offset == 0.0; })) return Fold::all;
  scaler = subtraction(offsets);
  return Fold::all_but_far;
}

}  // namespace emlc::passes
