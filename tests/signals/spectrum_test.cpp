#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "codegen/signal/features.hpp"
#include "codegen/signal/infer.hpp"
#include "codegen/signal/spectrum/elementary.hpp"
#include "codegen/signal/spectrum/fourier.hpp"
#include "codegen/signal/spectrum/spectral.hpp"

using namespace emlc::signal;

namespace {

/// By its definition, in float64.
double defined_power(const std::vector<float>& x, double turn) {
  std::complex<double> sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum += double{x[i]} * std::polar(1.0, -2.0 * std::numbers::pi * turn * static_cast<double>(i));
  }
  return std::norm(sum);
}

std::vector<float> random_samples(std::size_t n) {
  std::mt19937 random(static_cast<unsigned>(n));
  std::normal_distribution<float> normal(3.0F, 100.0F);
  std::vector<float> x(n);
  for (float& value : x) value = normal(random);
  return x;
}

/// The root of the mean |X|^2: an amplitude may be off by a few steps of it times the root of n.
double size_of(const std::vector<float>& x) {
  double squares = 0.0;
  for (const float value : x) squares += double{value} * double{value};
  return std::sqrt(squares * static_cast<double>(x.size()));
}

constexpr double step = 0x1p-24;

Plan tone_plan(std::int32_t length, std::vector<SpectrumPart> parts) {
  Plan plan{.input = {.channels = {{.name = "x"}}, .type = emlc::model::NumberType::float32, .sample_rate = 1000.0},
            .window = {length, length},
            .signals = {{.name = "x"}}};
  for (SpectrumPart& part : parts) {
    part.form.taper = Taper::hann;
    plan.features.push_back({.name = "f", .statistic = Statistic::spectral, .spectrum = part, .path = "features[0]"});
  }
  return plan;
}

}  // namespace

TEST_CASE("spectrum: transforms of every length, all bins") {
  for (std::size_t n = least_transform; n <= most_transform; n *= 2) {
    CAPTURE(n);
    const std::vector<float> x = random_samples(n);
    std::vector<float> power(n / 2 + 1);
    transform_power(Transform(n), x, power);
    const double allowed = 4.0 * step * size_of(x);
    const std::size_t stride = std::max<std::size_t>(1, n / 128);
    for (std::size_t k = 0; k <= n / 2; k += stride) {
      const double halved = k == 0 || k == n / 2 ? 2.0 : 4.0;
      const double expected = defined_power(x, static_cast<double>(k) / static_cast<double>(n));
      CHECK(std::abs(std::sqrt(power[k] / halved) - std::sqrt(expected)) <= allowed);
    }
  }
}

TEST_CASE("spectrum: windows side by side have the bits that each has alone") {
  for (std::size_t n = least_transform; n <= most_transform; n *= 2) {
    const Transform transform(n);
    const std::vector<float> x = random_samples(n_lanes * n);
    std::vector<Lanes> scratch(n), powers(n / 2 + 1);
    transform_powers(transform, x, scratch, powers);
    for (std::size_t lane = 0; lane < n_lanes; ++lane) {
      std::vector<float> alone(n / 2 + 1);
      transform_power(transform, std::span(x).subspan(lane * n, n), alone);
      std::size_t n_same = 0;
      for (std::size_t k = 0; k < alone.size(); ++k) n_same += powers[k].of[lane] == alone[k] ? 1U : 0U;
      CHECK(n_same == alone.size());
    }
  }
}

TEST_CASE("spectrum: one sample alone has the same power in every bin, to the bit") {
  for (std::size_t n = least_transform; n <= most_transform; n *= 2) {
    std::vector<float> x(n, 0.0F), power(n / 2 + 1);
    x[0] = 3.0F;
    transform_power(Transform(n), x, power);
    CHECK(power.front() == 18.0F);
    CHECK(power.back() == 18.0F);
    CHECK(std::all_of(power.begin() + 1, power.end() - 1, [](float value) { return value == 36.0F; }));
  }
}

TEST_CASE("spectrum: Goertzel's recursion at and beside its ends") {
  for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{100}, std::size_t{4096}}) {
    const std::vector<float> x = random_samples(n);
    for (const double turn : {0.0, 1e-5, 0.01, 0.249, 0.25, 0.2500001, 0.3, 0.4999, 0.5}) {
      CAPTURE(n);
      CAPTURE(turn);
      const double expected = defined_power(x, turn);
      CHECK(std::abs(std::sqrt(double{goertzel_power(x, turn)}) - std::sqrt(expected)) <= 16.0 * step * size_of(x));
    }
  }
}

TEST_CASE("spectrum: sines are those of libm") {
  for (int i = 0; i <= 10000; ++i) {
    const double turn = i / 10000.0;
    CHECK(std::abs(sine(turn) - std::sin(2.0 * std::numbers::pi * turn)) < 2e-15);
    CHECK(std::abs(cosine(turn) - std::cos(2.0 * std::numbers::pi * turn)) < 2e-15);
  }
}

