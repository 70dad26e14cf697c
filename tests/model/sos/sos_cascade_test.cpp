#include "codegen/model/sos/sos_cascade.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

using namespace emlc::model;

TEST_CASE("poles and zeros: conjugate pairs, real roots, missing roots") {
  const double radius = 0.9, angle = 1.0;
  SosSection section{.b0 = 2.0, .b1 = -10.0, .b2 = 12.0};  // 2 (z - 2) (z - 3)
  section.a0 = 0.5;
  section.a1 = 0.5 * -2.0 * radius * std::cos(angle);
  section.a2 = 0.5 * radius * radius;
  const auto pair = poles(section);
  REQUIRE(pair.size() == 2);
  CHECK(std::abs(pair[0]) == doctest::Approx(radius));
  CHECK(std::arg(pair[0]) == doctest::Approx(angle));
  CHECK(pair[1] == std::conj(pair[0]));
  CHECK(pole_radius(section) == doctest::Approx(radius));
  const auto real = zeros(section);
  REQUIRE(real.size() == 2);
  CHECK(real[0].real() == doctest::Approx(3.0));
  CHECK(real[1].real() == doctest::Approx(2.0));

  CHECK(zeros({.b0 = 0.0, .b1 = 2.0, .b2 = 1.0}) == std::vector<std::complex<double>>{-0.5});
  CHECK(zeros({.b0 = 0.0, .b1 = 0.0, .b2 = 1.0}).empty());
  CHECK(poles({}) == std::vector<std::complex<double>>{0.0, 0.0});
}

TEST_CASE("gain: a difference, a mean, and their cascade") {
  const SosSection difference{.b0 = 1.0, .b1 = -1.0}, mean{.b0 = 0.5, .b1 = 0.5};
  CHECK(gain({.sections = {difference}}, 0.0) == 0.0);
  CHECK(gain({.sections = {difference}}, 0.25) == doctest::Approx(std::numbers::sqrt2));
  CHECK(gain({.sections = {difference}}, 0.5) == doctest::Approx(2.0));
  CHECK(gain({.sections = {mean}}, 0.0) == doctest::Approx(1.0));
  // |1 - e^-jw| |1 + e^-jw| / 2 = |sin w|
  CHECK(gain({.sections = {difference, mean}}, 0.1) == doctest::Approx(std::sin(0.2 * std::numbers::pi)));
  // One pole: 0.1 / |1 - 0.9 e^-jw| is 1 at DC.
  CHECK(gain({.sections = {{.b0 = 0.1, .a1 = -0.9}}}, 0.0) == doctest::Approx(1.0));
}
