#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;

namespace {

/// The difference equation as it is written, with past inputs and outputs.
std::vector<double> direct_form_1(const SosSection& s, const std::vector<double>& x) {
  std::vector<double> y;
  const auto past = [](const std::vector<double>& signal, std::size_t n, std::size_t delay) {
    return n >= delay ? signal[n - delay] : 0.0;
  };
  for (std::size_t n = 0; n < x.size(); ++n) {
    y.push_back(
        (s.b0 * x[n] + s.b1 * past(x, n, 1) + s.b2 * past(x, n, 2) - s.a1 * past(y, n, 1) - s.a2 * past(y, n, 2)) /
        s.a0);
  }
  return y;
}

std::vector<double> test_signal(std::size_t n) {
  std::vector<double> x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(std::sin(static_cast<double>(i * i)) + (i == 0 ? 1.0 : 0.0));
  return x;
}

}  // namespace

TEST_CASE("filter: a cascade follows the difference equation of each section in turn") {
  const SosSection first{0.2, -0.4, 0.3, 2.0, -1.5, 0.8}, second{1.0, 2.0, 1.0, 1.0, 0.25, -0.5};
  const std::vector<double> x = test_signal(200);
  const std::vector<double> expected = direct_form_1(second, direct_form_1(first, x));
  const std::vector<double> y = filter({.sections = {first, second}, .sample_rate = {}, .initial_state = {}}, x);
  REQUIRE(y.size() == expected.size());
  for (std::size_t n = 0; n < y.size(); ++n)
    CHECK(std::abs(y[n] - expected[n]) <= 1e-13 * (1.0 + std::abs(expected[n])));
}

TEST_CASE("filter: an initial state counts in the first outputs") {
  const SosCascade cascade{
      .sections = {{0.5, 0.25, 0.125, 1.0, -0.5, 0.25}}, .sample_rate = {}, .initial_state = {{3.0, 8.0}}};
  // y0 = z1; z1 = -a1 y0 + z2; then as from rest with an input of 0.
  CHECK(filter(cascade, std::vector{0.0, 0.0, 0.0}) == std::vector{3.0, 9.5, 4.0});
  CHECK(predict(samples::filter_of(cascade), std::vector{0.0}) == std::vector{3.0});
  CHECK(filter(cascade, {}).empty());
}

TEST_CASE("filter: the pole radius is the larger root of the denominator") {
  CHECK(pole_radius({.a0 = 1.0, .a1 = 0.0, .a2 = 0.25}) == 0.5);                      // +-0.5i
  CHECK(pole_radius({.a0 = 2.0, .a1 = 0.0, .a2 = 0.5}) == 0.5);                       // divided by a0
  CHECK(pole_radius({.a0 = 1.0, .a1 = -0.75, .a2 = 0.125}) == doctest::Approx(0.5));  // 0.5 and 0.25
  CHECK(pole_radius({.a0 = 1.0, .a1 = 1.5, .a2 = 0.5}) == doctest::Approx(1.0));      // -1 and -0.5
  CHECK(pole_radius({.a0 = 1.0, .a1 = 0.0, .a2 = 0.0}) == 0.0);                       // no feedback
}
