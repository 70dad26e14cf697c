#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "codegen/model/predict/predict.hpp"
#include "tests/formats/boosted/libraries.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::libraries;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Two features; x0 < 0.5 goes to leaf 1, else categories 1 and 3 of x1 to leaf 4, all others to leaf 3.
const std::string document = R"({"version":[2,1,4],
"learner":{"attributes":{},"feature_names":["a","b"],"gradient_booster":{
"model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},"tree_info":[0],
"trees":[{"left_children":[1,-1,3,-1,-1],"right_children":[2,-1,4,-1,-1],"split_indices":[0,0,1,0,0],
"split_conditions":[0.5,10,NaN,20,30],"default_left":[1,0,0,0,0],"split_type":[0,0,1,0,0],
"categories":[1,3],"categories_nodes":[2],"categories_segments":[0],"categories_sizes":[2],
"tree_param":{"size_leaf_vector":"1"}}]},"name":"gbtree"},
"learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"2","num_target":"1"},
"objective":{"name":"reg:squarederror"}}})";

constexpr std::string_view trees_path = "learner.gradient_booster.model.trees[0].";

model::Model read_text(const std::string& text, const Supplement& supplement = {}) {
  return recognise(text, "m").read(text, "m", supplement).model;
}

double answer(const model::Model& model, double a, double b = 0.0) {
  return model::predict(model, std::vector{a, b}).at(0);
}

/// The document in UBJSON, as another library writes it.
std::string ubjson(std::string text) {
  text = with(text, "NaN", "0");
  const std::vector<std::uint8_t> bytes = nlohmann::json::to_ubjson(nlohmann::json::parse(text), true, true);
  return {bytes.begin(), bytes.end()};
}

struct Bad {
  std::string_view from, to;
  std::string problem;
};

}  // namespace

TEST_CASE("xgboost: float32 comparisons, missing values and categories go the library's way") {
  const model::Model model = read_text(document);
  CHECK(answer(model, 0.4999999, 1) == 10.5);
  CHECK(answer(model, 0.49999999999, 0) == 20.5);  // rounds to 0.5
  CHECK(answer(model, missing, 1) == 10.5);
  for (const double category : {1.0, 1.9, 3.0, 3.9999}) CHECK(answer(model, 0.5, category) == 30.5);
  // What is in no list goes left, numbers between -1 and 0 too: they are no category.
  for (const double other : {0.0, 2.0, 4.0, -0.5, -1.0, 1e30, infinity, -infinity}) {
    CAPTURE(other);
    CHECK(answer(model, 0.5, other) == 20.5);
  }
  CHECK(answer(model, 0.5, missing) == 30.5);
  const model::Model by_default = read_text(with(document, "[1,0,0,0,0]", "[1,0,true,0,0]"));
  CHECK(answer(by_default, 0.5, missing) == 20.5);
  CHECK(model.input.feature_names == std::vector<std::string>{"a", "b"});
}

TEST_CASE("xgboost: the same document in UBJSON is the same model") {
  const model::Model text = read_text(with(document, "NaN", "0")), bytes = read_text(ubjson(document));
  for (const double a : {0.0, 0.5, 1.0}) {
    for (const double b : {0.0, 1.0, 3.0, missing}) CHECK(answer(text, a, b) == answer(bytes, a, b));
  }
}

TEST_CASE("xgboost: base scores become margins as the objective says") {
  const auto margin = [](std::string_view objective, std::string_view score) {
    const std::string text = with(with(document, "reg:squarederror", objective), "\"5E-1\"", score);
    return model::predict_raw(read_text(text), std::vector{0.0, 0.0}).at(0) - 10.0;
  };
  CHECK(margin("reg:squarederror", "\"[2.5E-1]\"") == 0.25);
  CHECK(margin("binary:logistic", "\"5E-1\"") == 0.0);
  CHECK(margin("binary:logistic", "\"[7.5E-1]\"") == doctest::Approx(std::log(3.0)).epsilon(1e-6));
  CHECK(margin("binary:logitraw", "\"7.5E-1\"") == 0.75);
  CHECK(margin("count:poisson", "\"2\"") == doctest::Approx(std::log(2.0)).epsilon(1e-6));
  CHECK(margin("survival:cox", "\"0.5\"") == doctest::Approx(std::log(0.5)).epsilon(1e-6));
}

