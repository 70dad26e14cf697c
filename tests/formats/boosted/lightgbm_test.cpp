#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "codegen/model/predict/predict.hpp"
#include "tests/formats/boosted/libraries.hpp"

using namespace emlc;
using namespace emlc::formats;
using namespace emlc::formats::libraries;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double zero_end = 1.0000000180025095e-35;

/// x0 <= 0.5 goes to leaf 1, else categories 0 and 33 of x1 to leaf 2, all others to leaf 3.
const std::string text = R"(tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=1
objective=binary sigmoid:2
feature_names=age blood_type
feature_infos=[0:1] 0:33

Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
split_gain=1 1
threshold=0.5 0
decision_type=10 1
left_child=-1 -2
right_child=1 -3
leaf_value=1 2 3
cat_boundaries=0 2
cat_threshold=1 2
is_linear=0
shrinkage=0.1


end of trees
)";

const std::string json_text = R"({"name":"tree","version":"v4","num_class":1,"num_tree_per_iteration":1,
"label_index":0,"max_feature_idx":1,"objective":"binary sigmoid:2","average_output":false,
"feature_names":["age","blood_type"],"feature_infos":{"age":{"min_value":0,"max_value":1,"values":[]}},
"tree_info":[{"tree_index":0,"num_leaves":3,"num_cat":1,"shrinkage":0.1,"tree_structure":
{"split_index":0,"split_feature":0,"threshold":0.5,"decision_type":"<=","default_left":true,"missing_type":"NaN",
"left_child":{"leaf_index":0,"leaf_value":1},
"right_child":{"split_index":1,"split_feature":1,"threshold":"0||33","decision_type":"==","default_left":false,
"missing_type":"None","left_child":{"leaf_index":1,"leaf_value":2},"right_child":{"leaf_index":2,"leaf_value":3}}}}]})";

model::Model read_text(const std::string& content) { return recognise(content, "m").read(content, "m", {}).model; }

double sum(const model::Model& model, double a, double b = 0.0) {
  return model::predict_raw(model, std::vector{a, b}).at(0);
}

/// The rule of the library, word for word, for the root of the text: does x go left?
bool goes_left(double x, double threshold, int decision) {
  if (std::abs(x) <= zero_end) x = 0.0;  // it drops such values when it copies a row
  const int type = decision >> 2 & 3;
  if (std::isnan(x) && type != 2) x = 0.0;
  if ((type == 1 && std::abs(x) <= zero_end) || (type == 2 && std::isnan(x))) return (decision & 2) != 0;
  return x <= threshold;
}

struct Bad {
  std::string_view from, to, problem;
};

}  // namespace

TEST_CASE("lightgbm: numbers go the library's way, at thresholds, around zero and where they are missing") {
  for (const double threshold : {0.5, -0.5, 0.0, -0.0, 1e-36, -1e-36, zero_end, -zero_end, 1e-34, -1e-34, 1e300, -1e300,
                                 1.7976931348623157e308, infinity, -infinity}) {
    for (int decision = 0; decision < 12; decision += 2) {
      const model::Model model = read_text(with(with(text, "threshold=0.5", fmt::format("threshold={}", threshold)),
                                                "type=10", fmt::format("type={}", decision)));
      std::vector<double> values = {missing, infinity, -infinity, 1.0, -1.0};
      for (const double edge : {threshold, 0.0, -0.0, zero_end, -zero_end, 1e-36}) {
        for (const double to : {infinity, -infinity}) values.push_back(std::nextafter(edge, to));
        values.push_back(edge);
      }
      for (const double x : values) {
        CAPTURE(threshold);
        CAPTURE(decision);
        CAPTURE(x);
        CHECK(sum(model, x, 1.0) == (goes_left(x, threshold, decision) ? 1.0 : 3.0));
      }
    }
  }
}

TEST_CASE("lightgbm: categories in the list go left, text and JSON alike") {
  for (const model::Model& model : {read_text(text), read_text(json_text)}) {
    for (const double listed : {0.0, 0.5, -0.5, 33.0, 33.9}) CHECK(sum(model, 1.0, listed) == 2.0);
    for (const double other : {1.0, 32.0, 34.0, -1.0, -33.0, 64.0, 1e30, missing, infinity, -infinity}) {
      CAPTURE(other);
      CHECK(sum(model, 1.0, other) == 3.0);
    }
    CHECK(sum(model, missing, 0.0) == 1.0);
    CHECK(model::predict(model, std::vector{0.0, 0.0}).at(0) == doctest::Approx(1.0 / (1.0 + std::exp(-2.0))));
    CHECK(model.input.feature_names == std::vector<std::string>{"age", "blood_type"});
  }
}

