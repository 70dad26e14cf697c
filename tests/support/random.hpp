#pragma once

#include <cstddef>
#include <cstdint>

namespace emlc::test {

/// The same numbers on every machine: a linear congruential generator with Knuth's MMIX constants.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// 0 to limit - 1; `limit` is at least 1.
  std::size_t below(std::size_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state_ >> 33U) % limit;
  }

 private:
  std::uint64_t state_;
};

}  // namespace emlc::test
