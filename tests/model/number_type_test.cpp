#include "codegen/model/number_type.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

using namespace emlc::model;

namespace {

double just_above(double x) { return std::nextafter(x, infinity); }
double just_below(double x) { return std::nextafter(x, -infinity); }

double float_of(std::uint32_t bits) { return static_cast<double>(std::bit_cast<float>(bits)); }

/// Non-negative finite float32 bit patterns: the ends of every binade and a few thousand between.
std::vector<std::uint32_t> float_patterns() {
  std::vector<std::uint32_t> patterns;
  for (std::uint32_t exponent = 0; exponent < 255; ++exponent) {
    for (const std::uint32_t mantissa : {0U, 1U, 2U, 0x2AAAAAU, 0x400000U, 0x7FFFFEU, 0x7FFFFFU}) {
      patterns.push_back(exponent << 23U | mantissa);
    }
  }
  for (std::uint32_t bits = 0; bits < 0x7F800000U; bits += 524'309U) patterns.push_back(bits);
  return patterns;
}

}  // namespace

TEST_CASE("number types: names, sizes and ranges are those of C") {
  struct Row {
    const char *name, *c_name;
    int bytes;
    bool is_integer;
    double lowest, highest;
  };
  const std::vector<Row> expected = {
      {"float32", "float", 4, false, -0x1.fffffep127, 0x1.fffffep127},
      {"float64", "double", 8, false, -0x1.fffffffffffffp1023, 0x1.fffffffffffffp1023},
      {"int8", "int8_t", 1, true, -128, 127},
      {"uint8", "uint8_t", 1, true, 0, 255},
      {"int16", "int16_t", 2, true, -32768, 32767},
      {"int32", "int32_t", 4, true, -2147483648.0, 2147483647},
  };
  REQUIRE(all_number_types().size() == expected.size());
  for (std::size_t index = 0; index < expected.size(); ++index) {
    const NumberTypeInfo& row = all_number_types()[index];
    CHECK(row.name == expected[index].name);
    CHECK(row.c_name == expected[index].c_name);
    CHECK(row.bytes == expected[index].bytes);
    CHECK(row.is_integer == expected[index].is_integer);
    CHECK(row.lowest == expected[index].lowest);
    CHECK(row.highest == expected[index].highest);
    CHECK(&info(row.type) == &row);
  }
}

TEST_CASE("smallest_at_least: for every value of the small integer types") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    const NumberTypeInfo& row = info(type);
    CAPTURE(row.name);
    bool all_agree = true;
    for (double value = row.lowest; value <= row.highest; ++value) {
      // Every bound in (value - 1, value] has `value` as its smallest.
      for (const double bound : {just_above(value - 1.0), value - 0.5, just_below(value), value}) {
        all_agree = all_agree && smallest_at_least(type, bound) == value;
      }
    }
    CHECK(all_agree);
    for (const double bound : {row.lowest - 1.0, -1e300, -infinity})
      CHECK(smallest_at_least(type, bound) == row.lowest);
    for (const double bound : {just_above(row.highest), row.highest + 0.5, 1e300, infinity}) {
      CHECK(smallest_at_least(type, bound) == infinity);
    }
  }
}

TEST_CASE("smallest_at_least: at the ends of int32") {
  const auto smallest = [](double bound) { return smallest_at_least(NumberType::int32, bound); };
  CHECK(smallest(-1e18) == -2147483648.0);
  CHECK(smallest(-2147483648.0) == -2147483648.0);
  CHECK(smallest(-2147483647.5) == -2147483647.0);
  CHECK(smallest(2147483646.5) == 2147483647.0);
  CHECK(smallest(2147483647.0) == 2147483647.0);
  CHECK(smallest(2147483647.5) == infinity);
}

TEST_CASE("largest_at_most: the mirror image of smallest_at_least") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    const NumberTypeInfo& row = info(type);
    CAPTURE(row.name);
    bool all_agree = true;
    for (double value = row.lowest; value <= row.highest; ++value) {
      for (const double bound : {value, just_above(value), value + 0.5, just_below(value + 1.0)}) {
        all_agree = all_agree && largest_at_most(type, bound) == value;
      }
    }
    CHECK(all_agree);
    CHECK(largest_at_most(type, infinity) == row.highest);
    CHECK(largest_at_most(type, just_below(row.lowest)) == -infinity);
    CHECK(largest_at_most(type, -infinity) == -infinity);
  }
  CHECK(largest_at_most(NumberType::float32, 0.1) == 0x1.999998p-4);
  CHECK(largest_at_most(NumberType::float32, 1e300) == 0x1.fffffep127);
  CHECK(largest_at_most(NumberType::float32, infinity) == infinity);
  CHECK(largest_at_most(NumberType::float32, -1e300) == -infinity);
  CHECK(largest_at_most(NumberType::float64, 0.1) == 0.1);
}

TEST_CASE("next_above, next_below: walk over every value of the small integer types") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    const NumberTypeInfo& row = info(type);
    CAPTURE(row.name);
    bool all_agree = true;
    for (double value = row.lowest; value < row.highest; ++value) {
      all_agree = all_agree && next_above(type, value) == value + 1.0 && next_below(type, value + 1.0) == value;
    }
    CHECK(all_agree);
    CHECK(next_above(type, -infinity) == row.lowest);
    CHECK(next_above(type, row.highest) == infinity);
    CHECK(next_below(type, infinity) == row.highest);
    CHECK(next_below(type, row.lowest) == -infinity);
  }
}

