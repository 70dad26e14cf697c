#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/model/sos/sos_response.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/sos/design.hpp"
#include "tests/model/samples.hpp"

using namespace emlc;
using model::Arithmetic;
using model::SosCascade;
using model::SosSection;

namespace {

/// scipy.signal.butter(4, 1000, fs=16000, output='sos')
const SosCascade butterworth{.sections = {{0.0009334986129548442, 0.0018669972259096883, 0.0009334986129548442, 1.0,
                                           -1.3651172372392975, 0.4775922500725171},
                                          {1.0, 2.0, 1.0, 1.0, -1.6117270964574348, 0.7445208382054344}},
                             .sample_rate = 16000.0};

/// The A-weighting curve at 16 kHz, see docs/formats.md.
const SosCascade a_weighting{.sections = {{0.5314898298235572, 1.0629796596471144, 0.5314898298235572, 1.0,
                                           0.8215638179811064, 0.16874177675392316},
                                          {1.0, -2.0, 1.0, 1.0, -1.7055096337052893, 0.7159875753453993},
                                          {1.0, -2.0, 1.0, 1.0, -1.9838867572679788, 0.9839516664158141}},
                             .sample_rate = 16000.0};

/// scipy.signal.butter(2, 5, 'highpass', fs=16000, output='sos')
const SosCascade low_cut{.sections = {{0.9986125644427527, -1.9972251288855053, 0.9986125644427527, 1.0,
                                       -1.9972232039190918, 0.9972270538519189}},
                         .sample_rate = 16000.0};

/// scipy.signal.butter(4, 5, 'highpass', fs=16000, output='sos'): up to the last section the gain is nearly all that
/// fits.
const SosCascade steep_low_cut{.sections = {{0.997437857040275, -1.99487571408055, 0.997437857040275, 1.0,
                                             -1.9963746570663576, 0.9963785053983406},
                                            {1.0, -2.0, 1.0, 1.0, -1.998494482568731, 0.9984983349870172}},
                               .sample_rate = 16000.0};

struct Result {
  SosCascade cascade;
  passes::PassResult report;
};

Result quantized(const SosCascade& cascade, Arithmetic arithmetic) {
  model::Model model = model::samples::filter_of(cascade);
  passes::PassResult report = passes::quantize_sos(model, {.arithmetic = arithmetic});
  model::check(model, "quantized");
  return {std::get<SosCascade>(model.predictor), std::move(report)};
}

std::vector<double> noise(double amplitude, double full_scale) {
  std::mt19937 random(3);
  std::vector<double> x;
  for (int i = 0; i < 20000; ++i) {
    x.push_back(std::round(amplitude * (static_cast<double>(random()) / 2147483648.0 - 1.0)) / full_scale);
  }
  return x;
}

double rms_error(const SosCascade& exact, const SosCascade& rounded, const std::vector<double>& x) {
  const std::vector<double> expected = model::filter(exact, x), found = model::filter(rounded, x);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (expected[i] - found[i]) * (expected[i] - found[i]);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

void check_refused(const SosCascade& cascade, Arithmetic arithmetic, const char* message) {
  model::Model model = model::samples::filter_of(cascade);
  CHECK_THROWS_WITH_AS(passes::quantize_sos(model, {.arithmetic = arithmetic}), message, Error);
}

}  // namespace

TEST_CASE("quantize-sos: the Butterworth low-pass in q15 is within 1 LSB RMS, as the analysis says") {
  const Result result = quantized(butterworth, Arithmetic::q15);
  const double error = rms_error(butterworth, result.cascade, noise(8192.0, 32768.0)) * 32768.0;
  CHECK(error < 1.0);
  const double predicted = model::rounding_noise(result.cascade.sections, *result.cascade.fixed).rms;
  CHECK(predicted == doctest::Approx(0.49).epsilon(0.02));
  CHECK(error > 0.9 * predicted);
  CHECK(std::abs(model::largest_deviation(butterworth, result.cascade, 80.0).decibel) < 0.005);
  CHECK(result.cascade.fixed->fraction_bits == 14);
  CHECK(result.report.changes == 2);
  CHECK(result.report.notes.size() == 4);
}

TEST_CASE("quantize-sos: no section but the last overflows for any input") {
  for (const SosCascade& cascade : {butterworth, a_weighting}) {
    const SosCascade found = quantized(cascade, Arithmetic::q31).cascade;
    for (std::size_t n = 1; n < found.sections.size(); ++n) {
      CHECK(model::impulse_norms(std::span(found.sections).first(n)).absolute_sum <= 1.0);
    }
  }
}

TEST_CASE("quantize-sos: A-weighting and a 5 Hz low cut come out right in q31") {
  for (const SosCascade& cascade : {a_weighting, low_cut}) {
    const SosCascade found = quantized(cascade, Arithmetic::q31).cascade;
    CHECK(std::abs(model::largest_deviation(cascade, found, 40.0).decibel) < 0.03);
    CHECK(rms_error(cascade, found, noise(1e9, 0x1p32)) * 0x1p31 < 9000.0);  // 90 dB below the signal
  }
}

TEST_CASE("quantize-sos: a section gives no gain away that the last one cannot hold") {
  const SosCascade found = quantized(steep_low_cut, Arithmetic::q31).cascade;
  CHECK(std::abs(model::largest_deviation(steep_low_cut, found, 40.0).decibel) < 0.2);
  CHECK(rms_error(steep_low_cut, found, noise(1e9, 0x1p32)) * 0x1p31 < 70000.0);  // 78 dB below the signal
}

TEST_CASE("quantize-sos: what an arithmetic cannot hold is refused with the reason and with what would do") {
  check_refused(
      a_weighting, Arithmetic::q15,
      "--arithmetic: q15 is not good enough for this filter: rounded to its coefficients a pole has radius 1; "
      "q31 would do");
  check_refused(a_weighting, Arithmetic::mixed,
                "--arithmetic: mixed is not good enough for this filter: the response would be off by 0.96 dB at 40.09 "
                "Hz, more than 0.5 dB within 40 dB of its peak; q31 would do");
  check_refused(
      low_cut, Arithmetic::q15,
      "--arithmetic: q15 is not good enough for this filter: rounded to its coefficients a pole has radius 1; "
      "q31 would do");
  check_refused(a_weighting, Arithmetic::q15_cmsis,
                "--arithmetic: q15-cmsis is not good enough for this filter: coefficients do not fit; q31 would do");
  check_refused({.sections = {{.b0 = 1000.0, .a1 = -0.5}}}, Arithmetic::q31,
                "--arithmetic: q31 is not good enough for this filter: coefficients do not fit; float would do");
  check_refused(
      {.sections = {{}, {.a1 = -2.0, .a2 = 1.0}}}, Arithmetic::q31,
      "--arithmetic: q31 needs a stable filter, sections[1] has a pole of radius 1; float would take it as it "
      "is");
  check_refused(
      {.sections = {{.a1 = -(1.0 - 1e-9)}}}, Arithmetic::q31,
      "--arithmetic: q31 needs a filter that settles within two million samples; no other arithmetic would do: "
      "take fewer sections, or a lower sample rate");
  check_refused({.sections = {{}}, .initial_state = {{0.5, 0.0}}}, Arithmetic::q15,
                "--arithmetic: q15 filters start from silence, the model has an initial state; float would do");
}

TEST_CASE("quantize-sos: a declared range that rules overflow out needs no saturation") {
  model::Model model = model::samples::filter_of(butterworth);
  model.input.minimum = {-0.75};
  model.input.maximum = {0.5};
  passes::quantize_sos(model, {.arithmetic = Arithmetic::q15});
  CHECK(std::get<SosCascade>(model.predictor).fixed->overflow == model::Overflow::impossible);
  CHECK(quantized(butterworth, Arithmetic::q15).cascade.fixed->overflow == model::Overflow::saturates);
  model.predictor = butterworth;
  model.input.minimum = {-1e-6};
  model.input.maximum = {1e-6};
  passes::quantize_sos(model, {.arithmetic = Arithmetic::q15});
  CHECK(std::get<SosCascade>(model.predictor).fixed->overflow == model::Overflow::impossible);
}

TEST_CASE("quantize-sos: a second run changes nothing") {
  model::Model model = model::samples::filter_of(butterworth);
  passes::quantize_sos(model, {.arithmetic = Arithmetic::q15});
  CHECK(passes::quantize_sos(model, {.arithmetic = Arithmetic::q15}).changes == 0);
}

TEST_CASE("quantize-sos: error feedback where the poles are low, rounding to nearest where they are high") {
  const SosCascade high{.sections = {{.b0 = 0.05, .a1 = 1.6, .a2 = 0.8}}};
  CHECK(quantized(high, Arithmetic::q15).cascade.fixed->rounding == model::SosRounding::nearest);
  CHECK(quantized(butterworth, Arithmetic::q15).cascade.fixed->rounding == model::SosRounding::feedback);
}

TEST_CASE("sos order: swapping sections, poles and zeros keeps the response") {
  for (const SosCascade& cascade : {butterworth, a_weighting}) {
    const SosCascade ordered = passes::order_sections(cascade, model::SosRounding::feedback);
    CHECK(std::abs(model::largest_deviation(cascade, ordered, 100.0).decibel) < 1e-8);
    const SosCascade balanced = passes::balance_gains(ordered, passes::SosBound::any_sine, 0.5);
    CHECK(std::abs(model::largest_deviation(cascade, balanced, 100.0).decibel) < 1e-8);
    CHECK(model::peak_gain({.sections = {balanced.sections.front()}}) == doctest::Approx(0.5));
  }
}

TEST_CASE("sos rounding: zeros at 0 Hz and at half the sample rate stay there") {
  const SosCascade found = quantized(a_weighting, Arithmetic::q31).cascade;
  for (const SosSection& s : found.sections) {
    CHECK(s.b2 == s.b0);
    CHECK(std::abs(s.b1) == 2.0 * s.b0);
  }
}

TEST_CASE("quantize_sos: data that leaves the filter beyond full scale is counted") {
  // y[n] = x[n] + x[n - 1]: of the first signal 0.75, 1.5, 0.5, 0 and of the second -1, -1.25
  model::Model model = model::samples::filter_of({.sections = {{1.0, 1.0, 0.0, 1.0, 0.0, 0.0}}, .sample_rate = 8000.0});
  const passes::PassConfig config = {.arithmetic = Arithmetic::q15, .data = {{0.75, 0.75, -0.25, 0.25}, {-1.0, -0.25}}};
  const passes::PassResult result = passes::quantize_sos(model, config);
  REQUIRE(!result.notes.empty());
  CHECK(result.notes.back() ==
        "data: 2 of 6 samples leave the filter beyond full scale, up to 1.5, and saturate; the error counts them; "
        "--headroom 1 has room for them");

  model::Model quiet = model::samples::filter_of({.sections = {{1.0, 1.0, 0.0, 1.0, 0.0, 0.0}}, .sample_rate = 8000.0});
  for (const std::string& note :
       passes::quantize_sos(quiet, {.arithmetic = Arithmetic::q15, .data = {{0.5, 0.5}}}).notes)
    CHECK(note.find("data:") == std::string::npos);
}
