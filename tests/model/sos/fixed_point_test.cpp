#include "codegen/model/sos/fixed_point.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;

namespace {

using Samples = std::vector<std::int64_t>;

constexpr FixedPoint cmsis = {.arithmetic = Arithmetic::q15_cmsis, .fraction_bits = 13, .rounding = SosRounding::down};

/// An impulse of 16384, as the published vectors have it.
Samples impulse(std::size_t n) {
  Samples x(n, 0);
  x[0] = 16384;
  return x;
}

/// The definition in fixed_point.hpp once more, section by section over the whole signal.
Samples one_section(const FixedPoint& fixed, const SosIntegers& c, const Samples& x) {
  const std::int64_t step = std::int64_t{1} << fixed.shift(), grid = std::int64_t{1} << fixed.guard();
  const std::int64_t highest = (std::int64_t{1} << (info(fixed.arithmetic).sample_bits - 1)) - grid;
  const auto past = [](const Samples& signal, std::size_t n, std::size_t delay) {
    return n < delay ? std::int64_t{0} : std::int64_t{signal[n - delay]};
  };
  Samples y(x.size(), 0);
  std::int64_t rest = fixed.first_rest();
  for (std::size_t n = 0; n < x.size(); ++n) {
    const std::int64_t sum = rest + c[0] * past(x, n, 0) + c[1] * past(x, n, 1) + c[2] * past(x, n, 2) -
                             c[3] * past(y, n, 1) - c[4] * past(y, n, 2);
    std::int64_t quotient = sum / step;
    if (quotient * step > sum) --quotient;
    if (fixed.rounding == SosRounding::feedback) rest = sum - quotient * step;
    std::int64_t out = quotient * grid;
    if (out > highest) out = highest;
    if (out < -highest - grid) out = -highest - grid;
    y[n] = static_cast<std::int64_t>(out);
  }
  return y;
}

}  // namespace

// Vectors of the C source of CMSIS-DSP, see docs/formats.md.
TEST_CASE("fixed point: q15-cmsis gives what CMSIS-DSP gives with postShift 2") {
  const std::array<SosIntegers, 2> rounded = {{{8, 15, 8, -11183, 3912}, {8192, 16384, 8192, -13203, 6099}}};
  CHECK(filter_integers(cmsis, rounded, impulse(12)) ==
        Samples{16, 108, 357, 779, 1298, 1796, 2167, 2344, 2306, 2073, 1694, 1231});
  const std::array<SosIntegers, 2> truncated = {{{7, 15, 7, -11181, 3911}, {8191, 16382, 8191, -13201, 6098}}};
  CHECK(filter_integers(cmsis, truncated, impulse(12)) ==
        Samples{13, 97, 332, 736, 1235, 1714, 2069, 2235, 2191, 1956, 1579, 1122});
  const std::array<SosIntegers, 3> weighting = {
      {{4354, 8708, 4354, 6730, 1382}, {8192, -16384, 8192, -13972, 5865}, {8192, -16384, 8192, -16252, 8061}}};
  CHECK(filter_integers(cmsis, weighting, impulse(12)) ==
        Samples{8708, 7557, -6378, -4210, -1493, -2494, -944, -1169, -596, -551, -334, -266});
}

TEST_CASE("fixed point: every arithmetic follows its definition, at the ends of the range too") {
  std::mt19937 random(5);
  const SosIntegers small = {3000, -2900, 1200, -14000, 6000};
  for (const ArithmeticInfo& row : all_arithmetics()) {
    if (row.arithmetic == Arithmetic::float32) continue;
    for (const SosRounding rounding : {SosRounding::down, SosRounding::nearest, SosRounding::feedback}) {
      CAPTURE(row.name);
      FixedPoint fixed{.arithmetic = row.arithmetic, .fraction_bits = row.fewest_fraction_bits, .rounding = rounding};
      SosIntegers section = small;
      if (row.arithmetic == Arithmetic::q31) {
        for (std::int32_t& c : section) c = c * 2048 + 77;
      }
      REQUIRE(fit(fixed, section));
      const std::int64_t limit = std::int64_t{1} << (row.sample_bits - 1);
      Samples x;
      for (int i = 0; i < 400; ++i) {
        const auto noise = static_cast<std::int64_t>(random()) - 2147483648LL;
        x.push_back(i % 100 < 20 ? limit - 1 : (i % 100 < 40 ? -limit : (noise * limit / 2147483648LL) & -2));
      }
      CHECK(filter_integers(fixed, std::array<SosIntegers, 1>{section}, x) ==
            one_section(fixed, section, row.arithmetic == Arithmetic::mixed ? [&] {
              Samples even = x;
              for (std::int64_t& sample : even) sample &= -2;
              return even;
            }() : x));
    }
  }
}

TEST_CASE("fixed point: error feedback keeps the mean of a constant exactly") {
  const FixedPoint fixed{.arithmetic = Arithmetic::q15, .fraction_bits = 14};
  const SosIntegers half = {8192, 0, 0, 0, 0};
  CHECK(filter_integers(fixed, std::array<SosIntegers, 1>{half}, Samples(6, 3)) == Samples{2, 1, 2, 1, 2, 1});
  CHECK(filter_integers({.rounding = SosRounding::nearest}, std::array<SosIntegers, 1>{half}, Samples(3, 3)) ==
        Samples{2, 2, 2});
  CHECK(filter_integers({.rounding = SosRounding::down}, std::array<SosIntegers, 1>{half}, Samples(3, 3)) ==
        Samples{1, 1, 1});
}

