#include "codegen/signal/spectrum/fixed.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "codegen/signal/spectrum/fourier.hpp"

namespace emlc::signal {
namespace {

constexpr double one = 32768.0;

std::int16_t to_q15(double value) {
  return static_cast<std::int16_t>(std::min(std::floor(value * one + 0.5), one - 1));
}

/// 16 bits each.
struct Point {
  std::int32_t re = 0, im = 0;
};
Point plus(Point a, Point b) { return {a.re + b.re, a.im + b.im}; }
Point minus(Point a, Point b) { return {a.re - b.re, a.im - b.im}; }
Point half(Point a) { return {a.re >> 1, a.im >> 1}; }
/// Half of it, to nearest.
Point nearest_half(Point a) { return {(a.re + 1) >> 1, (a.im + 1) >> 1}; }

/// Half of x turned back by an angle with the cosine c and the sine s.
Point turned_half(Point x, std::int32_t c, std::int32_t s) {
  constexpr std::int32_t rounding = 1 << 15;
  return {(x.re * c + x.im * s + rounding) >> 16, (x.im * c - x.re * s + rounding) >> 16};
}

/// Half of the transform of 4.
std::array<Point, 4> four(Point p, Point q, Point r, Point s) {
  const Point a = plus(p, r), b = minus(p, r), c = plus(q, s), d = minus(q, s);
  return {half(plus(a, c)), half({b.re + d.im, b.im - d.re}), half(minus(a, c)), half({b.re - d.im, b.im + d.re})};
}

void stage(std::vector<Point>& x, std::size_t span, std::span<const std::int16_t> sines) {
  const std::size_t quarter = sines.size() / 4, step = quarter / span;
  for (std::size_t k = 0; k < span; ++k) {
    for (std::size_t first = k; first < x.size(); first += 4 * span) {
      std::array<Point, 4> y{};
      for (std::size_t i = 0; i < 4; ++i) {
        const Point taken = x[first + i * span];
        const std::size_t turn = i * k * step;
        y[i] = turn == 0 ? nearest_half(taken) : turned_half(taken, sines[turn + quarter], sines[turn]);
      }
      y = four(y[0], y[1], y[2], y[3]);
      for (std::size_t i = 0; i < 4; ++i) x[first + i * span] = y[i];
    }
  }
}

std::uint32_t squared(std::int32_t x) { return static_cast<std::uint32_t>(x) * static_cast<std::uint32_t>(x); }

/// From the transform of even and odd numbers to the power of all.
void take_power(const std::vector<Point>& z, std::span<const std::int16_t> sines, std::span<std::uint32_t> power) {
  const std::size_t half = z.size(), middle = half / 2, quarter = sines.size() / 4;
  power[0] = 2U * squared(z[0].re + z[0].im);
  power[half] = 2U * squared(z[0].re - z[0].im);
  power[middle] = 4U * (squared(z[middle].re) + squared(z[middle].im));
  for (std::size_t k = 1; k < middle; ++k) {
    const Point a = z[k], b = z[half - k];
    const std::int32_t c = sines[k + quarter], s = sines[k], rounding = 1 << 14;
    const std::int32_t er = a.re + b.re, ei = a.im - b.im, odd_r = a.re - b.re, odd_i = a.im + b.im;
    const std::int32_t u = (odd_i * c - odd_r * s + rounding) >> 15, v = (odd_r * c + odd_i * s + rounding) >> 15;
    power[k] = squared(er + u) + squared(ei - v);
    power[half - k] = squared(er - u) + squared(ei + v);
  }
}

/// A sample times the window, shifted to where no sum is beyond 16 bits.
std::int32_t tapered(const FixedTransform& transform, std::int32_t sample, std::size_t i, std::size_t n, int spare) {
  if (transform.taper.empty()) return (sample << spare) >> transform.headroom;
  const std::int32_t product = sample * transform.taper[i < n - i ? i : n - i];
  return ((product + ((1 << (14 + transform.headroom)) >> spare)) << spare) >> (15 + transform.headroom);
}

}  // namespace

FixedShape fixed_shape(std::size_t n) {
  std::size_t groups = 1;
  while (groups * 4 * 2 <= n / 2) groups *= 4;
  return {.n = n, .radix = n / 2 / groups, .n_groups = groups};
}

std::vector<std::uint16_t> fixed_groups(const FixedShape& shape) {
  std::vector<std::uint16_t> groups;
  for (std::size_t o = 0; o < shape.n_groups; ++o) {
    groups.push_back(static_cast<std::uint16_t>(reversed_group(o, shape.n_groups)));
  }
  return groups;
}

std::vector<std::int16_t> fixed_sines(std::size_t n) {
  std::vector<std::int16_t> table;
  for (std::size_t j = 0; j < n; ++j) table.push_back(to_q15(sine(static_cast<double>(j) / static_cast<double>(n))));
  return table;
}

std::vector<std::int16_t> fixed_taper_half(Taper taper, std::size_t n) {
  std::vector<std::int16_t> half;
  if (taper == Taper::rectangular) return half;
  const double a = taper == Taper::hann ? 0.5 : 0.54;
  for (std::size_t i = 0; i <= n / 2; ++i) {
    half.push_back(to_q15(a - (1.0 - a) * cosine(static_cast<double>(i) / static_cast<double>(n))));
  }
  return half;
}

std::vector<std::int16_t> fixed_cosines(std::size_t n) {
  std::vector<std::int16_t> table;
  for (std::size_t j = 0; j < 4 * n; ++j) {
    table.push_back(to_q15(cosine(static_cast<double>(j) / static_cast<double>(4 * n))));
  }
  return table;
}

int fixed_headroom(const SpectrumPart& part) {
  return part.form.taper != Taper::rectangular && part.n_samples == part.form.n_fft ? 1 : 2;
}

FixedTransform::FixedTransform(const SpectrumPart& part)
    : shape(fixed_shape(static_cast<std::size_t>(part.form.n_fft))),
      headroom(fixed_headroom(part)),
      sines(fixed_sines(shape.n)),
      taper(fixed_taper_half(part.form.taper, static_cast<std::size_t>(part.n_samples))),
      groups(fixed_groups(shape)) {}

int spare_bits(std::span<const std::int64_t> samples) {
  std::uint32_t bits = 0;
  for (const std::int64_t sample : samples) bits |= static_cast<std::uint32_t>(sample ^ (sample >> 63));
  int spare = 15;
  for (; bits != 0; bits >>= 1) --spare;
  return spare;
}

void fixed_power(const FixedTransform& transform, std::span<const std::int64_t> samples, int spare,
                 std::span<std::uint32_t> power) {
  const FixedShape& shape = transform.shape;
  std::vector<std::int32_t> x(shape.n);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    x[i] = tapered(transform, static_cast<std::int32_t>(samples[i]), i, samples.size(), spare);
  }
  std::vector<Point> z(shape.n / 2);
  for (std::size_t o = 0; o < shape.n_groups; ++o) {
    std::array<Point, 4> y{};
    for (std::size_t j = 0; j < shape.radix; ++j) {
      const std::size_t pair = 2 * (o + j * shape.n_groups);
      y[j] = {x[pair], x[pair + 1]};
    }
    y = shape.radix == 4 ? four(y[0], y[1], y[2], y[3]) : std::array<Point, 4>{plus(y[0], y[1]), minus(y[0], y[1])};
    std::copy_n(y.begin(), shape.radix, z.begin() + static_cast<std::ptrdiff_t>(shape.radix * transform.groups[o]));
  }
  for (std::size_t span = shape.radix; span < z.size(); span *= 4) stage(z, span, transform.sines);
  take_power(z, transform.sines, power);
}

}  // namespace emlc::signal