TEST_CASE("float32: neighbours are one bit pattern apart") {
  bool all_agree = true;
  for (const std::uint32_t bits : float_patterns()) {
    const double low = float_of(bits), high = float_of(bits + 1U);  // the last one is infinity
    for (const double sign : {1.0, -1.0}) {
      const double from = sign * low, to = sign * high;
      const auto outwards = sign > 0.0 ? next_above : next_below;
      const auto inwards = sign > 0.0 ? next_below : next_above;
      all_agree = all_agree && outwards(NumberType::float32, from) == to && inwards(NumberType::float32, to) == from;
    }
  }
  CHECK(all_agree);
  CHECK(next_above(NumberType::float32, infinity) == infinity);
  CHECK(next_below(NumberType::float32, -infinity) == -infinity);
}

TEST_CASE("float32: x < bound and x < smallest_at_least(bound) agree around every bound") {
  const auto smallest = [](double bound) { return smallest_at_least(NumberType::float32, bound); };
  bool all_agree = true;
  for (const std::uint32_t bits : float_patterns()) {
    const double low = float_of(bits), high = float_of(bits + 1U);
    all_agree =
        all_agree && smallest(low) == low && smallest(just_below(high)) == high && smallest(just_above(low)) == high;
    all_agree = all_agree && smallest(-low) == -low && smallest(just_above(-high)) == -low;
    all_agree = all_agree && smallest(just_below(-low)) == -low;
  }
  CHECK(all_agree);
  CHECK(smallest(-infinity) == -infinity);
  CHECK(smallest(-1e300) == -0x1.fffffep127);
  CHECK(smallest(1e300) == infinity);
  CHECK(smallest(infinity) == infinity);
}

TEST_CASE("float64: every double is a value") {
  for (const double x : {-infinity, -1.5, -5e-324, 0.0, 0.1, 0x1.fffffffffffffp1023, infinity}) {
    CHECK(smallest_at_least(NumberType::float64, x) == x);
    CHECK(round_to(NumberType::float64, x) == x);
    CHECK(next_above(NumberType::float64, x) == just_above(x));
    CHECK(next_below(NumberType::float64, x) == just_below(x));
  }
}

TEST_CASE("smallest_rounded_at_least: the first value that is not below the bound once it is a float32") {
  const auto first = [](NumberType type, double bound) {
    return smallest_rounded_at_least(type, NumberType::float32, bound);
  };
  const auto is_first = [](double found, double below, double bound) {
    const auto as_float = [](double x) { return static_cast<double>(static_cast<float>(x)); };
    return as_float(found) >= bound && as_float(below) < bound;
  };
  bool all_agree = true;
  for (const std::uint32_t bits : float_patterns()) {
    for (const double sign : {1.0, -1.0}) {
      for (const double bound : {sign * float_of(bits), just_above(sign * float_of(bits))}) {
        const double found = first(NumberType::float64, bound);
        if (std::isinf(found) || std::abs(found) > 0x1.fffffep127) continue;  // where a cast is undefined
        all_agree = all_agree && is_first(found, just_below(found), bound);
      }
    }
  }
  CHECK(all_agree);
  for (int bound = 16777200; bound < 16777300; ++bound) {
    const double found = first(NumberType::int32, bound);
    CHECK(is_first(found, found - 1.0, bound));
  }
  constexpr double overflow = 0x1.fffffep127 + 0x1p103;  // rounds to infinity
  CHECK(first(NumberType::float64, infinity) == overflow);
  CHECK(first(NumberType::float64, 1e39) == overflow);
  CHECK(first(NumberType::float64, -0x1.fffffep127) == just_above(-overflow));
  CHECK(first(NumberType::float64, -infinity) == -infinity);
  CHECK(first(NumberType::int32, 2147483648.0) == 2147483584.0);
  CHECK(first(NumberType::int32, 2147483649.0) == infinity);
  CHECK(smallest_rounded_at_least(NumberType::float64, NumberType::float64, 0.1) == 0.1);
  CHECK(smallest_rounded_at_least(NumberType::int8, NumberType::float32, 0.1) == 1.0);
}

TEST_CASE("round_to: float32 rounds to nearest, ties to the even pattern") {
  const auto rounded = [](double x) { return round_to(NumberType::float32, x); };
  bool all_agree = true;
  for (const std::uint32_t bits : float_patterns()) {
    if (bits == 0x7F7FFFFFU) continue;  // the largest one: what lies above it comes below
    const double low = float_of(bits), high = float_of(bits + 1U);
    const double middle = low + (high - low) / 2.0;  // exact: one bit more than a float has
    const double even = bits % 2U == 0 ? low : high;
    for (const double sign : {1.0, -1.0}) {
      all_agree = all_agree && rounded(sign * low) == sign * low && rounded(sign * middle) == sign * even &&
                  rounded(sign * just_below(middle)) == sign * low && rounded(sign * just_above(middle)) == sign * high;
    }
  }
  CHECK(all_agree);
}

TEST_CASE("round_to: float32 overflows to infinity from half a step above its largest value") {
  constexpr double largest = 0x1.fffffep127, middle = 0x1.ffffffp127;
  for (const double sign : {1.0, -1.0}) {
    CHECK(round_to(NumberType::float32, sign * just_below(middle)) == sign * largest);
    CHECK(round_to(NumberType::float32, sign * middle) == sign * infinity);
    CHECK(round_to(NumberType::float32, sign * 1e300) == sign * infinity);
    CHECK(round_to(NumberType::float32, sign * infinity) == sign * infinity);
  }
  CHECK(std::isnan(round_to(NumberType::float32, std::nan(""))));
  CHECK(std::signbit(round_to(NumberType::float32, -0.0)));
}

TEST_CASE("round_to: integers keep the value that is given") {
  CHECK(round_to(NumberType::uint8, 200.0) == 200.0);
  CHECK(std::isnan(round_to(NumberType::int16, std::nan(""))));
}
