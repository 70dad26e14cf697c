#include "codegen/model/sos/sos_cascade.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace emlc::model {
namespace {

/// Roots of c0 z^2 + c1 z + c2.
std::vector<std::complex<double>> quadratic_roots(double c0, double c1, double c2) {
  if (c0 == 0.0 && c1 == 0.0) return {};
  if (c0 == 0.0) return {-c2 / c1};
  const double half = c1 / c0 / 2.0, product = c2 / c0;
  const double discriminant = half * half - product;
  if (discriminant < 0.0) {
    const std::complex<double> upper(-half, std::sqrt(-discriminant));
    return {upper, std::conj(upper)};
  }
  // The larger root first; the other one from the product, which subtracting would lose digits of.
  const double larger = -half - std::copysign(std::sqrt(discriminant), half);
  return {larger, larger == 0.0 ? 0.0 : product / larger};
}

}  // namespace

std::vector<SosIntegers> integers(const SosCascade& cascade) {
  const int bits = cascade.fixed.value().fraction_bits;
  const auto integer = [&](double value) { return static_cast<std::int32_t>(std::ldexp(value, bits)); };
  std::vector<SosIntegers> rows;
  for (const SosSection& s : cascade.sections) {
    rows.push_back({integer(s.b0), integer(s.b1), integer(s.b2), integer(s.a1), integer(s.a2)});
  }
  return rows;
}

double pole_radius(const SosSection& section) {
  double radius = 0.0;
  for (const std::complex<double>& pole : poles(section)) radius = std::max(radius, std::abs(pole));
  return radius;
}

std::vector<std::complex<double>> poles(const SosSection& section) {
  return quadratic_roots(section.a0, section.a1, section.a2);
}

std::vector<std::complex<double>> zeros(const SosSection& section) {
  return quadratic_roots(section.b0, section.b1, section.b2);
}

double gain(const SosCascade& cascade, double frequency) {
  const auto delay = std::polar(1.0, -2.0 * std::numbers::pi * frequency);
  double gain = 1.0;
  for (const SosSection& s : cascade.sections) {
    gain *= std::abs((s.b0 + delay * (s.b1 + delay * s.b2)) / (s.a0 + delay * (s.a1 + delay * s.a2)));
  }
  return cascade.fixed ? std::ldexp(gain, cascade.fixed->lift + cascade.fixed->headroom) : gain;
}

}  // namespace emlc::model
