#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/formats/tmdl/models.hpp"
#include "tests/formats/tmdl/reading.hpp"
#include "tests/runtime/blob.hpp"

namespace {

using namespace emlc;
using namespace emlc::test;
using model::Arithmetic;

constexpr std::size_t first = EMLC_TMDL_HEADER_SIZE;

std::vector<model::FixedPoint> all_forms() {
  std::vector<model::FixedPoint> forms;
  for (const Arithmetic arithmetic : {Arithmetic::q15, Arithmetic::mixed, Arithmetic::q31, Arithmetic::q15_cmsis}) {
    for (const auto rounding : {model::SosRounding::down, model::SosRounding::nearest, model::SosRounding::feedback}) {
      forms.push_back({.arithmetic = arithmetic, .rounding = rounding});
      forms.push_back({.arithmetic = arithmetic, .rounding = rounding, .lift = 1, .headroom = 3});
    }
  }
  return forms;
}

/// A step that saturates and ends.
std::vector<double> step() {
  std::vector<double> x(200, 0.0);
  for (std::size_t i = 0; i < 100; ++i) x[i] = i % 40 < 20 ? 1.0 : -0.875;
  return x;
}

template <class Sample>
std::vector<double> run_blob(const Blob& blob, const model::FixedPoint& fixed,
                             emlc_status (*filter)(const emlc_model*, std::uint32_t*, const Sample*, Sample*,
                                                   std::size_t)) {
  emlc_model opened;
  REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &opened) == EMLC_OK);
  CHECK(opened.sample_bits == 8 * sizeof(Sample));
  CHECK(opened.work_size == 2 * (sizeof(Sample) == 2 ? 8 : 16));
  std::vector<Sample> samples;
  for (const double x : step()) samples.push_back(static_cast<Sample>(model::to_sample(fixed, x)));
  std::vector<std::uint32_t> state(opened.work_size / 4);
  REQUIRE(emlc_filter_reset_fixed(&opened, state.data()) == EMLC_OK);
  REQUIRE(filter(&opened, state.data(), samples.data(), samples.data(), samples.size()) == EMLC_OK);
  std::vector<double> y;
  for (const Sample sample : samples) y.push_back(model::from_sample(fixed, sample));
  return y;
}

}  // namespace

TEST_CASE("tmdl: a filter in integers runs with the bits of the interpreter, and is read back as it was") {
  for (const model::FixedPoint& form : all_forms()) {
    CAPTURE(info(form.arithmetic).name);
    const model::Model model = integer_filter(form);
    const auto& cascade = std::get<model::SosCascade>(model.predictor);
    const Blob blob = to_blob(formats::write_tmdl(model).bytes);
    const std::vector<double> expected = model::filter(cascade, step());
    CHECK((info(form.arithmetic).sample_bits == 16
               ? run_blob<std::int16_t>(blob, *cascade.fixed, emlc_filter_q15)
               : run_blob<std::int32_t>(blob, *cascade.fixed, emlc_filter_q31)) == expected);
    const model::Model found = read(blob);
    CHECK(model::check(found, "m.tmdl").empty());
    const auto& same = std::get<model::SosCascade>(found.predictor);
    CHECK(integers(same) == integers(cascade));
    CHECK(same.sample_rate == cascade.sample_rate);
    CHECK(model::filter(same, step()) == expected);
    CHECK(same.fixed->headroom == form.headroom);
    CHECK(to_blob(formats::write_tmdl(found).bytes) == blob);
  }
}

TEST_CASE("tmdl: functions for one kind of samples refuse another one") {
  const auto opened = [](const Blob& blob) {
    emlc_model model;
    REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
    return model;
  };
  const Blob floats = to_blob(formats::write_tmdl(filter()).bytes);
  const Blob q15 = to_blob(formats::write_tmdl(integer_filter({.arithmetic = Arithmetic::q15})).bytes);
  const Blob q31 = to_blob(formats::write_tmdl(integer_filter({.arithmetic = Arithmetic::q31})).bytes);
  std::vector<std::uint32_t> state(8, 7U);
  std::vector<float> float_state(4, 7.0F);
  std::int16_t narrow = 3;
  std::int32_t wide = 3;
  float real = 3.0F;
  for (const Blob* blob : {&floats, &q15, &q31}) {
    const emlc_model model = opened(*blob);
    const auto status = [&](const Blob& own) { return blob == &own ? EMLC_OK : EMLC_ERR_UNSUPPORTED; };
    const auto float_status = status(floats), fixed_status = blob == &floats ? EMLC_ERR_UNSUPPORTED : EMLC_OK;
    CHECK(emlc_filter_reset(&model, float_state.data()) == float_status);
    CHECK(emlc_filter(&model, float_state.data(), &real, &real, 0) == float_status);
    CHECK(emlc_filter_reset_fixed(&model, state.data()) == fixed_status);
    CHECK(emlc_filter_q15(&model, state.data(), &narrow, &narrow, 0) == status(q15));
    CHECK(emlc_filter_q31(&model, state.data(), &wide, &wide, 0) == status(q31));
    CHECK(emlc_run(&model, &real, &real, state.data()) == EMLC_ERR_UNSUPPORTED);
  }
  const emlc_model model = opened(q15);
  CHECK(emlc_filter_reset_fixed(nullptr, state.data()) == EMLC_ERR_NULL);
  CHECK(emlc_filter_reset_fixed(&model, nullptr) == EMLC_ERR_NULL);
  CHECK(emlc_filter_q15(nullptr, state.data(), &narrow, &narrow, 1) == EMLC_ERR_NULL);
  CHECK(emlc_filter_q15(&model, nullptr, &narrow, &narrow, 1) == EMLC_ERR_NULL);
  CHECK(emlc_filter_q31(nullptr, state.data(), &wide, &wide, 1) == EMLC_ERR_NULL);
  CHECK(narrow == 3);
}

TEST_CASE("tmdl: a filter in integers that is none is refused with the byte and the field") {
  const Blob plain = to_blob(formats::write_tmdl(integer_filter({.arithmetic = Arithmetic::q31})).bytes);
  const auto refusal = [&](std::size_t at, std::uint32_t value) {
    Blob blob = plain;
    put_u32(blob, at, value);
    reseal(blob);
    try {
      read(blob);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  CHECK(refusal(first + EMLC_SOS_FIXED_AT_COUNT, 0) ==
        "m.tmdl: byte 64 (layers[0]): this sos in integers layer is not valid: a size or a count is 0, or does not fit "
        "its data");
  CHECK(refusal(first + EMLC_SOS_FIXED_AT_SAMPLE_RATE + 4, 0xC0000000U) ==
        "m.tmdl: byte 120 (layers[0].sample_rate): expected 0 or more, found -2");
  // The halves of coefficients that cores without a long multiplication add up have a limit of their own.
  Blob blob = plain;
  for (std::size_t i = 0; i < 5; ++i) put_u32(blob, first + EMLC_SOS_FIXED_AT_DATA + 4 * i, i < 2 ? 134217727 : 0);
  reseal(blob);
  CHECK_THROWS_WITH_AS(read(blob),
                       "m.tmdl: byte 136 (layers[0].sections[0]): the coefficients are too large for the sums", Error);
}
