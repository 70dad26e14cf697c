#include "codegen/signal/level/level_cost.hpp"

namespace emlc::signal {
namespace {

constexpr double add = 75, multiply = 65, divide = 180, wide_multiply = 45, wide_add = 2;

/// Of integers: products of halves of words.
Cost weighting_cost(const WeightingIntegers& integers) {
  const auto n = static_cast<double>(integers.high_passes.size());
  return {.ram = (integers.high_passes.size() + 4) * 4, .instructions = 18 * n + 65};
}

}  // namespace

Cost level_cost(const Signal& signal) {
  const double n = signal.length;
  switch (signal.operation) {
    case Operation::weighting:
      return weighting_cost(signal.level.integers);
    case Operation::mean_square:
      if (!signal.is_integer) return {.ram = 8, .instructions = n * (8 + multiply + add) + divide};
      return {.ram = 12, .instructions = n * 40 + 10};
    case Operation::time_weighting:
      if (!signal.is_integer) return {.ram = 4, .instructions = 8 + multiply + 2 * add};
      return {.ram = 8, .instructions = 20 + wide_multiply + 4 * wide_add};
    default:
      return {};
  }
}

}  // namespace emlc::signal
