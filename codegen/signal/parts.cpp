#include "codegen/signal/parts.hpp"

#include <algorithm>
#include <cmath>

namespace emlc::signal {
namespace {

template <class Sum, class Sample, class Term>
Sum sum_of(std::span<const Sample> x, Term term) {
  Sum sum{};
  for (std::size_t i = 0; i < x.size(); ++i) sum += term(x[i]);
  return sum;
}

template <class Sample>
Sample absolute(Sample x) {
  return x < 0 ? -x : x;
}

/// A sum of products of integers: in 64 bits while these are enough for the largest of them.
template <class Term>
Wide exact_sum(std::span<const std::int64_t> x, std::int64_t largest, int power, Term term) {
  auto bound = static_cast<double>(x.size());
  for (int i = 0; i < power; ++i) bound *= static_cast<double>(largest);
  if (bound < 0x1p62) return sum_of<std::int64_t>(x, term);
  return sum_of<Wide>(x, [&](std::int64_t value) { return term(static_cast<Wide>(value)); });
}

float ratio(Wide numerator, Wide denominator) { return to_float(numerator) / to_float(denominator); }

/// (n * energy - sum * sum) / (n * n)
float variance_of(Wide sum, Wide energy, Wide n) { return ratio(n * energy - sum * sum, n * n); }

void add_differences(std::span<const std::int64_t> x, Needs needs, Parts<Wide>& parts) {
  const auto n = static_cast<Wide>(x.size());
  Wide energy = 0, bend_energy = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const Wide jump = static_cast<Wide>(x[i]) - x[i - 1];
    parts.jumps += absolute(jump);
    energy += jump * jump;
    if (i < 2 || (needs & need_bend_variance) == 0) continue;
    const Wide bend = jump - (static_cast<Wide>(x[i - 1]) - x[i - 2]);
    bend_energy += bend * bend;
  }
  if (n > 1) parts.jump_variance = variance_of(Wide{x.back()} - x.front(), energy, n - 1);
  if (n < 3) return;
  const Wide last_jump = Wide{x.back()} - x[x.size() - 2];
  parts.bend_variance = variance_of(last_jump - (Wide{x[1]} - x[0]), bend_energy, n - 2);
}

void add_differences(std::span<const float> x, Needs needs, Parts<float>& parts) {
  const auto variance = [](std::size_t n, auto value) {
    const float first = value(0);
    float sum = 0, squares = 0;
    for (std::size_t i = 0; i < n; ++i) sum += value(i) - first;
    const float mean = sum / static_cast<float>(n);
    for (std::size_t i = 0; i < n; ++i) squares += (value(i) - first - mean) * (value(i) - first - mean);
    return squares / static_cast<float>(n);
  };
  const auto jump = [&](std::size_t i) { return x[i + 1] - x[i]; };
  for (std::size_t i = 0; i + 1 < x.size(); ++i) parts.jumps += absolute(jump(i));
  if (x.size() > 1 && (needs & need_jump_variance) != 0) parts.jump_variance = variance(x.size() - 1, jump);
  if (x.size() < 3 || (needs & need_bend_variance) == 0) return;
  parts.bend_variance = variance(x.size() - 2, [&](std::size_t i) { return jump(i + 1) - jump(i); });
}

template <class Sum>
void add_extremes(std::span<const SampleOf<Sum>> x, Needs needs, Parts<Sum>& parts) {
  parts.lowest = parts.highest = x.front();
  for (const auto value : x) {
    parts.lowest = std::min(parts.lowest, value);
    parts.highest = std::max(parts.highest, value);
  }
  if ((needs & need_place) == 0) return;
  const auto place = std::find(x.begin(), x.end(), parts.highest);  // NaN is nowhere
  parts.highest_at = place == x.end() ? 0 : static_cast<std::int32_t>(place - x.begin());
}

/// `is_low(x)` of a sample: is it below the mean?
template <class Sum, class IsLow>
void add_counts(std::span<const SampleOf<Sum>> x, Parts<Sum>& parts, IsLow is_low) {
  for (std::size_t i = 1; i < x.size(); ++i) {
    parts.zero_crossings += (x[i - 1] < 0) != (x[i] < 0) ? 1 : 0;
    parts.mean_crossings += is_low(x[i - 1]) != is_low(x[i]) ? 1 : 0;
    if (i + 1 == x.size()) continue;
    const bool is_peak = x[i - 1] < x[i] && x[i + 1] < x[i], is_valley = x[i] < x[i - 1] && x[i] < x[i + 1];
    parts.slope_changes += is_peak || is_valley ? 1 : 0;
  }
}

/// Means of powers of x - mean, from exact sums of powers of x.
void add_moments(std::span<const std::int64_t> x, Needs needs, std::int64_t largest, Parts<Wide>& parts) {
  const auto n = static_cast<Wide>(x.size());
  const Wide s1 = parts.sum, s2 = parts.energy;
  parts.variance = variance_of(s1, s2, n);
  if ((needs & (need_third | need_fourth)) == 0) return;
  const Wide s3 = exact_sum(x, largest, 3, [](auto value) { return value * value * value; });
  parts.third = ratio(n * n * s3 - 3 * n * s1 * s2 + 2 * s1 * s1 * s1, n * n * n);
  if ((needs & need_fourth) == 0) return;
  const Wide s4 = exact_sum(x, largest, 4, [](auto value) { return value * value * value * value; });
  const Wide sum = n * n * n * s4 - 4 * n * n * s1 * s3 + 6 * n * s1 * s1 * s2 - 3 * s1 * s1 * s1 * s1;
  parts.fourth = ratio(sum, n * n * n * n);
}

void add_moments(std::span<const float> x, Needs needs, Parts<float>& parts) {
  const auto n = static_cast<float>(x.size());
  const float first = x.front();
  parts.offset = sum_of<float>(x, [=](float value) { return value - first; }) / n;
  const auto centred = [first, mean = parts.offset](float value) { return value - first - mean; };
  parts.variance = sum_of<float>(x, [=](float value) { return centred(value) * centred(value); }) / n;
  if ((needs & need_third) != 0) {
    const auto cube = [=](float value) { return centred(value) * centred(value) * centred(value); };
    parts.third = sum_of<float>(x, cube) / n;
  }
  if ((needs & need_fourth) == 0) return;
  const auto fourth = [=](float value) {
    const float square = centred(value) * centred(value);
    return square * square;
  };
  parts.fourth = sum_of<float>(x, fourth) / n;
}

constexpr Needs any_moment = need_variance | need_third | need_fourth;
constexpr Needs any_difference = need_jumps | need_jump_variance | need_bend_variance;

}  // namespace

