#include "codegen/model/grid.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::model {
namespace {

/// Calls `change` for each value where there is a grid.
template <typename Change>
std::vector<double> changed(const Input& input, std::span<const double> values, const Change& change) {
  std::vector<double> result(values.begin(), values.end());
  if (input.grid.empty()) return result;
  for (std::size_t feature = 0; feature < result.size(); ++feature) {
    result[feature] = change(input, feature, result[feature]);
  }
  return result;
}

}  // namespace

double encode_feature(const Input& input, std::size_t feature, double value) {
  constexpr NumberType single = NumberType::float32;
  // The product of two float32 is exact in double: one rounding, as on the device.
  const double scaled = round_to(single, round_to(single, value) * input.grid[feature]);
  if (std::isnan(scaled)) return 0.0;
  const NumberTypeInfo& type = info(input.type);
  return std::clamp(std::round(scaled), type.lowest, type.highest);
}

double decode_feature(const Input& input, std::size_t feature, double code) {
  return round_to(NumberType::float32, code / input.grid[feature]);
}

std::vector<double> encoded(const Input& input, std::span<const double> x) { return changed(input, x, encode_feature); }

std::vector<double> decoded(const Input& input, std::span<const double> codes) {
  return changed(input, codes, decode_feature);
}

NumberType given_type(const Input& input) { return input.grid.empty() ? input.type : NumberType::float32; }

}  // namespace emlc::model
