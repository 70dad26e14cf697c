#include "codegen/signal/level/weighting.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "codegen/signal/level/fit.hpp"

namespace emlc::signal {
namespace {

/// Poles of the curves, in Hz.
constexpr double lowest_pole = 20.598997, second_pole = 107.65265, third_pole = 737.86223, highest_pole = 12194.217;
/// The fit looks at frequencies up to this share of the rate; to others where no section has the ratio that is found,
/// which has zeros on the unit circle.
constexpr std::array fitted_shares = {0.4, 0.42, 0.44, 0.46, 0.38};
constexpr std::size_t n_fitted = 256;

double raw_gain(Curve curve, double hertz) {
  const double f2 = hertz * hertz;
  const auto square = [](double x) { return x * x; };
  if (curve == Curve::z) return 1.0;
  const double c = square(highest_pole) * f2 / ((f2 + square(lowest_pole)) * (f2 + square(highest_pole)));
  if (curve == Curve::c) return c;
  return c * f2 / std::sqrt((f2 + square(second_pole)) * (f2 + square(third_pole)));
}

/// |1 - p/z|^2 on the unit circle.
double distance(double p, double cosine) { return 1.0 + p * p - 2.0 * p * cosine; }

/// The section whose squared gain at cos w is (n0 + n1 cos w + n2 cos^2 w) / (1 + d1 cos w + d2 cos^2 w), with all
/// zeros and poles inside of the unit circle: b0 + b1 + b2 and b0 - b1 + b2 are the roots of what it is at both ends,
/// and 4 b0 b2 is the coefficient of cos^2 w.
std::optional<std::array<double, 3>> factored(double q0, double q1, double q2) {
  const double low = q0 + q1 + q2, high = q0 - q1 + q2;
  if (!(low > 0.0) || !(high > 0.0)) return std::nullopt;
  const double both = (std::sqrt(low) + std::sqrt(high)) / 2.0, rest = both * both - q2;
  if (!(rest >= 0.0)) return std::nullopt;
  const double first = (both + std::sqrt(rest)) / 2.0;
  return std::array{first, (std::sqrt(low) - std::sqrt(high)) / 2.0, both - first};
}

/// Coefficients are multiples of 2^-24, which float32 has all but; so other compilers' last bits make no difference.
double rounded(double coefficient) { return std::ldexp(std::round(std::ldexp(coefficient, 24)), -24); }

/// What the poles leave of the curve.
std::optional<model::SosSection> fitted_section(Curve curve, double rate, const std::vector<double>& poles,
                                                double fitted_share) {
  std::vector<FitPoint> points;
  for (std::size_t i = 0; i < n_fitted; ++i) {
    const double share = fitted_share * (static_cast<double>(i) + 0.5) / n_fitted;
    const double cosine = std::cos(2.0 * std::numbers::pi * share), gain = curve_gain(curve, share * rate);
    double square = gain * gain;
    for (const double p : poles) square *= distance(p, cosine) / distance(1.0, cosine);
    points.push_back({cosine, square});
  }
  const std::optional<std::array<double, 5>> fit = fit_ratio(points);
  if (!fit) return std::nullopt;
  const auto& [n0, n1, n2, d1, d2] = *fit;
  const auto b = factored(n0, n1, n2), a = factored(1.0, d1, d2);
  if (!a || !b) return std::nullopt;
  const double a0 = (*a)[0];
  return model::SosSection{rounded((*b)[0] / a0), rounded((*b)[1] / a0), rounded((*b)[2] / a0), 1.0,
                           rounded((*a)[1] / a0), rounded((*a)[2] / a0)};
}

constexpr std::size_t most_samples = std::size_t{1} << 20;

/// The sum of magnitudes, and x becomes the response.
double high_pass(std::vector<double>& x, double share) {
  double state = 0.0, sum = 0.0;
  for (double& value : x) {
    value -= state;
    state += share * value;
    sum += std::abs(value);
  }
  return sum;
}

double value_of(const Share& share) { return std::ldexp(share.factor, -share.shift); }

}  // namespace

std::string_view name(Curve curve) { return curve == Curve::a ? "A" : curve == Curve::c ? "C" : "Z"; }

double curve_gain(Curve curve, double hertz) { return raw_gain(curve, hertz) / raw_gain(curve, 1000.0); }

std::optional<WeightingDesign> design_weighting(Curve curve, double rate) {
  std::vector<double> hertz = {lowest_pole, lowest_pole}, poles;
  if (curve == Curve::a) hertz.insert(hertz.end(), {second_pole, third_pole});
  for (const double f : hertz) poles.push_back(std::exp(-2.0 * std::numbers::pi * f / rate));
  for (const double share : fitted_shares) {
    if (const auto last = fitted_section(curve, rate, poles, share)) return WeightingDesign{poles, *last};
  }
  return std::nullopt;
}

model::SosCascade cascade_of(const WeightingDesign& design) {
  model::SosCascade cascade;
  const std::vector<double>& p = design.poles;
  if (p.size() == 2) {
    for (const double pole : p) cascade.sections.push_back({1.0, -1.0, 0.0, 1.0, -pole, 0.0});
  } else {
    for (const std::size_t other : {std::size_t{2}, std::size_t{3}}) {
      const double low = p[other - 2], high = p[other];
      cascade.sections.push_back({1.0, -2.0, 1.0, 1.0, -(low + high), low * high});
    }
  }
  cascade.sections.push_back(design.last);
  return cascade;
}

Share nearest_share(double value) {
  constexpr double most = 65535.0;
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);  // 0.5 to 1
  const double factor = std::round(std::ldexp(mantissa, 16));
  return {static_cast<std::int32_t>(std::min(factor, most)), 16 - exponent};
}

