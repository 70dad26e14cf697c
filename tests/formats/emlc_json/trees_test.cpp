#include "formats/emlc_json/emlc_json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "formats/format.hpp"
#include "tests/formats/emlc_json/documents.hpp"
#include "tests/formats/emlc_json/models.hpp"

using namespace emlc;
using namespace emlc::formats::documents;
using formats::read_emlc_json;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("emlc-json: a threshold keeps its meaning as 'less than'") {
  const auto threshold = [](std::string_view compare, std::string_view t) {
    std::string document = regression(scalar_trees("[" + stump() + "]"));
    document.replace(document.find("2.5"), 3, t);
    document.replace(document.find("<="), 2, compare);
    return root_of(read(document)).threshold;
  };
  CHECK(threshold("<", "0.1") == 0.1);
  CHECK(threshold("<=", "0.1") == std::nextafter(0.1, 1.0));
  CHECK(threshold("<=", "0") == 5e-324);
  CHECK(threshold("<=", "-0.0") == 5e-324);
  CHECK(threshold("<=", "1.7976931348623157e308") == infinity);
  CHECK(threshold("<", "-1.7976931348623157e308") == -std::numeric_limits<double>::max());
}

TEST_CASE("emlc-json: every option of an ensemble arrives") {
  const model::Model model = read(regression(
      R"({"kind":"tree_ensemble","compare":"<","feature_dtype":"float64","accumulate_dtype":"float32","leaf":"scalar",
 "aggregate":"mean","base_score":[0.5,0.25],"base_score_at":"end","output_scale":3,"missing":"nan",
 "post_transform":{"name":"isolation","scale":2,"denominator":4,"offset":-0.5,"dtype":"float32"},
 "trees":[{"output":1,"weight":0.1,"feature":[-1],"threshold":[0],"left":[-1],"right":[-1],"default_left":[false],"value":[3]},
          {"feature":[-1],"threshold":[0],"left":[-1],"right":[-1],"default_left":[false],"value":[1]}]})",
      1, 2));
  const model::TreeEnsemble& trees = trees_of(model);
  CHECK(trees.feature_type == model::NumberType::float64);
  CHECK(trees.sum_type == model::NumberType::float32);
  CHECK(trees.base_score == std::vector{0.5, 0.25});
  CHECK(trees.base_score_at == model::BaseScoreAt::end);
  CHECK(trees.scale == 3.0);
  CHECK(trees.divisor == 2.0);
  CHECK(trees.leaf_width == 1);
  CHECK(trees.post_transform.kind == model::PostTransformKind::isolation);
  CHECK(trees.post_transform.scale == 2.0);
  CHECK(trees.post_transform.denominator == 4.0);
  CHECK(trees.post_transform.offset == -0.5);
  CHECK(trees.post_transform.type == model::NumberType::float32);
  CHECK(trees.trees.at(0).first_output == 1);
  CHECK(trees.trees.at(1).first_output == 0);
  // The weighted leaf is rounded to the type of the sum.
  CHECK(trees.leaf_values == std::vector{static_cast<double>(static_cast<float>(3.0 * 0.1)), 1.0});
}

TEST_CASE("emlc-json: a class index is a row with a single 1, times the weight of its tree") {
  const model::Model model = read(
      R"({"format":"emlc-model","version":1,"input":{"n_features":1},"output":{"task":"classification","n_outputs":3},
 "model":{"kind":"tree_ensemble","compare":"<=","leaf":"class_index","aggregate":"sum","trees":[
   {"feature":[0,-1,-1],"threshold":[1,0,0],"left":[1,-1,-1],"right":[2,-1,-1],"value":[null,2,0]},
   {"weight":0.5,"feature":[0,-1,-1],"threshold":[2,0,0],"left":[1,-1,-1],"right":[2,-1,-1],"value":[null,1,0]}]}})");
  CHECK(predict(model, {1.0}) == std::vector{0.0, 0.5, 1.0});
  CHECK(predict(model, {1.5}) == std::vector{1.0, 0.5, 0.0});
  CHECK(predict(model, {2.5}) == std::vector{1.5, 0.0, 0.0});
  CHECK(model::decide(model.output, predict(model, {1.0})) == std::vector<std::int32_t>{2});
}

TEST_CASE("emlc-json: equal leaf rows are one row of the table") {
  const model::Model model = read(regression(scalar_trees("[" + stump() + "," + stump() + "]")));
  CHECK(trees_of(model).leaf_values == std::vector{10.0, 20.0});
  CHECK(predict_one(model, 2.5) == 20.0);
  CHECK(predict_one(model, 2.6) == 40.0);
}

TEST_CASE("emlc-json: the nodes of a tree may come in any order and are put in depth-first order") {
  // Root 0 with children 5 and 2; node 5 has 1 and 3; node 2 has 6 and 4.
  const model::Model model = read(regression(scalar_trees(
      R"([{"feature":[0,-1,0,-1,-1,0,-1],"threshold":[4,0,6,0,0,2,0],"left":[5,-1,6,-1,-1,1,-1],
 "right":[2,-1,4,-1,-1,3,-1],"value":[null,1,null,2,4,null,3]}])")));
  const auto& nodes = trees_of(model).trees.at(0).nodes;
  REQUIRE(nodes.size() == 7);
  const auto children = [&](std::size_t id) {
    const auto& split = std::get<model::Split>(nodes[id]);
    return std::vector{split.left, split.right};
  };
  CHECK(children(0) == std::vector<model::NodeId>{1, 4});
  CHECK(children(1) == std::vector<model::NodeId>{2, 3});
  CHECK(children(4) == std::vector<model::NodeId>{5, 6});
  for (const double x : {1.0, 3.0, 5.0, 7.0}) CHECK(predict_one(model, x) == (x + 1.0) / 2.0);
}

TEST_CASE("emlc-json: a tree may be a hundred thousand nodes deep") {
  constexpr int depth = 100'000;
  std::string feature, threshold, left, right, value;
  for (int level = 0; level < depth; ++level) {
    feature += "0,-1,";
    threshold += fmt::format("{},0,", -level);
    left += fmt::format("{},-1,", 2 * level + 2);
    right += fmt::format("{},-1,", 2 * level + 1);
    value += "null,1,";
  }
  const model::Model model = read(regression(
      scalar_trees(fmt::format(R"([{{"feature":[{}-1],"threshold":[{}0],"left":[{}-1],"right":[{}-1],"value":[{}2]}}])",
                               feature, threshold, left, right, value))));
  CHECK(model::depth(trees_of(model).trees[0]) == depth);
  CHECK(predict_one(model, 1 - depth) == 2.0);
  CHECK(predict_one(model, 2 - depth) == 1.0);
}
