#include "codegen/model/scaler.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::model {

double apply_scaler(const Scaler& scaler, std::size_t index, double x) {
  const double offset = scaler.offset[index];
  const double scale = scaler.scale[index];
  // A missing value stays missing: clamp would keep NaN too, but only by the order of its comparisons.
  if (std::isnan(x)) return x;
  // A product with infinity would make a missing value of one that is there.
  const auto rounded = [&](double value) { return round_to(scaler.type, value); };
  const double product = scale == 0.0 ? 0.0 : rounded(x * scale);
  const double y = rounded(scaler.op == ScalerOp::subtract_divide ? rounded(x - offset) / scale : product + offset);
  if (!scaler.clip) return y;
  return std::clamp(y, scaler.clip->first, scaler.clip->second);
}

}  // namespace emlc::model