std::optional<WeightingIntegers> integers_of(const WeightingDesign& design) {
  constexpr double most_sum = 3.9;  // times 2^30: sums of halves fit 32 bits
  WeightingIntegers integers;
  for (const double pole : design.poles) {
    if (!(pole > 0.5)) return std::nullopt;  // shares below a half have a shift of at least 17
    integers.high_passes.push_back(nearest_share(1.0 - pole));
    if (integers.high_passes.back().shift > 31) return std::nullopt;
  }
  const model::SosSection& s = design.last;
  const std::array<double, 5> exact = {s.b0, s.b1, s.b2, s.a1, s.a2};
  double sum = 0.0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    sum += std::abs(exact[i]);
    integers.section[i] = static_cast<std::int32_t>(std::lround(std::ldexp(exact[i], section_bits)));
  }
  if (sum > most_sum) return std::nullopt;
  return integers;
}

model::SosCascade cascade_of(const WeightingIntegers& integers) {
  model::SosCascade cascade;
  for (const Share& share : integers.high_passes) {
    cascade.sections.push_back({1.0, -1.0, 0.0, 1.0, value_of(share) - 1.0, 0.0});
  }
  const auto real = [&](std::size_t i) { return std::ldexp(integers.section[i], -section_bits); };
  cascade.sections.push_back({real(0), real(1), real(2), 1.0, real(3), real(4)});
  return cascade;
}

WeightingGains gains_of(const WeightingIntegers& integers) {
  constexpr double settled = 24.0;  // time constants
  const double slowest = value_of(integers.high_passes.front());
  std::vector<double> x(std::min(most_samples, static_cast<std::size_t>(settled / slowest) + 64), 0.0);
  x[0] = 1.0;
  WeightingGains gains;
  for (const Share& share : integers.high_passes)
    gains.largest = std::max(gains.largest, high_pass(x, value_of(share)));
  std::array<double, 5> c{};
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = std::ldexp(integers.section[i], -section_bits);
  double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;
  gains.last = 0.0;
  for (const double value : x) {
    const double y = c[0] * value + c[1] * x1 + c[2] * x2 - c[3] * y1 - c[4] * y2;
    x2 = x1, x1 = value, y2 = y1, y1 = y;
    gains.last += std::abs(y);
  }
  gains.largest = std::max(gains.largest, gains.last);
  return gains;
}

}  // namespace emlc::signal
