#include "codegen/passes/value_order.hpp"

#include <optional>

#include "tests/passes/models.hpp"

using namespace emlc;
using model::NumberType;

TEST_CASE("value order: ordinals run through every value of an integer type") {
  for (const NumberType type : {NumberType::int8, NumberType::uint8, NumberType::int16}) {
    const auto [first, last] = passes::ordinals(type);
    CHECK(passes::value_at(type, first) == model::info(type).lowest);
    CHECK(passes::value_at(type, last) == model::info(type).highest);
    CHECK(passes::value_at(type, first + 1) == model::info(type).lowest + 1.0);
  }
}

TEST_CASE("value order: neighbours in float32 are the ones that the C library names") {
  const auto [first, last] = passes::ordinals(NumberType::float32);
  CHECK(passes::value_at(NumberType::float32, first) == -passes::testing::infinity);
  CHECK(passes::value_at(NumberType::float32, last) == passes::testing::infinity);
  for (std::int64_t ordinal = first; ordinal < last; ordinal += 40961) {
    const auto value = static_cast<float>(passes::value_at(NumberType::float32, ordinal));
    const double next = passes::value_at(NumberType::float32, ordinal + 1);
    REQUIRE(next == static_cast<double>(std::nextafter(value, std::numeric_limits<float>::infinity())));
  }
  CHECK(passes::value_at(NumberType::float32, 0) == 0.0);
}

TEST_CASE("value order: the first value is found wherever it lies") {
  for (int bound = -129; bound <= 129; ++bound) {
    const auto found = passes::first_value(NumberType::int8, [&](double x) { return x >= bound; });
    CHECK(found.has_value() == (bound <= 127));
    if (found) CHECK(*found == std::max(bound, -128));
  }
}

TEST_CASE("value order: neighbours in float64 are the ones that the C library names") {
  const auto [first, last] = passes::ordinals(NumberType::float64);
  CHECK(passes::value_at(NumberType::float64, first) == -passes::testing::infinity);
  CHECK(passes::value_at(NumberType::float64, last) == passes::testing::infinity);
  for (const double value : {-1e300, -1.0, -5e-324, 0.0, 5e-324, 0.1, 1.7976931348623157e308}) {
    const auto found = passes::first_value(NumberType::float64, [&](double x) { return x > value; });
    CHECK(found == std::nextafter(value, passes::testing::infinity));
  }
}

TEST_CASE("value order: float64 is float32 on the device unless it is asked for") {
  for (const model::NumberTypeInfo& row : model::all_number_types()) {
    const bool is_double = row.type == NumberType::float64;
    CHECK(passes::device_type(row.type, std::nullopt) == (is_double ? NumberType::float32 : row.type));
    CHECK(passes::device_type(NumberType::int16, row.type) == row.type);
  }
}
