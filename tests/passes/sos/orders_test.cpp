// Filters that integers hold in some order of their sections, and advice.
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

#include "codegen/model/error.hpp"
#include "codegen/model/sos/sos_response.hpp"
#include "codegen/passes/passes.hpp"
#include "codegen/passes/sos/design.hpp"
#include "tests/model/samples.hpp"
#include "tests/passes/sos/designs.hpp"

using namespace emlc;
using model::Arithmetic;
using model::SosCascade;

namespace {

SosCascade quantized(const SosCascade& cascade, Arithmetic arithmetic) {
  model::Model model = model::samples::filter_of(cascade);
  passes::quantize_sos(model, {.arithmetic = arithmetic});
  return std::get<SosCascade>(model.predictor);
}

double noise(const SosCascade& cascade) { return model::rounding_noise(cascade.sections, *cascade.fixed).rms; }

std::string refusal(const SosCascade& cascade, Arithmetic arithmetic) {
  model::Model model = model::samples::filter_of(cascade);
  try {
    passes::quantize_sos(model, {.arithmetic = arithmetic});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("orders: what q15 holds mixed holds too") {
  for (const SosCascade* cascade : {&test::band_pass, &test::narrow_band_pass}) {
    for (const Arithmetic arithmetic : {Arithmetic::q15, Arithmetic::mixed}) {
      const SosCascade found = quantized(*cascade, arithmetic);
      CHECK(std::abs(model::largest_deviation(*cascade, found, 40.0).decibel) <= 0.5);
    }
  }
}

TEST_CASE("orders: q15-cmsis takes an order whose coefficients fit and whose noise is least") {
  for (const SosCascade* cascade : {&test::elliptic_band_pass, &test::chebyshev_high_pass}) {
    const SosCascade found = quantized(*cascade, Arithmetic::q15_cmsis);
    CHECK(std::abs(model::largest_deviation(*cascade, found, 40.0).decibel) <= 0.5);
    CHECK(noise(found) < 27.0);
  }
}

TEST_CASE("orders: all that differ of up to four sections, none twice, all with the response") {
  std::set<std::vector<double>> seen;
  const auto orders = passes::likely_orders(test::chebyshev_high_pass, model::SosRounding::feedback, 1000);
  CHECK(orders.size() == 6);  // the zeros of all sections are alike
  for (const SosCascade& order : orders) {
    CHECK(std::abs(model::largest_deviation(test::chebyshev_high_pass, order, 100.0).decibel) < 1e-7);
    std::vector<double> poles;
    for (const model::SosSection& s : order.sections) poles.push_back(s.a1);
    CHECK(seen.insert(poles).second);
  }
  CHECK(passes::likely_orders(test::elliptic_band_pass, model::SosRounding::nearest, 1000).size() == 576);
  CHECK(passes::likely_orders(test::elliptic_band_pass, model::SosRounding::nearest, 10).size() == 10);
  SosCascade long_one = test::elliptic_band_pass;
  long_one.sections.push_back({1.0, 0.5, 0.25, 1.0, -0.5, 0.1});
  // One and, of ten pairs of sections, swaps of poles, of zeros, of both; two of the zeros are nearly alike and count.
  CHECK(passes::likely_orders(long_one, model::SosRounding::nearest, 1000).size() == 31);
}

TEST_CASE("orders: advice names what was tried and holds, or nothing") {
  const auto advice = [](const SosCascade& cascade, Arithmetic arithmetic) {
    const std::string text = refusal(cascade, arithmetic);
    return text.substr(text.rfind(';') + 1);
  };
  const SosCascade slow{.sections = {{.b0 = 1e-9, .a1 = -(1.0 - 1e-9)}}};  // float32 makes an integrator of it
  CHECK(refusal(slow, Arithmetic::q31) ==
        "--arithmetic: q31 needs a filter that settles within two million samples; no other arithmetic would do: "
        "take fewer sections, or a lower sample rate");
  CHECK(advice({.sections = {{.b0 = 1000.0, .a1 = -0.5}}}, Arithmetic::q15) == " float would do");
  CHECK(advice({.sections = {{.b0 = 0.004, .a1 = -0.996}}}, Arithmetic::q15_cmsis) == " q15 would do");
}