TEST_CASE("fixed point: sums that the accumulators cannot hold do not fit") {
  const FixedPoint q15{.arithmetic = Arithmetic::q15, .fraction_bits = 14};
  CHECK(fit(q15, {32767, 32767, 0, 0, 0}));
  CHECK_FALSE(fit(q15, {32767, 32767, 2, 0, 0}));
  CHECK_FALSE(fit(q15, {32768, 0, 0, 0, 0}));
  CHECK_FALSE(fit(q15, {0, 0, 0, -32768, 0}));
  const FixedPoint mixed{.arithmetic = Arithmetic::mixed, .fraction_bits = 14};
  CHECK(fit(mixed, {32767, 32767, 0, 0, 0}));
  CHECK_FALSE(fit(mixed, {32767, 32767, 2, 0, 0}));
  const FixedPoint q31{.arithmetic = Arithmetic::q31, .fraction_bits = 26};
  CHECK(fit(q31, {1 << 26, 1 << 26, 1 << 26, 1 << 25, 0}));
  CHECK_FALSE(fit(q31, {1 << 27, 0, 0, 0, 0}));
  CHECK_FALSE(fit(q31, {(1 << 27) - 1, (1 << 27) - 1, 1 << 13, 0, 0}));
}

TEST_CASE("fixed point: 1 is full scale, which saturates") {
  const FixedPoint q15{.arithmetic = Arithmetic::q15};
  CHECK(to_sample(q15, 0.5) == 16384);
  CHECK(to_sample(q15, 1.0) == 32767);
  CHECK(to_sample(q15, -7.0) == -32768);
  CHECK(to_sample(q15, 1.5 / 32768.0) == 2);
  CHECK(to_sample(q15, -1.5 / 32768.0) == -1);
  CHECK(to_sample(q15, std::nan("")) == 0);
  CHECK(from_sample(q15, -16384) == -0.5);
  CHECK(to_sample({.arithmetic = Arithmetic::q31}, 1.0) == 2147483647);
}

TEST_CASE("fixed point: a lift saturates behind the section, which goes on from what it had") {
  // y[n] = x[n] / 2 + y[n-1], summed up in steps of 4 of the output.
  const std::array<SosIntegers, 1> sum = {{{8192, 0, 0, -16384, 0}}};
  const Samples x = {20000, 20000, 20000, -20000, -20000, -20000, -20000};
  FixedPoint fixed{.arithmetic = Arithmetic::q15, .rounding = SosRounding::down};
  CHECK(filter_integers(fixed, sum, x) == Samples{10000, 20000, 30000, 20000, 10000, 0, -10000});
  fixed.lift = 1;
  CHECK(filter_integers(fixed, sum, x) == Samples{20000, 32766, 32766, 32766, 20000, 0, -20000});
  fixed.lift = 2;
  CHECK(filter_integers(fixed, sum, Samples{-20000, -20000, 20000}) == Samples{-32768, -32768, -32768});
  fixed.arithmetic = Arithmetic::mixed;
  const std::array<SosIntegers, 1> half = {{{8192, 0, 0, 0, 0}}};
  CHECK(filter_integers(fixed, half, Samples{INT32_MAX, INT32_MIN, 1 << 20}) ==
        Samples{INT32_MAX - 3, INT32_MIN, 1 << 21});
}

TEST_CASE("fixed point: with headroom full scale of the output stands for a power of two") {
  const FixedPoint q15{.arithmetic = Arithmetic::q15, .headroom = 3};
  CHECK(to_sample(q15, 0.5) == 16384);
  CHECK(from_sample(q15, 16384) == 4.0);
  CHECK(from_sample(q15, -32768) == -8.0);
}

TEST_CASE("fixed point: a cascade of integers is checked") {
  SosCascade cascade{.sections = {{.b0 = 0.5, .a1 = -0.25}}, .fixed = FixedPoint{}};
  Model model = samples::filter_of(cascade);
  CHECK(check(model, "f").empty());
  CHECK(predict(model, std::vector{0.5, 0.0, -1.0}) == std::vector{0.25, 0.0625, -0.484375});
  auto& sections = std::get<SosCascade>(model.predictor).sections;
  sections[0].b1 = 0.1;
  CHECK_THROWS_WITH_AS(check(model, "f"), "f: sections[0]: 0.1 is no multiple of 2^-14", emlc::Error);
  sections[0].b1 = 2.0;
  CHECK_THROWS_WITH_AS(check(model, "f"), "f: model.sections: coefficients are too large for the accumulators",
                       emlc::Error);
  sections[0] = {};
  for (int FixedPoint::*bits : {&FixedPoint::lift, &FixedPoint::headroom}) {
    FixedPoint& fixed = *std::get<SosCascade>(model.predictor).fixed;
    fixed.*bits = 15;
    CHECK(check(model, "f").empty());
    for (const int wrong : {-1, 16}) {
      fixed.*bits = wrong;
      CHECK_THROWS_AS(check(model, "f"), emlc::Error);
    }
    fixed.*bits = 16;
    CHECK_THROWS_WITH_AS(check(model, "f"), "f: model.headroom: expected 0 to 15 bits, found 16", emlc::Error);
    fixed.*bits = 0;
  }
  sections[0] = {.a0 = 2.0};
  CHECK_THROWS_WITH_AS(check(model, "f"), "f: sections[0]: a0 must be 1 in a filter in integers", emlc::Error);
}
