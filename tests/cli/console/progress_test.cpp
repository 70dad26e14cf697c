#include "cli/console/progress.hpp"

#include <doctest/doctest.h>

#include <regex>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;

namespace {

/// Runs a shell command whose stderr and stdout are a terminal, and returns what that was sent.
emlc::cli::Finished on_terminal(const Scratch& scratch, const std::string& command,
                                std::vector<std::string> environment = {"TERM=xterm"}) {
  return emlc::cli::run_process({.arguments = {"script", "-qec", command, "/dev/null"},
                                 .directory = scratch.path(),
                                 .environment = std::move(environment)});
}

constexpr const char* slowly = "(sleep 1; cat m.json) | " EMLC_PROGRAM " convert - --to c -o o.h";

std::string line(const std::string& step, std::optional<double> share, double seconds, std::optional<double> left,
                 std::size_t columns = 80) {
  return emlc::cli::progress_line(
      {.task = {}, .step = step, .place = {}, .share = share, .seconds = seconds, .left = left, .columns = columns});
}

}  // namespace

TEST_CASE("progress: the line says step, share and time left; no share is rounded up to done") {
  CHECK(line("reading", std::nullopt, 0.51, std::nullopt) == "reading  0.5 s");
  CHECK(line("reading", std::nullopt, 61.26, 2.0) == "reading  61.3 s");
  CHECK(line("a.json: cluster-leaves", 0.999, 1.0, std::nullopt) == "a.json: cluster-leaves  99 %");
  CHECK(line("cluster-leaves", 0.42, 2.2, 2.9) == "cluster-leaves  42 %  about 3 s left");
}

TEST_CASE("progress: on a narrow terminal the time goes first, then the end of the name") {
  const auto narrow = [](std::size_t columns) { return line("cluster-leaves", 0.42, 4.0, 3.0, columns); };
  CHECK(narrow(37) == "cluster-leaves  42 %  about 3 s left");
  CHECK(narrow(36) == "cluster-leaves  42 %");
  CHECK(narrow(21) == "cluster-leaves  42 %");
  CHECK(narrow(20) == "cluster-leave  42 %");
  CHECK(narrow(8) == "c  42 %");
  CHECK(narrow(7) == "cluste");
  CHECK(narrow(0) == "c");
  CHECK(line("m\xc3\xa4.json: reading", 0.0, 1.0, std::nullopt, 8) == "m  0 %");
}

TEST_CASE("progress: of several models the line has the place, and the path gives way to the step") {
  const auto shown = [](std::optional<double> share, std::size_t columns) {
    return emlc::cli::progress_line({.task = "models/big_rf/model.json",
                                     .step = "cluster-leaves",
                                     .place = "1 of 4",
                                     .share = share,
                                     .seconds = 3.0,
                                     .left = 7.0,
                                     .columns = columns});
  };
  CHECK(shown(std::nullopt, 80) == "models/big_rf/model.json: cluster-leaves  1 of 4  about 7 s left");
  CHECK(shown(0.25, 80) == "models/big_rf/model.json: cluster-leaves  25 %  1 of 4  about 7 s left");
  CHECK(shown(0.25, 55) == "models/big_rf/model.json: cluster-leaves  25 %  1 of 4");
  CHECK(shown(0.25, 54) == "...ls/big_rf/model.json: cluster-leaves  25 %  1 of 4");
  CHECK(shown(0.25, 41) == "...el.json: cluster-leaves  25 %  1 of 4");
  CHECK(shown(0.25, 40) == "cluster-leaves  25 %  1 of 4");
  CHECK(shown(std::nullopt, 20) == "cluster-lea  1 of 4");
}

TEST_CASE("progress: the time left is what the shares so far promise") {
  emlc::cli::TimeLeft left(10.0);
  CHECK_FALSE(left.at(10.0).has_value());
  left.update(0.04, 11.0);
  CHECK_FALSE(left.at(11.0).has_value());  // too early to tell
  left.update(0.25, 12.0);
  CHECK(left.at(12.0) == doctest::Approx(6.0));  // 8 s in all, 2 over
  CHECK(left.at(14.5) == doctest::Approx(3.5));  // goes by between two shares
  left.update(0.5, 15.0);                        // 10 s in all, now 9
  CHECK(left.at(15.0) == doctest::Approx(4.0));
  CHECK_FALSE(left.at(19.0).has_value());  // should be over
  left.update(1.0, 20.0);
  CHECK_FALSE(left.at(20.0).has_value());
  CHECK_FALSE(emlc::cli::TimeLeft(0.0).at(5.0).has_value());
}

