#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/console/files.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/texts.hpp"
#include "tests/cli/tiny_model.hpp"

using namespace emlc::cli_test;
using emlc::cli::read_file;

TEST_CASE("verify: of a combination every number of the header has to be as convert writes it") {
  const Scratch scratch("verify_panel");
  const std::string model = EMLC_SOURCE_DIR "/tests/data/models/iris_vote/model.json";
  REQUIRE(run_emlc({"convert", model, "-o", "o.h", "--name", "m", "-q"}, {}, scratch.path()).exit_code == 0);
  const auto whole = run_emlc({"verify", model, "o.h"}, {}, scratch.path());
  CHECK(whole.exit_code == 0);
  CHECK(contains(whole.out, "measured, not proved: a combination, which is word for word what convert writes\n"));
  const std::string header = read_file(scratch / "o.h");
  const std::size_t digit = header.find_first_of("123456789", header.rfind("f}") - 8);
  put(scratch / "o.h", header.substr(0, digit) + (header[digit] == '9' ? '8' : '9') + header.substr(digit + 1));
  const auto changed = run_emlc({"verify", model, "o.h"}, {}, scratch.path());
  CHECK(changed.exit_code == 1);
  CHECK(contains(changed.out, "refuted: line "));
}
