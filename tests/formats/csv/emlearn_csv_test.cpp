#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "codegen/model/check/check.hpp"
#include "codegen/model/error.hpp"
#include "codegen/model/predict/predict.hpp"
#include "formats/csv/csv.hpp"
#include "formats/format.hpp"

namespace {

using emlc::model::Model;
using emlc::model::NumberType;
using emlc::model::TreeEnsemble;

// What emlearn wrote for DecisionTreeClassifier(max_depth=2) on iris in tenths of a centimetre, and the same with the
// thresholds that are exact for the device's test.
constexpr const char* iris = "f,4\r\nc,3\r\nlb,0\r\nl,0\r\nl,1\r\nl,2\r\nr,0\r\nn,3,8.0,-1,1\r\nn,3,17.5,-2,-3";
constexpr const char* iris_exact = "f,4\r\nc,3\r\nlb,0\r\nl,0\r\nl,1\r\nl,2\r\nr,0\r\nn,3,9,-1,1\r\nn,3,18,-2,-3";

Model read(std::string_view text) {
  Model model = emlc::formats::read_emlearn_csv(text, "f.csv");
  CHECK(emlc::model::check(model, "f.csv").empty());
  return model;
}

std::vector<double> predict(const Model& model, const std::vector<double>& x) { return emlc::model::predict(model, x); }

const TreeEnsemble& trees(const Model& model) { return std::get<TreeEnsemble>(model.predictor); }

}  // namespace

TEST_CASE("emlearn-csv: a float threshold is scikit-learn's x <= t, an integer the device's x < T") {
  for (const char* text : {iris, iris_exact}) {
    CAPTURE(text);
    const Model model = read(text);
    CHECK(model.input.n_features == 4);
    CHECK(model.input.type == NumberType::int16);
    CHECK(model.output.task == emlc::model::Task::classification);
    for (int petal_width = -32768; petal_width <= 32767; ++petal_width) {
      const std::size_t expected = petal_width <= 8 ? 0 : (petal_width <= 17.5 ? 1 : 2);
      const std::vector<double> out = predict(model, {0, 0, 0, static_cast<double>(petal_width)});
      if (out.at(expected) != 1.0) FAIL("petal width ", petal_width);
    }
  }
}

TEST_CASE("emlearn-csv: two trees share leaves and vote") {
  const Model model = read(
      "f,4\nc,3\nlb,0\nl,1\nl,0\nl,2\nr,0\nr,3\n"
      "n,0,55.5,1,2\nn,1,27.0,-1,-2\nn,0,61.5,-1,-3\nn,2,28.0,-2,1\nn,3,17.5,-1,-3\n");
  using Votes = std::vector<double>;
  CHECK(predict(model, {50, 30, 10, 2}) == Votes{1.0, 0.0, 0.0});
  CHECK(predict(model, {56, 30, 28, 18}) == Votes{0.5, 0.5, 0.0});
  CHECK(predict(model, {62, 30, 29, 18}) == Votes{0.0, 0.0, 1.0});
  CHECK(predict(model, {55, 27, 29, 17}) == Votes{0.0, 1.0, 0.0});
}

TEST_CASE("emlearn-csv: a regressor is the mean of float leaves") {
  const std::string tree = "n,2,24.5,1,2\nn,0,49.5,-1,-2\nn,2,47.5,-3,-4\n";
  const std::string leaves = "l,0.195\nl,0.28\nl,1.3\nl,1.983636363636363\n";
  const Model model = read("f,3\nc,0\nlb,32\n" + leaves + "r,0\n" + tree);
  CHECK(model.output.task == emlc::model::Task::regression);
  CHECK(predict(model, {49, 0, 24}) == std::vector{0.195});
  CHECK(predict(model, {50, 0, 24}) == std::vector{0.28});
  CHECK(predict(model, {0, 0, 48}) == std::vector{1.983636363636363});
  const Model two = read("f,3\nc,0\n" + leaves + "r,0\nr,3\n" + tree + "n,1,0.5,-1,-3\n");
  CHECK(predict(two, {50, 1, 24}) == std::vector{(0.28 + 1.3) / 2});
}

