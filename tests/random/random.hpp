#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

namespace emlc::random {

/// Random numbers that a seed gives alike on every machine and with every library: the distributions of <random>
/// differ.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  /// From 0 up to, and without, 1; a multiple of 2^-53.
  double unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * unit(); }
  /// Both ends included; low <= high, and the difference below 2^63.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(high - low + 1));
  }
  std::size_t index(std::size_t size) { return static_cast<std::size_t>(bits() % size); }
  bool chance(double probability) { return unit() < probability; }
  /// One of the values, which must not be none.
  template <class Value>
  Value pick(std::initializer_list<Value> values) {
    return values.begin()[index(values.size())];
  }
  template <class Value>
  const Value& pick(const std::vector<Value>& values) {
    return values.at(index(values.size()));
  }

 private:
  std::uint64_t state_;
};

/// A way to make something, and how often it is taken compared with the other rows of its table.
template <class Maker>
struct Weighted {
  double weight;
  Maker make;
};

/// A row of the table, by weight.
template <class Maker>
const Maker& pick_weighted(Random& random, std::span<const Weighted<Maker>> table) {
  double total = 0.0;
  for (const auto& row : table) total += row.weight;
  double rest = total * random.unit();
  for (const auto& row : table) {
    if (rest < row.weight) return row.make;
    rest -= row.weight;
  }
  return table.back().make;
}

}  // namespace emlc::random
