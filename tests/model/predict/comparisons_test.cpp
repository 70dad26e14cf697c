#include "codegen/model/predict/comparisons.hpp"

#include <doctest/doctest.h>

#include "tests/model/samples.hpp"

using namespace emlc::model;

TEST_CASE("comparisons: the mean of the inputs, the longest way of each tree") {
  TreeEnsemble ensemble = samples::stump_ensemble(1.0, {0.0, 1.0});
  ensemble.trees.push_back({.nodes = {Split{.feature = 0, .threshold = 5.0, .left = 1, .right = 2, .default_child = 1},
                                      Split{.feature = 0, .threshold = 3.0, .left = 3, .right = 4, .default_child = 4},
                                      Leaf{0}, Leaf{1}, Leaf{0}}});
  ensemble.trees.push_back({.nodes = {Leaf{0}}});
  const Model model = samples::regression(ensemble);
  const std::vector<std::vector<double>> inputs = {{0.0}, {4.0}, {9.0}, {9.0}};
  const Comparisons found = count_comparisons(model, ensemble, inputs);
  CHECK(found.worst == 3);
  CHECK(found.mean == 2.5);
  CHECK(!count_comparisons(model, ensemble, {}).mean);
}

TEST_CASE("comparisons: only trees compare") {
  const std::vector<std::vector<double>> inputs = {{0.0}};
  const Model stump = samples::regression(samples::stump_ensemble(1.0, {0.0, 1.0}));
  REQUIRE(count_comparisons(stump, inputs));
  CHECK(count_comparisons(stump, inputs)->worst == 1);
  CHECK(count_comparisons(stump, inputs)->mean == 1.0);
  for (const Predictor& other :
       {Predictor{std::monostate{}}, Predictor{DenseNetwork{}}, Predictor{SosCascade{}}, Predictor{Combination{}}}) {
    CHECK(!count_comparisons(samples::regression(other), inputs));
  }
}