TEST_CASE("spectrum: logarithm and exponential") {
  for (double x = -87.3; x < 88.7; x += 0.01371) {
    const auto value = static_cast<float>(std::exp(x));
    const double expected = std::log(double{value});
    CHECK(std::abs(natural_log(value) - expected) <= std::max(1e-7, 2.4e-7 * std::abs(expected)));
  }
  CHECK(natural_log(1.0F) == 0.0F);
  constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const float lowest = natural_log(std::numeric_limits<float>::min());
  for (const float small : {0.0F, -0.0F, -1.0F, 1e-40F, -infinity}) CHECK(natural_log(small) == lowest);
  CHECK(natural_log(infinity) == infinity);
  CHECK(std::isnan(natural_log(nan)));
  for (double x = -86.99; x <= 1.0; x += 0.00471) {
    const auto value = static_cast<float>(x);
    CHECK(std::abs(exponential(value) / std::exp(double{value}) - 1.0) <= 6.0 * step);
  }
  CHECK(exponential(0.0F) == 1.0F);
  CHECK(exponential(-87.0F) == 0.0F);
  CHECK(exponential(-infinity) == 0.0F);
  CHECK(std::isnan(exponential(nan)));
}

TEST_CASE("spectrum: the logarithm never falls") {
  constexpr std::uint32_t begin = 0x3f3504f1U, octave = 1U << 23;  // an octave as the logarithm has it
  const auto at = [](std::uint32_t bits) { return natural_log(std::bit_cast<float>(bits)); };
  std::size_t falls = 0;
  // All within one; another octave adds the same number to each of these, and rounding never falls.
  for (std::uint32_t bits = begin; bits < begin + octave; ++bits) falls += at(bits) < at(bits - 1) ? 1U : 0U;
  for (std::uint32_t first = begin % octave + octave; first < 0x7f000000U; first += octave) {
    for (std::uint32_t bits = first - 100; bits < first + 100; ++bits) falls += at(bits) < at(bits - 1) ? 1U : 0U;
  }
  CHECK(falls == 0);
}

TEST_CASE("spectrum: a sine has half the square of its amplitude, noise its mean square") {
  std::vector<float> x(1000);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(7.0 * std::sin(2.0 * std::numbers::pi * 0.11 * static_cast<double>(i)));
  }
  Plan plan = tone_plan(1000, {{.take = Spectral::tone, .low_hz = 110.0, .high_hz = 110.0},
                               {.take = Spectral::band, .low_hz = 0.0, .high_hz = half_the_rate},
                               {.take = Spectral::dominant, .low_hz = 0.0, .high_hz = half_the_rate}});
  infer(plan);
  CHECK(plan.features[0].spectrum.form.n_fft == 1024);
  CHECK(plan.features[0].spectrum.form.method == SpectrumMethod::goertzel);
  CHECK(plan.features[1].spectrum.form.method == SpectrumMethod::transform);
  const std::vector<double> row = features_of(plan, {{.reals = x}});
  CHECK(row[0] == doctest::Approx(24.5).epsilon(1e-4));
  CHECK(row[1] == doctest::Approx(24.5).epsilon(1e-3));
  CHECK(std::abs(row[2] - 110.0) <= 0.5 * 1000.0 / 1024.0);
}

TEST_CASE("spectrum: the method is the one with fewer operations, of the document as a whole") {
  const auto method = [](std::vector<SpectrumPart> parts) {
    Plan plan = tone_plan(64, std::move(parts));
    infer(plan);
    return plan.features[0].spectrum.form.method;
  };
  const SpectrumPart one{.take = Spectral::band, .low_hz = 15.0, .high_hz = 17.0};
  const SpectrumPart many{.take = Spectral::band, .low_hz = 100.0, .high_hz = 300.0};
  const SpectrumPart all{.take = Spectral::centroid, .low_hz = 0.0, .high_hz = half_the_rate};
  CHECK(method({one}) == SpectrumMethod::goertzel);
  CHECK(method({many}) == SpectrumMethod::transform);
  CHECK(method({one, many}) == SpectrumMethod::transform);
  CHECK(method({one, all}) == SpectrumMethod::transform);
}

TEST_CASE("spectrum: silence, NaN and infinity") {
  Plan plan = tone_plan(16, {{.take = Spectral::centroid, .low_hz = 0.0, .high_hz = half_the_rate},
                             {.take = Spectral::entropy, .low_hz = 0.0, .high_hz = half_the_rate},
                             {.take = Spectral::flatness, .low_hz = 0.0, .high_hz = half_the_rate, .floor = 1e-10},
                             {.take = Spectral::rolloff, .low_hz = 100.0, .high_hz = half_the_rate, .share = 0.85},
                             {.take = Spectral::band,
                              .low_hz = 0.0,
                              .high_hz = half_the_rate,
                              .scale = PowerScale::decibel,
                              .floor = 1e-10}});
  infer(plan);
  const std::vector<double> silent = features_of(plan, {{.reals = std::vector<float>(16, 0.0F)}});
  CHECK(silent[0] == 0.0);
  CHECK(silent[1] == 0.0);
  CHECK(silent[2] == doctest::Approx(1.0).epsilon(1e-6));
  CHECK(silent[3] == 125.0);
  CHECK(silent[4] == doctest::Approx(-100.0).epsilon(1e-6));
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), 3e38F}) {
    std::vector<float> x(16, 1.0F);
    x[5] = value;
    CHECK(features_of(plan, {{.reals = x}}).size() == 5);  // anything, but no fault
  }
}
