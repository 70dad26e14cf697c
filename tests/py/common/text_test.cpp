#include "codegen/py/common/text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

using namespace emlc::py;

TEST_CASE("py text: literals are what Python reads back") {
  CHECK(string_literal("setosa") == "\"setosa\"");
  CHECK(string_literal("a\"b\\c\n\x7f") == R"("a\"b\\c\x0a\x7f")");
  CHECK(string_literal("caf\xc3\xa9") == "\"caf\xc3\xa9\"");
  CHECK(bytes_literal(std::array<std::uint8_t, 4>{0, 65, 34, 255}, "") == R"(b"\x00A\"\xff")");
  CHECK(bytes_literal(std::array<std::uint8_t, 60>{}, "  ").starts_with("(\n  b\"\\x00"));
  CHECK(number_literal(2.0) == "2.0");
  CHECK(number_literal(0.1) == "0.1");
  CHECK(number_literal(1e300) == "1e+300");
  CHECK(number_literal(-std::numeric_limits<double>::infinity()) == "-1e999");
}

TEST_CASE("py text: values of several bytes are planes, the lowest bytes first") {
  constexpr std::array<std::int64_t, 3> values = {1, 0x203, -2};
  CHECK(planes(values, 2) == std::vector<std::uint8_t>{1, 3, 0xfe, 0, 2, 0xff});
  CHECK(little_endian(values, 2) == std::vector<std::uint8_t>{1, 0, 3, 2, 0xfe, 0xff});
  CHECK(plane_read("t", "p", 3, 1) == "t[p]");
  CHECK(plane_read("t", "p", 3, 2) == "t[p] | t[p + 3] << 8");
  CHECK(signed_plane_read("t", "p", 3, 1) == "(t[p] ^ 128) - 128");
  CHECK(signed_plane_read("t", "p", 3, 2) == "((t[p + 3] ^ 128) - 128) << 8 | t[p]");
}

TEST_CASE("py text: as many bytes as values take") {
  CHECK(unsigned_width(0) == 1);
  CHECK(unsigned_width(255) == 1);
  CHECK(unsigned_width(256) == 2);
  CHECK(unsigned_width(0xffffffff) == 4);
  CHECK(signed_width(-128, 127) == 1);
  CHECK(signed_width(-129, 0) == 2);
  CHECK(signed_width(0, 128) == 2);
  CHECK(signed_width(-(std::int64_t{1} << 31), 0) == 4);
}
