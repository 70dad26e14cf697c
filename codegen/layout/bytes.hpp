#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "codegen/model/number_type.hpp"

namespace emlc::layout {

/// Appends the low `count` bytes of `value`, least significant first.
inline void put_bytes(std::vector<std::uint8_t>& out, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xffU));
}

inline void put_float(std::vector<std::uint8_t>& out, float value) {
  put_bytes(out, std::bit_cast<std::uint32_t>(value), 4);
}

/// Appends `value` as `count` bytes: as many as a floating type has, else an integer in two's complement.
inline void put_number(std::vector<std::uint8_t>& out, model::NumberType type, double value, int count) {
  if (type == model::NumberType::float32) return put_float(out, static_cast<float>(value));
  if (type == model::NumberType::float64) return put_bytes(out, std::bit_cast<std::uint64_t>(value), count);
  put_bytes(out, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)), count);
}

}  // namespace emlc::layout
