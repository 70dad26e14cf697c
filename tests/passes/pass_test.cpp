#include "codegen/passes/pass.hpp"

#include <algorithm>

#include "codegen/model/error.hpp"
#include "tests/passes/models.hpp"

using namespace emlc;
using namespace emlc::passes::testing;
using model::NumberType;
using passes::PassConfig;

namespace {

/// A scaler, a forest of three classes and two test vectors.
model::Model scaled_forest() {
  const model::Tree tree = {.nodes = {split(0, 0.5, 1, 2), leaf(0), split(1, 1.5, 3, 4), leaf(1), leaf(2)}};
  model::Model model = forest(2, 3, {tree, tree}, {0.2, 0.5, 0.3, 0.4, 0.2, 0.4, 0.0, 0.1, 0.9});
  model.input.type = NumberType::float64;
  model.scalers = {{.offset = {1.0, 2.0}, .scale = {2.0, 4.0}}};
  model.test_vectors.inputs = {{1.0, 1.0}, {3.0, 9.0}};
  model.test_vectors.outputs = {{0.2, 0.5, 0.3}, {0.0, 0.1, 0.9}};
  return model;
}

std::vector<std::string> names(const std::vector<passes::PassReport>& reports) {
  std::vector<std::string> result;
  for (const auto& report : reports) result.emplace_back(report.pass);
  return result;
}

void check_refused(model::Model model, const PassConfig& config, const char* message) {
  CHECK_THROWS_WITH_AS(passes::run_passes(model, config), message, Error);
}

}  // namespace

TEST_CASE("passes: without options only exact ones run, and every prediction stays") {
  const model::Model before = scaled_forest();
  model::Model after = before;
  const auto reports = passes::run_passes(after, {});
  CHECK(names(reports) == std::vector<std::string>{"fold-scaler", "narrow-features", "prune-unreachable",
                                                   "merge-equal-leaves", "dedupe-leaves", "share-subtrees"});
  for (const auto& report : reports) CHECK(!report.distance.has_value());
  CHECK(after.scalers.empty());
  CHECK(after.input.type == NumberType::float32);
  CHECK(!first_difference(before, after, {{1.0, 1.0}, {1.9, 0.0}, {2.0, 8.0}, {2.0, 7.9}, {nan_value, nan_value}}));
  CHECK(after.test_vectors.inputs == before.test_vectors.inputs);
}

TEST_CASE("passes: a second run finds nothing to change") {
  for (const PassConfig& config : {PassConfig{}, PassConfig{.voting = passes::Voting::hard, .leaf_bits = 4},
                                   PassConfig{.leaf_clusters = 2, .leaf_bits = 4}}) {
    model::Model model = scaled_forest();
    passes::run_passes(model, config);
    for (const auto& report : passes::run_passes(model, config)) {
      CAPTURE(report.pass);
      CHECK(report.result.changes == 0);
    }
  }
}

TEST_CASE("passes: options run in the order of the table, and approximate ones are measured") {
  model::Model model = scaled_forest();
  const auto reports = passes::run_passes(model, {.voting = passes::Voting::hard, .leaf_clusters = 2, .leaf_bits = 4});
  CHECK(names(reports) == std::vector<std::string>{"fold-scaler", "narrow-features", "prune-unreachable", "hard-vote",
                                                   "cluster-leaves", "quantize-leaves", "merge-equal-leaves",
                                                   "dedupe-leaves", "share-subtrees"});
  const auto& distance = reports[3].distance;
  REQUIRE(distance.has_value());
  CHECK(distance->n_inputs == 2);
  CHECK(distance->largest == doctest::Approx(0.5));  // 0.5 became 1
  CHECK(distance->mean == doctest::Approx((0.2 + 0.5 + 0.3 + 0.0 + 0.1 + 0.1) / 6.0));
  CHECK(distance->changed_decisions == 0.0);
}

TEST_CASE("passes: the data given with the options is measured instead of the test vectors") {
  model::Model model = scaled_forest();
  const auto reports =
      passes::run_passes(model, {.voting = passes::Voting::hard, .data = {{3.0, 1.0}, {3.0, 1.0}, {3.0, 1.0}}});
  CHECK(reports[3].distance->n_inputs == 3);
  CHECK(reports[3].distance->largest == doctest::Approx(0.6));
}

TEST_CASE("passes: an option that is out of range or does not suit the model is refused") {
  const model::Model model = scaled_forest();
  check_refused(model, {.leaf_clusters = 0}, "--leaf-clusters: must be at least 1, found 0");
  check_refused(model, {.leaf_bits = 0}, "--leaf-bits: must be from 1 to 16, found 0");
  check_refused(model, {.leaf_bits = 17}, "--leaf-bits: must be from 1 to 16, found 17");
  check_refused(model, {.data = {{1.0, 2.0}, {1.0}}}, "--data: row 1 has 1 values, the model has 2 features");

  model::Model network;
  network.input = {.n_features = 1};
  network.predictor = model::DenseNetwork{};
  check_refused(network, {.leaf_clusters = 4}, "--leaf-clusters: needs a tree ensemble, the model is a dense network");
  check_refused(network, {.arithmetic = model::Arithmetic::q15},
                "--arithmetic: needs a filter, the model is a dense network");
  check_refused(network, {.structure = model::SosStructure::delta},
                "--structure: needs a filter, the model is a dense network");
  check_refused(network, {.leaf_bits = 4}, "--leaf-bits: needs a tree ensemble, the model is a dense network");
}

TEST_CASE("passes: what leaves the range of numbers is refused, not passed on") {
  const model::Tree tree = {.nodes = {split(0, 0.5, 1, 2), leaf(0), leaf(1)}};
  model::Model model = regression(1, NumberType::float32, {tree, tree}, {1e308, 1.5e308});
  check_refused(model, {.leaf_bits = 4}, "after quantize-leaves: model.base_score[0]: must be a finite number");
}

TEST_CASE("passes: every pass has a name and a summary of its own") {
  std::vector<std::string_view> seen;
  for (const passes::Pass& pass : passes::all_passes()) {
    CHECK(std::find(seen.begin(), seen.end(), pass.name) == seen.end());
    CHECK(!pass.summary.empty());
    seen.push_back(pass.name);
  }
  CHECK(seen.size() == 21);
}
