#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "codegen/model/predict/predict.hpp"
#include "tests/model/samples.hpp"

using namespace emlc::model;
using samples::regression;
using samples::stump_ensemble;

namespace {

using Inputs = std::vector<std::vector<double>>;

/// x0 < 8 and then x1 < 3, or else x1 < 5: leaves 0 to 3 from left to right.
Model two_levels(NumberType type) {
  TreeEnsemble ensemble = stump_ensemble(0.0, {0.0, 1.0, 2.0, 3.0});
  ensemble.n_features = 2;
  ensemble.trees = {
      {{Split{0, 8.0, 1, 4, 4}, Split{1, 3.0, 2, 3, 3}, Leaf{0}, Leaf{1}, Split{1, 5.0, 5, 6, 6}, Leaf{2}, Leaf{3}},
       0}};
  Model model = regression(ensemble, 2, 1);
  model.input.type = type;
  return model;
}

}  // namespace

TEST_CASE("boundary_inputs: each threshold gets a value below, at and above it, on a path that reaches it") {
  CHECK(boundary_inputs(two_levels(NumberType::uint8), 100) ==
        Inputs{{7, 0}, {8, 0}, {9, 0}, {0, 2}, {0, 3}, {0, 4}, {8, 4}, {8, 5}, {8, 6}});
}

TEST_CASE("boundary_inputs: the values are neighbours in the type of the input") {
  Model model = regression(stump_ensemble(0.1, {0.0, 1.0}));  // 0.1 is no float32
  CHECK(boundary_inputs(model, 100) == Inputs{{0x1.999998p-4}, {0x1.99999ap-4}, {0x1.99999cp-4}});
  model.input.type = NumberType::float64;  // but compared as float32
  CHECK(boundary_inputs(model, 100) == Inputs{{0x1.999998p-4}, {0x1.99999ap-4}, {0x1.99999cp-4}});
  std::get<TreeEnsemble>(model.predictor).feature_type = NumberType::float64;
  CHECK(boundary_inputs(model, 100) == Inputs{{std::nextafter(0.1, 0.0)}, {0.1}, {std::nextafter(0.1, 1.0)}});
  model.input.type = NumberType::int8;
  CHECK(boundary_inputs(model, 100) == Inputs{{0}, {1}, {2}});
}

TEST_CASE("boundary_inputs: an int32 that is rounded to float32 may be on either side of its threshold") {
  Model model = regression(stump_ensemble(16777216.5, {0.0, 1.0}));
  model.input.type = NumberType::int32;  // 2^24 + 1 is rounded to 2^24 and goes left
  CHECK(boundary_inputs(model, 100) == Inputs{{16777217}, {16777218}, {16777219}});
  Split& split = std::get<Split>(std::get<TreeEnsemble>(model.predictor).trees[0].nodes[0]);
  split.threshold = 2147483647.5;  // above every int32, but the last 64 are rounded to 2^31
  CHECK(boundary_inputs(model, 100) == Inputs{{2147483583}, {2147483584}, {2147483585}});
}

TEST_CASE("boundary_inputs: nothing leaves the type or the declared range") {
  Model model = two_levels(NumberType::uint8);
  model.input.minimum = {7.5, 0.0};
  model.input.maximum = {8.5, 4.0};
  CHECK(boundary_inputs(model, 100) == Inputs{{8, 0}, {8, 4}});
  model = regression(stump_ensemble(255.0, {0.0, 1.0}));
  model.input.type = NumberType::uint8;
  CHECK(boundary_inputs(model, 100) == Inputs{{254}, {255}});
  std::get<Split>(std::get<TreeEnsemble>(model.predictor).trees[0].nodes[0]).threshold =
      std::numeric_limits<double>::infinity();
  CHECK(boundary_inputs(model, 100) == Inputs{{255}});
}

TEST_CASE("boundary_inputs: they start from the test vectors") {
  Model model = two_levels(NumberType::float32);
  model.test_vectors.inputs = {{20.0, -7.0}, {std::numeric_limits<double>::quiet_NaN(), 4.5}};
  const Inputs inputs = boundary_inputs(model, 100);
  REQUIRE(inputs.size() == 9);
  CHECK(inputs[1] == std::vector{8.0, 4.5});          // the second row, its missing value replaced
  CHECK(inputs[4][0] == std::nextafter(8.0F, 0.0F));  // the first row, moved just below 8
  CHECK(inputs[7] == std::vector{8.0, 5.0});
}

TEST_CASE("boundary_inputs: at most `limit`, and together they reach every leaf") {
  const Model model = two_levels(NumberType::float32);
  CHECK(boundary_inputs(model, 0).empty());
  CHECK(boundary_inputs(model, 2).size() <= 2);
  CHECK(boundary_inputs(model, 3).size() == 3);
  std::set<double> leaves;
  for (const std::vector<double>& x : boundary_inputs(model, 9)) leaves.insert(predict(model, x).at(0));
  CHECK(leaves == std::set<double>{0.0, 1.0, 2.0, 3.0});
}

TEST_CASE("boundary_inputs: none for other kinds and behind a scaler") {
  CHECK(boundary_inputs(regression(DenseNetwork{}), 100).empty());
  Model model = two_levels(NumberType::float32);
  model.scalers = {{ScalerOp::multiply_add, {0.0, 0.0}, {1.0, 1.0}, std::nullopt}};
  CHECK(boundary_inputs(model, 100).empty());
}
