#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/predict/predict.hpp"
#include "codegen/passes/pass.hpp"
#include "codegen/passes/passes.hpp"
#include "formats/emlc_json/emlc_json.hpp"
#include "formats/text/matrix.hpp"

/// The passes on trained models: tests/data/models, with the answers of the trainer.
using namespace emlc;
using model::Model;
using model::NumberType;
using passes::PassConfig;

namespace {

using Rows = std::vector<std::vector<double>>;

const std::filesystem::path models = std::filesystem::path(EMLC_SOURCE_DIR) / "tests/data/models";

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

Model trained(const std::string& name) {
  return formats::read_emlc_json(content_of(models / name / "model.json"), "model.json");
}

Rows table(const std::string& name, const std::string& file) {
  return formats::read_matrix(content_of(models / name / file), file).rows;
}

/// The test set as the device gets it.
Rows test_inputs(const std::string& name) {
  Rows inputs = table(name, "X_test.csv");
  for (auto& x : inputs) {
    for (double& value : x) value = model::round_to(NumberType::float32, value);
  }
  return inputs;
}

model::TreeEnsemble& trees_of(Model& model) { return std::get<model::TreeEnsemble>(model.predictor); }

/// Share of the rows whose class index is the one in the file.
double share_of(const Model& model, const std::string& name, const std::string& file) {
  const Rows inputs = table(name, "X_test.csv"), expected = table(name, file);
  std::size_t n_equal = 0;
  for (std::size_t row = 0; row < inputs.size(); ++row) {
    n_equal += model::decide(model.output, model::predict(model, inputs[row]))[0] == expected[row][0] ? 1U : 0U;
  }
  return static_cast<double>(n_equal) / static_cast<double>(inputs.size());
}

/// Exact passes keep every bit; in a dense layer the scaler only moves the rounding of a float64.
void require_equal(const Model& before, const Model& after, const std::vector<double>& x) {
  const std::vector<double> expected = model::predict(before, x), found = model::predict(after, x);
  const double epsilon = std::holds_alternative<model::TreeEnsemble>(before.predictor) ? 0.0 : 1e-12;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    REQUIRE(std::abs(found[i] - expected[i]) <= epsilon * std::abs(expected[i]));
  }
}

double sum_of_squares(Model before, const Model& after) {
  const auto& clustered = std::get<model::TreeEnsemble>(after.predictor);
  const auto width = static_cast<std::size_t>(clustered.leaf_width);
  double sum = 0.0;
  for (std::size_t t = 0; t < clustered.trees.size(); ++t) {
    for (std::size_t id = 0; id < clustered.trees[t].nodes.size(); ++id) {
      const model::Leaf* new_leaf = model::as_leaf(clustered.trees[t].nodes[id]);
      if (new_leaf == nullptr) continue;
      const model::Leaf* old_leaf = model::as_leaf(trees_of(before).trees[t].nodes[id]);
      for (std::size_t i = 0; i < width; ++i) {
        sum += std::pow(trees_of(before).leaf_values[static_cast<std::size_t>(old_leaf->row) * width + i] -
                            clustered.leaf_values[static_cast<std::size_t>(new_leaf->row) * width + i],
                        2);
      }
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("agreement: every exact pass keeps the predictions of every trained model") {
  for (const std::string name : {"cancer_gbc", "cancer_rf", "cancer_rf_i16", "diabetes_mlpr", "diabetes_rfr",
                                 "digits_mlp", "digits_rf10", "iris_dt", "iris_steps", "iris_vote"}) {
    CAPTURE(name);
    Model after = trained(name);
    Rows inputs = test_inputs(name);
    const Rows boundary = model::boundary_inputs(after, 400);
    inputs.insert(inputs.end(), boundary.begin(), boundary.end());
    for (const passes::Pass& pass : passes::all_passes()) {
      if (pass.effect != passes::Effect::exact || !is_wanted(pass, after, {})) continue;
      CAPTURE(pass.name);
      const Model before = after;
      run_over(pass, after, {});
      CHECK_NOTHROW(model::check(after, name));
      if (after.predictor.index() != 0) {
        for (const auto& x : inputs) require_equal(before, after, x);
      }
      CHECK(run_over(pass, after, {}).changes == 0);
    }
  }
}

TEST_CASE("agreement: the compiled classifiers decide as the trainer did, on the whole test set") {
  for (const std::string name : {"cancer_gbc", "cancer_rf", "cancer_rf_i16", "digits_mlp", "digits_rf10", "iris_dt",
                                 "iris_steps", "iris_vote"}) {
    CAPTURE(name);
    Model model = trained(name);
    passes::run_passes(model, {});
    CHECK(share_of(model, name, "y_pred.csv") == 1.0);
  }
}

TEST_CASE("agreement: digits with 16 leaf rows of bytes") {
  Model model = trained("digits_rf10");
  const auto reports = passes::run_passes(model, {.leaf_clusters = 16, .leaf_bits = 8});
  CHECK(trees_of(model).leaf_values.size() <= 160);
  for (const double value : trees_of(model).leaf_values) CHECK((value >= 0.0 && value <= 255.0));
  CHECK(share_of(model, "digits_rf10", "y_pred.csv") >= 0.985);
  CHECK(share_of(model, "digits_rf10", "y_test.csv") >= 0.933);
}

TEST_CASE("agreement: clusters are as tight as those of scikit-learn") {
  // Inertia of sklearn.cluster.KMeans(K, n_init=1) of scikit-learn 1.2.1 on the 1000 leaf rows, the best of
  // random_state 0 to 19.
  struct Case {
    std::size_t k;
    double inertia;
  };
  for (const Case& c : {Case{4, 487.9641455848366}, Case{16, 26.097169993065638}, Case{64, 6.625747547105577}}) {
    CAPTURE(c.k);
    Model before = trained("digits_rf10");
    before.test_vectors = {};  // so that only the leaves count
    Model after = before;
    passes::cluster_leaves(after, {.leaf_clusters = c.k});
    CHECK(trees_of(after).n_rows() == c.k);
    CHECK(sum_of_squares(before, after) <= 1.02 * c.inertia);
  }
}

TEST_CASE("agreement: hard votes are those of the trained trees") {
  Model model = trained("digits_rf10");
  const Model before = model;
  passes::run_passes(model, {.voting = passes::Voting::hard});
  CHECK(trees_of(model).n_rows() == 10);
  const auto& soft = std::get<model::TreeEnsemble>(before.predictor);
  for (const auto& x : table("digits_rf10", "X_test.csv")) {
    std::vector<double> votes(10, 0.0);
    for (const model::Tree& tree : soft.trees) {
      const model::NodeId id = model::find_leaf(tree, soft.feature_type, x);
      const auto row = static_cast<std::size_t>(model::as_leaf(tree.nodes[static_cast<std::size_t>(id)])->row);
      const auto first = soft.leaf_values.begin() + static_cast<std::ptrdiff_t>(10 * row);
      votes[static_cast<std::size_t>(std::max_element(first, first + 10) - first)] += 1.0;
    }
    for (double& share : votes) share /= 10.0;
    REQUIRE(model::predict(model, x) == votes);
  }
}
