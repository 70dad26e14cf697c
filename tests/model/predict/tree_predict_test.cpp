#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;
using samples::regression;
using samples::stump_ensemble;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

double predict_one(const TreeEnsemble& ensemble, double x) {
  const std::vector<double> y = predict(regression(ensemble), std::vector{x});
  REQUIRE(y.size() == 1);
  return y[0];
}

/// Three trees that are one leaf each.
TreeEnsemble constant_trees(std::vector<double> leaves) {
  TreeEnsemble ensemble = stump_ensemble(0.0, leaves);
  ensemble.trees.clear();
  for (std::size_t row = 0; row < leaves.size(); ++row) ensemble.trees.push_back({{Leaf{static_cast<RowId>(row)}}, 0});
  return ensemble;
}

}  // namespace

TEST_CASE("predict: a split sends values below its threshold left, its threshold and NaN right") {
  const TreeEnsemble ensemble = stump_ensemble(2.5, {10.0, 20.0});
  CHECK(predict_one(ensemble, 2.4999998) == 10.0);
  CHECK(predict_one(ensemble, 2.5) == 20.0);
  CHECK(predict_one(ensemble, 2.5000002) == 20.0);
  CHECK(predict_one(ensemble, -infinity) == 10.0);
  CHECK(predict_one(ensemble, infinity) == 20.0);
  CHECK(predict_one(ensemble, missing) == 20.0);
}

TEST_CASE("predict: NaN goes to the default child") {
  TreeEnsemble ensemble = stump_ensemble(2.5, {10.0, 20.0});
  std::get<Split>(ensemble.trees[0].nodes[0]).default_child = 1;
  CHECK(predict_one(ensemble, missing) == 10.0);
  CHECK(predict_one(ensemble, 2.5) == 20.0);
}

TEST_CASE("predict: an infinite threshold separates nothing but infinity") {
  CHECK(predict_one(stump_ensemble(infinity, {10.0, 20.0}), 3e38) == 10.0);
  CHECK(predict_one(stump_ensemble(infinity, {10.0, 20.0}), infinity) == 20.0);
  CHECK(predict_one(stump_ensemble(-infinity, {10.0, 20.0}), -infinity) == 20.0);
}

TEST_CASE("predict: inputs are rounded to the feature type before they are compared") {
  // 0.200000006 is above the threshold; the nearest float32, 0.200000003, is not.
  TreeEnsemble ensemble = stump_ensemble(0.200000005, {10.0, 20.0});
  CHECK(predict_one(ensemble, 0.200000006) == 10.0);
  ensemble.feature_type = NumberType::float64;
  CHECK(predict_one(ensemble, 0.200000006) == 20.0);
}

TEST_CASE("predict: a shared child is reached over each of its parents") {
  // 1 <= x < 2 gives row 0, all other values row 1.
  TreeEnsemble ensemble = stump_ensemble(0.0, {10.0, 20.0});
  ensemble.trees[0].nodes = {Split{0, 1.0, 2, 1, 1}, Split{0, 2.0, 3, 2, 2}, Leaf{1}, Leaf{0}};
  for (const auto& [x, y] :
       std::vector<std::pair<double, double>>{{0.5, 20.0}, {1.0, 10.0}, {1.5, 10.0}, {2.0, 20.0}}) {
    CHECK(predict_one(ensemble, x) == y);
  }
}

TEST_CASE("predict: leaf rows are added to their columns in tree order") {
  TreeEnsemble ensemble = constant_trees({1e16, 1.0, -1e16});
  CHECK(predict_one(ensemble, 0.0) == 0.0);  // 1e16 + 1 is 1e16 in double
  std::swap(ensemble.trees[1], ensemble.trees[2]);
  CHECK(predict_one(ensemble, 0.0) == 1.0);
}

TEST_CASE("predict: each step of the sum is rounded to the sum type") {
  TreeEnsemble ensemble = constant_trees({16777216.0, 1.0, 1.0});
  CHECK(predict_one(ensemble, 0.0) == 16777218.0);
  ensemble.sum_type = NumberType::float32;  // 2^24 + 1 is no float32
  CHECK(predict_one(ensemble, 0.0) == 16777216.0);
}

TEST_CASE("predict: divisor, scale and base score apply in this order") {
  TreeEnsemble ensemble = constant_trees({1.0, 2.0, 6.0});
  ensemble.base_score = {3.0};
  ensemble.divisor = 3.0;
  ensemble.scale = 10.0;
  CHECK(predict_one(ensemble, 0.0) == 40.0);  // (3 + 9) / 3 * 10
  ensemble.base_score_at = BaseScoreAt::end;
  CHECK(predict_one(ensemble, 0.0) == 33.0);  // 9 / 3 * 10 + 3
}

TEST_CASE("predict: a tree adds its row from its first output on") {
  TreeEnsemble ensemble = constant_trees({1.0, 2.0, 4.0});
  ensemble.n_outputs = 2;
  ensemble.base_score = {0.5, 0.25};
  ensemble.trees[1].first_output = 1;
  CHECK(predict(regression(ensemble, 1, 2), std::vector{0.0}) == std::vector{5.5, 2.25});
  ensemble.leaf_width = 2;
  ensemble.leaf_values = {1.0, 2.0, 4.0, 8.0};
  ensemble.trees = {{{Leaf{0}}, 0}, {{Leaf{1}}, 0}};
  CHECK(predict(regression(ensemble, 1, 2), std::vector{0.0}) == std::vector{5.5, 10.25});
}

TEST_CASE("predict: the post-transform comes last") {
  TreeEnsemble ensemble = constant_trees({1.0, 2.0});
  ensemble.post_transform = {.kind = PostTransformKind::hinge};
  CHECK(predict_one(ensemble, 0.0) == 1.0);
}

TEST_CASE("tree ensembles: splits and the longest path are counted, shared children too") {
  TreeEnsemble ensemble = stump_ensemble(0.0, {10.0, 20.0});
  CHECK(n_splits(ensemble) == 1);
  CHECK(depth(ensemble.trees[0]) == 1);
  ensemble.trees.push_back({{Split{0, 1.0, 2, 1, 1}, Split{0, 2.0, 3, 2, 2}, Leaf{1}, Leaf{0}}, 0});
  CHECK(n_splits(ensemble) == 3);
  CHECK(depth(ensemble.trees[1]) == 2);
  CHECK(depth(Tree{{Leaf{0}}, 0}) == 0);
}

TEST_CASE("is_one_hot: a single 1 in each row") {
  TreeEnsemble ensemble = stump_ensemble(0.0, {});
  ensemble.leaf_width = ensemble.n_outputs = 3;
  const auto holds = [&](std::vector<double> values) {
    ensemble.leaf_values = std::move(values);
    return is_one_hot(ensemble);
  };
  CHECK(holds({0, 1, 0, 1, 0, 0}));
  CHECK_FALSE(holds({0, 1, 0, 1, 0, 1}));
  CHECK_FALSE(holds({0, 1, 0, 0, 0, 0}));
  CHECK_FALSE(holds({0, 1, 0, 0.5, 0.5, 0}));
  ensemble.leaf_width = 1;
  CHECK_FALSE(holds({1, 1}));
}
