#include "codegen/model/scaler.hpp"

#include <algorithm>

namespace emlc::model {

double apply_scaler(const Scaler& scaler, std::size_t index, double x) {
  const double offset = scaler.offset[index];
  const double scale = scaler.scale[index];
  const double y = scaler.op == ScalerOp::subtract_divide ? (x - offset) / scale : x * scale + offset;
  // A missing value stays missing: clamp would keep NaN too, but only by the order of its comparisons.
  if (!scaler.clip || y != y) return y;
  return std::clamp(y, scaler.clip->first, scaler.clip->second);
}

}  // namespace emlc::model