Parts<Wide> parts_of(std::span<const std::int64_t> x, Needs needs, std::int64_t largest) {
  Parts<Wide> parts;
  if ((needs & need_extremes) != 0) add_extremes(x, needs, parts);
  const auto n = static_cast<Wide>(x.size());
  parts.sum = exact_sum(x, largest, 1, [](auto value) { return value; });
  parts.mean = ratio(parts.sum, n);
  if ((needs & (need_energy | any_moment)) != 0) {
    parts.energy = exact_sum(x, largest, 2, [](auto value) { return value * value; });
  }
  if ((needs & need_absolutes) != 0)
    parts.absolutes = exact_sum(x, largest, 1, [](auto value) { return absolute(value); });
  if ((needs & any_moment) != 0) add_moments(x, needs, largest, parts);
  if ((needs & any_difference) != 0) add_differences(x, needs, parts);
  if ((needs & need_counts) == 0) return parts;
  add_counts(x, parts, [&](std::int64_t value) { return n * value < parts.sum; });
  return parts;
}

Parts<float> parts_of(std::span<const float> x, Needs needs) {
  Parts<float> parts;
  if ((needs & need_extremes) != 0) add_extremes(x, needs, parts);
  parts.sum = sum_of<float>(x, [](float value) { return value; });
  parts.mean = parts.sum / static_cast<float>(x.size());
  if ((needs & need_energy) != 0) parts.energy = sum_of<float>(x, [](float value) { return value * value; });
  if ((needs & need_absolutes) != 0) parts.absolutes = sum_of<float>(x, [](float value) { return absolute(value); });
  if ((needs & any_moment) != 0) add_moments(x, needs, parts);
  if ((needs & any_difference) != 0) add_differences(x, needs, parts);
  if ((needs & need_counts) != 0) add_counts(x, parts, [&](float value) { return value < parts.mean; });
  return parts;
}

}  // namespace emlc::signal
