#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "codegen/signal/plan.hpp"

/// What records of the layer of a signal have of their own (docs/tmdl.md, layer 73).
namespace emlc::formats {

/// Numbers one behind the other, little-endian.
class SignalData {
 public:
  SignalData& u8(int value) { return put(static_cast<std::uint64_t>(value), 1); }
  SignalData& u16(std::int32_t value) { return put(static_cast<std::uint64_t>(value), 2); }
  SignalData& u32(std::uint64_t value) { return put(value, 4); }
  SignalData& integer(std::int64_t value, std::size_t bytes) { return put(static_cast<std::uint64_t>(value), bytes); }
  SignalData& f32(float value) { return put(std::bit_cast<std::uint32_t>(value), 4); }
  SignalData& f64(double value) { return put(std::bit_cast<std::uint64_t>(value), 8); }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  SignalData& put(std::uint64_t value, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xFFU);
    return *this;
  }

  std::string bytes_;
};

/// Of a signal; empty: it has none. Throws Error with its path for what a layer does not carry.
SignalData signal_data(const signal::Plan& plan, std::size_t index);
/// Of a feature, the same.
SignalData feature_data(const signal::Plan& plan, std::size_t index);

}  // namespace emlc::formats
