#include "codegen/c/common/literal.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <stdexcept>

using namespace emlc::c;

TEST_CASE("literal: a float reads back to the same bits and is a float to C") {
  CHECK(float_literal(0.5) == "0.5f");
  CHECK(float_literal(16777216.0) == "16777216.0f");
  CHECK(float_literal(-0.0) == "-0.0f");
  std::mt19937 bits(1);
  for (int i = 0; i < 20000; ++i) {
    const auto pattern = static_cast<std::uint32_t>(bits());
    const auto value = std::bit_cast<float>(pattern);
    if (!std::isfinite(value)) continue;
    const std::string text = float_literal(static_cast<double>(value));
    CAPTURE(text);
    char* end = nullptr;
    CHECK(std::bit_cast<std::uint32_t>(std::strtof(text.c_str(), &end)) == pattern);
    CHECK(std::string_view(end) == "f");
    CHECK(text.find_first_of(".e") != std::string::npos);  // `1f` is no number in C
  }
}

TEST_CASE("literal: a value that is not a finite float32 is refused") {
  for (const double value : {0.1, 1e300, std::numeric_limits<double>::infinity(), std::nan("")}) {
    CAPTURE(value);
    CHECK_THROWS_AS(float_literal(value), std::logic_error);
  }
}

TEST_CASE("literal: the smallest 32-bit integer is an expression that no compiler widens") {
  CHECK(integer_literal(-2147483648LL) == "(-2147483647 - 1)");
  CHECK(integer_literal(-2147483647LL) == "-2147483647");
  CHECK(integer_literal(255) == "255");
}

TEST_CASE("literal: a string keeps its bytes and starts no trigraph") {
  CHECK(string_literal("say \"hi\"\\") == R"("say \"hi\"\\")");
  CHECK(string_literal("?\?/") == R"("\?\?/")");
  CHECK(string_literal("\xc3\xa9"
                       "1\n") == R"("\303\2511\012")");
}
