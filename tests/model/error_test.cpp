#include "codegen/model/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>

using namespace emlc;

TEST_CASE("where: what is unknown is left out") {
  CHECK(Where{"m.csv", 3, "a0"}.text() == "m.csv:3: a0");
  CHECK(Where{"m.csv", 3}.text() == "m.csv:3");
  CHECK(Where{"m.json", 0, "model.kind"}.text() == "m.json: model.kind");
  CHECK(Where{"m.json"}.text() == "m.json");
  CHECK(Where{"", 7, "a0"}.text() == "line 7: a0");
  CHECK(Where{"", 0, "--name"}.text() == "--name");
  CHECK(Where{}.text().empty());
}

TEST_CASE("error: the place comes first") {
  CHECK(Error({"m.csv", 3, "a0"}, "must not be 0").what() == std::string("m.csv:3: a0: must not be 0"));
  CHECK(Error({}, "unknown format 'x'").what() == std::string("unknown format 'x'"));
}

TEST_CASE("error: nothing that a file holds reaches the terminal unescaped") {
  CHECK(Error({"\x1b[2J.csv", 1}, "found '\n\xff'").what() == std::string("\\x1b[2J.csv:1: found '\\x0a\\xff'"));
}

TEST_CASE("printable: control characters and high bytes are escaped, long text is cut") {
  CHECK(printable("plain ~ text") == "plain ~ text");
  CHECK(printable(std::string_view("\0\t\x7f\x80", 4)) == "\\x00\\x09\\x7f\\x80");
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdefg", 6) == "abcdef...");
  CHECK(printable(std::string(61, 'a')) == fmt::format("{:a>60}...", ""));
  CHECK(printable("").empty());
}

TEST_CASE("unknown_name: the nearest name is suggested, all of them when none is near") {
  constexpr std::array<std::string_view, 3> passes = {"merge-equal-leaves", "dedupe-leaves", "hard-vote"};
  CHECK(unknown_name("pass", "merge-equal-leafs", passes) ==
        "unknown pass 'merge-equal-leafs', did you mean 'merge-equal-leaves'?");
  CHECK(unknown_name("pass", "hard_vote", passes) == "unknown pass 'hard_vote', did you mean 'hard-vote'?");
  CHECK(unknown_name("pass", "inline", passes) ==
        "unknown pass 'inline', expected one of merge-equal-leaves, dedupe-leaves, hard-vote");
  CHECK(unknown_name("pass", "", passes) ==
        "unknown pass '', expected one of merge-equal-leaves, dedupe-leaves, hard-vote");
  CHECK(unknown_name("pass", "\n", {}) == "unknown pass '\\x0a', expected one of ");
}

TEST_CASE("unknown_name: the only name that goes on like it is meant, though another one is nearer") {
  constexpr std::array<std::string_view, 4> targets = {"cortex-m0plus", "cortex-m4", "cortex-m4f", "atmega328p"};
  CHECK(unknown_name("target", "cortex-m0", targets) == "unknown target 'cortex-m0', did you mean 'cortex-m0plus'?");
  CHECK(unknown_name("target", "cortex-m", targets) == "unknown target 'cortex-m', did you mean 'cortex-m4'?");
}

TEST_CASE("error: it knows its parts, and a text of a megabyte is cut") {
  const Error error({"m.csv", 3, "a0"}, "must not be 0");
  CHECK(error.where().file == "m.csv");
  CHECK(error.where().line == 3);
  CHECK(error.where().field == "a0");
  CHECK(error.problem() == "must not be 0");
  CHECK(std::string(Error({"m.csv", 1}, std::string(1'000'000, 'x')).what()) ==
        "m.csv:1: " + std::string(1000, 'x') + "...");
}

TEST_CASE("unknown_name: a huge name is cut and compared with nothing") {
  constexpr std::array<std::string_view, 1> passes = {"hard-vote"};
  CHECK(unknown_name("pass", std::string(20'000'000, 'x'), passes) ==
        "unknown pass '" + std::string(60, 'x') + "...', expected one of hard-vote");
}
