#include "codegen/signal/spectrum/fourier.hpp"

#include <array>
#include <cmath>

namespace emlc::signal {
namespace {

constexpr double two_pi = 0x1.921fb54442d18p+2;

/// Of an angle in [0, pi / 4]: the first terms that are left out are below 1e-17.
double near_sine(double x) {
  double term = x, sum = x;
  for (int i = 1; i < 10; ++i) {
    term *= -x * x / (2.0 * i * (2.0 * i + 1.0));
    sum += term;
  }
  return sum;
}
double near_cosine(double x) {
  double term = 1.0, sum = 1.0;
  for (int i = 1; i < 10; ++i) {
    term *= -x * x / (2.0 * i * (2.0 * i - 1.0));
    sum += term;
  }
  return sum;
}

/// The four numbers of a butterfly, real and imaginary parts: DFT of 4. A number is that of one window, or Lanes.
template <class Number>
struct Four {
  std::array<Number, 4> re, im;
};
template <class Number>
Four<Number> four(const Four<Number>& x) {
  const Number ar = x.re[0] + x.re[2], ai = x.im[0] + x.im[2], br = x.re[0] - x.re[2], bi = x.im[0] - x.im[2];
  const Number cr = x.re[1] + x.re[3], ci = x.im[1] + x.im[3], dr = x.re[1] - x.re[3], di = x.im[1] - x.im[3];
  return {{ar + cr, br + di, ar - cr, br - di}, {ai + ci, bi - dr, ai - ci, bi + dr}};
}

/// Complex numbers p, p + step, p + 2 step, p + 3 step.
template <class Number>
Four<Number> taken(const Number* p, std::size_t step) {
  Four<Number> x{};
  for (std::size_t i = 0; i < 4; ++i) {
    x.re[i] = p[2 * i * step];
    x.im[i] = p[2 * i * step + 1];
  }
  return x;
}
template <class Number>
void put(const Four<Number>& x, Number* p, std::size_t step) {
  for (std::size_t i = 0; i < 4; ++i) {
    p[2 * i * step] = x.re[i];
    p[2 * i * step + 1] = x.im[i];
  }
}

/// Of 8 complex numbers: two DFTs of 4, then the second one turned by eighths.
template <class Number>
void eight(Number* p) {
  constexpr auto root_half = 0x1.6a09e6p-1F;
  const Four<Number> even = four(taken(p, 2)), odd = four(taken(p + 2, 2));
  const Number sum1 = odd.re[1] + odd.im[1], difference1 = odd.im[1] - odd.re[1];
  const Number sum3 = odd.re[3] + odd.im[3], difference3 = odd.im[3] - odd.re[3];
  const Four<Number> turned = {{odd.re[0], sum1 * root_half, odd.im[2], difference3 * root_half},
                               {odd.im[0], difference1 * root_half, -odd.re[2], -(sum3 * root_half)}};
  Four<Number> low{}, high{};
  for (std::size_t i = 0; i < 4; ++i) {
    low.re[i] = even.re[i] + turned.re[i];
    low.im[i] = even.im[i] + turned.im[i];
    high.re[i] = even.re[i] - turned.re[i];
    high.im[i] = even.im[i] - turned.im[i];
  }
  put(low, p, 1);
  put(high, p + 8, 1);
}

/// One stage: blocks of `span` complex numbers become blocks of 4 span.
template <class Number>
void stage(std::span<Number> x, std::size_t span, std::span<const float> sines) {
  const std::size_t n = sines.size(), quarter = n / 4, step = n / (4 * span);
  for (std::size_t k = 0; k < span; ++k) {
    std::array<float, 4> c{}, s{};
    for (std::size_t i = 1; i < 4; ++i) {
      s[i] = sines[i * k * step];
      c[i] = sines[i * k * step + quarter];
    }
    for (std::size_t first = 2 * k; first < x.size(); first += 8 * span) {
      Four<Number> y = taken<Number>(&x[first], span);
      for (std::size_t i = 1; i < 4 && k > 0; ++i) {
        const Number re = y.re[i], im = y.im[i];
        y.re[i] = re * c[i] + im * s[i];
        y.im[i] = im * c[i] - re * s[i];
      }
      put(four(y), &x[first], span);
    }
  }
}

/// From the transform of even and odd numbers to the power of all.
template <class Number>
void take_power(std::span<const Number> z, std::span<const float> sines, std::span<Number> power) {
  const std::size_t n = z.size(), half = n / 2, quarter = n / 4;
  const Number sum = z[0] + z[1], difference = z[0] - z[1];
  power[0] = 2.0F * (sum * sum);
  power[half] = 2.0F * (difference * difference);
  for (std::size_t k = 1; k < quarter; ++k) {
    const Number *a = &z[2 * k], *b = &z[2 * (half - k)];
    const float c = sines[k + quarter], s = sines[k];
    const Number er = a[0] + b[0], ei = a[1] - b[1], odd_r = a[0] - b[0], odd_i = a[1] + b[1];
    const Number u = odd_i * c - odd_r * s, v = odd_r * c + odd_i * s;
    const Number low_r = er + u, low_i = ei - v, high_r = er - u, high_i = ei + v;
    power[k] = low_r * low_r + low_i * low_i;
    power[half - k] = high_r * high_r + high_i * high_i;
  }
  power[quarter] = 4.0F * (z[half] * z[half] + z[half + 1] * z[half + 1]);
}

/// @param z       [n], anything
/// @param number  gives the i-th of the n real numbers
template <class Number, class Numbers>
void powers_of(const Transform& transform, std::span<Number> z, const Numbers& number, std::span<Number> power) {
  const TransformShape& shape = transform.shape;
  for (std::size_t o = 0; o < shape.n_groups; ++o) {
    Number* const group = &z[2 * shape.radix * transform.groups[o]];
    for (std::size_t j = 0; j < shape.radix; ++j) {
      group[2 * j] = number(2 * (o + j * shape.n_groups));
      group[2 * j + 1] = number(2 * (o + j * shape.n_groups) + 1);
    }
    if (shape.radix == 4) {
      put(four(taken<Number>(group, 1)), group, 1);
    } else {
      eight(group);
    }
  }
  for (std::size_t span = shape.radix; span < shape.n / 2; span *= 4) stage(z, span, transform.sines);
  take_power<Number>(z, transform.sines, power);
}

float not_below_0(float power) { return power < 0.0F ? 0.0F : power; }

}  // namespace

double sine(double turn) {
  constexpr double eighth = 0.125;
  if (turn > 0.5) return -sine(1.0 - turn);
  if (turn > 0.25) turn = 0.5 - turn;
  return turn <= eighth ? near_sine(two_pi * turn) : near_cosine(two_pi * (0.25 - turn));
}

double cosine(double turn) { return turn <= 0.75 ? sine(turn + 0.25) : sine(turn - 0.75); }

std::vector<float> taper_half(Taper taper, std::size_t n) {
  std::vector<float> half;
  const double a = taper == Taper::rectangular ? 1.0 : taper == Taper::hann ? 0.5 : 0.54;
  for (std::size_t i = 0; i <= n / 2; ++i) {
    half.push_back(static_cast<float>(a - (1.0 - a) * cosine(static_cast<double>(i) / static_cast<double>(n))));
  }
  return half;
}

TransformShape transform_shape(std::size_t n) {
  std::size_t groups = 1;
  while (groups * 4 * 4 <= n / 2) groups *= 4;
  return {.n = n, .radix = n / 2 / groups, .n_groups = groups};
}

std::size_t reversed_group(std::size_t group, std::size_t n_groups) {
  std::size_t reversed = 0;
  for (std::size_t digits = 1; digits < n_groups; digits *= 4) {
    reversed = reversed * 4 + group % 4;
    group /= 4;
  }
  return reversed;
}

std::vector<std::uint8_t> transform_groups(const TransformShape& shape) {
  std::vector<std::uint8_t> groups;
  for (std::size_t o = 0; o < shape.n_groups; ++o) {
    groups.push_back(static_cast<std::uint8_t>(reversed_group(o, shape.n_groups)));
  }
  return groups;
}

std::vector<float> sine_table(std::size_t n) {
  std::vector<float> table;
  for (std::size_t j = 0; j < n; ++j) {
    table.push_back(static_cast<float>(sine(static_cast<double>(j) / static_cast<double>(n))));
  }
  return table;
}

Transform::Transform(std::size_t n)
    : shape(transform_shape(n)), sines(sine_table(n)), groups(transform_groups(shape)) {}

void transform_power(const Transform& transform, std::span<const float> x, std::span<float> power) {
  std::vector<float> z(transform.shape.n);
  powers_of<float>(
      transform, z, [&](std::size_t i) { return x[i]; }, power);
}

void transform_powers(const Transform& transform, std::span<const float> x, std::span<Lanes> scratch,
                      std::span<Lanes> power) {
  const std::size_t n = transform.shape.n;
  const auto side_by_side = [&](std::size_t i) { return Lanes{{x[i], x[n + i], x[2 * n + i], x[3 * n + i]}}; };
  powers_of<Lanes>(transform, scratch, side_by_side, power);
}

float goertzel_factor(double turn) {
  const double root = is_low_turn(turn) ? sine(turn / 2.0) : cosine(turn / 2.0);
  return static_cast<float>(is_low_turn(turn) ? -4.0 * root * root : 4.0 * root * root);
}

// With s[i] = x[i] + 2 cos(w) s[i-1] - s[i-2], d is s[i] - s[i-1] below a quarter of the rate and s[i] + s[i-1] above:
// what is added to s or to x is small there, where 2 cos(w) is near 2 or -2.
float goertzel_power(std::span<const float> x, double turn) {
  const float factor = goertzel_factor(turn);
  float s = 0.0F, d = 0.0F;
  if (is_low_turn(turn)) {
    for (const float value : x) {
      d = (factor * s + value) + d;
      s = s + d;
    }
    return not_below_0(d * d - factor * (s * (s - d)));
  }
  for (const float value : x) {
    d = (factor * s + value) - d;
    s = d - s;
  }
  return not_below_0(d * d - factor * (s * (d - s)));
}

double transform_operations(std::size_t n_fft) {
  const auto n = static_cast<double>(n_fft);
  return 2.2 * n * std::log2(n);
}
double goertzel_operations(std::size_t n_samples) { return 4.0 * static_cast<double>(n_samples); }

}  // namespace emlc::signal
