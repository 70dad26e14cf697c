#include "cli/console/command_line.hpp"

#include <doctest/doctest.h>

#include "cli/console/help.hpp"
#include "codegen/model/error.hpp"

namespace emlc::cli {
namespace {

/// A line with one option of each kind, and what they set.
struct Example {
  bool loud = false;
  std::string text = "none";
  std::optional<std::string> maybe;
  std::vector<std::string> places;
  std::vector<std::string> models;
  std::optional<int> number;
  int chosen = 0;
  CommandLine line{.name = "ring", .summary = "rings bells", .examples = "ring tenor"};

  Example() {
    add_help(line, "show this");
    Option* loud_option = add_flag(line, "-l,--loud", loud, "louder");
    add_text(line, "-t,--text", text, "what to ring")->takes("TUNE")->needs(loud_option)->in("Tunes");
    add_text(line, "--maybe", maybe, "");
    add_texts(line, "--place", places, "");
    add_texts(line, "BELL", models, "the bells");
    add_integer(line, "--times", number, {1, 5}, "how often");
    add_choice(line, "--pitch", chosen, "pitch", std::vector<Choice<int>>{{"low", 1}, {"high", 2}}, "");
  }

  std::optional<std::string> given(const std::vector<std::string>& arguments) { return parse(line, arguments); }
  std::string refused(const std::vector<std::string>& arguments) {
    try {
      parse(line, arguments);
    } catch (const std::exception& problem) {
      return problem.what();
    }
    return "nothing refused";
  }
};

TEST_CASE("command line: values arrive where they were declared to, and what was not given stays") {
  Example none;
  CHECK(none.given({}) == std::nullopt);
  CHECK(none.text == "none");
  CHECK_FALSE(is_given(*find_option(none.line, "--text")));

  Example all;
  CHECK(all.given({"tenor", "-l", "--text=a b", "--maybe", "x", "--place", "p", "treble", "--place", "q", "--times",
                   "3", "--pitch", "high"}) == std::nullopt);
  CHECK(all.loud);
  CHECK(all.text == "a b");
  CHECK(all.maybe == "x");
  CHECK(all.places == std::vector<std::string>{"p", "q"});
  CHECK(all.models == std::vector<std::string>{"tenor", "treble"});
  CHECK(all.number == 3);
  CHECK(all.chosen == 2);
  CHECK(find_option(all.line, "-t")->given == std::vector<std::string>{"a b"});
  CHECK(find_option(all.line, "BELL")->given.size() == 2);
}

TEST_CASE("command line: an empty text is given") {
  Example example;
  CHECK(example.given({"--maybe", ""}) == std::nullopt);
  CHECK(example.maybe == "");
}

TEST_CASE("command line: what is wrong with it, in one sentence") {
  CHECK(Example().refused({"--lud"}) == "unknown option '--lud', did you mean '--loud'?");
  CHECK(Example().refused({"--times", "6"}) == "--times: expected an integer from 1 to 5, found '6'");
  CHECK(Example().refused({"--pitch", "hgh"}) == "unknown pitch 'hgh', did you mean 'high'?");
  CHECK(Example().refused({"--text", "x"}) == "--text requires --loud");
  CHECK(Example().refused({"-l", "--text"}) == "--text: 1 required TUNE missing");
}

TEST_CASE("command line: what was given is known although a value was refused") {
  Example example;
  CHECK(example.refused({"--loud", "--times", "x"}) != "nothing refused");
  CHECK(is_given(*find_option(example.line, "--loud")));
}

TEST_CASE("command line: an option that replaces others lifts what they require, and excludes them") {
  const auto refused = [](const std::vector<std::string>& arguments) {
    Example example;
    std::string file;
    bool all = false;
    Option* needed = add_text(example.line, "--file", file, "")->required();
    add_flag(example.line, "--all", all, "")->replaced = {needed};
    return example.refused(arguments);
  };
  CHECK(refused({}) == "--file is required");
  CHECK(refused({"--all"}) == "nothing refused");
  CHECK(refused({"--all", "--file", "x"}) == "--file excludes --all");
}

TEST_CASE("command line: help is that of the first subcommand") {
  CommandLine line{.name = "ring", .summary = "rings bells", .examples = "ring up"};
  add_help(line, "show this");
  CommandLine& up = add_subcommand(line, "up", "raises", "ring up");
  add_subcommand(line, "down", "lowers", "ring down");
  CHECK(parse(line, std::vector<std::string>{"up", "down", "--help"}) == help(up));
  CHECK(line.selected == &up);
}

TEST_CASE("command line: help has the groups in the order of their first option, that of the help last") {
  Example example;
  example.line.options.front().group = "Messages";
  const std::optional<std::string> text = example.given({"--help"});
  REQUIRE(text.has_value());
  CHECK(text == help(example.line));
  CHECK(text->starts_with(
      "ring: rings bells\n\nExamples:\n  ring tenor\n\nUsage: ring [BELL...] [options]\n\nOptions:\n"));
  CHECK(text->find("\nTunes:\n  -t, --text TUNE           what to ring\n") != std::string::npos);
  CHECK(text->ends_with("\nMessages:\n  -h, --help                show this\n"));
}

}  // namespace
}  // namespace emlc::cli
