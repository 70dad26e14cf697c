#include "cli/sizes/byte_count.hpp"

#include <doctest/doctest.h>

#include <string>

#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

std::string refusal_of(std::string_view text) {
  try {
    parse_bytes(text, {.file = "--max-flash"});
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("numbers of bytes: k and M are decimal, Ki and Mi are powers of two") {
  CHECK(parse_bytes("0", {}) == 0);
  CHECK(parse_bytes("8192", {}) == 8192);
  CHECK(parse_bytes("8192B", {}) == 8192);
  CHECK(parse_bytes("3kB", {}) == 3000);
  CHECK(parse_bytes("3KiB", {}) == 3072);
  CHECK(parse_bytes("2 MB", {}) == 2'000'000);
  CHECK(parse_bytes("2 MiB", {}) == 2'097'152);
  CHECK(parse_bytes("999999999999", {}) == 999'999'999'999);
}

TEST_CASE("numbers of bytes: units in other letters, fractions and long numbers are refused") {
  for (const std::string_view text : {"", "KiB", "1kb", "1 kib", "1.5kB", "-1", "1e3", "1000000000000", "8 KiB more"}) {
    CAPTURE(text);
    CHECK(refusal_of(text).find("expected a number of bytes such as 8192 or 8KiB, found '") != std::string::npos);
  }
}

}  // namespace
}  // namespace emlc::cli
