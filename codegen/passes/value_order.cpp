#include "codegen/passes/value_order.hpp"

#include <bit>

namespace emlc::passes {

using model::NumberType;

namespace {

// Positive floats are ordered as their bits, negative ones the other way round: the last of each is infinity.
constexpr std::int64_t float32_infinity = 0x7f800000, float64_infinity = 0x7ff0000000000000;

template <typename Float, typename Bits>
double float_at(std::int64_t ordinal) {
  const auto magnitude = std::bit_cast<Float>(static_cast<Bits>(ordinal < 0 ? -ordinal : ordinal));
  return static_cast<double>(ordinal < 0 ? -magnitude : magnitude);
}

}  // namespace

NumberType device_type(NumberType declared, std::optional<NumberType> asked) {
  return asked.value_or(declared == NumberType::float64 ? NumberType::float32 : declared);
}

OrdinalRange ordinals(NumberType type) {
  if (type == NumberType::float64) return {-float64_infinity, float64_infinity};
  if (type == NumberType::float32) return {-float32_infinity, float32_infinity};
  const model::NumberTypeInfo& row = model::info(type);
  return {static_cast<std::int64_t>(row.lowest), static_cast<std::int64_t>(row.highest)};
}

double value_at(NumberType type, std::int64_t ordinal) {
  if (type == NumberType::float64) return float_at<double, std::uint64_t>(ordinal);
  if (type == NumberType::float32) return float_at<float, std::uint32_t>(ordinal);
  return static_cast<double>(ordinal);
}

}  // namespace emlc::passes
