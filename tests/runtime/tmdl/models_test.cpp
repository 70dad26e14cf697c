#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/text/matrix.hpp"
#include "formats/tmdl/tmdl.hpp"
#include "formats/writers.hpp"
#include "tests/runtime/blob.hpp"

/// The bundled models, through the passes into a .tmdl, through the runtime, against what their trainers predicted.
namespace {

using namespace emlc;
using namespace emlc::test;

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in, path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string model_file(std::string_view model, std::string_view file) {
  return fmt::format("{}/tests/data/models/{}/{}", EMLC_SOURCE_DIR, model, file);
}

model::Model compile(std::string_view name) {
  model::Model model = formats::read_emlc_json(read_text(model_file(name, "model.json")), "model.json");
  passes::run_passes(model, {});
  return model;
}

std::vector<std::vector<float>> read_rows(std::string_view model, std::string_view file) {
  const std::string path = model_file(model, file);
  std::vector<std::vector<float>> rows;
  for (const auto& row : formats::read_matrix(read_text(path), path).rows) rows.emplace_back(row.begin(), row.end());
  return rows;
}

/// An opened blob that owns its bytes and its memory.
struct Device {
  Blob blob;
  emlc_model model;
  std::vector<float> work;

  explicit Device(const model::Model& source) : Device(to_blob(formats::write_tmdl(source).bytes)) {}
  explicit Device(Blob bytes) : blob(std::move(bytes)), model() {
    REQUIRE(emlc_tmdl_open(blob.data(), blob.size(), &model) == EMLC_OK);
    work.resize(model.work_size / sizeof(float));
  }
  std::vector<float> predict(const std::vector<float>& x) {
    std::vector<float> y(model.n_outputs);
    REQUIRE(emlc_run(&model, x.data(), y.data(), work.data()) == EMLC_OK);
    return y;
  }
};

}  // namespace

TEST_CASE("models: every classifier decides as its trainer did on the whole test set") {
  for (const char* name :
       {"cancer_gbc", "cancer_rf", "cancer_rf_i16", "digits_mlp", "digits_rf10", "iris_dt", "iris_steps"}) {
    CAPTURE(name);
    const model::Model model = compile(name);
    Device device(model);
    const auto inputs = read_rows(name, "X_test.csv");
    const auto expected = read_rows(name, "y_pred.csv");
    REQUIRE(inputs.size() == expected.size());
    REQUIRE(inputs.size() >= 40);
    const std::vector<std::string> classes = model::class_names(model, 0);
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      const std::vector<float> y = device.predict(inputs[row]);
      const auto decided = static_cast<std::size_t>(emlc_predict_class(&device.model, y.data()));
      CAPTURE(row);
      CHECK(classes.at(decided) == fmt::to_string(expected[row][0]));
    }
  }
}

TEST_CASE("models: blobs of former versions decide as their trainers did") {
  for (const char* name : {"iris_dt", "cancer_gbc"}) {
    const auto inputs = read_rows(name, "X_test.csv"), expected = read_rows(name, "y_pred.csv");
    const std::string file = name == std::string_view("iris_dt") ? "iris" : name;
    for (const char* form : {"packed", "linked"}) {
      CAPTURE(file);
      CAPTURE(form);
      Device device(read_blob(fmt::format("{}_{}_v2", file, form)));
      for (std::size_t row = 0; row < inputs.size(); ++row) {
        const std::vector<float> y = device.predict(inputs[row]);
        CHECK(emlc_predict_class(&device.model, y.data()) == static_cast<std::int32_t>(expected[row][0]));
      }
    }
  }
}

TEST_CASE("models: digits_mlp in int8 keeps its labels in TinyMaix's arithmetic, and does not wrap at the extremes") {
  model::Model model = formats::read_emlc_json(read_text(model_file("digits_mlp", "model.json")), "model.json");
  passes::run_passes(model, {.weights = model::IntegerWidth::bits8});
  Device device(model);
  const auto decide = [&](const std::vector<float>& x) {
    const std::vector<float> y = device.predict(x);
    return emlc_predict_class(&device.model, y.data());
  };
  const auto inputs = read_rows("digits_mlp", "X_test.csv");
  const auto expected = read_rows("digits_mlp", "y_pred.csv");
  std::size_t n_equal = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    n_equal += static_cast<float>(decide(inputs[row])) == expected[row][0] ? 1U : 0U;
  }
  CHECK(n_equal >= 538);  // 99.6 %
  for (const float value : {0.0F, 1.0F}) {
    const std::vector<float> x(64, value);
    const auto reference =
        model::decide(model.output, model::predict(model, std::vector<double>(64, static_cast<double>(value))));
    CHECK(decide(x) == reference[0]);
  }
}

TEST_CASE("models: every regressor gives its trainer's numbers on the whole test set, to 1e-4") {
  for (const char* name : {"diabetes_rfr", "diabetes_mlpr"}) {
    CAPTURE(name);
    Device device(compile(name));
    const auto inputs = read_rows(name, "X_test.csv");
    const auto expected = read_rows(name, "y_pred.csv");
    REQUIRE(inputs.size() == expected.size());
    float largest = 0.0F;
    for (std::size_t row = 0; row < inputs.size(); ++row) {
      const float y = device.predict(inputs[row]).at(0);
      largest = std::max(largest, std::abs(y - expected[row][0]) / std::abs(expected[row][0]));
    }
    CHECK(largest <= 1e-4F);
  }
}

TEST_CASE("models: the filters answer as scipy did, to 1e-4 of the peak") {
  for (const char* name : {"aweight_16k", "butter4_1k_16k"}) {
    CAPTURE(name);
    const model::Model model = compile(name);
    Device device(model);
    REQUIRE(!model.test_vectors.inputs.empty());
    for (std::size_t row = 0; row < model.test_vectors.inputs.size(); ++row) {
      const std::vector<double>& expected = model.test_vectors.outputs[row];
      std::vector<float> y(model.test_vectors.inputs[row].begin(), model.test_vectors.inputs[row].end());
      REQUIRE(emlc_filter_reset(&device.model, device.work.data()) == EMLC_OK);
      REQUIRE(emlc_filter(&device.model, device.work.data(), y.data(), y.data(), y.size()) == EMLC_OK);
      double peak = 0.0, largest = 0.0;
      for (std::size_t n = 0; n < y.size(); ++n) {
        peak = std::max(peak, std::abs(expected[n]));
        largest = std::max(largest, std::abs(static_cast<double>(y[n]) - expected[n]));
      }
      CHECK(largest <= 1e-4 * peak);
    }
  }
}

TEST_CASE("models: a blob that is read back and written again is the same blob") {
  for (const char* name : {"aweight_16k", "cancer_gbc", "cancer_rf", "cancer_rf_i16", "diabetes_mlpr", "diabetes_rfr",
                           "digits_mlp", "digits_rf10", "iris_dt", "iris_steps"}) {
    CAPTURE(name);
    const std::string bytes = formats::write_tmdl(compile(name)).bytes;
    CHECK((formats::write_tmdl(formats::read_tmdl(bytes, "model.tmdl")).bytes == bytes));
  }
}
