#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "codegen/model/number_type.hpp"

namespace emlc::model {

enum class ScalerOp { subtract_divide, multiply_add };

/// One number in, one number out per feature: (x - offset) / scale, or x * scale + offset; then clipped. Monotone in
/// x, infinities included: a scale of 0 gives the offset for every x. Only NaN gives NaN.
struct Scaler {
  ScalerOp op = ScalerOp::subtract_divide;
  std::vector<double> offset, scale;                ///< [n_features]; scale is not 0 for subtract_divide
  std::optional<std::pair<double, double>> clip{};  ///< lowest and highest result
  NumberType type = NumberType::float64;  ///< each step is rounded to it, as a library computes that works in it
};

/// Feature `index` of the scaled input.
double apply_scaler(const Scaler& scaler, std::size_t index, double x);

}  // namespace emlc::model