TEST_CASE("emlearn-csv: rows of class proportions are 255ths, also when numpy broke the line") {
  const std::string head = "f,1\nc,3\nlb,8\nl,[ 17 203  34]\nl,[255   0\r\n   0]\n";
  const Model model = read(head + "r,0\nr,1\nn,0,0.5,-1,-2\nn,0,5.5,-1,-2\n");
  const std::vector<double> both = predict(model, {3});
  REQUIRE(both.size() == 3);
  CHECK(both[0] == doctest::Approx((17.0 + 255.0) / 255 / 2).epsilon(1e-12));
  CHECK(both[1] == doctest::Approx(203.0 / 255 / 2).epsilon(1e-12));
  CHECK(both[2] == doctest::Approx(34.0 / 255 / 2).epsilon(1e-12));
  CHECK(trees(read("f,1\nc,2\nl,[1 2]\nr,0\nn,0,0.5,-1,-1\n")).leaf_values == std::vector{1.0, 2.0});
}

TEST_CASE("emlearn-csv: old files have absolute children, and leaves as nodes or in a table") {
  // XOR of two features; the leaf nodes 2 and 3 are shared by both trees and come before some of their parents.
  const Model model = read(
      "r,0\r\nr,5\r\nn,1,0.25,1,4\r\nn,0,0.46631647646427155,2,3\r\nn,-1,0,-1,-1\r\nn,-1,1,-1,-1\r\n"
      "n,0,0.5,3,2\r\nn,1,0.75,2,3\r\n");
  CHECK(model.input.type == NumberType::float32);
  CHECK(model.input.n_features == 2);
  using Votes = std::vector<double>;
  CHECK(predict(model, {0.46631646, 0.25}) == Votes{1.0, 0.0});
  CHECK(predict(model, {0.5, 0.25}) == Votes{0.5, 0.5});
  CHECK(predict(model, {0.5, 0.3}) == Votes{0.5, 0.5});
  CHECK(predict(model, {0.6, 0.8}) == Votes{0.5, 0.5});
  CHECK(predict(model, {0.6, 0.3}) == Votes{1.0, 0.0});
  const Model table = read("l,1\nl,0\nr,0\nr,2\nn,0,5.5,1,-1\nn,0,2.0,-1,-2\nn,2,7.5,-2,-1\n");
  CHECK(table.input.n_features == 3);
  CHECK(predict(table, {2, 0, 7}) == Votes{0.5, 0.5});
  CHECK(predict(table, {3, 0, 7}) == Votes{1.0, 0.0});
  const Model regressor = read("r,0\nn,0,1.5,1,2\nn,-1,152.0,-1,-1\nn,-1,0.5,-1,-1\n");
  CHECK(regressor.output.task == emlc::model::Task::regression);
  CHECK(predict(regressor, {1}) == std::vector{152.0});
  const Model lone = read("r,0\nn,-1,2,-1,-1\n");
  CHECK(predict(lone, {1}) == Votes{0.0, 0.0, 1.0});
}

TEST_CASE("emlearn-csv: the order of kinds, the line ends and unknown lines make no difference") {
  const std::vector<double> x = {0, 0, 0, 9};
  const std::vector<double> expected = predict(read(iris), x);
  for (const char* text : {
           "f,4\nc,3\nlb,0\nl,0\nl,1\nl,2\nr,0\nn,3,8.0,-1,1\nn,3,17.5,-2,-3\n",
           "f,4\r\r\nc,3\r\r\nl,0\r\r\nl,1\r\r\nl,2\r\r\nr,0\r\r\nn,3,8.0,-1,1\r\r\nn,3,17.5,-2,-3\r\r\n",
           "# trained on iris\n\nn,3,8.0,-1,1\nr,0\nl,0\nl,1\nmade by,hand\nl,2\nn,3,17.5,-2,-3\nc,3\nf,4\n",
       }) {
    CAPTURE(text);
    CHECK(emlc::formats::recognise(text, "f.csv").name == "emlearn-csv");
    CHECK(predict(read(text), x) == expected);
  }
}

