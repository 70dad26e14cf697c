#include "codegen/c/common/template.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

using namespace emlc::c;
using Value = std::pair<std::string_view, std::string>;

TEST_CASE("template: every placeholder gets its value, other @ stay") {
  CHECK(fill("int @name@_@n@; /* a@b.c */ @name@", std::array{Value{"name", "m"}, Value{"n", "3"}}) ==
        "int m_3; /* a@b.c */ m");
  CHECK(fill("no placeholder", {}) == "no placeholder");
}

TEST_CASE("template: an empty value takes its line along when it stands alone") {
  CHECK(fill("a\n@x@\nb\n", std::array{Value{"x", ""}}) == "a\nb\n");
  CHECK(fill("a @x@\nb\n", std::array{Value{"x", ""}}) == "a \nb\n");
}

TEST_CASE("template: a value is text, its placeholders are not filled") {
  CHECK(fill("@x@", std::array{Value{"x", "@y@"}}) == "@y@");
}

TEST_CASE("template: a missing value and a value without a place are bugs") {
  CHECK_THROWS_WITH_AS(fill("@x@", {}), "template: no value for @x@", std::logic_error);
  CHECK_THROWS_WITH_AS(fill("x", std::array{Value{"y", ""}}), "template: no place for @y@", std::logic_error);
}
