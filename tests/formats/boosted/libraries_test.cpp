#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "tests/formats/boosted/libraries.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::libraries;

namespace {

using Rows = std::vector<std::vector<double>>;

struct Case {
  std::filesystem::path folder;
  [[nodiscard]] bool is_of(std::string_view library) const {
    return folder.parent_path().filename().string().starts_with(library);
  }
  [[nodiscard]] bool is(std::string_view name) const { return folder.filename() == name; }
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& library : std::filesystem::directory_iterator(folder())) {
    if (!library.is_directory()) continue;
    for (const auto& entry : std::filesystem::directory_iterator(library)) cases.push_back({entry.path()});
  }
  std::sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.folder < b.folder; });
  return cases;
}

/// The sums of the library: of a random forest it gives them before they are divided by the number of rounds.
Rows expected_sums(const Case& of) {
  const std::filesystem::path margin = of.folder / "margin.npy";
  Rows rows = read_rows(std::filesystem::exists(margin) ? margin : of.folder / "raw.npy");
  constexpr double n_rounds = 15.0;
  if (!of.is("rf")) return rows;
  for (auto& row : rows) row[0] /= n_rounds;
  return rows;
}

double tolerance(const Case& of, double value) { return of.is_of("xgboost") ? 0.0 : 1e-12 * std::abs(value); }

std::size_t n_wrong_sums(const Case& of, const model::Model& model, const Rows& inputs) {
  const Rows expected = expected_sums(of);
  REQUIRE(expected.size() == inputs.size());
  std::size_t n_wrong = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::vector<double> found = model::predict_raw(model, inputs[row]);
    REQUIRE(found.size() == expected[row].size());
    for (std::size_t column = 0; column < found.size(); ++column) {
      const double allowed = tolerance(of, expected[row][column]);
      n_wrong += std::abs(found[column] - expected[row][column]) <= allowed ? 0U : 1U;
    }
  }
  return n_wrong;
}

/// Whether the answer is what predict gave: the outputs, the second of two probabilities, or the class alone.
bool agrees(const model::Model& model, const std::vector<double>& found, const std::vector<double>& expected) {
  const auto is_near = [](double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(b)); };
  if (found.size() == expected.size()) return std::equal(found.begin(), found.end(), expected.begin(), is_near);
  if (found.size() == 1 && expected.size() == 2) return is_near(found[0], expected[1]);
  return model::decide(model.output, found).at(0) == static_cast<std::int32_t>(expected.at(0));
}

void check_predictions(const Case& of, const model::Model& model, const Rows& inputs) {
  const Rows expected = read_rows(of.folder / "pred.npy");
  const bool has_labels = std::filesystem::exists(of.folder / "label.npy");
  const Rows labels = has_labels ? read_rows(of.folder / "label.npy") : Rows();
  std::size_t n_wrong = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    const std::vector<double> found = model::predict(model, inputs[row]);
    n_wrong += agrees(model, found, expected.at(row)) ? 0U : 1U;
    if (!has_labels) continue;
    n_wrong += model::decide(model.output, found).at(0) == static_cast<std::int32_t>(labels.at(row)[0]) ? 0U : 1U;
  }
  CHECK(n_wrong == 0);
}

bool is_refused(const Case& of) { return of.is("linear_tree") || (of.is_of("catboost") && of.is("categorical")); }

}  // namespace

TEST_CASE("files of boosting libraries: sums and predictions are those of the version that wrote them") {
  std::set<std::string> formats;
  for (const Case& of : all_cases()) {
    if (is_refused(of)) continue;
    const Rows inputs = read_rows(of.folder / "X.npy");
    for (const char* name : {"model.json", "model.ubj", "model.txt", "dump.json", "model.cbm"}) {
      const std::filesystem::path path = of.folder / name;
      if (!std::filesystem::exists(path)) continue;
      CAPTURE(path);
      formats.emplace(recognise(content_of(path), name).name);
      const model::Model model = libraries::read_file(path).model;
      CHECK(model::check(model, name).empty());
      CHECK(n_wrong_sums(of, model, inputs) == 0);
      check_predictions(of, model, inputs);
    }
  }
  CHECK(formats == std::set<std::string>{"xgboost-json", "xgboost-ubj", "lightgbm-text", "lightgbm-json",
                                         "catboost-json", "catboost-cbm"});
}

TEST_CASE("files of boosting libraries: what is not supported is refused by name") {
  const auto refusal_of = [](const char* path) { return refusal(content_of(folder() / path)); };
  CHECK(refusal_of("lightgbm-4.6.0/linear_tree/model.txt") ==
        "m:27: is_linear: linear trees are not supported: each leaf has a formula; train with linear_tree=false");
  CHECK(refusal_of("catboost-1.2.10/categorical/model.json") ==
        "m:3: features_info: the model has categorical features, only float features are supported");
}

TEST_CASE("files of boosting libraries: rounds behind the best one count as they do for who wrote the file") {
  const std::string early = content_of(folder() / "xgboost-1.7.6/early_stopping/model.json");
  const auto remarks = [](const std::string& content) {
    return recognise(content, "m").read(content, "m", {}).remarks;
  };
  CHECK(remarks(early) ==
        std::vector<std::string>{"m: training stopped early, round 8 of 11 was the best; rounds behind "
                                 "it do not count, as for the scikit-learn interface that wrote the file"});
  const std::string booster = with(early, "\"scikit_learn\"", "\"other\"");
  CHECK(remarks(booster) ==
        std::vector<std::string>{
            "m: training stopped early, round 8 of 11 was the best; all rounds count, as for Booster.predict"});
  CHECK(std::get<model::TreeEnsemble>(recognise(early, "m").read(early, "m", {}).model.predictor).trees.size() == 8);
  CHECK(std::get<model::TreeEnsemble>(recognise(booster, "m").read(booster, "m", {}).model.predictor).trees.size() ==
        11);
}
