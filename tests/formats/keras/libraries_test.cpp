#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/formats/boosted/libraries.hpp"

using namespace emlc;
using namespace emlc::formats;
using libraries::content_of;
using libraries::read_rows;

namespace {

std::filesystem::path networks() { return std::filesystem::path(EMLC_SOURCE_DIR) / "tests/data/networks"; }

Reading read_with_companions(const std::filesystem::path& path) {
  const std::string content = content_of(path);
  const Format& format = recognise(content, "m");
  Supplement supplement;
  if (format.companions != nullptr) {
    for (const std::string& name : format.companions(content, "m")) {
      supplement.files.push_back({name, content_of(path.parent_path() / name)});
    }
  }
  return format.read(content, "m", supplement);
}

std::size_t largest_at(const std::vector<double>& row) {
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

void check_case(const std::filesystem::path& folder, const std::filesystem::path& file) {
  const model::Model model = read_with_companions(file).model;
  CHECK(model::check(model, "m").empty());
  const auto inputs = read_rows(folder / "X.npy"), expected = read_rows(folder / "pred.npy");
  REQUIRE(inputs.size() == expected.size());
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::vector<double> found = model::predict(model, inputs[row]);
    REQUIRE(found.size() == expected[row].size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(std::abs(found[i] - expected[row][i]) <= 1e-5 * std::max(1.0, std::abs(expected[row][i])));
    }
    if (found.size() > 1) CHECK(largest_at(found) == largest_at(expected[row]));
  }
}

}  // namespace

TEST_CASE("files of Keras and TensorFlow.js: answers are those of the version that wrote them") {
  std::set<std::string> formats;
  std::size_t n_files = 0;
  for (const auto& library : std::filesystem::directory_iterator(networks())) {
    if (!library.is_directory()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(library)) {
      for (const char* name : {"model.json", "model.h5", "model.keras"}) {
        const std::filesystem::path file = entry.path() / name;
        if (!std::filesystem::exists(file)) continue;
        CAPTURE(file);
        formats.emplace(recognise(content_of(file), name).name);
        check_case(entry.path(), file);
        ++n_files;
      }
    }
  }
  CHECK(formats == std::set<std::string>{"tfjs", "keras-h5", "keras"});
  CHECK(n_files == 14);
}

TEST_CASE("files of Keras: both forms of a model are the same numbers") {
  for (const char* library : {"keras-2.15.0", "keras-3.15.1"}) {
    for (const char* name : {"norm_bn_dropout", "rescale_prelu", "softplus_linear"}) {
      const std::filesystem::path folder = networks() / library / name;
      CAPTURE(folder);
      const auto h5 = std::get<model::DenseNetwork>(read_with_companions(folder / "model.h5").model.predictor);
      const auto archive = std::get<model::DenseNetwork>(read_with_companions(folder / "model.keras").model.predictor);
      REQUIRE(h5.layers.size() == archive.layers.size());
      for (std::size_t i = 0; i < h5.layers.size(); ++i) {
        CHECK(h5.layers[i].weights == archive.layers[i].weights);
        CHECK(h5.layers[i].bias == archive.layers[i].bias);
        CHECK(h5.layers[i].slopes == archive.layers[i].slopes);
      }
    }
  }
}
