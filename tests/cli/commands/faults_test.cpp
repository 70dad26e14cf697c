#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <vector>

#include "cli/commands/command.hpp"
#include "tests/cli/commands/faults.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;

namespace {

using Files = std::map<std::string, std::string>;

void put(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string get(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A run of convert with three outputs over older ones.
class Conversion {
 public:
  explicit Conversion(const std::string& name) : scratch_(name), model_(scratch_ / "m.json") {
    put(model_, std::string(tiny_model));
    put_old();
    REQUIRE(run({}).exit_code == 0);
    fresh_ = outputs();
    REQUIRE(fresh_ != old_);
  }

  void put_old() const {
    for (const auto& [file, bytes] : old_) put(scratch_ / file, bytes);
  }

  [[nodiscard]] Ended run(const Plan& plan) const {
    const std::string out = scratch_ / "o.h", rule = scratch_ / "o.d", sizes = scratch_ / "o.json";
    const std::vector<const char*> arguments = {"emlc",      "convert",    model_.c_str(),  "-o",          out.c_str(),
                                                "--depfile", rule.c_str(), "--size-report", sizes.c_str(), "--quiet"};
    return run_with(plan, [&] { return emlc::cli::run_program(static_cast<int>(arguments.size()), arguments.data()); });
  }

  [[nodiscard]] Files outputs() const {
    Files files;
    for (const auto& [file, bytes] : old_) files[file] = get(scratch_ / file);
    return files;
  }

  /// Each file is wholly old or wholly new.
  [[nodiscard]] bool is_each_whole() const {
    for (const auto& [file, bytes] : outputs()) {
      if (bytes != old_.at(file) && bytes != fresh_.at(file)) return false;
    }
    return true;
  }

  [[nodiscard]] const Files& old() const { return old_; }
  [[nodiscard]] const Files& fresh() const { return fresh_; }
  [[nodiscard]] std::size_t n_left_over() const { return scratch_.names().size() - old_.size() - 1; }

 private:
  Scratch scratch_;
  std::string model_;
  Files old_ = {{"o.h", "old header"}, {"o.d", "old rule"}, {"o.json", "old sizes"}};
  Files fresh_;
};

bool is_sentence(const std::string& err) {
  return err.starts_with("emlc: error: ") && err.ends_with("\n") && err.find('\n') == err.size() - 1;
}

/// Which calls of a kind fail, one in each run.
struct Numbers {
  long first = 1, step = 1;
};

/// Runs with each call of the kind failing in turn, or with those of the numbers. Returns how many there were.
long fail_each(const Conversion& conversion, Call call, const std::vector<int>& exit_codes, Numbers numbers = {}) {
  for (long number = numbers.first;; number += numbers.step) {
    CAPTURE(static_cast<int>(call));
    CAPTURE(number);
    conversion.put_old();
    const Ended ended = conversion.run({call, number});
    if (ended.n_calls < number) return ended.n_calls;
    CAPTURE(ended.err);
    CAPTURE(ended.exit_code);
    const bool is_known = std::find(exit_codes.begin(), exit_codes.end(), ended.exit_code) != exit_codes.end();
    REQUIRE(is_known);
    REQUIRE(conversion.outputs() == (ended.exit_code == 0 ? conversion.fresh() : conversion.old()));
    if (ended.exit_code != 0) REQUIRE(is_sentence(ended.err));
    if (ended.exit_code == 3) REQUIRE(conversion.n_left_over() == 0);
  }
}

}  // namespace

TEST_CASE("faults: each call that the system refuses is a sentence, with all outputs old or all new") {
  const Conversion conversion("faults_system");
  struct Row {
    Call call;
    long least;  ///< calls there are at least: one for each output
    std::vector<int> exit_codes;
  };
  for (const Row& row : {
           Row{Call::open, 3, {0, 3}},  // what other runs have left is looked for, but not needed
           Row{Call::read, 1, {3}}, Row{Call::write, 3, {3}}, Row{Call::fsync, 3, {3}}, Row{Call::fchmod, 3, {3}},
           Row{Call::rename, 3, {3}}, Row{Call::link, 3, {0}},  // the old files are copied instead
       }) {
    CHECK(fail_each(conversion, row.call, row.exit_codes) >= row.least);
  }
}

TEST_CASE("faults: each allocation that fails is exit code 70 and a sentence, or changes nothing") {
  const Conversion conversion("faults_memory");
  // There are thousands: one of 37 is refused here, with EMLC_ALL_FAULTS=N all from the Nth on.
  const char* first = std::getenv("EMLC_ALL_FAULTS");
  const Numbers numbers = first == nullptr ? Numbers{.first = 1, .step = 37} : Numbers{.first = std::stol(first)};
  const long n_allocations = fail_each(conversion, Call::allocate, {0, 3, 70}, numbers);
  MESSAGE(n_allocations, " allocations");
  CHECK(n_allocations > 1000);
  REQUIRE(conversion.run({}).exit_code == 0);
  CHECK(conversion.n_left_over() == 0);
}

TEST_CASE("faults: killed at any call, each output is old or new, and the next run leaves nothing over") {
  const Conversion conversion("faults_killed");
  long n_left_over = 0;
  for (const Call call : {Call::open, Call::read, Call::write, Call::fsync, Call::fchmod, Call::rename, Call::link}) {
    for (long number = 1;; ++number) {
      CAPTURE(static_cast<int>(call));
      CAPTURE(number);
      conversion.put_old();
      const Ended ended = conversion.run({call, number, Fault::killed});
      if (ended.exit_code == 0) break;
      REQUIRE(ended.exit_code == 128 + SIGKILL);
      REQUIRE(conversion.is_each_whole());
      n_left_over += static_cast<long>(conversion.n_left_over());
      REQUIRE(conversion.run({}).exit_code == 0);
      REQUIRE(conversion.outputs() == conversion.fresh());
      REQUIRE(conversion.n_left_over() == 0);
    }
  }
  CHECK(n_left_over > 0);  // else nothing was there to be removed
}

TEST_CASE("faults: killed at 200 random moments, as above") {
  const Conversion conversion("faults_moments");
  std::mt19937 random(14);  // NOLINT: the same moments, as far as the machine lets them be
  std::uniform_int_distribution<unsigned> microseconds(0, 6000);
  int n_killed = 0;
  for (int round = 0; round < 200; ++round) {
    const unsigned moment = microseconds(random);
    CAPTURE(moment);
    conversion.put_old();
    const Ended ended = conversion.run({.kill_after = moment});
    n_killed += ended.exit_code == 0 ? 0 : 1;
    REQUIRE(conversion.is_each_whole());
    REQUIRE(conversion.run({}).exit_code == 0);
    REQUIRE(conversion.outputs() == conversion.fresh());
    REQUIRE(conversion.n_left_over() == 0);
  }
  CHECK(n_killed > 20);
}
