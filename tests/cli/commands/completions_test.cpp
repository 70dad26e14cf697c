#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <regex>
#include <set>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"

using namespace emlc::cli_test;
using Names = std::set<std::string>;

namespace {

std::vector<std::string> subcommands() {
  const std::string help = run_emlc({"--help"}).out;
  const std::string list = help.substr(help.find("Subcommands"));
  static const std::regex row("\n  ([a-z]+) ");
  std::vector<std::string> names;
  for (std::sregex_iterator match(list.begin(), list.end(), row), end; match != end; ++match)
    names.push_back((*match)[1]);
  return names;
}

/// All that matches the first group of the pattern.
Names matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  Names found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match)
    found.insert((*match)[1]);
  return found;
}

/// The options of a subcommand as its help has them, at the start of a line.
Names help_options(const std::string& subcommand, bool with_short_ones) {
  const std::string help = run_emlc({subcommand, "--help"}).out;
  Names names = matches(help, "\n  (?:-[a-z], |    )(--[a-z-]+)");
  if (with_short_ones) names.merge(matches(help, "\n  (-[a-z]), "));
  return names;
}

/// The part of `text` from the first `begin` to the next `end`.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t start = text.find(begin);
  REQUIRE(start != std::string::npos);
  return text.substr(start, text.find(end, start) - start);
}

/// What the script offers in bash for the last of the words.
Names bash_offers(const Scratch& scratch, const std::vector<std::string>& words) {
  std::vector<std::string> arguments = {
      "bash", "--norc", "-c",
      "source ./emlc.bash; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _emlc; printf '%s\\n' \"${COMPREPLY[@]}\"",
      "-"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const auto finished = emlc::cli::run_process({.arguments = arguments, .input = {}, .directory = scratch.path()});
  CHECK(finished.err.empty());
  return matches(finished.out, "([^\n]+)\n");
}

}  // namespace

TEST_CASE("completions: bash offers what --help names, and the words and files that options take") {
  const Scratch scratch("bash");
  REQUIRE(run_emlc({"completions", "bash", "-o", "emlc.bash"}, {}, scratch.path()).exit_code == 0);
  REQUIRE(subcommands().size() >= 7);
  for (const std::string& name : subcommands()) {
    CAPTURE(name);
    CHECK(bash_offers(scratch, {"emlc", name, "-"}) == help_options(name, true));
  }
  Names first = bash_offers(scratch, {"emlc", ""});
  CHECK(first.erase("--help") + first.erase("-h") + first.erase("--version") == 3);
  const std::vector<std::string> names = subcommands();
  CHECK(first == Names(names.begin(), names.end()));
  CHECK(bash_offers(scratch, {"emlc", "convert", "--voting", ""}) == Names{"soft", "hard"});
  CHECK(bash_offers(scratch, {"emlc", "convert", "--voting", "="}) == Names{"soft", "hard"});
  CHECK(bash_offers(scratch, {"emlc", "convert", "--voting", "=", "h"}) == Names{"hard"});
  CHECK(bash_offers(scratch, {"emlc", "convert", "--from", "emlc-"}) == Names{"emlc-json", "emlc-signal"});
  CHECK(bash_offers(scratch, {"emlc", "list", ""}) == Names{"formats", "passes", "outputs", "targets"});
  CHECK(bash_offers(scratch, {"emlc", "convert", "--data", "em"}) == Names{"emlc.bash"});
  CHECK(bash_offers(scratch, {"emlc", "inspect", "emlc."}) == Names{"emlc.bash"});
  CHECK(bash_offers(scratch, {"emlc", "convert", "--leaf-bits", ""}).empty());
}

TEST_CASE("completions: zsh and fish know the options that --help names") {
  const std::string zsh = run_emlc({"completions", "zsh"}).out, fish = run_emlc({"completions", "fish"}).out;
  for (const std::string& name : subcommands()) {
    CAPTURE(name);
    const std::string part = between(zsh, "    " + name + ")\n", ";;");
    CHECK(matches(part, "\n +(?:'[^']*'\\{[^}]*)?(--[a-z-]+)=?[}']") == help_options(name, false));
    Names long_names;
    for (const std::string& option : matches(
             fish,
             fmt::format("\ncomplete -c emlc -n '__fish_seen_subcommand_from {}'(?: -s [a-z])? -l ([a-z-]+)", name))) {
      long_names.insert("--" + option);
    }
    CHECK(long_names == help_options(name, false));
  }
}

TEST_CASE("completions: an unknown shell is refused") {
  const auto finished = run_emlc({"completions", "powershell"});
  CHECK(finished.exit_code == 2);
  CHECK(finished.err == "emlc: error: unknown shell 'powershell', expected one of bash, zsh, fish\n");
}

TEST_CASE("manual: has every option of every subcommand") {
  const std::string page = run_emlc({"manual"}).out;
  CHECK(page.find(".TH EMLC 1 \"\" \"emlc " EMLC_VERSION "\"") != std::string::npos);
  for (const std::string& name : subcommands()) {
    CAPTURE(name);
    const std::string part = between(page.substr(page.find("\n.SS emlc " + name + "\n") + 4), "emlc " + name, "\n.S");
    Names found;
    for (const std::string& option : matches(part, "\n\\.TP\n[^\n]*\\\\fB\\\\-\\\\-([a-z\\\\-]+)\\\\fR")) {
      found.insert("--" + std::regex_replace(option, std::regex("\\\\-"), "-"));
    }
    CHECK(found == help_options(name, false));
  }
}
