#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/csv/csv.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/format.hpp"
#include "formats/text/matrix.hpp"
#include "formats/writers.hpp"
#include "tests/formats/csv/device.hpp"
#include "tests/formats/csv/emlearn_device.hpp"

// The bundled models through the CSV and the device's loader, against the predictions of the trainer.

namespace {

using emlc::model::Model;
using Rows = std::vector<std::vector<double>>;

Rows rows(const std::string& path) {
  return emlc::formats::read_matrix(emlc::test::file_text("models/" + path), path).rows;
}

Model trained(const std::string& name) {
  return emlc::formats::read_emlc_json(emlc::test::file_text("models/" + name + "/model.json"), name);
}

/// The model as the passes leave it for the device.
Model lowered(const std::string& name, const emlc::passes::PassConfig& config = {}) {
  Model model = trained(name);
  emlc::passes::run_passes(model, config);
  return model;
}

emlc::passes::PassConfig hard_votes() {
  emlc::passes::PassConfig config;
  config.voting = emlc::passes::Voting::hard;
  return config;
}

}  // namespace

TEST_CASE("csv models: classifiers decide on the device as the trainer on every test row") {
  for (const char* name : {"digits_rf10", "cancer_rf", "cancer_rf_i16", "iris_dt", "cancer_gbc"}) {
    CAPTURE(name);
    const std::string folder = name;
    const emlc::test::TreesDevice device(emlc::formats::write_csv(lowered(name)).bytes);
    const Rows x = rows(folder + "/X_test.csv"), expected = rows(folder + "/y_pred.csv");
    REQUIRE(x.size() == expected.size());
    std::size_t n_different = 0;
    for (std::size_t row = 0; row < x.size(); ++row) {
      if (device.decide(x[row]).at(0) != static_cast<int>(expected[row][0])) ++n_different;
    }
    CHECK(n_different == 0);
  }
}

TEST_CASE("csv models: a regressor predicts on the device within 1e-4 of the trainer") {
  const emlc::test::TreesDevice device(emlc::formats::write_csv(lowered("diabetes_rfr")).bytes);
  const Rows x = rows("diabetes_rfr/X_test.csv"), expected = rows("diabetes_rfr/y_pred.csv");
  for (std::size_t row = 0; row < x.size(); ++row) {
    CHECK(std::abs(device.predict(x[row])[0] - expected[row][0]) <= 1e-4 * std::abs(expected[row][0]));
  }
}

TEST_CASE("csv models: the device answers as the interpreter of what was written, at every threshold too") {
  for (const char* name : {"digits_rf10", "cancer_rf_i16", "iris_dt", "diabetes_rfr", "cancer_gbc"}) {
    for (const bool is_hard : {false, true}) {
      if (is_hard && (name == std::string("diabetes_rfr") || name == std::string("cancer_gbc"))) continue;
      CAPTURE(name);
      CAPTURE(is_hard);
      const Model model = lowered(name, is_hard ? hard_votes() : emlc::passes::PassConfig{});
      const std::string text = emlc::formats::write_csv(model).bytes;
      const Model back = emlc::formats::read_emlearn_csv(text, "back.csv");
      const emlc::test::TreesDevice device(text);
      CHECK(emlc::formats::write_csv(back).bytes.size() <= text.size());
      for (const std::vector<double>& x : emlc::model::boundary_inputs(model, 2000)) {
        const std::vector<double> expected = emlc::model::predict(model, x);
        const std::vector<double> read = emlc::model::predict(back, x);
        const std::vector<float> out = device.predict(x);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          const double bound = 1e-5 * std::max(1.0, std::abs(expected[i]));
          if (!(std::abs(read[i] - expected[i]) <= bound)) FAIL_CHECK("read back: ", read[i], " != ", expected[i]);
          if (!(std::abs(out[i] - expected[i]) <= bound)) FAIL_CHECK("device: ", out[i], " != ", expected[i]);
        }
      }
    }
  }
}