TEST_CASE("xgboost: a linear model starts all its sums from the first base score, as the library does") {
  // [n_features + 1][n_outputs]: x0 counts 1 and 2, x1 3 and 4, the biases are 5 and 6.
  const std::string linear = R"({"learner":{"gradient_booster":{"name":"gblinear","model":{"weights":[1,2,3,4,5,6]}},
"learner_model_param":{"base_score":"[2.5E-1,7.5E-1]","num_class":"0","num_feature":"2","num_target":"2"},
"objective":{"name":"reg:squarederror"}}})";
  CHECK(model::predict(read_text(linear), std::vector{10.0, 100.0}) == std::vector{315.25, 426.25});
  CHECK(refusal(with(linear, "5,6]", "5]")) ==
        "m:1: learner.gradient_booster.model.weights: has 5 entries, expected 6 for 2 features and 2 outputs");
  CHECK(refusal(with(linear, "5,6]", "5,NaN]")) ==
        "m:1: learner.gradient_booster.model.weights[5]: must be a finite number");
}

TEST_CASE("xgboost: what is wrong in a document is refused with its place") {
  const std::string parameters = "learner.learner_model_param.";
  for (const Bad& bad : std::vector<Bad>{
           {"[1,-1,3", "[9,-1,3", "m:4: {}left_children[0]: child 9 is out of range, the tree has 5 nodes"},
           {"[1,-1,3", "[-2,-1,3", "m:4: {}left_children[0]: expected an integer, -1 or more, found -2"},
           {"[2,-1,4", "[-1,-1,4", "m:4: {}right_children[0]: child -1 is out of range, the tree has 5 nodes"},
           {"[2,-1,4", "[0,-1,4",
            "m:4: {}right_children[0]: node 0 is reached a second time, every node has one parent"},
           {"[2,-1,4", "[1,-1,4",
            "m:4: {}right_children[0]: node 1 is reached a second time, every node has one parent"},
           {"[0,0,1,0,0],\n\"split_c", "[0,0,2,0,0],\n\"split_c",
            "m:4: {}split_indices[2]: feature 2 is out of range, the model has 2"},
           {"[0,0,1,0,0],\n\"split_c", "[0,0,1,0],\n\"split_c", "m:4: {}split_indices: has 4 entries, expected 5"},
           {"[0.5,10", "[NaN,10", "m:5: {}split_conditions[0]: the threshold is not a number"},
           {"10,NaN", "Infinity,NaN", "m:5: {}split_conditions[1]: the value of the leaf is not a finite number"},
           {"10,NaN", "1e39,NaN", "m:5: {}split_conditions[1]: the value of the leaf is not a finite number"},
           {"10,NaN", "10,NaM", "m:5: {}split_conditions[2]: not valid JSON: unexpected 'NaM'"},
           {"[1,0,0,0,0]", "[2,0,0,0,0]", "m:5: {}default_left[0]: expected 0, 1, true or false, found 2"},
           {"[0,0,1,0,0],\n\"cat", "[0,0,2,0,0],\n\"cat", "m:5: {}split_type[2]: expected 0 or 1, found 2"},
           {"sizes\":[2]", "sizes\":[3]",
            "m:6: {}categories_segments[0]: entries 0 to 3 are beyond the table, which has 2"},
           {"segments\":[0]", "segments\":[2147483647]",
            "m:6: {}categories_segments[0]: entries 2147483647 to 2147483649 are beyond the table, which has 2"},
           {"sizes\":[2]", "sizes\":[-1]", "m:6: {}categories_sizes[0]: expected an integer, 0 or more, found -1"},
           {"sizes\":[2]", "sizes\":[2,0]", "m:6: {}categories_sizes: has 2 entries, expected 1"},
           {"nodes\":[2]", "nodes\":[0]", "m:6: {}categories_nodes[0]: node 0 is no split by categories"},
           {"nodes\":[2]", "nodes\":[7]", "m:6: {}categories_nodes[0]: node 7 is no split by categories"},
           {"\":[1,3]", "\":[1,16777217]",
            "m:6: {}categories[1]: category 16777217 is out of range, the largest is 16777216"},
       }) {
    CAPTURE(bad.from);
    CHECK(refusal(with(document, bad.from, bad.to)) == fmt::format(fmt::runtime(bad.problem), trees_path));
  }
  for (const Bad& bad : std::vector<Bad>{
           {"\"tree_info\":[0]", "\"tree_info\":[1]",
            "m:3: learner.gradient_booster.model.tree_info[0]: output 1 is out of range, the model has 1"},
           {"\"tree_info\":[0]", "\"tree_info\":[0,0]",
            "m:3: learner.gradient_booster.model.tree_info: has 2 entries, there are 1 trees"},
           {"vector\":\"1", "vector\":\"3",
            "m:7: learner.gradient_booster.model.trees[0].tree_param.size_leaf_vector: is 3, the model has 1 outputs"},
           {"num_feature\":\"2", "num_feature\":\"0",
            "m:8: " + parameters + "num_feature: expected an integer from 1 to 65536, found '0'"},
           {"num_feature\":\"2", "num_feature\":\"99999999999999999999",
            "m:8: " + parameters + "num_feature: expected an integer from 1 to 65536, found '99999999999999999999'"},
           {"num_class\":\"0", "num_class\":\"-1",
            "m:8: " + parameters + "num_class: expected an integer from 0 to 4096, found '-1'"},
           {"5E-1", "[1,2]", "m:8: " + parameters + "base_score: has 2 numbers, the model has 1 outputs"},
           {"5E-1", "[]", "m:8: " + parameters + "base_score: not a finite number: ''"},
           {"reg:squarederror", "binary:logistik",
            "m:9: learner.objective.name: unknown objective 'binary:logistik', did you mean 'binary:logistic'?"},
           {"\"gbtree\"}", "\"gbforest\"}",
            "m:7: learner.gradient_booster.name: unknown booster 'gbforest', expected one of gbtree, dart, gblinear"},
           {"[\"a\",\"b\"]", "[\"a\"]", "m:2: learner.feature_names: has 1 entries, the model has 2 features"},
       }) {
    CAPTURE(bad.from);
    CHECK(refusal(with(document, bad.from, bad.to)) == bad.problem);
  }
  CHECK(refusal(with(with(document, "squarederror", "gamma"), "5E-1", "0")) ==
        "m:8: learner.learner_model_param.base_score: 0 is out of range for the objective reg:gamma");
  CHECK(refusal(document, {.base_score = {}, .objective = "reg:gamma"}) ==
        "m: --objective: is for dumps of XGBoost alone, this file has its own");
}

