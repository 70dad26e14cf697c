#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/format.hpp"
#include "formats/text/matrix.hpp"

namespace {

using namespace emlc;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in, path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string model_file(std::string_view model, std::string_view file) {
  return fmt::format("{}/tests/data/models/{}/{}", EMLC_SOURCE_DIR, model, file);
}

/// Read, checked, and with its own test vectors replayed.
model::Model read_model(std::string_view name) {
  const std::string content = read_file(model_file(name, "model.json"));
  CHECK(formats::recognise(content, "model.json").name == "emlc-json");
  model::Model model = formats::read_emlc_json(content, "model.json");
  CHECK(model::check(model, "model.json").empty());
  model::replay(model, "model.json");
  return model;
}

std::vector<std::vector<double>> read_rows(std::string_view model, std::string_view file) {
  const std::string path = model_file(model, file);
  return formats::read_matrix(read_file(path), path).rows;
}

}  // namespace

TEST_CASE("emlc-json: the bundled classifiers decide as their trainer did on the whole test set") {
  for (const char* name : {"cancer_gbc", "cancer_rf", "cancer_rf_i16", "digits_mlp", "digits_rf10", "iris_dt",
                           "iris_steps", "iris_vote"}) {
    CAPTURE(name);
    const model::Model model = read_model(name);
    CHECK(model.test_vectors.inputs.size() == 40);
    const auto inputs = read_rows(name, "X_test.csv");
    const auto expected = read_rows(name, "y_pred.csv");
    REQUIRE(inputs.size() == expected.size());
    REQUIRE(inputs.size() >= 40);
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      const auto decided = model::decide(model.output, model::predict(model, inputs[row]));
      REQUIRE(decided.size() == 1);
      CAPTURE(row);
      CHECK(model::class_names(model, 0).at(static_cast<std::size_t>(decided[0])) == fmt::to_string(expected[row][0]));
    }
  }
}

TEST_CASE("emlc-json: the bundled regressors give their trainer's numbers on the whole test set") {
  for (const char* name : {"diabetes_rfr", "diabetes_mlpr"}) {
    CAPTURE(name);
    const model::Model model = read_model(name);
    const auto inputs = read_rows(name, "X_test.csv");
    const auto expected = read_rows(name, "y_pred.csv");
    REQUIRE(inputs.size() == expected.size());
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      CAPTURE(row);
      const double y = model::predict(model, inputs[row]).at(0);
      CHECK(std::abs(y - expected[row][0]) <= 1e-6 * std::abs(expected[row][0]));
    }
  }
}

TEST_CASE("emlc-json: the bundled filters have the sections of their CSV file and answer as scipy did") {
  for (const char* name : {"aweight_16k", "butter4_1k_16k"}) {
    CAPTURE(name);
    const model::Model model = read_model(name);
    const auto expected = read_rows(name, "sos.csv");
    const auto& cascade = std::get<model::SosCascade>(model.predictor);
    CHECK(cascade.sample_rate == 16000.0);
    REQUIRE(cascade.sections.size() == expected.size());
    for (std::size_t row = 0; row < expected.size(); ++row) {
      const model::SosSection& s = cascade.sections[row];
      CHECK(std::vector<double>{s.b0, s.b1, s.b2, s.a0, s.a1, s.a2} == expected[row]);
    }
    CHECK_FALSE(model.test_vectors.inputs.empty());
  }
}