TEST_CASE("csv models: emlearn's device gives exactly the hard votes of the trained trees on all rows") {
  const Model forest = trained("digits_rf10");
  const auto& trees = std::get<emlc::model::TreeEnsemble>(forest.predictor);
  const emlc::layout::Artifact artifact = emlc::formats::write_csv(lowered("digits_rf10", hard_votes()));
  CHECK(artifact.warnings.empty());
  CHECK(artifact.bytes.starts_with("f,64\r\nc,10\r\nlb,0\r\nl,"));
  const emlc::test::EmlearnDevice device(artifact.bytes);
  const Rows x = rows("digits_rf10/X_test.csv");
  CHECK(x.size() == 540);
  for (const std::vector<double>& row : x) {
    std::vector<int> votes(10, 0);
    for (const emlc::model::Tree& tree : trees.trees) {
      const auto leaf = static_cast<std::size_t>(emlc::model::find_leaf(tree, trees.feature_type, row));
      const auto first = trees.leaf_values.begin() + emlc::model::as_leaf(tree.nodes[leaf])->row * 10;
      ++votes[static_cast<std::size_t>(std::max_element(first, first + 10) - first)];
    }
    const std::vector<float> shares = device.predict({row.begin(), row.end()});
    for (std::size_t i = 0; i < votes.size(); ++i) CHECK(std::lround(shares[i] * 10) == votes[i]);
  }
}

TEST_CASE("csv models: the digits network decides on the device as the trainer on every test row") {
  const emlc::layout::Artifact artifact = emlc::formats::write_csv(lowered("digits_mlp"));
  CHECK(artifact.warnings.empty());
  const emlc::test::NetworkDevice device(artifact.bytes);
  const Rows x = rows("digits_mlp/X_test.csv"), expected = rows("digits_mlp/y_pred.csv");
  REQUIRE(x.size() == expected.size());
  std::size_t n_different = 0;
  for (std::size_t row = 0; row < x.size(); ++row) {
    if (device.decide(x[row]).at(0) != static_cast<int>(expected[row][0])) ++n_different;
  }
  CHECK(n_different == 0);
}

TEST_CASE("csv models: a scaled network regresses on the device within 1e-4, with the scaler folded or written") {
  const Rows x = rows("diabetes_mlpr/X_test.csv"), expected = rows("diabetes_mlpr/y_pred.csv");
  for (const Model& model : {lowered("diabetes_mlpr"), trained("diabetes_mlpr")}) {
    const std::string text = emlc::formats::write_csv(model).bytes;
    CHECK((text.find("\nscaler,") != std::string::npos) == !model.scalers.empty());
    const emlc::test::NetworkDevice device(text);
    const Model back = emlc::formats::read_mlp_csv(text, "back.csv");
    for (std::size_t row = 0; row < x.size(); ++row) {
      const double bound = 1e-4 * std::abs(expected[row][0]);
      CHECK(std::abs(device.predict(x[row])[0] - expected[row][0]) <= bound);
      CHECK(std::abs(emlc::model::predict(back, x[row])[0] - expected[row][0]) <= bound);
    }
  }
}

TEST_CASE("csv models: filters respond on the device within 1e-4 of the peak") {
  for (const char* name : {"aweight_16k", "butter4_1k_16k"}) {
    CAPTURE(name);
    const Model model = lowered(name);
    const std::string text = emlc::formats::write_csv(model).bytes;
    REQUIRE_FALSE(model.test_vectors.inputs.empty());
    for (std::size_t row = 0; row < model.test_vectors.inputs.size(); ++row) {
      const std::vector<double>& expected = model.test_vectors.outputs[row];
      const std::vector<float> y = emlc::test::filter_on_device(text, model.test_vectors.inputs[row]);
      double peak = 0.0;
      for (const double value : expected) peak = std::max(peak, std::abs(value));
      for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::abs(y[i] - expected[i]) <= 1e-4 * peak);
    }
  }
}

TEST_CASE("csv models: the examples of docs/formats.md are models") {
  for (const char* form : {"emlc,trees,1", "emlc,mlp,1"}) {
    CAPTURE(form);
    const std::string text = emlc::test::documented_csv(form);
    const Model model = emlc::formats::recognise(text, "formats.md").read(text, "formats.md", {}).model;
    CHECK(emlc::model::check(model, "formats.md").empty());
    CHECK(emlc::formats::write_csv(model).bytes.starts_with(form));
  }
}
