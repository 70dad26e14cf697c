#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "codegen/signal/plan.hpp"

namespace emlc::signal {

/// What features of one window of one signal share; each is computed where one of them needs it.
enum Need : std::uint32_t {
  need_sum = 1U << 0,
  need_energy = 1U << 1,
  need_absolutes = 1U << 2,
  need_extremes = 1U << 3,
  need_jumps = 1U << 4,
  need_variance = 1U << 5,
  need_third = 1U << 6,
  need_fourth = 1U << 7,
  need_jump_variance = 1U << 8,
  need_bend_variance = 1U << 9,
  need_counts = 1U << 10,
  need_order = 1U << 11,   ///< a few order statistics
  need_sorted = 1U << 12,  ///< all samples in order
  need_place = 1U << 13,   ///< of the largest sample, with need_extremes
};
using Needs = std::uint32_t;

/// Sums of integers are exact; sums of reals are float32, from the first sample to the last.
template <class Sum>
using SampleOf = std::conditional_t<std::is_same_v<Sum, float>, float, std::int64_t>;

/// Of n samples x[0..n-1] of a window.
template <class Sum>
struct Parts {
  Sum sum{}, energy{}, absolutes{};           ///< of x, x * x, |x|
  Sum jumps{};                                ///< of |x[i] - x[i-1]|
  float mean = 0;                             ///< sum / n
  float offset = 0;                           ///< of reals with moments: the mean of x - x[0]
  float variance = 0, third = 0, fourth = 0;  ///< means of (x - mean) to the powers of 2, 3, 4
  float jump_variance = 0;                    ///< of the n - 1 differences
  float bend_variance = 0;                    ///< of the n - 2 differences of differences
  SampleOf<Sum> lowest{}, highest{};
  std::int32_t highest_at = 0;  ///< the first place of the largest sample
  std::int32_t zero_crossings = 0, mean_crossings = 0, slope_changes = 0;
};

/// @param x        samples of the window, at least one
/// @param largest  no sample is larger in magnitude
Parts<Wide> parts_of(std::span<const std::int64_t> x, Needs needs, std::int64_t largest);
Parts<float> parts_of(std::span<const float> x, Needs needs);

/// The place of a quantile among n sorted samples: floor(q * n), at most the last.
inline std::size_t order_place(double q, std::size_t n) {
  return std::min(static_cast<std::size_t>(q * static_cast<double>(n)), n - 1);
}

/// The k-th smallest of two sorted runs that are as long as each other: by bisection for how many are of the first.
template <class Sample>
Sample select(std::span<const Sample> a, std::span<const Sample> b, std::size_t k) {
  const std::size_t n = a.size();
  std::size_t low = k < n ? 0 : k - n, high = k < n ? k : n;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const bool is_few = a[middle] < b[k - middle - 1];
    low = is_few ? middle + 1 : low;
    high = is_few ? high : middle;
  }
  const std::size_t of_b = k - low;
  if (of_b >= n) return a[low];
  return low >= n || b[of_b] < a[low] ? b[of_b] : a[low];
}

/// One window of one signal, as a feature sees it.
template <class Sum>
struct View {
  std::span<const SampleOf<Sum>> samples;
  std::span<const SampleOf<Sum>> sorted;  ///< in one run, or two of equal length; empty where nothing needs it
  std::size_t n_runs = 1;
  const Parts<Sum>* parts = nullptr;
  const View* other = nullptr;  ///< of correlation

  [[nodiscard]] float n() const { return static_cast<float>(samples.size()); }
  /// The k-th smallest sample, from 0.
  [[nodiscard]] SampleOf<Sum> in_order(std::size_t k) const {
    const std::size_t half = sorted.size() / 2;
    return n_runs == 1 ? sorted[k] : select(sorted.first(half), sorted.last(half), k);
  }
  /// Of reals with moments: x[i] less the mean, by way of the first sample, so that what is constant is 0.
  [[nodiscard]] float centred(std::size_t i) const { return samples[i] - samples[0] - parts->offset; }
};

}  // namespace emlc::signal
