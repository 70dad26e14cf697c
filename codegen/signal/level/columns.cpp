#include "codegen/signal/level/columns.hpp"

#include <stdexcept>

#include "codegen/signal/spectrum/elementary.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

namespace emlc::signal {
namespace {

std::int64_t share_of(std::int64_t x, const Share& share) { return (x * share.factor) >> share.shift; }

std::vector<std::int64_t> high_pass(std::vector<std::int64_t> x, const Share& share, std::int64_t state) {
  for (std::int64_t& value : x) {
    value -= state;
    state += share_of(value, share);
  }
  return x;
}

/// As if the first sample had been there for ever: what is constant does not pass.
std::vector<std::int64_t> weighted(const Signal& signal, std::vector<std::int64_t> x) {
  const WeightingIntegers& integers = signal.level.integers;
  for (std::int64_t& value : x) value *= std::int64_t{1} << signal.input_shift;
  for (std::size_t i = 0; i < integers.high_passes.size(); ++i) {
    x = high_pass(std::move(x), integers.high_passes[i], i == 0 ? x.front() : 0);
  }
  const auto& [b0, b1, b2, a1, a2] = integers.section;
  std::int64_t x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (std::int64_t& value : x) {
    const std::int64_t y = (b0 * value + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) >> section_bits;
    x2 = x1, x1 = value, y2 = y1, y1 = y;
    value = y;
  }
  return x;
}

/// The sum of squares of each block; what does not fill one is none.
std::vector<std::int64_t> square_sums(const Signal& signal, const std::vector<std::int64_t>& x) {
  const auto n = static_cast<std::size_t>(signal.length);
  const int bits = signal.level.dropped_bits;
  const std::int64_t half = bits == 0 ? 0 : std::int64_t{1} << (bits - 1);
  std::vector<std::int64_t> sums(x.size() / n, 0);
  for (std::size_t i = 0; i < sums.size() * n; ++i) {
    const std::int64_t value = (x[i] + half) >> bits;
    sums[i / n] += value * value;
  }
  return sums;
}

std::vector<float> mean_squares(const Signal& signal, const std::vector<float>& x) {
  const auto n = static_cast<std::size_t>(signal.length);
  std::vector<float> means(x.size() / n, 0.0F);
  for (std::size_t i = 0; i < means.size() * n; ++i) means[i / n] += x[i] * x[i];
  for (float& mean : means) mean /= static_cast<float>(n);
  return means;
}

/// From silence.
std::vector<std::int64_t> followed(const Signal& signal, std::vector<std::int64_t> x) {
  constexpr int part = 16;  // bits that the product leaves out, so that it has 62
  const LevelPart& level = signal.level;
  std::int64_t memory = 0;
  for (std::int64_t& value : x) {
    const std::int64_t ahead = value * (std::int64_t{1} << level.extra_bits) - memory;
    memory += ((ahead >> part) * level.share.factor) >> (level.share.shift - part);
    value = memory >> level.extra_bits;
  }
  return x;
}

std::vector<float> followed(const Signal& signal, std::vector<float> x) {
  float memory = 0.0F;
  for (float& value : x) value = memory += signal.level.factor * (value - memory);
  return x;
}

}  // namespace

float level_of(float power, const LevelScale& scale) {
  const float scaled = power * scale.scale;
  return natural_log(scaled < level_floor ? level_floor : scaled) * decibels + scale.offset;
}

Column level_column(const Signal& signal, const Column& operand) {
  switch (signal.operation) {
    case Operation::weighting:
      return {.integers = weighted(signal, operand.integers)};
    case Operation::mean_square:
      if (signal.is_integer) return {.integers = square_sums(signal, operand.integers)};
      return {.reals = mean_squares(signal, operand.reals)};
    case Operation::time_weighting:
      if (signal.is_integer) return {.integers = followed(signal, operand.integers)};
      return {.reals = followed(signal, operand.reals)};
    default:
      throw std::logic_error("a signal that is none of levels");
  }
}

}  // namespace emlc::signal
