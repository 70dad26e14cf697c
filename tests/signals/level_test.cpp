#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "codegen/signal/level/weighting.hpp"

using namespace emlc;
using signal::Curve;

namespace {

/// Of the sections as they are, by complex numbers.
double decibels_of(const model::SosCascade& cascade, double turns) {
  const std::complex<double> back = std::polar(1.0, -2.0 * std::numbers::pi * turns);
  std::complex<double> gain = 1.0;
  for (const model::SosSection& s : cascade.sections) {
    gain *= (s.b0 + s.b1 * back + s.b2 * back * back) / (s.a0 + s.a1 * back + s.a2 * back * back);
  }
  return 20.0 * std::log10(std::abs(gain));
}

model::SosCascade in_float32(model::SosCascade cascade) {
  for (model::SosSection& s : cascade.sections) {
    for (double* c : {&s.b0, &s.b1, &s.b2, &s.a1, &s.a2}) *c = static_cast<double>(static_cast<float>(*c));
  }
  return cascade;
}

/// The largest deviation at third octaves up to a share of the rate, in dB.
double largest_deviation(const model::SosCascade& cascade, Curve curve, double rate, double share) {
  double largest = 0.0;
  for (int n = 10; std::pow(10.0, n / 10.0) <= share * rate; ++n) {
    const double hertz = std::pow(10.0, n / 10.0);
    const double off = decibels_of(cascade, hertz / rate) - 20.0 * std::log10(signal::curve_gain(curve, hertz));
    largest = std::max(largest, std::abs(off));
  }
  return largest;
}

}  // namespace

TEST_CASE("weighting: the curves are those of IEC 61672-1, table 3") {
  struct Weight {
    double hertz, a, c;  // dB
  };
  for (const Weight& row : {Weight{10, -70.4, -14.3},
                            {20, -50.5, -6.2},
                            {31.5, -39.4, -3.0},
                            {63, -26.2, -0.8},
                            {125, -16.1, -0.2},
                            {250, -8.6, 0.0},
                            {500, -3.2, 0.0},
                            {1000, 0.0, 0.0},
                            {2000, 1.2, -0.2},
                            {4000, 1.0, -0.8},
                            {8000, -1.1, -3.0},
                            {16000, -6.6, -8.5},
                            {20000, -9.3, -11.2}}) {
    CAPTURE(row.hertz);
    // Nominal frequencies: the weights are those of powers of 10^0.1, rounded.
    const double exact = std::pow(10.0, std::round(10.0 * std::log10(row.hertz)) / 10.0);
    CHECK(std::abs(20.0 * std::log10(signal::curve_gain(Curve::a, exact)) - row.a) <= 0.051);
    CHECK(std::abs(20.0 * std::log10(signal::curve_gain(Curve::c, exact)) - row.c) <= 0.051);
    CHECK(signal::curve_gain(Curve::z, exact) == 1.0);
  }
}

TEST_CASE("weighting: a design for every rate is close to its curve, as numbers, in float32 and in integers") {
  for (double rate = signal::least_weighting_rate; rate <= signal::most_weighting_rate; rate *= 1.0117) {
    for (const Curve curve : {Curve::a, Curve::c}) {
      CAPTURE(rate);
      CAPTURE(signal::name(curve));
      const auto design = signal::design_weighting(curve, rate);
      REQUIRE(design);
      const model::SosCascade cascade = signal::cascade_of(*design);
      for (const model::SosSection& section : cascade.sections) CHECK(model::pole_radius(section) < 1.0);
      CHECK(largest_deviation(cascade, curve, rate, 0.25) < 0.06);
      CHECK(largest_deviation(cascade, curve, rate, 0.4) < 0.06);
      CHECK(largest_deviation(in_float32(cascade), curve, rate, 0.25) < 0.3);
      const auto integers = signal::integers_of(*design);
      if (rate < 7000.0) continue;
      REQUIRE(integers);
      CHECK(largest_deviation(signal::cascade_of(*integers), curve, rate, 0.4) < 0.06);
      const signal::WeightingGains gains = signal::gains_of(*integers);
      CHECK(gains.largest < 3.0);
      CHECK(gains.last <= gains.largest);
    }
  }
}

TEST_CASE("weighting: shares have 16 bits, the upper one set, and are the nearest ones") {
  for (const double value : {0.499, 0.25, 0.1, 0.008, 1.0 / 48000.0, 0.9999999}) {
    CAPTURE(value);
    const signal::Share share = signal::nearest_share(value);
    CHECK(share.factor >= 32768);
    CHECK(share.factor <= 65535);
    CHECK(std::abs(std::ldexp(share.factor, -share.shift) - value) <= value * 0x1p-16);
  }
}
