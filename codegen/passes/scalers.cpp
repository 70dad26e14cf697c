#include "codegen/passes/scalers.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/model/number_type.hpp"

namespace emlc::passes {
namespace {

using model::NumberType;
using model::Scaler;
using model::ScalerOp;

bool is_float32(double value) { return std::isfinite(value) && model::round_to(NumberType::float32, value) == value; }

/// Digits are complete, and the reciprocal is no less.
bool is_good_factor(double value) {
  const double magnitude = std::abs(value);
  constexpr double lowest = 0x1p-126, highest = 0x1p126;  // of float32
  return magnitude >= lowest && magnitude <= highest;
}

/// Two scalers as one; nothing where that is no line of x, or one with numbers beyond float32.
std::optional<Scaler> joined(const Scaler& first, const Scaler& second) {
  if (first.clip || only_subtracts(first)) return std::nullopt;
  Scaler both{.op = ScalerOp::subtract_divide, .offset = {}, .scale = {}, .clip = second.clip};
  for (std::size_t feature = 0; feature < first.scale.size(); ++feature) {
    const auto [gain, shift] = affine(first, feature);
    const auto [next_gain, next_shift] = affine(second, feature);
    const double all = gain * next_gain;
    // (x + shift / gain) first: where both shifts are large, their sum is what counts.
    both.offset.push_back(-(shift + next_shift / next_gain) / gain);
    both.scale.push_back(1.0 / all);
    const bool has_offset = std::isfinite(model::round_to(NumberType::float32, both.offset.back()));
    if (!is_good_factor(all) || !has_offset) return std::nullopt;
  }
  return both;
}

/// What to take off a feature first, a float32; 0 where the scaler's own form is right to half a step of float32 at 1.
double far_offset(const Scaler& scaler, std::size_t feature) {
  constexpr double half_step = 0x1p-24;
  const auto [gain, shift] = affine(scaler, feature);
  if (gain == 0.0) return 0.0;
  const double root = scaler.op == ScalerOp::subtract_divide ? scaler.offset[feature] : -shift / gain;
  const double first = model::round_to(NumberType::float32, root);
  const double lost = scaler.op == ScalerOp::subtract_divide ? (root - first) * gain : shift * half_step;
  return std::abs(lost) > half_step && std::isfinite(first) ? first : 0.0;
}

/// The scaler after `offset` is off.
Scaler without(const Scaler& scaler, const std::vector<double>& offset) {
  Scaler rest = scaler;
  for (std::size_t feature = 0; feature < offset.size(); ++feature) {
    if (offset[feature] == 0.0) continue;
    const bool divides = scaler.op == ScalerOp::subtract_divide;
    rest.offset[feature] += divides ? -offset[feature] : offset[feature] * scaler.scale[feature];
  }
  return rest;
}

}  // namespace

Affine affine(const Scaler& scaler, std::size_t feature) {
  const double offset = scaler.offset[feature], scale = scaler.scale[feature];
  if (scaler.op == ScalerOp::multiply_add) return {scale, offset};
  return {1.0 / scale, -offset / scale};
}

Scaler subtraction(std::vector<double> offset) {
  std::vector<double> ones(offset.size(), 1.0);
  return {.op = ScalerOp::subtract_divide, .offset = std::move(offset), .scale = std::move(ones)};
}

bool only_subtracts(const Scaler& scaler) {
  return scaler.op == ScalerOp::subtract_divide && !scaler.clip &&
         std::all_of(scaler.offset.begin(), scaler.offset.end(), is_float32) &&
         std::all_of(scaler.scale.begin(), scaler.scale.end(), [](double scale) { return scale == 1.0; });
}

std::size_t join_neighbours(std::vector<Scaler>& scalers) {
  std::size_t n_joined = 0;
  for (std::size_t index = 0; index + 1 < scalers.size();) {
    if (auto both = joined(scalers[index], scalers[index + 1])) {
      scalers[index] = std::move(*both);
      scalers.erase(scalers.begin() + static_cast<std::ptrdiff_t>(index) + 1);
      ++n_joined;
    } else {
      ++index;
    }
  }
  return n_joined;
}

std::size_t keep_digits(std::vector<Scaler>& scalers) {
  std::size_t n_new = 0;
  for (std::size_t index = 0; index < scalers.size(); ++index) {
    std::vector<double> offset;
    for (std::size_t feature = 0; feature < scalers[index].scale.size(); ++feature) {
      offset.push_back(far_offset(scalers[index], feature));
    }
    if (std::all_of(offset.begin(), offset.end(), [](double value) { return value == 0.0; })) continue;
    scalers[index] = without(scalers[index], offset);
    scalers.insert(scalers.begin() + static_cast<std::ptrdiff_t>(index), subtraction(std::move(offset)));
    ++n_new;
  }
  return n_new;
}

}  // namespace emlc::passes
