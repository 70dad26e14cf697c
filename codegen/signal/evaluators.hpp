#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "codegen/signal/level/level.hpp"
#include "codegen/signal/logarithm.hpp"
#include "codegen/signal/parts.hpp"

/// Features of one window, for integers and for reals alike. Everything that is real is float32, one operation after
/// the other as it stands here; what would divide by a variance of 0 is 0.
namespace emlc::signal {

/// What goes out: integers while infer() said that they fit, else the float32 nearest to them.
template <class Number>
double result(Number value, const Feature& feature) {
  if constexpr (std::is_same_v<Number, float>) {
    return static_cast<double>(value + 0.0F);  // no -0, which has no place of its own in an order
  } else {
    return feature.is_integer ? static_cast<double>(value) : static_cast<double>(to_float(value));
  }
}

/// sorted[floor(q * n)]
template <class Sum>
SampleOf<Sum> order_statistic(const View<Sum>& w, double q) {
  return w.in_order(order_place(q, w.sorted.size()));
}

/// Between the two samples around q * (n - 1).
template <class Sum>
float linear_quantile(const View<Sum>& w, double q) {
  const double place = q * static_cast<double>(w.sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  if (below + 1 >= w.sorted.size()) return static_cast<float>(w.in_order(below));
  const auto share = static_cast<float>(place - std::floor(place));
  const auto step = static_cast<float>(w.in_order(below + 1) - w.in_order(below));
  return static_cast<float>(w.in_order(below)) + step * share;
}

/// The order statistic n / 2 of the distances to the median: a merge from the median outwards.
template <class Sum>
SampleOf<Sum> median_distance(const View<Sum>& w) {
  const auto n = static_cast<std::ptrdiff_t>(w.sorted.size());
  const auto at = [&](std::ptrdiff_t i) { return w.sorted[static_cast<std::size_t>(i)]; };
  const SampleOf<Sum> median = at(n / 2);
  std::ptrdiff_t left = n / 2 - 1, right = n / 2;
  SampleOf<Sum> distance{};
  for (std::ptrdiff_t taken = 0; taken <= n / 2; ++taken) {
    const bool takes_left = left >= 0 && (right >= n || median - at(left) < at(right) - median);
    distance = takes_left ? median - at(left--) : at(right++) - median;
  }
  return distance;
}

template <class Sum>
float rms_of(const View<Sum>& w) {
  return std::sqrt(to_float(w.parts->energy) / w.n());
}

template <class Sum>
float crest_of(const View<Sum>& w) {
  const float rms = rms_of(w);
  const auto peak = std::max(w.parts->highest, -w.parts->lowest);
  return rms > 0 ? static_cast<float>(peak) / rms : 0.0F;
}

template <class Sum>
float skewness_of(const View<Sum>& w) {
  const Parts<Sum>& p = *w.parts;
  return p.variance > 0 ? p.third / p.variance / std::sqrt(p.variance) : 0.0F;
}

template <class Sum>
float kurtosis_of(const View<Sum>& w) {
  const Parts<Sum>& p = *w.parts;
  return p.variance > 0 ? p.fourth / p.variance / p.variance - 3.0F : 0.0F;
}

template <class Sum>
float mobility_of(const View<Sum>& w) {
  const Parts<Sum>& p = *w.parts;
  return p.variance > 0 ? std::sqrt(p.jump_variance / p.variance) : 0.0F;
}

template <class Sum>
float complexity_of(const View<Sum>& w) {
  const Parts<Sum>& p = *w.parts;
  const float mobility = mobility_of(w);
  return mobility > 0 ? std::sqrt(p.bend_variance / p.jump_variance) / mobility : 0.0F;
}

inline float correlation_of(const View<Wide>& w) {
  const View<Wide>& u = *w.other;
  const auto n = static_cast<Wide>(w.samples.size());
  Wide products = 0;
  for (std::size_t i = 0; i < w.samples.size(); ++i) products += Wide{w.samples[i]} * u.samples[i];
  if (!(w.parts->variance > 0) || !(u.parts->variance > 0)) return 0.0F;
  const Wide covariance = n * products - w.parts->sum * u.parts->sum;
  const float mean = to_float(covariance) / static_cast<float>(n * n);
  return mean / std::sqrt(w.parts->variance) / std::sqrt(u.parts->variance);
}

inline float correlation_of(const View<float>& w) {
  const View<float>& u = *w.other;
  float sum = 0;
  for (std::size_t i = 0; i < w.samples.size(); ++i) {
    sum += w.centred(i) * u.centred(i);
  }
  if (!(w.parts->variance > 0) || !(u.parts->variance > 0)) return 0.0F;
  return sum / w.n() / std::sqrt(w.parts->variance) / std::sqrt(u.parts->variance);
}

/// n^2 P - n S (A + B) + (n - lag) S^2 over n^3 variances: P of products, A and B the sums behind and before the lag.
inline float autocorrelation_of(const View<Wide>& w, std::size_t lag) {
  const std::size_t size = w.samples.size();
  const auto n = static_cast<Wide>(size);
  Wide products = 0, ends = 2 * w.parts->sum;
  for (std::size_t i = lag; i < size; ++i) products += Wide{w.samples[i]} * w.samples[i - lag];
  for (std::size_t i = 0; i < lag; ++i) ends -= Wide{w.samples[i]} + w.samples[size - 1 - i];
  if (!(w.parts->variance > 0)) return 0.0F;
  const Wide sum = w.parts->sum;
  const Wide numerator = n * n * products - n * sum * ends + (n - static_cast<Wide>(lag)) * sum * sum;
  return to_float(numerator) / static_cast<float>(n * n * n) / w.parts->variance;
}

inline float autocorrelation_of(const View<float>& w, std::size_t lag) {
  float sum = 0;
  for (std::size_t i = lag; i < w.samples.size(); ++i) sum += w.centred(i) * w.centred(i - lag);
  return w.parts->variance > 0 ? sum / w.n() / w.parts->variance : 0.0F;
}

/// ln n - (sum of c ln c) / n over the counts c of what lies between the edges, below the first and above the last.
template <class Sum>
float entropy_of(const View<Sum>& w, const std::vector<float>& edges) {
  std::vector<std::int32_t> counts(edges.size() + 1, 0);
  for (const auto x : w.samples) {
    const auto is_below = [](auto value, float edge) { return static_cast<double>(value) < static_cast<double>(edge); };
    counts[static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), x, is_below) - edges.begin())] += 1;
  }
  const auto times_logarithm = [](double c) { return static_cast<float>(c * logarithm(c)); };
  float sum = times_logarithm(static_cast<double>(w.samples.size()));
  for (const std::int32_t c : counts) {
    if (c > 1) sum -= times_logarithm(c);
  }
  return sum / w.n();
}

}  // namespace emlc::signal
