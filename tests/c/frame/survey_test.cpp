#include "codegen/c/frame/survey.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

using namespace emlc;

namespace {

constexpr std::string_view text = R"(#ifndef GUARD
static inline void m_relu_(float *y, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    const float z = y[i];
    y[i] = z < 0.0f ? 0.0f : z;
  }
}

static inline void m_unused_(float *y) {
  y[0] = expf(y[0]);
}

#if defined(M_DSP)
static inline void m_rows4_(const float *w, const float *x, float *y) {
  y[0] = w[0] * x[0];
  y[1] = w[1] * x[0];
}
#elif defined(__AVR__) && !defined(M_SMALL)
static inline void m_rows4_(const float *w, const float *x, float *y) {
  __asm__("nop\n\t"
          "ret\n\t");
}
#else
static inline void m_rows4_(const float *w, const float *x, float *y) {
  y[0] = w[0] * x[0] + 1.0f; /* a comment; with semicolons; */
}
#endif

static inline void m_rows1_(const float *w, const float *x, float *y) {
  y[0] = w[0] * x[0];
}

static inline void m_outputs_(const m_feature *x, float *out) {
  float even[3];
  for (size_t i = 0; i < 3; ++i) even[i] = (float)x[i];
  m_rows4_(w_, even, out);
  m_rows4_(w_ + 4, even, out);
  m_rows1_(w_ + 8, even, out);
  m_relu_(out, 1);
}
#endif
)";

c::Survey survey_for(std::span<const std::string_view> defined, std::string_view conversion = "") {
  return c::survey(text, {.symbol = "m_", .macro = "M_", .defined = defined, .conversion = conversion});
}

std::string sorted(std::string operations) {
  std::sort(operations.begin(), operations.end());
  return operations;
}

}  // namespace

TEST_CASE("survey: functions that a prediction reaches, with statements, calls and loops for one value") {
  const c::Survey found = survey_for({});
  CHECK(found.pieces.size() == 3);
  const c::PieceCount rows = found.pieces.at("rows.float"), relu = found.pieces.at("relu");
  CHECK(rows.functions == 2);  // rows4_ and rows1_
  CHECK(rows.statements == 2);
  CHECK(rows.repeated == 1);
  CHECK(rows.single == 0);
  CHECK(relu.functions == 1);
  CHECK(relu.statements == 2);
  CHECK(relu.single == 1);
  CHECK(found.pieces.at("outputs").statements == 6);
  CHECK(sorted(found.operations) == "*+<");  // not expf, which only unused_ calls
}

TEST_CASE("survey: a target's macros choose what is counted") {
  constexpr std::array<std::string_view, 1> dsp = {"DSP"}, avr = {"__AVR__"};
  constexpr std::array<std::string_view, 2> small = {"__AVR__", "SMALL"};
  CHECK(survey_for(dsp).pieces.at("rows.float").statements == 3);
  CHECK(sorted(survey_for(dsp).operations) == "*<");
  CHECK(survey_for(avr).pieces.at("rows.float").statements == 4);  // two instructions, the asm, rows1_
  CHECK(survey_for(small).pieces.at("rows.float").statements == 2);
}

TEST_CASE("survey: a sum with a negative constant is a difference, and a loop counts integers") {
  constexpr std::string_view scaler = R"(inline void scale_(const feature *x, float *out) {
  for (size_t i = 0; i < 4; ++i) {
    float z = (float)x[i];
    z = z + -3.0f;
    out[i] = z;
  }
}
)";
  const auto operations = [&](std::string_view conversion) {
    return sorted(c::survey(scaler, {.symbol = "", .macro = "M_", .defined = {}, .conversion = conversion}).operations);
  };
  CHECK(operations("") == "-");
  CHECK(operations("i") == "-i");
  CHECK(operations("u") == "-u");
}
