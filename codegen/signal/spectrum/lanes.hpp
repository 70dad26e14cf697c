#pragma once

#include <cstddef>

namespace emlc::signal {

/// The same number of so many windows, which a processor takes at once; each has the bits that it has alone.
inline constexpr std::size_t n_lanes = 4;
struct Lanes {
  using Vector __attribute__((vector_size(n_lanes * sizeof(float)))) = float;
  Vector of;

  friend Lanes operator+(Lanes a, Lanes b) { return {a.of + b.of}; }
  friend Lanes operator-(Lanes a, Lanes b) { return {a.of - b.of}; }
  friend Lanes operator*(Lanes a, Lanes b) { return {a.of * b.of}; }
  friend Lanes operator*(Lanes a, float b) { return {a.of * b}; }
  friend Lanes operator*(float a, Lanes b) { return {a * b.of}; }
  friend Lanes operator-(Lanes a) { return {-a.of}; }
  Lanes& operator+=(Lanes other) { return *this = *this + other; }
};

}  // namespace emlc::signal