TEST_CASE("xgboost: UBJSON that is wrong is refused with its byte") {
  const std::string good = ubjson(document);
  REQUIRE(refusal(good).empty());
  for (std::size_t size = 40; size < good.size(); size += 7) {
    CAPTURE(size);
    const std::string problem = refusal(good.substr(0, size));
    if (problem.find("the format is not recognised") != std::string::npos) continue;
    CHECK(problem.starts_with("m: byte "));
  }
  // 2^40 values that take no byte: `true` by the type of the list.
  const std::string many = std::string("{i\x01x[$T#L\x00\x00\x01\x00\x00\x00\x00\x00", 18) + "gradient_booster";
  CHECK(refusal(many).find("there are more values than the file has bytes") != std::string::npos);
}

TEST_CASE("xgboost: a dump needs to be told what it leaves out") {
  const std::string dump = R"([{"nodeid":0,"split":"f1","split_condition":0.5,"yes":1,"no":2,"missing":2,"children":[
{"nodeid":2,"leaf":2},{"nodeid":1,"split":"f0","split_condition":[1,3],"yes":4,"no":3,"missing":3,"children":[
{"nodeid":3,"leaf":3},{"nodeid":4,"leaf":4}]}]}])";
  const Supplement told{.base_score = {0.25}, .objective = "reg:squarederror"};
  const model::Model model = read_text(dump, told);
  CHECK(answer(model, 0, 0.5) == 2.25);
  CHECK(answer(model, 0, missing) == 2.25);
  CHECK(answer(model, 1.5, 0) == 4.25);
  for (const double other : {0.0, 2.0, -1.0, -0.5, missing}) CHECK(answer(model, other, 0) == 3.25);
  CHECK(refusal(dump) ==
        "m: --objective: is missing, a dump of XGBoost has trees alone; or save the model with save_model");
  CHECK(refusal(dump, {.base_score = {0.5}, .objective = "multi:softprob"}) ==
        "--objective: multi:softprob needs the number of classes behind it: multi:softprob:3");
  CHECK(refusal(dump, {.base_score = {0.5}, .objective = "multi:softprob:2"}) ==
        "m: has 1 trees, which 2 outputs do not divide");
  CHECK(refusal(dump, {.base_score = {1.5}, .objective = "binary:logistic"}) ==
        "--base-score: 1.5 is out of range for the objective binary:logistic");
  CHECK(refusal(with(dump, "\"f1\"", "\"age\""), told) ==
        "m:1: [0].split: expected f0, f1, ..., found 'age': a dump does not say which column has that name, save_model "
        "does");
  CHECK(refusal(with(dump, "\"yes\":1", "\"yes\":3"), told) == "m:3: [0]: node 0 has no child 3");
  CHECK(refusal(with(dump, "\"yes\":1", "\"yes\":2"), told) == "m:3: [0]: 'yes' and 'no' of node 0 are the same");
  CHECK(refusal(with(dump, "\"split_condition\":0.5,", ""), told) ==
        "m:3: [0]: node 0 has no split_condition; splits of the feature type 'i' leave it out, save_model does not");
}