TEST_CASE("emlearn-csv: features are int16 when every threshold can be a middle of two int16") {
  const auto type = [](const char* threshold) {
    return read(fmt::format("f,1\nc,2\nl,0\nl,1\nr,0\nn,0,{},-1,-2\n", threshold)).input.type;
  };
  for (const char* text : {"8.0", "-562.5", "9", "-32768", "32767.0", "1e3"}) CHECK(type(text) == NumberType::int16);
  for (const char* text : {"0.8", "17.25", "40000.5", "-1e9"}) CHECK(type(text) == NumberType::float32);
  const Model wide = read("f,1\nc,2\nl,0\nl,1\nr,0\nn,0,0.1,-1,-2\n");
  const double below = 0.1F;  // the float32 nearest to 0.1 is above it
  CHECK(predict(wide, {below}) == std::vector{0.0, 1.0});
  CHECK(predict(wide, {std::nextafter(0.1F, 0.0F)}) == std::vector{1.0, 0.0});
}

TEST_CASE("emlearn-csv: thresholds at the ends of int16") {
  const auto left = [](const char* threshold, double x) {
    return predict(read(fmt::format("f,1\nc,2\nl,0\nl,1\nr,0\nn,0,{},-1,-2\n", threshold)), {x})[0] == 1.0;
  };
  CHECK(left("32767.0", 32767));
  CHECK(left("32766.5", 32766));
  CHECK_FALSE(left("32766.5", 32767));
  CHECK(left("-32768.0", -32768));
  CHECK_FALSE(left("-32768.0", -32767));
  CHECK_FALSE(left("-32768", -32768));
}

