#include "codegen/c/frame/survey.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

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

c::Survey survey_for(std::span<const c::Macro> predefined, std::string_view conversion = "") {
  return c::survey(text, {.symbol = "m_", .macro = "M_", .predefined = predefined, .conversion = conversion});
}

std::string sorted(std::string operations) {
  std::sort(operations.begin(), operations.end());
  return operations;
}

}  // namespace

TEST_CASE("survey: functions that a prediction reaches, with statements, calls and loops for one value") {
  const c::Survey found = survey_for({});
  CHECK(found.terms.at("rows.float") == 2);  // rows4_ and rows1_
  CHECK(found.terms.at("rows.float;") == 2);
  CHECK(found.terms.at("rows.float+") == 1);
  CHECK(found.terms.at("rows.float+;") == 1);
  CHECK(!found.terms.contains("rows.float*"));
  CHECK(found.terms.at("relu") == 1);
  CHECK(found.terms.at("relu;") == 2);
  CHECK(found.terms.at("relu*") == 1);
  CHECK(found.terms.at("relu#2") == 1);  // its second argument is 1
  CHECK(found.terms.at("outputs;") == 6);
  CHECK(!found.terms.contains("unused"));
  CHECK(sorted(found.operations) == "*+<");  // not expf, which only unused_ calls
}

TEST_CASE("survey: what a target's compiler defines chooses what is counted") {
  constexpr std::array dsp = {c::Macro{"M_DSP"}}, avr = {c::Macro{"__AVR__"}};
  constexpr std::array small = {c::Macro{"__AVR__"}, c::Macro{"M_SMALL"}};
  CHECK(survey_for(dsp).terms.at("rows.float;") == 3);
  CHECK(sorted(survey_for(dsp).operations) == "*<");
  CHECK(survey_for(avr).terms.at("rows.float;") == 4);  // two instructions, the asm, rows1_
  CHECK(survey_for(small).terms.at("rows.float;") == 2);
}

TEST_CASE("survey: lines of the functions of a model count by the class of their numbers") {
  constexpr std::string_view sum = R"(static inline int32_t m_outputs_(const m_feature *x) {
  int32_t sum = 300;
  uint8_t at = 0;
  if (x[at + 1] < -5 && M_READ_U8(&m_rows_[at]) == 0) sum = (int32_t)(sum + 70000);
  at = (uint8_t)(at << 2);
  return helper(sum);
}
)";
  const c::Terms terms =
      c::survey(sum, {.symbol = "m_", .macro = "M_", .predefined = {}, .feature = c::NumberClass::half}).terms;
  const auto count = [&](const char* name) { return terms.contains(name) ? terms.at(name) : 0.0; };
  CHECK(count("=w") == 2);
  CHECK(count("=b") == 2);
  CHECK(count("+w") == 1);
  CHECK(count("+i") == 1);  // in an index
  CHECK(count("[h") == 1);  // x
  CHECK(count("[?") == 1);  // a table
  CHECK(count("<w") == 1);  // the widest number of the line
  CHECK(count("==w") == 1);
  CHECK(count("<<b") == 1);
  CHECK(count("castw") == 1);
  CHECK(count("castb") == 1);
  CHECK(count("neglit") == 1);
  CHECK(count("l2") == 1);
  CHECK(count("l4") == 1);
  CHECK(count("M:READ_U8") == 1);
  CHECK(count("c:helper") == 1);
  CHECK(count("if") == 1);
  CHECK(count("&&") == 1);
  CHECK(count("return") == 1);
}

TEST_CASE("preprocess: conditions, macros of the text, comments and lines that go on") {
  constexpr std::string_view source = R"(#define FIVE 5
/* a comment
   of two lines */
#if defined(A) || \
    (defined(B) && !defined(C))
first
#elif FIVE >= 5 && GCC > 10
second /* not this */
#else
third
#endif
#ifndef FIVE
fourth
#endif
#if -1 >> 1 != -1
#error "no"
#endif
#ifdef A
#define D
#if 0
sixth
#endif
#endif
#if defined(D)
fifth
#endif
)";
  using Lines = std::vector<std::string>;
  const auto lines = [&](const std::vector<c::Macro>& macros) { return c::compiled_lines(source, macros); };
  CHECK(lines({}) == Lines{"third"});
  CHECK(lines({{"GCC", 12}}) == Lines{"second "});
  CHECK(lines({{"GCC", 10}}) == Lines{"third"});
  CHECK(lines({{"A"}}) == Lines{"first", "fifth"});
  CHECK(lines({{"B"}}) == Lines{"first"});
  CHECK(lines({{"B"}, {"C"}}) == Lines{"third"});
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
    return sorted(
        c::survey(scaler, {.symbol = "", .macro = "M_", .predefined = {}, .conversion = conversion}).operations);
  };
  CHECK(operations("") == "-");
  CHECK(operations("i") == "-i");
  CHECK(operations("u") == "-u");
}
