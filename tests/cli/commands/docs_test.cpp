#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "tests/cli/program.hpp"

namespace {

std::set<std::string> long_options(const std::string& text) {
  static const std::regex option("--[a-z][a-z-]*");
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), option), end; match != end; ++match) {
    found.insert(match->str());
  }
  return found;
}

}  // namespace

TEST_CASE("docs/cli.md: names exactly the options that --help names") {
  std::ifstream file(EMLC_SOURCE_DIR "/docs/cli.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> offered = long_options(emlc::cli_test::run_emlc({"--help"}).out);
  for (const char* subcommand :
       {"convert", "inspect", "run", "verify", "check", "fit", "features", "list", "completions", "manual"}) {
    offered.merge(long_options(emlc::cli_test::run_emlc({subcommand, "--help"}).out));
  }
  CHECK(offered.size() > 20);
  CHECK(long_options(page) == offered);
}