TEST_CASE("emlearn-csv: a bad file is refused with file, line and field") {
  struct Bad {
    const char* text;
    const char* message;
  };
  for (const Bad& bad : {
           Bad{"f,1\nc,2\nl,0\n", "f.csv: there is no tree (line 'r')"},
           Bad{"f,1\nr,0\n", "f.csv: there is a line 'f' but no line 'c'"},
           Bad{"c,2\nr,0\n", "f.csv: there is a line 'c' but no line 'f'"},
           Bad{"f,1\nf,1\n", "f.csv:2: f: a second line of this kind"},
           Bad{"f,0\n", "f.csv:1: f: expected an integer from 1 to 32767, found '0'"},
           Bad{"c,128\n", "f.csv:1: c: expected an integer from 0 to 127, found '128'"},
           Bad{"lb,9\n", "f.csv:1: lb: expected 0, 2 to 8 or 32, found 9"},
           Bad{"lb,1\n", "f.csv:1: lb: expected 0, 2 to 8 or 32, found 1"},
           Bad{"r,32768\n", "f.csv:1: root: expected an integer from 0 to 32767, found '32768'"},
           Bad{"n,0,1,-1\n", "f.csv:1: a line 'n' has 5 fields, this one has 4"},
           Bad{"n,0,1,-1,-1,0\n", "f.csv:1: a line 'n' has 5 fields, this one has 6"},
           Bad{"l,1,2\n", "f.csv:1: a line 'l' has 2 fields, this one has 3"},
           Bad{"r\n", "f.csv:1: a line 'r' has 2 fields, this one has 1"},
           Bad{"f,1\nc,2\nl,[1 2\nr,0\n", "f.csv:3: l: the row of the leaf has no closing bracket"},
           Bad{"l,[1 2\n", "f.csv:1: l: the row of the leaf has no closing bracket"},
           Bad{"f,2\nc,2\nl,0\nr,0\nn,2,1,-1,-1\n", "f.csv:5: feature: feature 2 is out of range, f says 2 features"},
           Bad{"f,200\nc,2\nl,0\nr,0\nn,128,1,-1,-1\n",
               "f.csv:5: feature: expected an integer from 0 to 127, found '128'"},
           Bad{"f,2\nc,2\nl,0\nr,0\nn,-1,1,-1,-1\n", "f.csv:5: feature: expected an integer from 0 to 127, found '-1'"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,32768,-1,-1\n",
               "f.csv:5: threshold: expected an integer from -32768 to 32767, found '32768'"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,nan,-1,-1\n", "f.csv:5: threshold: not a finite number: 'nan'"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,1,0,-1\n",
               "f.csv:5: left: a jump of 0 would never end, expected 1 to 32767 or a leaf -1 to -32768"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,1,-1,32768\n",
               "f.csv:5: right: expected an integer from -32768 to 32767, found '32768'"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,1,-1,1\n", "f.csv:5: right: leads to node 1, there is none behind node 0"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,1,2,1\nn,0,1,-1,-1\n", "f.csv:5: left: leads to node 2, expected 1 to 1"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,1,-1,-2\n", "f.csv:5: right: leads to leaf 1, there are 1"},
           Bad{"f,1\nc,2\nl,0\nr,1\nn,0,1,-1,-1\n", "f.csv:4: root: leads to node 1, expected 0 to 0"},
           Bad{"f,1\nc,2\nl,0\nr,0\nn,0,1,-1,-1\nn,0,1,-1,-1\n", "f.csv:6: no tree leads to node 1"},
           Bad{"f,1\nc,2\nl,0\nr,0\nr,1\nn,0,1,1,-1\nn,0,1,-1,-1\n",
               "f.csv:6: left: leads to node 1, which belongs to tree 1 already"},
           Bad{"f,1\nc,2\nl,2\nr,0\nn,0,1,-1,-1\n", "f.csv:3: class: expected an integer from 0 to 1, found '2'"},
           Bad{"f,1\nc,2\nl,0.5\nr,0\nn,0,1,-1,-1\n", "f.csv:3: class: expected an integer from 0 to 1, found '0.5'"},
           Bad{"f,1\nc,2\nl,[1 2 3]\nr,0\nn,0,1,-1,-1\n", "f.csv:3: l: the row has 3 proportions, c says 2 classes"},
           Bad{"f,1\nc,2\nl,[1 256]\nr,0\nn,0,1,-1,-1\n", "f.csv:3: l: expected an integer from 0 to 255, found '256'"},
           Bad{"f,1\nc,2\nl,[1 2]\nl,1\nr,0\nn,0,1,-1,-2\n",
               "f.csv:4: l: expected a row [...] of class proportions, found '1'"},
           Bad{"f,1\nc,0\nl,x\nr,0\nn,0,1,-1,-1\n", "f.csv:3: l: not a finite number: 'x'"},
           Bad{"f,1\nc,2\nlb,32\nl,1\nr,0\nn,0,1,-1,-1\n",
               "f.csv: lb 32 is for leaves that are values, these are class indices"},
           Bad{"f,1\nc,2\nlb,0\nl,[1 2]\nr,0\nn,0,1,-1,-1\n",
               "f.csv: lb 0 is for leaves that are class indices, these are rows of class proportions"},
           Bad{"r,0\nn,0,1.5,0,1\nn,-1,0,-1,-1\n", "f.csv:2: left: leads to node 0, which is not behind node 0"},
           Bad{"r,0\nn,0,1.5,1,2\nn,-1,0,-1,-1\n", "f.csv:2: right: leads to node 2, there are 2"},
           Bad{"r,2\nn,0,1.5,1,1\nn,-1,0,-1,-1\n", "f.csv:1: root: leads to node 2, there are 2"},
           Bad{"r,0\nn,-1,127,-1,-1\n", "f.csv:2: class: expected an integer from 0 to 126, found '127'"},
       }) {
    CAPTURE(bad.text);
    CHECK_THROWS_WITH_AS(emlc::formats::read_emlearn_csv(bad.text, "f.csv"), bad.message, emlc::Error);
  }
}

TEST_CASE("emlearn-csv: a tree of thirty thousand splits in a row is read without recursion") {
  std::string text = "f,1\nc,2\nl,0\nl,1\nr,0\n";
  constexpr int n = 30000;
  for (int i = 0; i < n; ++i) text += fmt::format("n,0,{},-1,{}\n", i - 15000, i + 1 == n ? -2 : 1);
  const Model model = read(text);
  CHECK(emlc::model::depth(trees(model).trees[0]) == n);
  CHECK(predict(model, {14998}) == std::vector{1.0, 0.0});
  CHECK(predict(model, {14999}) == std::vector{0.0, 1.0});
}