TEST_CASE("lightgbm: what a dump cuts at 1e300 is infinite") {
  for (const double x : {1e300, std::nextafter(1e300, infinity), infinity}) {
    CHECK(sum(read_text(with(json_text, "0.5", "1e300")), x, 1.0) == 1.0);
    CHECK(sum(read_text(with(text, "threshold=0.5", "threshold=inf")), x, 1.0) == 1.0);
    CHECK(sum(read_text(with(json_text, "0.5", "-1e300")), -x, 1.0) == (x == infinity ? 1.0 : 3.0));
  }
}

TEST_CASE("lightgbm: a random forest is divided by its rounds, a lone leaf is a tree") {
  const std::string lone =
      "\nTree=1\nnum_leaves=1\nnum_cat=0\nsplit_feature=\nthreshold=\nleaf_value=5\n\n\nend of trees";
  const std::string two = with(text, "\nend of trees", lone);
  CHECK(sum(read_text(two), 0.0) == 6.0);
  CHECK(sum(read_text(with(two, "objective", "average_output\nobjective")), 0.0) == 3.0);
}

TEST_CASE("lightgbm: lines may end as on Windows") {
  std::string windows;
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(sum(read_text(windows), 1.0, 33.0) == 2.0);
}

TEST_CASE("lightgbm: what is wrong in a text is refused with its line") {
  for (
      const Bad& bad : std::vector<Bad>{
          {"version=v4", "version=v9", "m:2: version: is 'v9', this emlc reads v2, v3 and v4"},
          {"iteration=1", "iteration=0", "m:4: num_tree_per_iteration: expected an integer from 1 to 4096, found '0'"},
          {"iteration=1", "iteration=2",
           "m:4: num_tree_per_iteration: is 2, which does not divide the number of trees, 1"},
          {"num_class=1", "num_class=3", "m:3: num_class: is 3, but a round has 1 trees"},
          {"max_feature_idx=1", "max_feature_idx=99999999999",
           "m:6: max_feature_idx: expected an integer from 0 to 65535, found '99999999999'"},
          {"max_feature_idx=1\n", "", "m:10: Tree: 'max_feature_idx' is missing before the trees"},
          {"objective=binary", "objective=binari",
           "m:7: objective: unknown objective 'binari', did you mean 'binary'?"},
          {"sigmoid:2", "sigmoid:x", "m:7: objective: expected a number behind 'sigmoid:', found 'x'"},
          {"sigmoid:2", "sigmoid:-1", "m:7: objective: sigmoid is -1, expected a number above 0"},
          {"=age ", "=age sex ", "m:8: feature_names: has 3 entries, the model has 2 features"},
          {"num_leaves=3", "num_leaves=4", "m:20: leaf_value: has 3 entries, expected 4"},
          {"num_leaves=3", "num_leaves=-3", "m:12: num_leaves: expected an integer from 1 to 1073741823, found '-3'"},
          {"num_leaves=3", "num_leaves=1073741823", "m:20: leaf_value: has 3 entries, expected 1073741823"},
          {"num_leaves=3\n", "", "m:11: Tree: the key 'num_leaves' is missing"},
          {"num_leaves=3\n", "num_leaves=3\nnum_leaves=3\n", "m:13: num_leaves: the key is there twice in the tree"},
          {"feature=0 1", "feature=0 2", "m:14: split_feature[1]: feature 2 is out of range, the model has 2"},
          {"feature=0 1", "feature=-1 1", "m:14: split_feature[0]: feature -1 is out of range, the model has 2"},
          {"feature=0 1", "feature=0 x", "m:14: split_feature[1]: expected an integer, found 'x'"},
          {"threshold=0.5", "threshold=nan", "m:16: threshold[0]: expected a number, found 'nan'"},
          {"threshold=0.5", "threshold=1e999", "m:16: threshold[0]: expected a number, found '1e999'"},
          {"threshold=0.5 0", "threshold=0.5 1",
           "m:16: threshold[1]: list of categories 1 is not there, the tree has 1"},
          {"type=10", "type=12", "m:17: decision_type[0]: expected an integer from 0 to 11, found 12"},
          {"child=-1 -2", "child=-1 5",
           "m:18: left_child[1]: child 5 is out of range or has a parent already, the tree has 2 splits and 3 leaves"},
          {"child=-1 -2", "child=-9 -2",
           "m:18: left_child[0]: child -9 is out of range or has a parent already, the tree has 2 splits and 3 leaves"},
          {"child=1 -3", "child=0 -3",
           "m:19: right_child[0]: child 0 is out of range or has a parent already, the tree has 2 splits and 3 leaves"},
          {"child=1 -3", "child=1 -2147483648",
           "m:19: right_child[1]: child -2147483648 is out of range or has a parent already, the tree has 2 splits and "
           "3 leaves"},
          {"child=1 -3", "child=-3 -3", "m:11: Tree: not all nodes are reached from the root"},
          {"leaf_value=1 2 3", "leaf_value=1 2 inf", "m:20: leaf_value[2]: expected a finite number, found 'inf'"},
          {"boundaries=0 2", "boundaries=0 3", "m:22: cat_threshold: has 2 entries, expected 3"},
          {"boundaries=0 2", "boundaries=2 0", "m:21: cat_boundaries[1]: 0 is below what is before it"},
          {"boundaries=0 2", "boundaries=-1 2", "m:21: cat_boundaries[0]: -1 is below what is before it"},
          {"cat_threshold=1 2", "cat_threshold=1 -2",
           "m:22: cat_threshold[1]: expected an integer from 0 to 4294967295, found '-2'"},
          {"is_linear=0", "is_linear=1",
           "m:23: is_linear: linear trees are not supported: each leaf has a formula; train with linear_tree=false"},
          {"end of trees\n", "", "m:24: the file was cut off: the line 'end of trees' is missing"},
      }) {
    CAPTURE(bad.from);
    CAPTURE(bad.to);
    CHECK(refusal(with(text, bad.from, bad.to)) == bad.problem);
  }
}

