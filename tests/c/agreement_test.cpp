#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "codegen/c/emit.hpp"
#include "codegen/model/check.hpp"
#include "codegen/model/predict.hpp"
#include "formats/format.hpp"
#include "formats/matrix.hpp"
#include "tests/support/header_run.hpp"

using namespace emlc;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string model_folder(std::string_view name) {
  return fmt::format("{}/tests/data/models/{}/", EMLC_SOURCE_DIR, name);
}

model::Model read_model(std::string_view name) {
  const std::string path = model_folder(name) + "model.json";
  const std::string content = read_file(path);
  return formats::recognise(content, path).read(content, path);
}

test::Rows read_rows(std::string_view name, std::string_view file) {
  const std::string path = fmt::format("{}{}", model_folder(name), file);
  return formats::read_matrix(read_file(path), path).rows;
}

test::Answers answers(const model::Model& model, const test::Rows& inputs, c::EmitConfig config = {},
                      std::string_view standard = "c99") {
  config.name = "m";
  return test::run_header(c::emit_header(model, config).bytes, model, config, inputs, standard);
}

constexpr c::Optimize optimizations[] = {c::Optimize::size, c::Optimize::balanced, c::Optimize::speed};

}  // namespace

TEST_CASE("header: digits_mlp gives the trainer's label to every row of the test set") {
  const model::Model model = read_model("digits_mlp");
  const test::Rows inputs = read_rows("digits_mlp", "X_test.csv");
  const test::Rows labels = read_rows("digits_mlp", "y_pred.csv");
  for (const c::Optimize optimize : optimizations) {
    const test::Answers found = answers(model, inputs, {.optimize = optimize});
    std::size_t n_equal = 0;
    for (std::size_t row = 0; row < inputs.size(); ++row) n_equal += found.classes[row][0] == labels[row][0] ? 1U : 0U;
    CHECK(n_equal == inputs.size());
  }
}
