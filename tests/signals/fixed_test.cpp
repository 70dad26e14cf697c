#include "codegen/signal/spectrum/fixed.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>
#include <random>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/signal/features.hpp"
#include "codegen/signal/infer.hpp"
#include "codegen/signal/spectrum/fixed_values.hpp"

using namespace emlc::signal;

namespace {

double taper_of(Taper taper, std::size_t i, std::size_t n) {
  const double a = taper == Taper::rectangular ? 1.0 : taper == Taper::hann ? 0.5 : 0.54;
  return a - (1.0 - a) * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n));
}

/// 2 |X[k]| of the samples times the window, by its definition in float64; at both ends sqrt 2 |X[k]|.
double defined_amplitude(const std::vector<std::int64_t>& x, Taper taper, std::size_t n_fft, std::size_t k) {
  std::complex<double> sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double turn = static_cast<double>((i * k) % n_fft) / static_cast<double>(n_fft);
    sum += static_cast<double>(x[i]) * taper_of(taper, i, x.size()) * std::polar(1.0, -2.0 * std::numbers::pi * turn);
  }
  return std::abs(sum) * (k == 0 || k == n_fft / 2 ? std::numbers::sqrt2 : 2.0);
}

/// Windows that are as loud as can be, and quiet ones.
std::vector<std::vector<std::int64_t>> windows_of(std::size_t n) {
  std::mt19937 random(static_cast<unsigned>(n));
  std::vector<std::vector<std::int64_t>> windows(7, std::vector<std::int64_t>(n));
  for (std::size_t i = 0; i < n; ++i) {
    windows[0][i] = random() % 2 == 0 ? 32767 : -32768;
    windows[1][i] = -32768;
    windows[2][i] = i % 2 == 0 ? 32767 : -32768;
    windows[3][i] = i / 2 % 2 == 0 ? 32767 : -32768;
    windows[4][i] = static_cast<std::int64_t>(random() % 41) - 20;
    windows[5][i] = static_cast<std::int64_t>(std::lround(32767.0 * std::sin(0.37 * static_cast<double>(i))));
    windows[6][i] = i == n / 2 ? 1 : 0;
  }
  return windows;
}

SpectrumPart part_of(Taper taper, std::size_t n_samples, std::size_t n_fft) {
  SpectrumPart part{.form = {.n_fft = static_cast<std::int32_t>(n_fft), .taper = taper}};
  part.n_samples = static_cast<std::int32_t>(n_samples);
  return part;
}

void check_powers(const SpectrumPart& part, const std::vector<std::int64_t>& x) {
  const FixedTransform transform(part);
  const auto n_fft = static_cast<std::size_t>(part.form.n_fft);
  const int spare = spare_bits(x);
  std::vector<std::uint32_t> power(n_fft / 2 + 1);
  fixed_power(transform, x, spare, power);
  const double scale = std::ldexp(1.0, spare - transform.headroom + 1) / static_cast<double>(n_fft / 2);
  for (std::size_t k = 0; k <= n_fft / 2; k += std::max<std::size_t>(1, n_fft / 64)) {
    CAPTURE(k);
    const double expected = defined_amplitude(x, part.form.taper, n_fft, k) * scale;
    REQUIRE(std::abs(std::sqrt(static_cast<double>(power[k])) - expected) < 7.0);
  }
  // No power and no sum of powers has left its 32 bits: that would take most of them away.
  double squares = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    squares += std::pow(static_cast<double>(x[i]) * taper_of(part.form.taper, i, x.size()), 2.0);
  }
  const double all = std::accumulate(power.begin(), power.end(), 0.0);
  CHECK(all < 4294967296.0);
  CHECK(std::sqrt(all) == doctest::Approx(std::sqrt(2.0 * static_cast<double>(n_fft) * squares) * scale).epsilon(0.02));
}

}  // namespace

