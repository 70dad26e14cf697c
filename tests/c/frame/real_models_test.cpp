#include <doctest/doctest.h>

#include <cmath>

#include "codegen/model/predict/predict.hpp"
#include "tests/support/reference.hpp"

using namespace emlc;

namespace {

struct Setting {
  c::Language language;
  c::Optimize optimize;
  const char* standard;
};

constexpr Setting settings[] = {
    {c::Language::c, c::Optimize::size, "c99"},
    {c::Language::c, c::Optimize::balanced, "c++11"},
    {c::Language::c, c::Optimize::speed, "c11"},
    {c::Language::cpp, c::Optimize::speed, "c++17"},
};

test::Answers answers(const model::Model& model, const test::Rows& inputs, const Setting& setting) {
  const c::EmitConfig config{.name = "m", .language = setting.language, .optimize = setting.optimize};
  return test::run_header(c::emit_header(model, config).bytes, model, config, inputs, setting.standard);
}

}  // namespace

TEST_CASE("header: digits_mlp gives the trainer's label to every row of the test set") {
  const model::Model model = test::read_model("digits_mlp");
  const test::Rows inputs = test::read_rows("digits_mlp", "X_test.csv");
  const test::Rows labels = test::read_rows("digits_mlp", "y_pred.csv");
  for (const Setting& setting : settings) {
    CAPTURE(setting.standard);
    const test::Answers found = answers(model, inputs, setting);
    std::size_t n_equal = 0;
    for (std::size_t row = 0; row < inputs.size(); ++row) n_equal += found.classes[row][0] == labels[row][0] ? 1U : 0U;
    CHECK(n_equal == 540);
    test::Rows expected;
    for (const auto& x : inputs) expected.push_back(model::predict(model, x));
    CHECK(test::largest_difference(found.outputs, expected) < 2e-6);
  }
}

TEST_CASE("header: diabetes_mlpr is within 1e-4 of the trainer's predictions, relative") {
  const model::Model model = test::read_model("diabetes_mlpr");
  const test::Rows inputs = test::read_rows("diabetes_mlpr", "X_test.csv");
  const test::Rows expected = test::read_rows("diabetes_mlpr", "y_pred.csv");
  for (const Setting& setting : settings) {
    CAPTURE(setting.standard);
    CHECK(test::largest_difference(answers(model, inputs, setting).outputs, expected) < 1e-4);
  }
}

TEST_CASE("header: both filters are within 1e-4 of the peak on their vectors, in blocks and in place") {
  for (const char* name : {"aweight_16k", "butter4_1k_16k"}) {
    const model::Model model = test::read_model(name);
    double peak = 0.0;
    for (const auto& signal : model.test_vectors.outputs) {
      for (const double sample : signal) peak = std::max(peak, std::abs(sample));
    }
    for (const Setting& setting : settings) {
      CAPTURE(name);
      CAPTURE(setting.standard);
      const test::Answers found = answers(model, model.test_vectors.inputs, setting);
      REQUIRE(found.outputs.size() == model.test_vectors.outputs.size());
      double largest = 0.0;
      for (std::size_t row = 0; row < found.outputs.size(); ++row) {
        for (std::size_t i = 0; i < found.outputs[row].size(); ++i) {
          largest = std::max(largest, std::abs(found.outputs[row][i] - model.test_vectors.outputs[row][i]));
        }
      }
      CHECK(largest <= 1e-4 * peak);
    }
  }
}
