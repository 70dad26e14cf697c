// What filters in integers do at full scale and behind it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/model/sos/sos_response.hpp"
#include "codegen/passes/passes.hpp"
#include "tests/model/samples.hpp"
#include "tests/passes/sos/designs.hpp"

using namespace emlc;
using model::Arithmetic;
using model::SosCascade;

namespace {

struct Result {
  SosCascade cascade;
  passes::PassResult report;
};

Result quantized(const SosCascade& cascade, const passes::PassConfig& config) {
  model::Model model = model::samples::filter_of(cascade);
  passes::PassResult report = passes::quantize_sos(model, config);
  return {std::get<SosCascade>(model.predictor), std::move(report)};
}

/// Full scale, from one end to the other every `period` samples, then silence.
std::vector<double> square(std::size_t period) {
  std::vector<double> x(20 * period + 2000, 0.0);
  for (std::size_t i = 0; i < 20 * period; ++i) x[i] = i / period % 2 == 0 ? -1.0 : 1.0 - 0x1p-15;
  return x;
}

/// The largest distance of the output from that of the rounded sections in double precision, cut off at full scale.
double distance_from_clipped(const SosCascade& cascade, const std::vector<double>& x) {
  const model::FixedPoint& fixed = *cascade.fixed;
  const double full = std::ldexp(1.0, fixed.headroom), gain = std::ldexp(full, fixed.lift);
  const std::vector<double> found = model::filter(cascade, x);
  const std::vector<double> expected = model::filter({.sections = cascade.sections}, x);
  double largest = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    largest = std::max(largest, std::abs(std::clamp(expected[i] * gain, -full, full) - found[i]));
  }
  return largest;
}

double step_of(const SosCascade& cascade) {
  return std::ldexp(1.0, cascade.fixed->headroom + 1 - info(cascade.fixed->arithmetic).sample_bits);
}

}  // namespace

TEST_CASE("full scale: behind what was cut off an integer high-pass is right at once") {
  for (const Arithmetic arithmetic : {Arithmetic::mixed, Arithmetic::q31}) {
    CAPTURE(info(arithmetic).name);
    const SosCascade found = quantized(test::high_pass_100, {.arithmetic = arithmetic}).cascade;
    CHECK(found.fixed->lift == 2);
    CHECK(found.fixed->overflow == model::Overflow::impossible);
    const double allowed = 40.0 * model::rounding_noise(found.sections, *found.fixed).rms * step_of(found);
    for (const std::size_t period : {1U, 3U, 50U, 400U}) {
      const std::vector<double> x = square(period);
      const std::vector<double> exact = model::filter(test::high_pass_100, x);
      if (period > 3) CHECK(std::abs(*std::max_element(exact.begin(), exact.end())) > 1.5);
      CHECK(distance_from_clipped(found, x) < allowed);
    }
    // Without the lift the same sections stay wrong: what this test is for.
    SosCascade direct = found;
    for (double* b : {&direct.sections[0].b0, &direct.sections[0].b1, &direct.sections[0].b2}) *b *= 4.0;
    direct.fixed->lift = 0;
    direct.fixed->overflow = model::Overflow::saturates;
    CHECK(distance_from_clipped(direct, square(50)) > 0.5);
  }
}

TEST_CASE("full scale: in 16 bits a lift has the room that the noise allows") {
  const Result found = quantized(test::high_pass_100, {.arithmetic = Arithmetic::q15});
  const model::FixedPoint& fixed = *found.cascade.fixed;
  CHECK(fixed.lift == 1);
  CHECK(fixed.overflow == model::Overflow::saturates);
  const double noise = model::rounding_noise(found.cascade.sections, fixed).rms;
  // Steps from one end to the other leave the filter with up to 1.9; faster ones, in tune with it, with more than 2.
  CHECK(distance_from_clipped(found.cascade, square(400)) < 20.0 * noise * step_of(found.cascade));
  CHECK(distance_from_clipped(found.cascade, square(50)) > 0.1);
}

TEST_CASE("full scale: filters that forget soon have no lift, nor those that no input of the range overflows") {
  const SosCascade smoothing{.sections = {{.b0 = 0.5, .b1 = 0.5, .b2 = 0.5, .a1 = -0.25}}};
  CHECK(quantized(smoothing, {.arithmetic = Arithmetic::q31}).cascade.fixed->lift == 0);
  model::Model quiet = model::samples::filter_of(test::high_pass_50);
  quiet.input.minimum = {-0.25};
  quiet.input.maximum = {0.25};
  passes::quantize_sos(quiet, {.arithmetic = Arithmetic::q31});
  CHECK(std::get<SosCascade>(quiet.predictor).fixed->lift == 0);
  CHECK(std::get<SosCascade>(quiet.predictor).fixed->overflow == model::Overflow::impossible);
}

TEST_CASE("full scale: headroom has room for what leaves the filter, in steps of its own") {
  const std::vector<double> x = square(50);
  const SosCascade plain = quantized(test::high_pass_50, {.arithmetic = Arithmetic::q31}).cascade;
  const SosCascade roomy = quantized(test::high_pass_50, {.arithmetic = Arithmetic::q31, .headroom = 1}).cascade;
  const std::vector<double> exact = model::filter(test::high_pass_50, x);
  const auto largest_error = [&](const SosCascade& cascade) {
    const std::vector<double> found = model::filter(cascade, x);
    double largest = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(found[i] - exact[i]));
    return largest;
  };
  CHECK(largest_error(plain) > 0.3);
  CHECK(largest_error(roomy) < 1e-5);
  CHECK(roomy.fixed->headroom == 1);
  CHECK(std::abs(model::largest_deviation(test::high_pass_50, roomy, 40.0).decibel) < 0.01);
}

TEST_CASE("full scale: the notes say what saturates and what has room for it") {
  const auto line = [](const std::vector<std::string>& notes, std::string_view start) {
    const auto found = std::find_if(notes.begin(), notes.end(), [&](const auto& n) { return n.starts_with(start); });
    return found == notes.end() ? std::string() : *found;
  };
  passes::PassConfig config{.arithmetic = Arithmetic::q31, .data = {square(50)}};
  const std::vector<std::string> notes = quantized(test::high_pass_50, config).report.notes;
  CHECK(line(notes, "gain:") ==
        "gain: up to each section but the last at most 1 for any input (L1); the output, at most 2.43 of full scale, "
        "saturates, what follows is right at once; --headroom 2 has room for all of it");
  CHECK(line(notes, "data:").ends_with("; --headroom 1 has room for them"));
  config.headroom = 2;
  const std::vector<std::string> roomy = quantized(test::high_pass_50, config).report.notes;
  CHECK(line(roomy, "gain:").ends_with("; no input of the range overflows any section"));
  CHECK(line(roomy, "headroom:") == "headroom: full scale of the output stands for 4");
  CHECK(line(roomy, "data:").empty());
}