TEST_CASE("spectra in integers: all lengths and windows, from silence to what 16 bits hold") {
  for (std::size_t n = least_transform; n <= most_transform; n *= 2) {
    for (const Taper taper : {Taper::rectangular, Taper::hann, Taper::hamming}) {
      for (const std::size_t n_samples : {n, n - 5}) {
        for (const std::vector<std::int64_t>& x : windows_of(n_samples)) {
          CAPTURE(n);
          CAPTURE(n_samples);
          check_powers(part_of(taper, n_samples, n), x);
        }
      }
    }
  }
}

TEST_CASE("spectra in integers: bits that samples can be shifted by") {
  const auto spare = [](std::int64_t sample) { return spare_bits(std::vector<std::int64_t>{0, sample, 0}); };
  CHECK(spare(0) == 15);
  CHECK(spare(-1) == 15);
  CHECK(spare(1) == 14);
  CHECK(spare(-2) == 14);
  CHECK(spare(16383) == 1);
  CHECK(spare(16384) == 0);
  CHECK(spare(-16384) == 1);
  CHECK(spare(-16385) == 0);
  CHECK(spare(32767) == 0);
  CHECK(spare(-32768) == 0);
}

TEST_CASE("spectra in integers: logarithms") {
  for (double exponent = -120.0; exponent < 120.0; exponent += 0.00713) {
    const auto x = static_cast<float>(std::exp2(exponent));
    CHECK(std::abs(fixed_log2(x) / 65536.0 - std::log2(static_cast<double>(x))) < 7e-5);
  }
  CHECK(fixed_log2(1.0F) == 0);
  CHECK(fixed_log2(0.5F) == -65536);
  CHECK(fixed_log2(std::numeric_limits<float>::infinity()) == 128 * 65536);
  std::size_t falls = 0;
  const std::uint32_t first = std::bit_cast<std::uint32_t>(0.5F), last = std::bit_cast<std::uint32_t>(2.0F);
  for (std::uint32_t bits = first; bits < last; ++bits) {
    falls += fixed_log2(std::bit_cast<float>(bits + 1)) < fixed_log2(std::bit_cast<float>(bits)) ? 1U : 0U;
  }
  CHECK(falls == 0);
}

TEST_CASE("spectra in integers: what has none is refused by name") {
  const auto refused = [](SpectrumPart part, emlc::model::NumberType type) {
    Plan plan{.input = {.channels = {{.name = "x"}}, .type = type, .sample_rate = 160.0},
              .window = {16, 16},
              .signals = {{.name = "x"}}};
    part.form.arithmetic = SpectrumArithmetic::q15;
    plan.features.push_back({.name = "f", .statistic = Statistic::spectral, .spectrum = part, .path = "features[0]"});
    try {
      infer(plan);
    } catch (const emlc::Error& refusal) {
      return std::string(refusal.what());
    }
    return std::string();
  };
  using enum emlc::model::NumberType;
  const SpectrumPart band{.take = Spectral::band, .high_hz = half_the_rate};
  CHECK(refused(band, int16) == "");
  CHECK(refused(band, uint8) == "");
  CHECK(refused(band, float32) ==
        "features[0]: 'x' is real, expected integers of at most 16 bits for a spectrum in q15");
  CHECK(refused(band, int32) == "features[0]: 'x' has samples of 32 bits, expected at most 16 for a spectrum in q15");
  CHECK(refused({.take = Spectral::flatness, .high_hz = half_the_rate}, int16) ==
        "features[0]: 'flatness' has no form in q15, expected the arithmetic float");
  CHECK(refused({.take = Spectral::entropy, .high_hz = half_the_rate}, int16) ==
        "features[0]: 'spectral_entropy' has no form in q15, expected the arithmetic float");
  CHECK(refused({.take = Spectral::tone, .low_hz = 20.0, .high_hz = 20.0}, int16) == "");
  CHECK(refused({.take = Spectral::tone, .low_hz = 25.0, .high_hz = 25.0}, int16) ==
        "features[0]: 25 Hz is between two bins, which are 10 Hz apart, expected one on a bin for a spectrum in q15");
  CHECK(refused({.take = Spectral::mfcc, .high_hz = half_the_rate, .mel = {2}}, int16) ==
        "features[0]: the cepstrum is of powers, expected one of logarithms for a spectrum in q15");
}
