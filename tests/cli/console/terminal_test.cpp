#include "cli/console/terminal.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace emlc::cli;

TEST_CASE("table: columns are aligned, no line ends in blanks, ragged rows are fine") {
  CHECK(table({{"splits", "2678", "x"}, {"a", "9"}, {"leaf rows", "1234"}}, {Align::left, Align::right}) ==
        "  splits     2678  x\n"
        "  a             9\n"
        "  leaf rows  1234\n");
  CHECK(table({}, {}).empty());
}

TEST_CASE("count: one is singular") {
  CHECK(count(0, "split") == "0 splits");
  CHECK(count(1, "split") == "1 split");
  CHECK(count(2, "split") == "2 splits");
}

TEST_CASE("uses_colour: an option beats NO_COLOR, NO_COLOR beats CLICOLOR_FORCE") {
  unsetenv("NO_COLOR");
  setenv("CLICOLOR_FORCE", "1", 1);
  CHECK(uses_colour({.colour = Colour::automatic}));
  setenv("NO_COLOR", "1", 1);
  CHECK_FALSE(uses_colour({.colour = Colour::automatic}));
  CHECK(uses_colour({.colour = Colour::always}));
  setenv("NO_COLOR", "", 1);  // empty is unset
  CHECK(uses_colour({.colour = Colour::automatic}));
  CHECK_FALSE(uses_colour({.colour = Colour::never}));
  unsetenv("NO_COLOR");
  unsetenv("CLICOLOR_FORCE");
}