TEST_CASE("lightgbm: what is wrong in a dump is refused with its line and path") {
  const std::string root = "tree_info[0].tree_structure";
  for (const Bad& bad : std::vector<Bad>{
           {"\"split_feature\":1", "\"split_feature\":2",
            "m:4: tree_info[0]: feature 2 is out of range, the model has 2"},
           {"\"threshold\":0.5,", "", "m:8: tree_info[0].tree_structure: a split has no threshold"},
           {"\"left_child\":{\"leaf_index\":0,\"leaf_value\":1},", "",
            "m:8: tree_info[0].tree_structure: a split has not two children"},
           {"\"leaf_index\":0,\"leaf_value\":1", "\"leaf_index\":0",
            "m:8: tree_info[0].tree_structure: a node has neither a split_feature nor a leaf_value"},
           {"\"0||33\"", "1e300", "m:8: tree_info[0].tree_structure: a split by categories has none"},
           {"0.5", "\"0||33\"", "m:8: tree_info[0].tree_structure: a split has no threshold"},
           {"\"<=\"", "\"<\"", "m:5: tree_info[0].tree_structure.decision_type: unknown value '<', did you mean '<='?"},
           {"0||33", "0||-1",
            "m:7: tree_info[0].tree_structure.right_child.threshold: expected an integer from 0 to 2147483646, found "
            "'-1'"},
           {"\"leaf_value\":1", "\"leaf_value\":Infinity",
            "m:6: tree_info[0].tree_structure.left_child.leaf_value: expected a finite number, found inf"},
           {"\"leaf_value\":1", "\"leaf_value\":1,\"leaf_const\":2",
            "m:6: tree_info[0].tree_structure.left_child.leaf_const: linear trees are not supported: each leaf has a "
            "formula; "
            "train with linear_tree=false"},
           {"\"v4\"", "\"v5\"", "m:1: version: is 'v5', this emlc reads v2, v3 and v4"},
       }) {
    CAPTURE(bad.from);
    CHECK(refusal(with(json_text, bad.from, bad.to)) == bad.problem);
  }
}

TEST_CASE("lightgbm: a dump may be nested as deep as its trees are") {
  constexpr int depth = 2000;
  std::string nodes;
  for (int level = 0; level < depth; ++level) {
    nodes += fmt::format(
        R"({{"split_feature":0,"threshold":{},"decision_type":"<=","default_left":true,"missing_type":"None",
"left_child":{{"leaf_value":{}}},"right_child":)",
        level, level);
  }
  nodes += "{\"leaf_value\":-1}" + std::string(depth, '}');
  std::string document = json_text.substr(0, json_text.find("\"tree_structure\":") + 17) + nodes + "}]}";
  const model::Model model = read_text(document);
  CHECK(sum(model, 1234.0) == 1234.0);
  CHECK(sum(model, 1e9) == -1.0);
}
