#include <doctest/doctest.h>
#include <emlc/csv_number.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <string_view>

namespace {

std::string shortest(float value) {
  char text[64];
  const auto [end, status] = std::to_chars(text, text + sizeof text, value);
  REQUIRE(status == std::errc());
  return {text, end};
}

/// Does the runtime read the text as strtof does? What strtof calls infinite is out of range.
bool agrees_with_libc(const std::string& text) {
  const float expected = std::strtof(text.c_str(), nullptr);
  float value = 0.0F;
  const emlc_status status = emlc_csv_parse_f32(text.data(), text.size(), &value);
  if (std::isinf(expected)) return status == EMLC_ERR_RANGE;
  return status == EMLC_OK && std::bit_cast<std::uint32_t>(value) == std::bit_cast<std::uint32_t>(expected);
}

void check(const std::string& text) {
  if (!agrees_with_libc(text)) FAIL_CHECK("read differently: ", text);
}

float parse(std::string_view text) {
  float value = std::numeric_limits<float>::quiet_NaN();
  REQUIRE(emlc_csv_parse_f32(text.data(), text.size(), &value) == EMLC_OK);
  return value;
}

emlc_status parse_status(std::string_view text) {
  float value = 7.0F;
  const emlc_status status = emlc_csv_parse_f32(text.data(), text.size(), &value);
  CHECK(value == 7.0F);
  return status;
}

}  // namespace

TEST_CASE("csv number: the shortest digits of any float32 read back to it") {
  // A stride through all bit patterns, so that every exponent and both signs come up.
  std::size_t n_wrong = 0;
  for (std::uint64_t bits = 0; bits < 0x100000000U; bits += 9973) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (!std::isfinite(value)) continue;
    const std::string text = shortest(value);
    float back = 0.0F;
    const emlc_status status = emlc_csv_parse_f32(text.data(), text.size(), &back);
    if (status != EMLC_OK || std::bit_cast<std::uint32_t>(back) != bits) ++n_wrong;
  }
  CHECK(n_wrong == 0);
}

TEST_CASE("csv number: long and random digits round as in libc") {
  std::mt19937_64 random(1);
  char text[80];
  for (int i = 0; i < 20000; ++i) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (!std::isfinite(value)) continue;
    std::snprintf(text, sizeof text, "%.18e", static_cast<double>(value) * (1.0 + 1e-9 * static_cast<double>(i % 100)));
    check(text);
    // Half way to the next float: a tie, or a text that has almost all digits of one.
    const double next = std::nextafter(value, std::numeric_limits<float>::infinity());
    if (std::isfinite(next)) {
      std::snprintf(text, sizeof text, "%.31e", (static_cast<double>(value) + next) / 2.0);
      if (std::string_view(text).size() <= EMLC_CSV_DIGITS) check(text);
    }
    check(std::to_string(random() % 100000) + "." + std::to_string(random()) + "e" +
          std::to_string(static_cast<int>(random() % 100) - 55));
    const std::string digits = std::to_string(random()) + std::to_string(random());
    if (digits.size() <= EMLC_CSV_DIGITS) check(digits);
  }
}

TEST_CASE("csv number: the ends of float32") {
  CHECK(parse("3.4028235e38") == std::numeric_limits<float>::max());
  CHECK(parse("340282356779733661637539395458142568447") == std::numeric_limits<float>::max());
  CHECK(parse_status("340282356779733661637539395458142568448") == EMLC_ERR_RANGE);  // half way to 2^128
  CHECK(parse_status("1e39") == EMLC_ERR_RANGE);
  CHECK(parse_status("-1e999999999999") == EMLC_ERR_RANGE);
  CHECK(parse("1e-45") == std::numeric_limits<float>::denorm_min());
  CHECK(parse("7.006492321624086e-46") == std::numeric_limits<float>::denorm_min());
  CHECK(parse("7.006492321624085e-46") == 0.0F);
  CHECK(parse("1e-99999999999") == 0.0F);
  CHECK(std::signbit(parse("-1e-50")));
  CHECK(std::signbit(parse("-0")));
  CHECK(parse("0e99") == 0.0F);
  CHECK(parse("1.17549435e-38") == std::numeric_limits<float>::min());
  CHECK(parse("16777217") == 16777216.0F);  // a tie goes to even
  CHECK(parse("16777219") == 16777220.0F);
  CHECK(parse("0000000000000000000000000000000000000001") == 1.0F);
  CHECK(parse(".5") == 0.5F);
  CHECK(parse("5.") == 5.0F);
  CHECK(parse("+1.5E+2") == 150.0F);
}

TEST_CASE("csv number: what is no number is refused and changes nothing") {
  for (const char* text : {"", "-", "+", ".", "e5", "1e", "1e+", "1 ", " 1", "1,5", "1.2.3", "0x10", "nan", "inf",
                           "--1", "1e5.5", "1f", "10000000000000000000000000000000000000000"}) {
    CAPTURE(text);
    CHECK(parse_status(text) == EMLC_ERR_FORMAT);
  }
}

TEST_CASE("csv number: whole numbers within limits") {
  const auto parse_i32 = [](std::string_view text, std::int32_t lowest, std::int32_t highest, std::int32_t* value) {
    return emlc_csv_parse_i32(text.data(), text.size(), lowest, highest, value);
  };
  std::int32_t value = 7;
  CHECK(parse_i32("2147483648", INT32_MIN, INT32_MAX, &value) == EMLC_ERR_RANGE);
  CHECK(parse_i32("-2147483649", INT32_MIN, INT32_MAX, &value) == EMLC_ERR_RANGE);
  CHECK(parse_i32("99999999999999999999", INT32_MIN, INT32_MAX, &value) == EMLC_ERR_RANGE);
  for (const char* text : {"", "-", "1.0", "+1", "1e3", " 1"}) {
    CHECK(parse_i32(text, INT32_MIN, INT32_MAX, &value) == EMLC_ERR_FORMAT);
  }
  CHECK(value == 7);
  CHECK(parse_i32("-2147483648", INT32_MIN, INT32_MAX, &value) == EMLC_OK);
  CHECK(value == INT32_MIN);
  CHECK(parse_i32("2147483647", INT32_MIN, INT32_MAX, &value) == EMLC_OK);
  CHECK(value == INT32_MAX);
  CHECK(parse_i32("-0", -5, 5, &value) == EMLC_OK);
  CHECK(value == 0);
  CHECK(parse_i32("6", -5, 5, &value) == EMLC_ERR_RANGE);
}
