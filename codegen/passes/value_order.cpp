#include "codegen/passes/value_order.hpp"

#include <bit>
#include <stdexcept>

namespace emlc::passes {
namespace {

/// The bits of float32 infinity: positive floats are ordered as their bits, negative ones the other way round.
constexpr std::int64_t float32_infinity = 0x7f800000;

}  // namespace

model::NumberType device_type(model::NumberType declared) {
  return declared == model::NumberType::float64 ? model::NumberType::float32 : declared;
}

OrdinalRange ordinals(model::NumberType type) {
  if (type == model::NumberType::float64) throw std::logic_error("float64 is no device type");
  if (type == model::NumberType::float32) return {-float32_infinity, float32_infinity};
  const model::NumberTypeInfo& row = model::info(type);
  return {static_cast<std::int64_t>(row.lowest), static_cast<std::int64_t>(row.highest)};
}

double value_at(model::NumberType type, std::int64_t ordinal) {
  if (type != model::NumberType::float32) return static_cast<double>(ordinal);
  const auto magnitude = std::bit_cast<float>(static_cast<std::uint32_t>(ordinal < 0 ? -ordinal : ordinal));
  return static_cast<double>(ordinal < 0 ? -magnitude : magnitude);
}

}  // namespace emlc::passes