TEST_CASE("progress: steady work is told the same end all the time") {
  emlc::cli::TimeLeft left(0.0);
  for (int tenth = 1; tenth < 10; ++tenth) {
    const double now = 0.7 * tenth;
    left.update(0.1 * tenth, now);
    CHECK(left.at(now) == doctest::Approx(7.0 - now));
  }
}

TEST_CASE("progress: times are rounded up, and the coarser the longer they are") {
  using emlc::cli::time_left_text;
  CHECK(time_left_text(0.01) == "about 1 s left");
  CHECK(time_left_text(2.1) == "about 3 s left");
  CHECK(time_left_text(10.0) == "about 10 s left");
  CHECK(time_left_text(10.1) == "about 15 s left");
  CHECK(time_left_text(88.0) == "about 90 s left");
  CHECK(time_left_text(91.0) == "about 2 min left");
  CHECK(time_left_text(7300.0) == "about 3 h left");
}

TEST_CASE("progress: on a terminal, after half a second, and gone at the end") {
  const Scratch scratch("progress");
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "m.json", std::string(tiny_model)}});
  const auto shown = on_terminal(scratch, slowly);
  if (shown.exit_code == 127) return;  // no program `script`
  REQUIRE(shown.exit_code == 0);
  CHECK(shown.out.find("\r\x1b[Kreading  0.5 s") != std::string::npos);
  CHECK(shown.out.find("reading  0.4 s") == std::string::npos);
  const std::size_t erased = shown.out.rfind("\r\x1b[K");
  CHECK(shown.out.substr(erased).find("reading") == std::string::npos);
  CHECK(shown.out.substr(erased).find("stdin -> o.h (c)") != std::string::npos);

  CHECK(on_terminal(scratch, EMLC_PROGRAM " convert m.json -o o.h").out.find("\r\x1b[K") == std::string::npos);
  CHECK(on_terminal(scratch, std::string(slowly) + " -q").out.empty());
  CHECK(on_terminal(scratch, slowly, {"TERM=dumb"}).out.find("\x1b") == std::string::npos);
  const auto logged = on_terminal(scratch, std::string(slowly) + " 2> log");
  CHECK(logged.exit_code == 0);
  CHECK(emlc::cli::read_file(scratch / "log").find('\x1b') == std::string::npos);
}

TEST_CASE("progress: a step that can say shows its share, and the line fits the terminal") {
  const Scratch scratch("progress_share");
  const std::string model = model_file("digits_rf10/model.json");
  const std::string command =
      "(sleep 0.7; cat " + model + ") | " EMLC_PROGRAM " convert - --to c -o o.h --report r.json";
  const auto shown = on_terminal(scratch, "stty cols 60; " + command, {"TERM=xterm", "NO_COLOR=1"});
  if (shown.exit_code == 127) return;
  REQUIRE(shown.exit_code == 0);
  const std::regex line("\r\x1b\\[Kreport, clusters of leaves  [0-9]+ %(  about [0-9]+ s left)?\r");
  CHECK(std::regex_search(shown.out, line));
  const auto narrow = on_terminal(scratch, "stty cols 20; " + command);
  CHECK(std::regex_search(narrow.out, std::regex("\r\x1b\\[Kreport, clust[a-z]*  [0-9]+ %\r")));
  CHECK(narrow.out.find(" left") == std::string::npos);
}

TEST_CASE("progress: nothing is left on the line when the work fails") {
  const Scratch scratch("progress_failure");
  emlc::cli::write_files(std::vector<emlc::cli::OutputFile>{{scratch / "m.json", "{"}});
  const auto failed = on_terminal(scratch, slowly, {"TERM=xterm", "NO_COLOR=1"});
  if (failed.exit_code == 127) return;
  CHECK(failed.exit_code == 2);
  CHECK(failed.out.find("\r\x1b[Kemlc: error: stdin: ") != std::string::npos);
}

TEST_CASE("convert: --verbose says how long each pass took, without it nothing depends on time") {
  const auto verbose = run_emlc({"convert", "-", "--to", "c", "-o", "-", "-v"}, std::string(tiny_model));
  CHECK(std::regex_search(verbose.err, std::regex("\n  narrow-features +exact +[0-9]+ changes? +[0-9]+\\.[0-9] ms\n")));
  const auto normal = run_emlc({"convert", "-", "--to", "c", "-o", "-"}, std::string(tiny_model));
  CHECK(normal.err.find(" ms") == std::string::npos);
}
