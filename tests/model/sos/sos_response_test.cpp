#include "codegen/model/sos/sos_response.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

using namespace emlc::model;

TEST_CASE("sos response: norms of a first-order section are those of its geometric series") {
  const std::array<SosSection, 1> section = {{{.a1 = -0.5}}};
  const ImpulseNorms norms = impulse_norms(section);
  CHECK(norms.absolute_sum == doctest::Approx(2.0).epsilon(1e-9));
  CHECK(norms.energy_root == doctest::Approx(std::sqrt(4.0 / 3.0)).epsilon(1e-9));
  const std::array<SosSection, 2> twice = {{{.b0 = 2.0, .a0 = 2.0, .a1 = -1.0}, {.b0 = 3.0}}};
  CHECK(impulse_norms(twice).absolute_sum == doctest::Approx(6.0).epsilon(1e-9));
  const std::array<SosSection, 1> slow = {{{.a1 = -0.99999}}};
  CHECK(impulse_norms(slow).absolute_sum == doctest::Approx(1e5).epsilon(1e-6));
}

TEST_CASE("sos response: the largest deviation is found, within the range of interest only") {
  const SosCascade flat{.sections = {{.b0 = 2.0}}}, louder{.sections = {{.b0 = 2.2}}};
  CHECK(largest_deviation(flat, louder, 40.0).decibel == doctest::Approx(20.0 * std::log10(1.1)));
  CHECK(largest_deviation(flat, flat, 40.0).decibel == 0.0);
  // A zero at half the sample rate that moves: infinitely far off there, which 40 dB leave out.
  const SosCascade zero{.sections = {{.b0 = 1.0, .b1 = 1.0}}}, moved{.sections = {{.b0 = 1.0, .b1 = 0.99}}};
  CHECK(std::abs(largest_deviation(zero, moved, 40.0).decibel) < 1.1);
  CHECK(std::abs(largest_deviation(zero, moved, 60.0).decibel) > 10.0);
  CHECK(largest_deviation(zero, moved, 60.0).frequency > 0.499);
}

TEST_CASE("sos response: rounding noise without feedback is that of 1/A, with feedback that of (1 - 1/z)/A") {
  const std::array<SosSection, 1> section = {{{.b0 = 0.1, .a1 = -0.5}}};
  FixedPoint fixed{.rounding = SosRounding::nearest};
  CHECK(rounding_noise(section, fixed).rms == doctest::Approx(std::sqrt(4.0 / 3.0 / 12.0)).epsilon(1e-9));
  CHECK(rounding_noise(section, fixed).largest[0] == doctest::Approx(2.0).epsilon(1e-9));
  fixed.rounding = SosRounding::feedback;  // 1, -0.5, -0.25, ...
  CHECK(rounding_noise(section, fixed).rms == doctest::Approx(std::sqrt(4.0 / 3.0 / 12.0)).epsilon(1e-9));
  CHECK(rounding_noise(section, fixed).largest[0] == doctest::Approx(2.0).epsilon(1e-9));
  fixed.rounding = SosRounding::down;  // half a step below on average, twice that after 1/A(1)
  CHECK(rounding_noise(section, fixed).rms == doctest::Approx(std::sqrt(1.0 + 4.0 / 3.0 / 12.0)).epsilon(1e-9));
}

TEST_CASE("sos response: after a sample was cut a section is off until 1/A has decayed to a hundredth") {
  CHECK(samples_to_recover({.b0 = 7.0}) == 0);
  CHECK(samples_to_recover({.a1 = -0.5}) == 6);  // 2^-6 is the last above 0.01
  CHECK(samples_to_recover({.a0 = 2.0, .a1 = -1.0}) == 6);
  CHECK(samples_to_recover({.a1 = -1.0, .a2 = 0.25}) == 10);  // (n + 1) 2^-n
  CHECK(samples_to_recover({.a1 = 0.0, .a2 = -0.81}) == 42);  // 0.9^n, every other n
  CHECK(samples_to_recover({.a1 = -1.0}) == (1U << 21U) - 1U);
}

TEST_CASE("sos response: a lift amplifies the noise, and gains count lift and headroom") {
  const std::array<SosSection, 1> section = {{{.b0 = 0.125, .a1 = -0.5}}};
  FixedPoint fixed{.rounding = SosRounding::nearest};
  const double plain = rounding_noise(section, fixed).rms;
  fixed.lift = 2;
  CHECK(rounding_noise(section, fixed).rms == doctest::Approx(4.0 * plain));
  fixed.headroom = 1;
  CHECK(gain({.sections = {section[0]}, .fixed = fixed}, 0.0) == doctest::Approx(0.25 * 8.0));
}

TEST_CASE("sos response: overflow is ruled out by the sum of the impulse response and the rounding errors") {
  const FixedPoint fixed{.fraction_bits = 14};
  const auto overflow = [&](double b0, double input) {
    return overflow_of(std::array<SosSection, 1>{{{.b0 = b0, .a1 = -0.5}}}, fixed, input);
  };
  CHECK(overflow(0.4999, 1.0) == Overflow::impossible);
  CHECK(overflow(0.5, 1.0) == Overflow::saturates);
  CHECK(overflow(1.0, 0.49) == Overflow::impossible);
  CHECK(overflow(1.0, 0.51) == Overflow::saturates);
}
